// One account as a row of the table, a card on a phone.
import { el } from '../dom.js';
import { ago, count, dateTime, left, number, percent } from '../format.js';
import { linkButton } from '../linking.js';
import { badge, box, button, meter, moment, sentence } from '../pieces.js';
import { address } from '../router.js';
import { accountStatus, codeWords, limitSpan } from '../words.js';
import { deleteAccount } from './account-actions.js';
import { pauseAccount, tryAgainButton } from './account-pause.js';

const cell = (label, ...children) => el('td', { 'data-label': label }, ...children);

function tokenCell({ watched, mock }) {
  if (mock) return cell('Token', el('span', { class: 'soft' }, 'none: test account'));
  const { expires_at: at, state } = watched?.token ?? {};
  if (state === 'expired') {
    return cell('Token', badge('Ended', 'warn', at && dateTime(at)),
      el('p', { class: 'soft small' }, 'renewed before the next post'));
  }
  if (!at) return cell('Token', el('span', { class: 'soft' }, state === 'none' ? 'none' : 'not known'));
  return cell('Token', el('p', { title: dateTime(at) }, `${left(at)} left`),
    state === 'soon' && el('p', { class: 'soft small' }, 'renewed soon'));
}

function successCell({ watched }) {
  const week = watched?.success?.week;
  if (!week?.attempted) return cell('Success, 7 days', el('span', { class: 'soft' }, 'nothing sent'));
  const kind = week.rate >= 0.95 ? 'good' : week.rate >= 0.8 ? 'warn' : 'bad';
  return cell('Success, 7 days', el('div', { class: 'measure' },
    el('p', {}, percent(week.rate), el('span', { class: 'soft small' }, ` of ${number(week.attempted)}`)),
    meter({ label: 'Success in 7 days', value: week.rate, kind }),
    watched.consecutive_failures > 0 && el('p', { class: 'small bad-text' },
      `${count(watched.consecutive_failures, 'failure')} in a row`)));
}

function limitBar({ name, limit, remaining, reset_at: reset, calls }) {
  if (limit === null || remaining === null) {
    return el('p', { class: 'small soft' }, `${limitSpan(name)}: ${count(calls, 'call')}`);
  }
  const share = limit > 0 ? remaining / limit : 0;
  return el('div', { class: 'measure' },
    el('p', { class: 'small' }, `${limitSpan(name)}: ${number(remaining)} of ${number(limit)}`),
    meter({
      label: `Tweets left, ${limitSpan(name)}`, value: share, kind: share > 0.25 ? '' : share > 0 ? 'warn' : 'bad',
      text: `${remaining} of ${limit}, new ${ago(reset)}`,
    }));
}

function limitsCell({ limits }) {
  const windows = (limits?.limits ?? []).filter(({ name }) => name.startsWith('tweets'));
  return cell('Tweets left', windows.length === 0 ? el('span', { class: 'soft' }, 'none used')
    : el('div', { class: 'stack tight' }, windows.map(limitBar)));
}

/** What is wrong with an account and what to do, as a row of its own. */
function troubleOf({ watched, limits, id, username }, reload) {
  const held = limits?.held_until && limits.held_code;
  if (!watched?.needs_person && !held) return null;
  if (held && !watched?.needs_person) {
    return box('warn', el('p', {}, `Nothing is sent for it just now: ${codeWords(limits.held_code)}. We’ll try again `,
      moment(limits.held_until), '.'),
    el('div', { class: 'row' }, tryAgainButton({ id, username, code: limits.held_code }, reload)));
  }
  return box('bad', el('p', { class: 'strong' }, sentence(codeWords(watched.code) || 'it needs attention')),
    watched.hint && el('p', {}, watched.hint),
    el('div', { class: 'row' }, tryAgainButton({ id, username, code: watched.code }, reload), linkButton('Link again', {
      accountId: id, kind: 'slim', 'aria-label': `Link again: @${username}`,
    })));
}

function actionsCell(account, reload) {
  const { id, username, status, watched } = account;
  const of = `@${username}`;
  return cell('Actions', el('div', { class: 'row actions' },
    status === 'active' && button('Pause', () => pauseAccount(account, true, reload), {
      kind: 'quiet slim', 'aria-label': `Pause ${of}`,
    }),
    status === 'inactive' && button('Resume', () => pauseAccount(account, false, reload), {
      kind: 'quiet slim', 'aria-label': `Resume ${of}`,
    }),
    !watched?.needs_person && linkButton('Relink', { accountId: id, kind: 'quiet slim', 'aria-label': `Relink ${of}` }),
    el('a', { class: 'button quiet slim', href: address('queue', { account: id }), 'aria-label': `Tweets of ${of}` }, 'Tweets'),
    button('Delete …', () => deleteAccount(account, reload), { kind: 'quiet no slim', 'aria-label': `Delete ${of} …` })));
}

/**
 * The rows of an account: its own, and one for what is wrong with it. `reload`
 * is called when it was changed.
 */
export function accountRows(account, reload) {
  const { username, status, created_at: created, mock, id } = account;
  const { label, kind } = accountStatus(status, account.code ?? account.watched?.code);
  const trouble = troubleOf(account, reload);
  const row = el('tr', { 'data-account': id, class: trouble ? 'has-more' : null },
    el('th', { scope: 'row', class: 'who' },
      el('span', { class: 'wrap' }, `@${username} `),
      mock && badge('test account', 'accent', 'Linked in mock mode: never used against X'),
      el('p', { class: 'soft small' }, `#${id}, linked `, moment(created))),
    cell('Status', badge(label, kind)),
    tokenCell(account), successCell(account), limitsCell(account), actionsCell(account, reload));
  return trouble
    ? [row, el('tr', { class: 'trouble', 'data-key': `trouble ${id}` }, el('td', { colspan: 6 }, trouble))] : [row];
}
