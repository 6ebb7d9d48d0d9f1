// Which changes the record shows, as its address says it, and the controls that
// say so.
import { el } from '../../dom.js';
import { buttonLink, field } from '../../pieces.js';
import { address } from '../../router.js';
import { keyName } from '../../words.js';
import { actionNames, actionWords, objectNames, objectWords, words } from './words.js';

/** Changes a page. */
export const PAGE = 50;
const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** { object, object_id, action, key_id, from, to, trail } of an address. */
export function readFilter(query) {
  const word = (name, known) => (known.includes(query.get(name)) ? query.get(name) : '');
  const id = (name) => (query.get(name) ?? '').replace(/\D/g, '');
  const day = (name) => (DAY.test(query.get(name) ?? '') ? query.get(name) : '');
  return {
    object: word('object', objectNames), object_id: id('object_id'),
    action: word('action', actionNames), key_id: id('key_id'),
    from: day('from'), to: day('to'),
    // The cursors of the pages before this one, and this one's last.
    trail: (query.get('trail') ?? '').split('.').filter((each) => /^\d+$/.test(each)),
  };
}

/** Whether it leaves nothing out. */
export const isWhole = ({ trail, ...filter }) =>
  trail.length === 0 && Object.values(filter).every((value) => !value);

/** The address that shows this. */
export const hash = ({ trail, ...filter }) =>
  address('record', { ...filter, trail: trail.join('.') });

/** A day's first moment where the person is, and its last. */
function dayOf(words, last) {
  const [year, month, date] = words.split('-').map(Number);
  const moment = new Date(year, month - 1, date + last) - last * 1000;
  return `${new Date(moment).toISOString().slice(0, 19)}Z`;
}

/** What the server is asked for. */
export const asked = ({ object, object_id, action, key_id, from, to }) => ({
  object, object_id, action, key_id, from: from && dayOf(from, 0), to: to && dayOf(to, 1),
});

const options = (all, current) => [['', words.all], ...all].map(([value, label]) =>
  el('option', { value, selected: value === current }, label));

const select = (all, current) => el('select', {}, options(all, current));

/** The actions of an object, or all. */
const actionsOf = (object) => actionNames
  .filter((name) => !object || name.startsWith(`${object}.`))
  .map((name) => [name, actionWords(name)]);

/** The keys to choose from; the one that is chosen may be none of those that were read. */
function keysFor(keys, chosen) {
  const all = keys.map((key) => [String(key.id), keyName(key)]);
  const known = !chosen || all.some(([id]) => id === chosen);
  return known ? all : [...all, [chosen, keyName({ id: chosen })]];
}

/** The controls of a filter; `onchange()` is called when it is another. */
export function filterFields(filter, keys, onchange) {
  const object = select(objectNames.map((name) => [name, objectWords(name)]), filter.object);
  const action = select(actionsOf(filter.object), filter.action);
  const fields = {
    object, action,
    object_id: el('input', {
      type: 'search', inputmode: 'numeric', autocomplete: 'off', placeholder: words.idHint,
      value: filter.object_id && `#${filter.object_id}`,
    }),
    key_id: select(keysFor(keys, filter.key_id), filter.key_id),
    from: el('input', { type: 'date', value: filter.from }),
    to: el('input', { type: 'date', value: filter.to }),
  };
  const change = () => {
    if (filter.object !== object.value) {
      action.replaceChildren(...options(actionsOf(object.value), action.value));
    }
    for (const [name, { value }] of Object.entries(fields)) {
      filter[name] = name === 'object_id' ? value.replace(/\D/g, '') : value;
    }
    filter.trail = [];
    onchange();
  };
  for (const each of Object.values(fields)) each.addEventListener('change', change);
  const labels = {
    object: words.object, object_id: words.id, action: words.action, key_id: words.key,
    from: words.since, to: words.until,
  };
  return el('div', { class: 'filters record-filters', role: 'group', 'aria-label': words.filters },
    Object.keys(labels).map((name) => field(labels[name], fields[name])));
}

/** The way to newer and older pages. */
export function pager(filter, next) {
  const { trail } = filter;
  if (trail.length === 0 && !next) return null;
  return el('nav', { class: 'row pager', 'aria-label': words.pages },
    trail.length > 0 && buttonLink(words.newer, hash({ ...filter, trail: trail.slice(0, -1) })),
    next && buttonLink(words.older, hash({ ...filter, trail: [...trail, next] })));
}
