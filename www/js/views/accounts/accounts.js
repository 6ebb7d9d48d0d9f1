// Accounts: how each is, and what can be done with it.
import { get, isLeft } from '../../api.js';
import { debounced, el, newId, put } from '../../dom.js';
import { number } from '../../format.js';
import { linkButton } from '../../linking.js';
import { bitByBit } from '../../more.js';
import { bad, say } from '../../notice.js';
import { button, empty, field, loading, viewHead } from '../../pieces.js';
import { renew } from '../../renew.js';
import { address, go } from '../../router.js';
import { forgetAccounts, listAccounts, readMonitoring } from '../../store.js';
import { viewTitles, words as shared } from '../../words.js';
import { cleanUp } from './actions.js';
import { accountRows } from './row.js';
import { words } from './words.js';

/** Accounts with what monitoring and the rate limits know of each. */
async function readAll(signal) {
  forgetAccounts();
  const [accounts, monitoring, limits] = await Promise.all([
    listAccounts(), readMonitoring(signal), get('rate-limits', {}, signal)]);
  const byId = (list = []) => new Map(list.map((each) => [each.account_id, each]));
  const watched = byId(monitoring?.accounts);
  const limited = byId(limits.accounts);
  return accounts.map((each) => (
    { ...each, watched: watched.get(each.id) ?? null, limits: limited.get(each.id) ?? null }));
}

const needs = ({ watched, status }) =>
  watched?.needs_person ?? ['failed', 'suspended'].includes(status);

function fits(account, { show: shown, q }) {
  if (shown === 'needs' ? !needs(account) : shown && account.status !== shown) return false;
  const wanted = q.trim().replace(/^@/, '').toLowerCase();
  if (wanted.startsWith('#')) return `#${account.id}` === wanted;
  return account.username.toLowerCase().includes(wanted);
}

function chips({ accounts, filter: { show: current, q } }) {
  const chip = ([value, label]) => {
    const n = accounts.filter((each) => fits(each, { show: value, q: '' })).length;
    if (n === 0 && value !== current && value !== '') return null;
    return el('a', {
      class: 'chip', href: address('accounts', { show: value, q }),
      'aria-current': value === current ? 'true' : null,
    }, label, el('span', { class: 'chip-count' }, number(n)));
  };
  return el('nav', { class: 'chips', 'aria-label': words.filters }, words.shows.map(chip));
}

function nothing({ accounts }) {
  return accounts.length > 0
    ? empty(words.noMatch, '', button(words.clear, () => go('accounts')))
    : empty(words.empty, words.emptyHint, linkButton(shared.buttons.link, { kind: 'main' }));
}

/** Shows the accounts that the filter lets through; gives how many those are. */
function draw(view) {
  const { accounts, filter, rows, body, result, table } = view;
  const some = accounts.filter((account) => fits(account, filter));
  rows.show(some);
  if (some.length === 0) put(result, nothing(view));
  else if (!body.isConnected) put(result, table);
  return some.length;
}

async function load(view, { quiet = false } = {}) {
  try {
    view.accounts = await readAll(view.signal);
  } catch (error) {
    if (quiet) throw error;
    if (!isLeft(error)) bad(error);
    return;
  }
  if (view.signal.aborted) return;
  renew(view.chips, chips(view));
  draw(view);
}

function searchField(view) {
  const { filter } = view;
  const search = el('input', {
    type: 'search', value: filter.q, placeholder: words.searchHint, id: newId('search'),
  });
  search.addEventListener('input', debounced(150, () => {
    if (view.signal.aborted) return;
    filter.q = search.value;
    history.replaceState(null, '', address('accounts', filter));
    say(words.found(draw(view)));
  }));
  return field(words.search, search);
}

/** What the view knows and shows. */
function newView(query, signal) {
  const body = el('tbody', {});
  const heads = words.columns.map((word) => el('th', { scope: 'col' }, word));
  const view = {
    signal, filter: { show: query.get('show') ?? '', q: query.get('q') ?? '' }, accounts: [],
    body, chips: el('div', {}), result: el('div', {}),
    load: (how) => load(view, how),
  };
  view.rows = bitByBit(body, (account) => accountRows(account, view.load), signal);
  view.table = [el('table', { class: 'table cards accounts' },
    el('caption', { class: 'unseen' }, words.caption),
    el('thead', {}, el('tr', {}, heads)), body), view.rows.node];
  return view;
}

/** Shows the view. */
export async function show(main, { query, signal }) {
  if (!main.querySelector('.accounts')) put(main, loading(words.loading));
  const view = newView(query, signal);
  const accounts = await readAll(signal);
  if (signal.aborted) return null;
  view.accounts = accounts;
  const tidy = button(words.cleanUp, () => cleanUp(view.accounts, view.load));
  put(main,
    el('div', {}, viewHead(viewTitles.accounts, words.lead(accounts.length),
      accounts.length > 0 && tidy, linkButton(shared.buttons.link, { kind: 'main' }))),
    el('div', { class: 'toolbar', hidden: accounts.length === 0 }, view.chips, searchField(view)),
    view.result);
  put(view.chips, chips(view));
  draw(view);
  return view.load;
}
