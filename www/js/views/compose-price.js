// What the server says of a tweet before anything is stored.
import { call, isLeft, isRefused } from '../api.js';
import { el } from '../dom.js';
import { dollars } from '../format.js';
import { box, errorText, sentence } from '../pieces.js';
import { isMock } from '../store.js';

const TRIED = 5; // accounts for which warnings are asked before it goes

/** What the server says before anything is stored: price and warnings. */
export async function trial(text, accounts, time, signal) {
  const answers = await Promise.all(accounts.slice(0, TRIED).map((account) => call('POST', 'tweet', {
    query: { dry_run: 'true' }, signal, body: { text, account_id: account.id, ...time },
  }).then((answer) => ({ account, answer }), (error) => {
    if (isLeft(error) || isRefused(error)) throw error;
    return { account, error };
  })));
  const price = answers.find(({ answer }) => answer)?.answer.price ?? null;
  const errors = answers.filter(({ error }) => error);
  const warnings = new Map();
  for (const { account, answer } of answers) {
    for (const warning of answer?.warnings ?? []) {
      const known = warnings.get(warning.code) ?? { ...warning, names: [] };
      known.names.push(`@${account.username}`);
      warnings.set(warning.code, known);
    }
  }
  return { price, errors, warnings: [...warnings.values()] };
}

/** The price of `n` of them. */
export function priceText({ price }, n) {
  if (!price) return null;
  const each = dollars(price.usd);
  const words = price.kind === 'post_with_url' ? ' (X charges more for one with a link)' : '';
  const whole = n > 1 ? `${dollars(price.usd * n)}: ${n} × ${each}` : each;
  return el('p', {}, el('strong', {}, whole), `${words}. `,
    el('span', { class: 'soft' }, isMock() ? 'In mock mode it costs nothing.' : `X’s price of ${price.as_of}.`));
}

/** Warnings, and accounts that would refuse it. */
export function trialBoxes({ errors, warnings }, n) {
  return [
    n > 1 && box('warn', el('p', { class: 'strong' }, `The same text on ${n} accounts`),
      el('p', {}, 'X’s rules forbid identical or nearly identical posts on several accounts, and may suspend '
        + 'all of them. Write a different version for each account.')),
    warnings.filter(({ code }) => !(code === 'similar_text' && n > 1)).map(({ detail, hint, names }) =>
      box('warn', el('p', { class: 'strong' }, sentence(detail)), el('p', {}, `${names.join(', ')}. ${hint ?? ''}`))),
    errors.map(({ account, error }) => box('bad', el('p', { class: 'small' }, `@${account.username}`), errorText(error))),
  ];
}
