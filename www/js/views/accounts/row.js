// One account as a row of the table, a card on a phone.
import { el } from '../../dom.js';
import { ago, dateTime, left, percent } from '../../format.js';
import { linkButton } from '../../linking.js';
import { badge, box, button, meter, moment, sentence } from '../../pieces.js';
import { address } from '../../router.js';
import { accountStatus, codeWords, limitSpan, words as shared } from '../../words.js';
import { deleteAccount } from './actions.js';
import { pauseAccount, tryAgainButton } from '../account-pause.js';
import { words as all } from './words.js';

const words = all.row;
const [, STATUS, TOKEN, SUCCESS, LEFT, ACTIONS] = all.columns;

const cell = (label, ...children) => el('td', { 'data-label': label }, ...children);
const soft = (text) => el('span', { class: 'soft' }, text);

function tokenCell({ watched, mock }) {
  if (mock) return cell(TOKEN, soft(words.noToken));
  const { expires_at: at, state } = watched?.token ?? {};
  if (state === 'expired') {
    return cell(TOKEN, badge(words.expired, 'warn', at && dateTime(at)),
      el('p', { class: 'soft small' }, words.renewedBefore));
  }
  if (!at) return cell(TOKEN, soft(state === 'none' ? words.none : words.unknown));
  return cell(TOKEN, el('p', { title: dateTime(at) }, words.left(left(at))),
    state === 'soon' && el('p', { class: 'soft small' }, words.renewedSoon));
}

function successCell({ watched }) {
  const week = watched?.success?.week;
  if (!week?.attempted) return cell(SUCCESS, soft(words.nothingSent));
  const kind = week.rate >= 0.95 ? 'good' : week.rate >= 0.8 ? 'warn' : 'bad';
  const failures = watched.consecutive_failures;
  return cell(SUCCESS, el('div', { class: 'measure' },
    el('p', {}, percent(week.rate), el('span', { class: 'soft small' }, words.of(week.attempted))),
    meter({ label: words.success, value: week.rate, kind }),
    failures > 0 && el('p', { class: 'small bad-text' }, words.failures(failures))));
}

function limitBar({ name, limit, remaining, reset_at: reset, calls }) {
  const span = limitSpan(name);
  if (limit === null || remaining === null) {
    return el('p', { class: 'small soft' }, words.calls(span, calls));
  }
  const share = limit > 0 ? remaining / limit : 0;
  return el('div', { class: 'measure' },
    el('p', { class: 'small' }, words.tweetsLeft(span, remaining, limit)),
    meter({
      label: words.tweetsLeftIn(span), value: share,
      kind: share > 0.25 ? '' : share > 0 ? 'warn' : 'bad',
      text: words.resets(remaining, limit, ago(reset)),
    }));
}

function limitsCell({ limits }) {
  const windows = (limits?.limits ?? []).filter(({ name }) => name.startsWith('tweets'));
  return cell(LEFT, windows.length === 0 ? soft(words.noneUsed)
    : el('div', { class: 'stack tight' }, windows.map(limitBar)));
}

/** Why nothing is sent for an account although nobody has to do anything. */
function holdBox({ limits, id, username }, reload) {
  const { held_until: until, held_code: code } = limits;
  return box('warn', el('p', {}, words.onHold(codeWords(code)), moment(until), '.'),
    el('div', { class: 'row' }, tryAgainButton({ id, username, code }, reload)));
}

/** What is wrong with an account and what to do, as a row of its own; null: nothing. */
function troubleOf(account, reload) {
  const { watched, limits, id, username } = account;
  if (!watched?.needs_person) {
    return limits?.held_until && limits.held_code ? holdBox(account, reload) : null;
  }
  const { code, hint } = watched;
  return box('bad', el('p', { class: 'strong' }, sentence(codeWords(code) || words.needs)),
    hint && el('p', {}, hint),
    el('div', { class: 'row' }, tryAgainButton({ id, username, code }, reload),
      linkButton(shared.buttons.linkAgain, {
        accountId: id, kind: 'slim', 'aria-label': shared.buttons.linkAgainOf(username),
      })));
}

function actionsCell(account, reload) {
  const { id, username, status, watched } = account;
  const named = (label) => ({ kind: 'quiet slim', 'aria-label': words.act(label, username) });
  const pause = (label, paused) =>
    button(label, () => pauseAccount(account, paused, reload), named(label));
  return cell(ACTIONS, el('div', { class: 'row actions' },
    status === 'active' && pause(words.pause, true),
    status === 'inactive' && pause(words.resume, false),
    !watched?.needs_person && linkButton(words.relink, { accountId: id, ...named(words.relink) }),
    el('a', {
      class: 'button quiet slim', href: address('queue', { account: id }),
      'aria-label': words.tweetsOf(username),
    }, words.tweets),
    button(words.delete, () => deleteAccount(account, reload), {
      kind: 'quiet no slim', 'aria-label': words.deleteOf(username),
    })));
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
      mock && badge(words.mock, 'accent', words.mockMeans),
      el('p', { class: 'soft small' }, words.linked(id), moment(created))),
    cell(STATUS, badge(label, kind)),
    tokenCell(account), successCell(account), limitsCell(account), actionsCell(account, reload));
  if (!trouble) return [row];
  return [row, el('tr', { class: 'trouble', 'data-key': `trouble ${id}` },
    el('td', { colspan: 6 }, trouble))];
}
