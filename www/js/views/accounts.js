// Accounts: how each is, and what can be done with it.
import { get, isLeft } from '../api.js';
import { debounced, el, newId, put } from '../dom.js';
import { count, number } from '../format.js';
import { linkButton } from '../linking.js';
import { bitByBit } from '../more.js';
import { bad, say } from '../notice.js';
import { button, empty, field, loading, viewHead } from '../pieces.js';
import { renew } from '../renew.js';
import { address, go } from '../router.js';
import { forgetAccounts, listAccounts, readMonitoring } from '../store.js';
import { accountStatus, accountStatuses } from '../words.js';
import { cleanUp } from './account-actions.js';
import { accountRows } from './account-row.js';

const SHOWS = [['', 'All'], ['needs', 'Needs attention'],
  ...accountStatuses.map((status) => [status, accountStatus(status).label])];

/** Accounts with what monitoring and the rate limits know of each. */
async function readAll(signal) {
  forgetAccounts();
  const [accounts, monitoring, limits] = await Promise.all([
    listAccounts(), readMonitoring(signal), get('rate-limits', {}, signal)]);
  const watched = new Map((monitoring?.accounts ?? []).map((each) => [each.account_id, each]));
  const limited = new Map(limits.accounts.map((each) => [each.account_id, each]));
  return {
    app: limits.app,
    accounts: accounts.map((each) => (
      { ...each, watched: watched.get(each.id) ?? null, limits: limited.get(each.id) ?? null })),
  };
}

const needs = ({ watched, status }) => watched?.needs_person ?? ['failed', 'suspended'].includes(status);

function fits(account, { show, q }) {
  if (show === 'needs' ? !needs(account) : show && account.status !== show) return false;
  const wanted = q.trim().replace(/^@/, '').toLowerCase();
  if (wanted.startsWith('#')) return `#${account.id}` === wanted;
  return account.username.toLowerCase().includes(wanted);
}

function chips(accounts, current, q) {
  return el('nav', { class: 'chips', 'aria-label': 'Which accounts' }, SHOWS.map(([value, label]) => {
    const n = accounts.filter((each) => fits(each, { show: value, q: '' })).length;
    if (n === 0 && value !== current && value !== '') return null;
    return el('a', {
      class: 'chip', href: address('accounts', { show: value, q }), 'aria-current': value === current ? 'true' : null,
    }, label, el('span', { class: 'chip-count' }, number(n)));
  }));
}

const COLUMNS = ['Account', 'Status', 'Token', 'Success, 7 days', 'Tweets left', 'Actions'];

/** Shows the view. */
export async function show(main, { query, signal }) {
  const filter = { show: query.get('show') ?? '', q: query.get('q') ?? '' };
  const body = el('tbody', {});
  const result = el('div', {});
  const bar = el('div', {});
  const rows = bitByBit(body, (account) => accountRows(account, load), signal);
  const table = [el('table', { class: 'table cards accounts' },
    el('caption', { class: 'unseen' }, 'Accounts'),
    el('thead', {}, el('tr', {}, COLUMNS.map((word) => el('th', { scope: 'col' }, word)))), body), rows.node];
  let all = { accounts: [] };

  function draw() {
    const some = all.accounts.filter((account) => fits(account, filter));
    rows.show(some);
    if (some.length > 0) {
      if (!body.isConnected) put(result, table);
    } else if (all.accounts.length === 0) {
      put(result, empty('No account is linked yet', 'Link one to write tweets for it.', linkButton('Link an account', { kind: 'main' })));
    } else {
      put(result, empty('No accounts match your filters', '', button('Clear filters', () => go('accounts'))));
    }
    return some.length;
  }

  const search = el('input', { type: 'search', value: filter.q, placeholder: 'Name or #id', id: newId('search') });
  const find = debounced(150, () => {
    if (signal.aborted) return;
    filter.q = search.value;
    history.replaceState(null, '', address('accounts', filter));
    say(`${count(draw(), 'account')} found`);
  });
  search.addEventListener('input', find);

  async function load({ quiet = false } = {}) {
    try {
      all = await readAll(signal);
    } catch (error) {
      if (quiet) throw error;
      if (!isLeft(error)) bad(error);
      return;
    }
    if (signal.aborted) return;
    renew(bar, chips(all.accounts, filter.show, filter.q));
    draw();
  }

  if (!main.querySelector('.accounts')) put(main, loading('the accounts'));
  all = await readAll(signal);
  if (signal.aborted) return null;
  const tidy = button('Clean up …', () => cleanUp(all.accounts, load));
  put(main, el('div', {}, viewHead('Accounts', count(all.accounts.length, 'account'),
    all.accounts.length > 0 && tidy, linkButton('Link an account', { kind: 'main' }))),
  el('div', { class: 'toolbar', hidden: all.accounts.length === 0 }, bar, field('Search', search)), result);
  put(bar, chips(all.accounts, filter.show, filter.q));
  draw();
  return load;
}
