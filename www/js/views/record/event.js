// One change as people read it: when, what, who, and what differs.
import { el } from '../../dom.js';
import { moment } from '../../pieces.js';
import { address } from '../../router.js';
import { keyName } from '../../words.js';
import { actionWords, memberWords, objectName, valueWords, words } from './words.js';

/** Where the object is seen. */
const PLACES = {
  tweet: (id) => address('queue', { q: `#${id}` }),
  account: (id) => address('accounts', { q: `#${id}` }),
  key: () => address('keys'),
};

/** Its name, as a link where it can still be seen. */
function objectLink({ object, object_id: id, after }) {
  const place = id !== null && after !== null && PLACES[object];
  const name = objectName(object, id);
  return place ? el('a', { href: place(id) }, name) : name;
}

/** Who did it: a key, or a user of the host. */
function whoWords({ key_id: id, key_name: name, user }) {
  if (id !== null) return keyName({ id, name });
  return user ? words.user(user) : words.noKey;
}

/** Who, and from where. */
export const who = (event) => [el('p', { class: 'wrap' }, whoWords(event)),
  event.address && el('p', { class: 'soft small wrap' }, words.from(event.address))];

/** What was done, and with what. */
export const what = (event) => [el('p', { class: 'strong' }, actionWords(event.action)),
  el('p', { class: 'small' }, objectLink(event))];

const side = (tag, word, text) => el(tag, { dir: 'auto' },
  el('span', { class: 'unseen' }, word), text);

/** What differs: of something new or deleted, what it is or was like. */
export function difference({ object, before, after }) {
  const names = Object.keys({ ...before, ...after });
  if (names.length === 0) return el('p', { class: 'soft' }, words.nothingTold);
  const tell = (all, name) => valueWords(object, name, all[name]);
  const line = (name) => [el('dt', {}, memberWords(name)), el('dd', {},
    before && side('del', words.before, tell(before, name)),
    before && after && el('span', { 'aria-hidden': 'true' }, words.arrow),
    after && side('ins', words.after, tell(after, name)))];
  return el('dl', { class: 'facts diff' }, names.map(line));
}

/** As an item of a list, without what the list is of. */
export const eventItem = (event) => el('li', { class: 'event', 'data-key': `event ${event.id}` },
  el('p', { class: 'strong' }, actionWords(event.action)),
  el('div', { class: 'small' }, moment(event.at)), who(event), difference(event));

const cell = (label, ...children) => el('td', { 'data-label': label }, ...children);

/** As a row of the record's table. */
export function eventRow(event) {
  const [when, whatHead, whoHead, diffHead] = words.columns;
  return el('tr', { 'data-key': `event ${event.id}` },
    cell(when, el('span', { class: 'small' }, moment(event.at)),
      event.request_id && el('p', { class: 'soft small wrap' }, words.request(event.request_id))),
    cell(whatHead, what(event)), cell(whoHead, who(event)), cell(diffHead, difference(event)));
}
