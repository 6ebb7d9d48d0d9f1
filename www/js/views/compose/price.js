// What the server says of a tweet before anything is stored.
import { call, isLeft, isRefused } from '../../api.js';
import { el } from '../../dom.js';
import { dollars } from '../../format.js';
import { box, errorText, sentence } from '../../pieces.js';
import { isMock } from '../../store.js';
import { words as all } from './words.js';

const words = all.price;
const TRIED = 5; // accounts for which warnings are asked before it goes

/** What the server says before anything is stored: price and warnings. */
export async function trial(text, accounts, time, signal) {
  const tryOne = async (account) => {
    const body = { text, account_id: account.id, ...time };
    try {
      const answer = await call('POST', 'tweet', { query: { dry_run: 'true' }, signal, body });
      return { account, answer };
    } catch (error) {
      if (isLeft(error) || isRefused(error)) throw error;
      return { account, error };
    }
  };
  const answers = await Promise.all(accounts.slice(0, TRIED).map(tryOne));
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
  const whole = n > 1 ? words.each(dollars(price.usd * n), n, each) : each;
  return el('p', {}, el('strong', {}, whole),
    price.kind === 'post_with_url' ? words.withLink : '', '. ',
    el('span', { class: 'soft' }, isMock() ? words.free : words.asOf(price.as_of)));
}

const warningBox = ({ detail, hint, names }) => box('warn',
  el('p', { class: 'strong' }, sentence(detail)), el('p', {}, words.about(names, hint ?? '')));

/** Warnings, and accounts that would refuse it. */
export function trialBoxes({ errors, warnings }, n) {
  return [
    n > 1 && box('warn', el('p', { class: 'strong' }, words.same(n)), el('p', {}, words.sameHint)),
    warnings.filter(({ code }) => !(code === 'similar_text' && n > 1)).map(warningBox),
    errors.map(({ account, error }) =>
      box('bad', el('p', { class: 'small' }, `@${account.username}`), errorText(error))),
  ];
}
