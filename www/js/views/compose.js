// Compose: a text, accounts, a time, and what it costs before it goes.
import { call, isLeft, isRefused } from '../api.js';
import { debounced, el, put } from '../dom.js';
import { count, dateTime, dollars } from '../format.js';
import { linkButton } from '../linking.js';
import { good, say } from '../notice.js';
import { box, button, card, empty, errorText, loading, sentence, viewHead } from '../pieces.js';
import { forgetAccounts, isMock, listAccounts } from '../store.js';
import { accountPicker } from './compose-accounts.js';
import { showResults } from './compose-results.js';
import { newRows, send } from './compose-send.js';
import { judge, textInput } from './text-input.js';
import { timeInput } from './time-input.js';

const DRAFT = 'twitter-manager.draft';
const TRIED = 5; // accounts for which warnings are asked before it goes

function readDraft() {
  try {
    return { text: '', accounts: [], ...JSON.parse(sessionStorage.getItem(DRAFT)) };
  } catch {
    return { text: '', accounts: [] };
  }
}

function keepDraft(draft) {
  try {
    sessionStorage.setItem(DRAFT, JSON.stringify(draft));
  } catch { /* then it is lost with the page */ }
}

/** What the server says before anything is stored: price and warnings. */
async function trial(text, accounts, time, signal) {
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

function priceText({ price }, n) {
  if (!price) return null;
  const each = dollars(price.usd);
  const words = price.kind === 'post_with_url' ? ' (X charges more for one with a link)' : '';
  const whole = n > 1 ? `${dollars(price.usd * n)}: ${n} × ${each}` : each;
  return el('p', {}, el('strong', {}, whole), `${words}. `,
    el('span', { class: 'soft' }, isMock() ? 'In mock mode it costs nothing.' : `X’s price of ${price.as_of}.`));
}

function trialBoxes({ errors, warnings }, n) {
  return [
    n > 1 && box('warn', el('p', { class: 'strong' }, `The same text on ${n} accounts`),
      el('p', {}, 'X’s rules forbid identical or nearly identical posts on several accounts, and may suspend '
        + 'all of them. Better write each its own.')),
    warnings.filter(({ code }) => !(code === 'similar_text' && n > 1)).map(({ detail, hint, names }) =>
      box('warn', el('p', { class: 'strong' }, sentence(detail)), el('p', {}, `${names.join(', ')}. ${hint ?? ''}`))),
    errors.map(({ account, error }) => box('bad', el('p', { class: 'small' }, `@${account.username}`), errorText(error))),
  ];
}

/** Shows the view. */
export async function show(main, { query, signal }) {
  if (!main.querySelector('.compose')) put(main, loading('the accounts'));
  const accounts = (await listAccounts()).filter(({ status }) => status === 'active' || status === 'inactive');
  if (signal.aborted) return null;
  if (accounts.length === 0) {
    put(main, viewHead('Compose'), empty('No account to write for', 'Link one first; then you can write, schedule and post here.',
      linkButton('Link an account', { kind: 'main' })));
    return null;
  }

  const draft = readDraft();
  const asked = Number(query.get('account'));
  if (asked) draft.accounts = [asked];
  if (accounts.length === 1) draft.accounts = [accounts[0].id];
  const text = textInput({ value: draft.text, label: 'Text', rows: 7, onchange: () => changed() });
  const picker = accountPicker({ accounts, chosen: draft.accounts, signal, onchange: () => changed() });
  const time = timeInput({ onchange: () => changed() });
  const later = el('input', { type: 'checkbox', onchange: () => changed() });
  const ahead = el('div', { class: 'stack tight', role: 'status' });
  const save = button('Save', () => go(false));
  const now = button('Post now', () => go(true), { kind: 'main' });
  const results = el('div', { class: 'results' });

  const chosen = () => {
    const ids = new Set(picker.chosen());
    return accounts.filter(({ id }) => ids.has(id));
  };
  const timeBody = () => (later.checked && time.value() ? { scheduled_at: time.value() } : {});
  const missing = () => judge(text.area.value).wrong || (chosen().length === 0 && 'Choose an account.')
    || (later.checked && time.wrong()) || '';

  let trying = new AbortController();
  const ask = debounced(350, async () => {
    trying.abort();
    trying = new AbortController();
    const n = chosen().length;
    if (missing() || signal.aborted) return;
    try {
      const answer = await trial(text.area.value, chosen(), timeBody(), trying.signal);
      if (!missing()) put(ahead, priceText(answer, n), trialBoxes(answer, n));
    } catch (error) {
      if (!isLeft(error)) put(ahead, el('p', { class: 'soft' }, 'The price is not known just now.'));
    }
  });

  function changed() {
    keepDraft({ text: text.area.value, accounts: picker.chosen() });
    const n = chosen().length;
    const wrong = missing();
    time.node.hidden = !later.checked;
    now.hidden = later.checked;
    save.textContent = later.checked ? 'Schedule' : 'Save as pending';
    save.className = later.checked ? 'button main' : 'button';
    save.disabled = now.disabled = Boolean(wrong);
    if (wrong) {
      trying.abort();
      put(ahead, el('p', { class: 'soft' }, text.area.value === '' ? 'Write something; its price is shown here before it goes.' : wrong),
        n > 1 && trialBoxes({ errors: [], warnings: [] }, n));
    }
    ask();
  }

  async function go(postNow) {
    const control = postNow ? now : save;
    const rows = newRows(chosen(), { text: text.area.value, ...timeBody() });
    const when = timeBody().scheduled_at;
    await carryOut(rows, { postNow, when, control });
  }

  async function carryOut(rows, { postNow, when, control }) {
    for (const each of [now, save]) each.disabled = true;
    control?.classList.add('busy');
    await send(rows, { now: postNow, step: () => say(`${rows.filter(({ tweetId }) => tweetId).length} of ${rows.length} saved`) });
    control?.classList.remove('busy');
    const failed = rows.filter(({ error }) => error).length;
    const made = rows.filter(({ tweetId }) => tweetId);
    const sent = rows[0].body.text;
    // What was created must not be created again by another click; what was
    // written since then, here or in a view opened anew, stays.
    if (made.length === rows.length) {
      const draft = readDraft();
      if (draft.text === sent) keepDraft({ ...draft, text: '' });
    }
    if (signal.aborted) return;
    if (failed === 0) {
      good(postNow ? `${count(rows.length, 'tweet')} posted.`
        : when ? `${count(rows.length, 'tweet')} scheduled for ${dateTime(when)}.` : `${count(rows.length, 'tweet')} saved.`);
    }
    put(results, showResults(rows, {
      postNow, when, retry: () => carryOut(rows, { postNow, when }),
    }));
    if (made.length === rows.length) {
      if (text.area.value === sent) text.area.value = '';
      text.draw();
      forgetAccounts();
      changed();
    } else {
      picker.drop(made.map(({ account }) => account.id));
    }
    results.querySelector('h2')?.focus();
  }

  later.checked = query.get('at') !== null;
  const to = card('Accounts', picker.node);
  const tweet = card('The tweet', text.node, el('div', { class: 'stack tight' },
    el('label', { class: 'check' }, later, el('span', {}, 'Send it later, at a time')), time.node));
  to.classList.add('to');
  tweet.classList.add('text');
  put(main, viewHead('Compose'), results,
    el('div', { class: 'compose' }, tweet, to, card('Before it goes', ahead, el('div', { class: 'row' }, now, save))));
  changed();
  return () => ask();
}
