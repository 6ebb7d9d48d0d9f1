// "Post all pending": what the list shows, counted and priced before it goes.
import { call, get } from '../api.js';
import { openDialog } from '../dialog.js';
import { el } from '../dom.js';
import { count, dollars, number } from '../format.js';
import { countUrls } from '../length/length.js';
import { button, field } from '../pieces.js';
import { start } from '../run.js';
import { isMock } from '../store.js';
import { readyStates, tweetState } from '../words.js';

const PAGE = 50;
const READ = 1000; // tweets that are looked at one by one
const ASK_FROM = 21; // tweets whose number is to be typed
const NAMES = 3;

/** Those of a filter that are ready: { total, tweets }, of very many only about `most`. */
async function readReady({ state, account, q }, most = READ) {
  const found = { total: 0, tweets: [] };
  for (const each of readyStates.filter((one) => !state || one === state)) {
    let cursor;
    do {
      const page = await get('tweets', { state: each, account_id: account, q, limit: PAGE, cursor });
      if (!cursor) found.total += page.total;
      found.tweets.push(...page.tweets);
      cursor = page.next_cursor;
    } while (cursor && found.tweets.length < most);
  }
  return found;
}

/** X's prices of a tweet without and with a link: { plain, link, as_of }; null where they are not told. */
async function readPrices(accountId) {
  const ask = (text) => call('POST', 'tweet', { query: { dry_run: 'true' }, body: { text, account_id: accountId } });
  try {
    const [plain, link] = (await Promise.all(['.', 'https://example.com'].map(ask))).map(({ price }) => price);
    return { plain: plain.usd, link: link.usd, asOf: plain.as_of };
  } catch {
    return null;
  }
}

function priceWords({ total, tweets }, prices) {
  if (!prices) return 'X charges for each.';
  const links = tweets.filter(({ text }) => countUrls(text) > 0).length;
  const known = links * prices.link + (tweets.length - links) * prices.plain;
  const more = total - tweets.length;
  const sum = more > 0 ? `${dollars(known + more * prices.plain)} to ${dollars(known + more * prices.link)}` : dollars(known);
  return `${sum}, at X’s prices of ${prices.asOf}.${isMock() ? ' In mock mode it costs nothing.' : ''}`;
}

function accountWords({ total, tweets }) {
  const names = [...new Set(tweets.map(({ username }) => `@${username}`))];
  const all = total > tweets.length ? `at least ${count(names.length, 'account')}` : count(names.length, 'account');
  return `${all}: ${names.slice(0, NAMES).join(', ')}${names.length > NAMES ? ` and ${number(names.length - NAMES)} more` : ''}`;
}

function filterWords({ state, q }) {
  const parts = [state && `“${tweetState(state).label}”`, q && `with the words “${q}”`].filter(Boolean);
  return parts.length > 0 && el('p', {}, `Only what the list shows: ${parts.join(', ')}.`);
}

function ask(found, prices, filter) {
  const { total } = found;
  return openDialog(`Post ${count(total, 'tweet')}?`, (close) => {
    const go = button('Post them', () => close(true), { kind: 'main', disabled: total >= ASK_FROM });
    const typed = el('input', { type: 'text', inputmode: 'numeric', autocomplete: 'off' });
    typed.addEventListener('input', () => { go.disabled = typed.value.replace(/\D/g, '') !== String(total); });
    return {
      body: [el('p', {}, el('strong', {}, count(total, 'tweet')), ` of ${accountWords(found)}.`), filterWords(filter),
        el('p', {}, priceWords(found, prices)),
        el('p', { class: 'soft' }, 'They go out now, in the order they were written. Those scheduled for later stay.'),
        total >= ASK_FROM && field(`To go on, type ${total}`, typed)],
      actions: [button('Cancel', () => close(false), { autofocus: total < ASK_FROM }), go],
    };
  });
}

const nothing = () => openDialog('Nothing to post', (close) => ({
  body: [el('p', {}, 'No tweet in this list is pending. Those scheduled for later are sent at their time.')],
  actions: [button('Close', () => close(), { kind: 'main', autofocus: true })],
}));

/** Asks, since each costs, and begins: with what the list of `filter` shows. */
export async function postAll(filter) {
  const found = await readReady(filter);
  if (found.total === 0) return nothing();
  const prices = await readPrices(found.tweets[0].account_id);
  if (!await ask(found, prices, filter)) return null;
  if (!filter.state && !filter.q) return start({ accountId: Number(filter.account) || null });
  const { tweets } = found.total > found.tweets.length ? await readReady(filter, Infinity) : found;
  return start({ ids: tweets.map(({ id }) => id).sort((a, b) => a - b) });
}
