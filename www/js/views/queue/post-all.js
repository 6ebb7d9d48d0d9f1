// "Post all pending": what the list shows, counted and priced before it goes.
import { call, get } from '../../api.js';
import { openDialog } from '../../dialog.js';
import { el } from '../../dom.js';
import { count, dollars, number } from '../../format.js';
import { countUrls } from '../../length/length.js';
import { button, field } from '../../pieces.js';
import { start } from '../../run.js';
import { isMock } from '../../store.js';
import { readyStates, tweetState, words as shared } from '../../words.js';

const words = {
  title: (n) => `Post ${count(n, 'tweet')}?`,
  go: 'Post them',
  tweets: (n) => count(n, 'tweet'),
  from: (accounts) => ` from ${accounts}.`,
  accounts: (n, names, more, isAll) => `${isAll ? '' : 'at least '}${count(n, 'account')}: `
    + names.join(', ') + (more > 0 ? ` and ${number(more)} more` : ''),
  filter: (parts) => `Only what the list shows: ${parts.join(', ')}.`,
  withState: (label) => `“${label}”`,
  withText: (text) => `with the words “${text}”`,
  price: (sum, asOf) => `${sum}, at X’s prices as of ${asOf}.`,
  span: (from, to) => `${from} to ${to}`,
  noPrice: 'X charges for each one.',
  mock: ' In mock mode it’s free.',
  order: 'They go out now, in the order they were written. Scheduled tweets keep their times.',
  type: (n) => `To continue, type ${n}`,
  nothing: 'Nothing to post',
  nothingHint: 'No tweet in this list is pending. Scheduled tweets are sent at their times.',
};

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
      const query = { state: each, account_id: account, q, limit: PAGE, cursor };
      const page = await get('tweets', query);
      if (!cursor) found.total += page.total;
      found.tweets.push(...page.tweets);
      cursor = page.next_cursor;
    } while (cursor && found.tweets.length < most);
  }
  return found;
}

/** X's prices of a tweet without and with a link: { plain, link, asOf }; null: not told. */
async function readPrices(accountId) {
  const ask = (text) => call('POST', 'tweet', {
    query: { dry_run: 'true' }, body: { text, account_id: accountId },
  });
  try {
    const answers = await Promise.all(['.', 'https://example.com'].map(ask));
    const [plain, link] = answers.map(({ price }) => price);
    return { plain: plain.usd, link: link.usd, asOf: plain.as_of };
  } catch {
    return null;
  }
}

function priceWords({ total, tweets }, prices) {
  if (!prices) return words.noPrice;
  const links = tweets.filter(({ text }) => countUrls(text) > 0).length;
  const known = links * prices.link + (tweets.length - links) * prices.plain;
  const more = total - tweets.length;
  const sum = more <= 0 ? dollars(known)
    : words.span(dollars(known + more * prices.plain), dollars(known + more * prices.link));
  return words.price(sum, prices.asOf) + (isMock() ? words.mock : '');
}

function accountWords({ total, tweets }) {
  const names = [...new Set(tweets.map(({ username }) => `@${username}`))];
  const more = Math.max(0, names.length - NAMES);
  return words.accounts(names.length, names.slice(0, NAMES), more, total <= tweets.length);
}

function filterWords({ state, q }) {
  const parts = [state && words.withState(tweetState(state).label), q && words.withText(q)];
  return (state || q) && el('p', {}, words.filter(parts.filter(Boolean)));
}

function ask(found, prices, filter) {
  const { total } = found;
  return openDialog(words.title(total), (close) => {
    const go = button(words.go, () => close(true), { kind: 'main', disabled: total >= ASK_FROM });
    const typed = el('input', { type: 'text', inputmode: 'numeric', autocomplete: 'off' });
    typed.addEventListener('input', () => {
      go.disabled = typed.value.replace(/\D/g, '') !== String(total);
    });
    return {
      body: [el('p', {}, el('strong', {}, words.tweets(total)), words.from(accountWords(found))),
        filterWords(filter), el('p', {}, priceWords(found, prices)),
        el('p', { class: 'soft' }, words.order),
        total >= ASK_FROM && field(words.type(total), typed)],
      actions: [
        button(shared.buttons.cancel, () => close(false), { autofocus: total < ASK_FROM }), go],
    };
  });
}

const nothing = () => openDialog(words.nothing, (close) => ({
  body: [el('p', {}, words.nothingHint)],
  actions: [button(shared.buttons.close, () => close(), { kind: 'main', autofocus: true })],
}));

/** Asks, since each costs, and begins: with what the list of `filter` shows. */
export async function postAll(filter) {
  const found = await readReady(filter);
  if (found.total === 0) return nothing();
  const prices = await readPrices(found.tweets[0].account_id);
  if (!await ask(found, prices, filter)) return null;
  if (!filter.state && !filter.q) return start({ accountId: Number(filter.account) || null });
  const isPart = found.total > found.tweets.length;
  const { tweets } = isPart ? await readReady(filter, Infinity) : found;
  return start({ ids: tweets.map(({ id }) => id).sort((a, b) => a - b) });
}
