// One key as a row of the table, a card on a phone.
import { ownKey } from '../../access.js';
import { el } from '../../dom.js';
import { dateTime, dayOfYear } from '../../format.js';
import { badge, button, buttonLink, moment } from '../../pieces.js';
import { address } from '../../router.js';
import { keyName, rightsWords } from '../../words.js';
import { words as all } from './words.js';

const words = all.row;

const cell = (label, ...children) => el('td', { 'data-label': label }, ...children);
const soft = (text) => el('span', { class: 'soft' }, text);

/** [word, kind, what it means] of how a key is. */
function stateOf({ is_active: works, revoked_at: revoked, expires_at: expires }) {
  if (works) return [words.works, 'good'];
  if (revoked) return [words.revoked, 'bad', dateTime(revoked)];
  if (expires && new Date(expires) <= Date.now()) return [words.expired, 'warn'];
  return [words.replaced, 'calm', words.replacedMeans];
}

/** Whether it can still be changed: what a person revoked stays revoked. */
const isOver = ({ revoked_at: revoked }) => Boolean(revoked);

function accountsCell(label, { account_ids: ids }, names) {
  if (ids === null) return cell(label, words.all);
  const all = ids.map((id) => (names.has(id) ? `@${names.get(id)}` : words.gone(id)));
  return cell(label, ids.length === 0 ? words.some(0)
    : el('span', { class: 'wrap clipped', title: all.join(', ') }, all.join(', ')));
}

/**
 * The row of a key. `names` are the accounts' by id; `change` and `revoke` are
 * called with the key.
 */
export function keyRow(key, { names, change, revoke }) {
  const { id, name, scopes, created_at: made, expires_at: expires, last_used_on: used } = key;
  const [, rightsHead, accountsHead, expiresHead, usedHead, stateHead, actionsHead] = all.columns;
  const [word, kind, means] = stateOf(key);
  const act = (label, does, more) => button(label, () => does(key), {
    ...more, 'aria-label': words.act(label, keyName(key)),
  });
  return el('tr', { 'data-key': `key ${id}` },
    el('th', { scope: 'row', class: 'who' },
      el('span', { class: 'wrap' }, name ?? words.unnamed, ' '),
      id === ownKey().id && badge(words.own, 'accent', words.ownMeans),
      name === null && el('p', { class: 'soft small' }, words.unnamedHint),
      el('p', { class: 'soft small' }, words.made(id), moment(made))),
    cell(rightsHead, rightsWords(scopes)),
    accountsCell(accountsHead, key, names),
    cell(expiresHead,
      expires ? el('span', { class: 'small' }, moment(expires)) : soft(words.never)),
    cell(usedHead, used ? dayOfYear(used) : soft(words.notUsed)),
    cell(stateHead, badge(word, kind, means)),
    cell(actionsHead, el('div', { class: 'row actions' },
      !isOver(key) && act(words.change, change, { kind: 'quiet slim' }),
      buttonLink(words.did, address('record', { key_id: id }), {
        kind: 'quiet slim', 'aria-label': words.act(words.did, keyName(key)),
      }),
      !isOver(key) && act(words.revoke, revoke, { kind: 'quiet no slim' }))));
}
