// Queue: all tweets by state, a page at a time.
import { get, isLeft, isRefused, post } from '../api.js';
import { debounced, el, newId, put } from '../dom.js';
import { count, number } from '../format.js';
import { bad, good, say } from '../notice.js';
import { button, buttonLink, empty, field, loading, viewHead } from '../pieces.js';
import { renew } from '../renew.js';
import { address, go, imported } from '../router.js';
import { listAccounts, readMonitoring } from '../store.js';
import { postTweets } from '../undo.js';
import { readyStates, tweetState, tweetStates } from '../words.js';
import { bulkBar } from './queue-bulk.js';
import { tweetRow } from './queue-row.js';
import { runPanel } from './run-panel.js';

const PAGE = 50;
const COLUMNS = ['Tweet', 'Account', 'State', 'When', 'Actions'];

function readFilter(query) {
  const word = (name) => query.get(name) ?? '';
  return {
    state: tweetStates.includes(word('state')) ? word('state') : '', account: word('account').replace(/\D/g, ''), q: word('q'),
    // The cursors of the pages before this one, and this one's last.
    trail: word('trail').split('.').filter(Boolean),
  };
}

const hash = ({ trail, ...filter }) => address('queue', { ...filter, trail: trail.join('.') });

function chips(filter, counts) {
  const all = Object.values(counts ?? {}).reduce((sum, n) => sum + n, 0);
  return el('nav', { class: 'chips', 'aria-label': 'State' }, ['', ...tweetStates].map((state) => {
    const n = state ? counts?.[state] ?? 0 : all;
    if (counts && n === 0 && state !== filter.state && !['', 'pending', 'posted', 'failed'].includes(state)) return null;
    return el('a', {
      class: 'chip', href: hash({ ...filter, state, trail: [] }), 'aria-current': state === filter.state ? 'true' : null,
    }, state ? tweetState(state).label : 'All', counts && el('span', { class: 'chip-count' }, number(n)));
  }));
}

/** The filter by account; `onpick` gets its id, '' for all, or null for a name that nobody has. */
function accountFilter(accounts, current, onpick) {
  const list = el('datalist', { id: newId('names') }, accounts.map(({ username }) => el('option', { value: `@${username}` })));
  const named = accounts.find(({ id }) => String(id) === current);
  const input = el('input', {
    type: 'search', list: list.id, autocomplete: 'off', placeholder: 'All accounts', value: named ? `@${named.username}` : '',
  });
  const said = el('p', { class: 'wrong', role: 'status' });
  input.addEventListener('change', () => {
    const wanted = input.value.trim().replace(/^@/, '').toLowerCase();
    const found = accounts.find(({ username }) => username.toLowerCase() === wanted);
    const unknown = wanted !== '' && !found;
    input.setAttribute('aria-invalid', unknown);
    said.textContent = unknown ? `No account is called @${wanted}.` : '';
    onpick(unknown ? null : String(found?.id ?? ''));
  });
  return el('div', {}, field('Account', input), list, said);
}

function pager(filter, { total, tweets, next_cursor: next }) {
  const from = filter.trail.length * PAGE + 1;
  const before = filter.trail.slice(0, -1);
  return el('nav', { class: 'row apart pager', 'aria-label': 'Pages' },
    el('p', { class: 'soft' }, `${number(from)}–${number(from + tweets.length - 1)} of ${number(total)}`),
    el('div', { class: 'row' },
      filter.trail.length > 0 && buttonLink('Newer', hash({ ...filter, trail: before })),
      next && buttonLink('Older', hash({ ...filter, trail: [...filter.trail, next] }))));
}

