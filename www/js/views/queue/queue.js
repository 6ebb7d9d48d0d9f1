// Queue: all tweets by state, a page at a time.
import { get, isLeft, isRefused } from '../../api.js';
import { debounced, el, put } from '../../dom.js';
import { bad, say } from '../../notice.js';
import { button, buttonLink, empty, field, loading, viewHead } from '../../pieces.js';
import { renew } from '../../renew.js';
import { go, imported } from '../../router.js';
import { listAccounts, readMonitoring } from '../../store.js';
import { readyStates, viewTitles } from '../../words.js';
import { act } from './acts.js';
import { bulkBar } from './bulk.js';
import { accountFilter, chips, hash, isWhole, PAGE, pager, readFilter } from './filter.js';
import { tweetRow } from './row.js';
import { runPanel } from './run-panel.js';
import { words } from './words.js';

const isAccount = (accounts, id) => accounts.some((each) => String(each.id) === id);

/** Whether it is filtered by an account that there is not. */
const isStray = ({ accounts, filter, unknown }) => unknown
  || (filter.account !== '' && !isAccount(accounts, filter.account));

const ask = ({ filter: { state, account, q, trail }, signal }, how) => get('tweets', {
  state, account_id: account, q, limit: PAGE, cursor: trail.at(-1), ...how,
}, signal);

// All texts have to be read to count those that hold one, so the rows are shown first.
const askRows = (view) => ask(view, view.filter.q && { total: false });

/** A page; the first one where the address names one that is none. */
async function askPage(view) {
  const { filter, unknown } = view;
  try {
    return unknown ? { tweets: [], total: 0 } : await askRows(view);
  } catch (error) {
    if (error.status !== 400 || filter.trail.length === 0) throw error;
    filter.trail = [];
    history.replaceState(null, '', hash(filter));
    return askRows(view);
  }
}

function choose({ chosen, bulk }, id, on) {
  if (on) chosen.add(id);
  else chosen.delete(id);
  bulk.draw();
}

/** The box that selects all tweets of the page. */
function allBox(view, tweets) {
  const all = el('input', {
    type: 'checkbox', 'aria-label': words.selectAll,
    checked: tweets.every(({ id }) => view.chosen.has(id)),
    onchange: () => {
      for (const box of view.list.querySelectorAll('tbody .tick input')) {
        box.checked = all.checked;
        choose(view, Number(box.closest('tr').dataset.tweet), all.checked);
      }
    },
  });
  return all;
}

function table(view, tweets) {
  const heads = words.columns.map((word) => el('th', { scope: 'col' }, word));
  const row = (tweet) => tweetRow(tweet, {
    chosen: view.chosen.has(tweet.id),
    act: (...what) => act(view, ...what),
    choose: (id, on) => choose(view, id, on),
  });
  return el('table', { class: 'table cards tweets' },
    el('caption', { class: 'unseen' }, words.caption),
    el('thead', {}, el('tr', {},
      el('th', { scope: 'col', class: 'tick' }, allBox(view, tweets)), heads)),
    el('tbody', {}, tweets.map(row)));
}

function nothing(view) {
  if (isStray(view)) return empty(words.stray, words.strayHint);
  if (!isWhole(view.filter)) {
    return empty(words.noMatch, '', button(words.clear, () => go('queue')));
  }
  return empty(words.empty, words.emptyHint,
    buttonLink(words.write, '#/compose', { kind: 'main' }));
}

function draw(view, page) {
  const { filter: { state }, postAll } = view;
  const isReady = state === '' || readyStates.includes(state);
  postAll.disabled = isStray(view) || page.tweets.length === 0 || !isReady;
  postAll.title = postAll.disabled ? words.nonePending : '';
  renew(view.list, page.tweets.length > 0 ? [table(view, page.tweets), pager(view.filter, page)]
    : nothing(view));
  view.bulk.draw();
}

function tell(error) {
  if (!isLeft(error) && !isRefused(error)) bad(error);
}

/** Shows a page, and then how many tweets there are in all. */
async function drawAll(view, page) {
  const mine = view.asked;
  draw(view, page);
  if (page.total !== undefined) return;
  const { total } = await ask(view, { limit: 1, cursor: undefined });
  if (!view.signal.aborted && mine === view.asked) draw(view, Object.assign(page, { total }));
}

async function load(view, { quiet = false } = {}) {
  const { signal } = view;
  const mine = ++view.asked;
  try {
    const [page, monitoring] = await Promise.all([askPage(view), readMonitoring(signal)]);
    // An answer that comes late is to another question.
    if (signal.aborted || mine !== view.asked) return;
    renew(view.chips, chips(view.filter, monitoring?.tweets));
    await drawAll(view, page);
  } catch (error) {
    if (quiet) throw error;
    tell(error);
  }
}

function postAllButton(view) {
  return button(words.postAll, async () => {
    try {
      const { postAll } = await imported(() => import('./post-all.js'));
      await postAll(view.filter);
    } catch (error) {
      bad(error);
    }
  }, { kind: 'main' });
}

function searchField(view) {
  const search = el('input', {
    type: 'search', value: view.filter.q, placeholder: words.searchHint,
  });
  search.addEventListener('input', debounced(250, async () => {
    if (view.signal.aborted) return;
    Object.assign(view.filter, { q: search.value.trim(), trail: [] });
    history.replaceState(null, '', hash(view.filter));
    await view.load();
    say(words.found(view.list.querySelector('.pager p')?.textContent));
  }));
  return field(words.search, search);
}

/** Shows the tweets of another account. */
function pick(view, account) {
  view.unknown = account === null;
  if (view.unknown || account === view.filter.account) view.load();
  else location.hash = hash({ ...view.filter, account, trail: [] });
}

/** What the view knows and shows. */
function newView(query, signal) {
  const view = {
    signal, filter: readFilter(query), accounts: [],
    unknown: false, // the name that was given is no account's
    chosen: new Set(), // ids of tweets
    asked: 0, // how often a page was asked for
    chips: el('div', {}), list: el('div', {}),
    load: (how) => load(view, how),
  };
  view.bulk = bulkBar(view.chosen, () => { view.chosen.clear(); view.load(); });
  view.postAll = postAllButton(view);
  return view;
}

/** Shows the view. */
export async function show(main, { query, signal }) {
  const view = newView(query, signal);
  const { filter } = view;
  if (!main.querySelector('.queue')) put(main, loading(words.loading));
  const [page, monitoring, accounts] = await Promise.all([askPage(view), readMonitoring(signal),
    listAccounts()]);
  if (signal.aborted) return null;
  view.accounts = accounts;
  const named = accounts.find(({ id }) => String(id) === filter.account);
  const soon = debounced(600, () => { if (!signal.aborted) view.load(); });
  put(main, viewHead(viewTitles.queue, named ? words.of(named.username) : null, view.postAll),
    el('div', { class: 'stack queue' }, runPanel(signal, soon),
      el('div', { class: 'toolbar' }, view.chips, el('div', { class: 'filters' }, searchField(view),
        accountFilter(accounts, filter.account, (account) => pick(view, account)))),
      view.bulk.node, view.list));
  put(view.chips, chips(filter, monitoring?.tweets));
  drawAll(view, page).then(() => say(words.total(page.total)), tell);
  return view.load;
}