/** Shows the view. */
export async function show(main, { query, signal }) {
  const filter = readFilter(query);
  const chosen = new Set();
  const chipBar = el('div', {});
  const list = el('div', {});
  const bulk = bulkBar(chosen, () => { chosen.clear(); load(); });

  let accounts = [];
  let unknown = false; // the name that was given is no account's
  const stray = () => unknown || (filter.account !== '' && !accounts.some(({ id }) => String(id) === filter.account));
  const allButton = button('Post all pending …', async () => {
    try {
      const { postAll } = await imported(() => import('./post-all.js'));
      await postAll(filter);
    } catch (error) {
      bad(error);
    }
  }, { kind: 'main' });

  const ask = () => get('tweets', {
    state: filter.state, account_id: filter.account, q: filter.q, limit: PAGE, cursor: filter.trail.at(-1),
  }, signal);

  /** A page; the first one where the address names one that is none. */
  async function askPage() {
    try {
      return unknown ? { tweets: [], total: 0 } : await ask();
    } catch (error) {
      if (error.status !== 400 || filter.trail.length === 0) throw error;
      filter.trail = [];
      history.replaceState(null, '', hash(filter));
      return ask();
    }
  }

  async function send({ id }) {
    const [result] = await postTweets([id]) ?? [];
    if (result?.ok) good(`Tweet #${id} is posted.`);
    else if (result) bad(result.error);
    if (result && !signal.aborted) load();
  }

  const dialogOf = () => imported(() => import('./tweet-dialog.js'));
  const open = (first) => async ({ id }) => (await dialogOf()).tweetDialog(id, { first, send });
  /** What the words of a row's buttons do; true when the list has changed. */
  const acts = {
    details: open(''),
    correct: open('edit'),
    there: open('there'),
    edit: (tweet) => (tweet.state === 'draft' ? go('compose', { draft: tweet.id }) : open('edit')(tweet)),
    copy: ({ id }) => go('compose', { from: id }),
    delete: async (tweet) => (await dialogOf()).deleteTweet(tweet),
    post: (tweet) => { send(tweet); },
    retry: (tweet) => { send(tweet); },
    release: async ({ id }) => {
      await post(`tweets/${id}/release`);
      good(`Tweet #${id} is released.`);
      return true;
    },
    absent: async (tweet) => {
      const { sayAbsent } = await imported(() => import('./tweet-resolve.js'));
      const done = await sayAbsent(tweet);
      if (done) good(`Tweet #${tweet.id} is in the queue again.`);
      return done;
    },
  };

  async function act(word, tweet, control) {
    control.classList.add('busy');
    try {
      if (await acts[word](tweet)) load();
    } catch (error) {
      bad(error);
      load();
    } finally {
      control.classList.remove('busy');
    }
  }

  function pick(account) {
    unknown = account === null;
    if (unknown || account === filter.account) load();
    else location.hash = hash({ ...filter, account, trail: [] });
  }

  function choose(id, on) {
    if (on) chosen.add(id);
    else chosen.delete(id);
    bulk.draw();
  }

  function table(tweets) {
    const all = el('input', {
      type: 'checkbox', 'aria-label': 'Select all on this page', checked: tweets.every(({ id }) => chosen.has(id)),
      onchange: () => {
        for (const box of list.querySelectorAll('tbody .tick input')) {
          box.checked = all.checked;
          choose(Number(box.closest('tr').dataset.tweet), all.checked);
        }
      },
    });
    return el('table', { class: 'table cards tweets' }, el('caption', { class: 'unseen' }, 'Tweets'),
      el('thead', {}, el('tr', {}, el('th', { scope: 'col', class: 'tick' }, all), COLUMNS.map((word) => el('th', { scope: 'col' }, word)))),
      el('tbody', {}, tweets.map((tweet) => tweetRow(tweet, { chosen: chosen.has(tweet.id), act, choose }))));
  }

  function nothing() {
    if (stray()) return empty('No account has this name', 'Give another, or none for all accounts.');
    if (!filter.state && !filter.account && !filter.q && filter.trail.length === 0) {
      return empty('Nothing is queued yet', 'Tweets that you write wait here until they are posted.',
        buttonLink('Write a tweet', '#/compose', { kind: 'main' }));
    }
    return empty('No tweets match your filters', '', button('Clear filters', () => go('queue')));
  }

  function draw(page) {
    allButton.disabled = stray() || page.total === 0 || (filter.state !== '' && !readyStates.includes(filter.state));
    allButton.title = allButton.disabled ? 'Nothing in this list is pending' : '';
    renew(list, page.tweets.length > 0 ? [table(page.tweets), pager(filter, page)] : nothing());
    bulk.draw();
  }

  let asked = 0;
  async function load({ quiet = false } = {}) {
    const mine = ++asked;
    try {
      const [page, monitoring] = await Promise.all([askPage(), readMonitoring(signal)]);
      // An answer that comes late is to another question.
      if (signal.aborted || mine !== asked) return;
      renew(chipBar, chips(filter, monitoring?.tweets));
      draw(page);
    } catch (error) {
      if (quiet) throw error;
      if (!isLeft(error) && !isRefused(error)) bad(error);
    }
  }

  const soon = debounced(600, () => { if (!signal.aborted) load(); });
  const search = el('input', { type: 'search', value: filter.q, placeholder: 'Words in the text' });
  search.addEventListener('input', debounced(250, async () => {
    if (signal.aborted) return;
    Object.assign(filter, { q: search.value.trim(), trail: [] });
    history.replaceState(null, '', hash(filter));
    await load();
    say(`${list.querySelector('.pager p')?.textContent ?? 'No tweet'} found`);
  }));

  if (!main.querySelector('.queue')) put(main, loading('the queue'));
  const [page, monitoring, all] = await Promise.all([askPage(), readMonitoring(signal), listAccounts()]);
  accounts = all;
  if (signal.aborted) return null;
  const named = accounts.find(({ id }) => String(id) === filter.account);
  put(main, viewHead('Queue', named ? `Tweets of @${named.username}` : null, allButton),
  el('div', { class: 'stack queue' }, runPanel(signal, soon),
    el('div', { class: 'toolbar' }, chipBar,
      el('div', { class: 'filters' }, field('Search', search),
        accountFilter(accounts, filter.account, pick))),
    bulk.node, list));
  put(chipBar, chips(filter, monitoring?.tweets));
  draw(page);
  say(count(page.total, 'tweet'));
  return load;
}
