// Compose: a text, accounts, a time, and what it costs before it goes.
import { get, isLeft, isRefused } from '../api.js';
import { connection } from '../connection.js';
import { confirm } from '../dialog.js';
import { debounced, el, put } from '../dom.js';
import { count, dateTime } from '../format.js';
import { linkButton } from '../linking.js';
import { bad, good, say } from '../notice.js';
import { box, button, card, empty, loading, viewHead } from '../pieces.js';
import { renew } from '../renew.js';
import { address, currentView, go as goTo } from '../router.js';
import { forgetAccounts, listAccounts } from '../store.js';
import { accountPicker } from './compose-accounts.js';
import { draftList, dropDraft, saveDraft, takeDraft } from './compose-draft.js';
import { keep, readKept } from './compose-keep.js';
import { priceText, trial, trialBoxes } from './compose-price.js';
import { showResults } from './compose-results.js';
import { createAll, newRows, sendAll, takeBack } from './compose-send.js';
import { judge, textInput } from './text-input.js';
import { localValue, timeInput } from './time-input.js';

const AUTOSAVE = 1200;

// Texts that are on their way: no draft of them is saved beside, not even by a
// view that was opened meanwhile.
const onTheirWay = new Set();

const DRAFT_WORDS = {
  saving: 'Saving the draft …', saved: 'Saved as a draft.',
  failed: 'Kept on this device; the draft on the server could not be saved.',
  here: 'Kept on this device. Select an account to save it as a draft on the server, too.',
};

/** What the address asks to begin with: a draft to go on with, or a tweet to use as new. */
async function readAsked(query, signal) {
  const draftId = query.get('draft');
  const id = draftId ?? query.get('from');
  if (!/^\d+$/.test(id ?? '')) return null;
  try {
    const tweet = await get(`tweets/${id}`, {}, signal);
    const isDraft = draftId !== null && tweet.state === 'draft';
    if (draftId !== null && !isDraft) bad(new Error(`Tweet #${id} is a draft no longer`));
    return isDraft ? tweet : draftId === null ? { text: tweet.text, account_id: tweet.account_id } : null;
  } catch (error) {
    if (isLeft(error) || isRefused(error)) throw error;
    bad(error);
    return null;
  }
}

/** The same members as a draft that is being written. */
const draftOf = ({ id, account_id: account, text, scheduled_at: at }) => ({ id, account_id: account, text, scheduled_at: at ?? null });

/** The form for these accounts; `begin` is what it begins with. */
function composer({ accounts, begin, scheduled, signal }) {
  const text = textInput({ value: begin.text, label: 'Text', rows: 7, onchange: () => changed() });
  const picker = accountPicker({ accounts, chosen: begin.accounts, signal, onchange: () => changed() });
  const time = timeInput({ onchange: () => changed() });
  const later = el('input', { type: 'checkbox', checked: scheduled || begin.later, onchange: () => changed() });
  const ahead = el('div', { class: 'stack tight', role: 'status' });
  const draftSaid = el('p', { class: 'hint' });
  const save = button('Save to queue', () => go(false));
  const now = button('Post now', () => go(true), { kind: 'main' });
  const results = el('div', { class: 'results' });
  const drafts = draftList({ signal, open: (tweet) => adopt(draftOf(tweet)) });
  if (begin.at) time.set(begin.at);

  const chosen = () => {
    const ids = new Set(picker.chosen());
    return accounts.filter(({ id }) => ids.has(id));
  };
  const timeBody = () => (later.checked && time.value() ? { scheduled_at: time.value() } : {});
  const missing = () => judge(text.area.value).wrong || (chosen().length === 0 && 'Select an account.')
    || (later.checked && time.wrong()) || '';
  const main = () => (later.checked ? save : now);

  let trying = new AbortController();
  const ask = debounced(350, async () => {
    trying.abort();
    trying = new AbortController();
    const n = chosen().length;
    if (missing() || signal.aborted) return;
    try {
      const answer = await trial(text.area.value, chosen(), timeBody(), trying.signal);
      if (!missing()) renew(ahead, priceText(answer, n), trialBoxes(answer, n));
    } catch (error) {
      if (!isLeft(error)) renew(ahead, el('p', { class: 'soft' }, 'The price is not known just now.'));
    }
  });

  /** What the draft on the server is to be; null: none, undefined: as it is. */
  function wantedDraft() {
    const words = text.area.value;
    const [account] = picker.chosen();
    if (onTheirWay.has(words)) return undefined;
    if (words.trim() === '') return null;
    // A time that has passed meanwhile is not taken away by writing on.
    const at = later.checked ? timeBody().scheduled_at ?? readKept().draft?.scheduled_at : null;
    return account ? { text: words, account_id: account, ...(at && { scheduled_at: at }) } : undefined;
  }

  const tellDraft = (word) => {
    put(draftSaid, DRAFT_WORDS[word]);
    if (word === 'saved' && !signal.aborted) drafts.load();
  };
  function autosaveNow() {
    const want = wantedDraft();
    if (want !== undefined) saveDraft(want, tellDraft);
  }
  const autosave = debounced(AUTOSAVE, () => { if (!signal.aborted) autosaveNow(); });

  function keepAll() {
    keep({
      text: text.area.value, accounts: picker.chosen(), later: later.checked,
      at: { iso: time.value(), words: time.input.value },
    });
  }

  function changed() {
    keepAll();
    const n = chosen().length;
    const wrong = missing();
    const words = text.area.value;
    time.node.hidden = !later.checked;
    now.hidden = later.checked;
    save.textContent = later.checked ? 'Schedule' : 'Save to queue';
    save.className = later.checked ? 'button main' : 'button';
    save.disabled = now.disabled = Boolean(wrong) || onTheirWay.has(words);
    if (words.trim() === '') put(draftSaid);
    else if (picker.chosen().length === 0) tellDraft('here');
    if (wrong) {
      trying.abort();
      renew(ahead, el('p', { class: 'soft' }, words === '' ? 'Write something; its price is shown here before it goes.' : wrong),
        n > 1 && trialBoxes({ errors: [], warnings: [] }, n));
    }
    ask();
    autosave();
  }

  /** Goes on with this: a draft, or what is to be used as new. */
  async function adopt(given) {
    const mine = text.area.value;
    if (mine.trim() !== '' && mine !== given.text && !onTheirWay.has(mine)) {
      const want = wantedDraft();
      if (want) await saveDraft(want, tellDraft);
      const { draft } = readKept();
      if (draft?.text !== mine && !await confirm({
        title: 'Replace what you have written?', action: 'Replace it', danger: true,
        body: [el('p', {}, 'It is not saved on the server yet.')],
      })) return;
    }
    keep({ draft: given.id ? given : null });
    text.area.value = given.text;
    text.draw();
    picker.set([given.account_id]);
    later.checked = Boolean(given.scheduled_at);
    if (given.scheduled_at) time.set({ iso: given.scheduled_at });
    changed();
    drafts.load();
    text.area.focus();
  }

  async function go(postNow) {
    const wrong = missing();
    if (wrong || main().disabled) {
      say(wrong || 'It is being saved.');
      changed();
      return;
    }
    const words = text.area.value;
    const given = { text: words, ...timeBody() };
    const to = chosen();
    onTheirWay.add(words);
    for (const each of [now, save]) each.disabled = true;
    const draft = await takeDraft();
    const rows = newRows(to, given, draft);
    await carryOut(rows, { postNow, when: given.scheduled_at, draft, control: postNow ? now : save });
  }

  const tellWait = () => put(results, box('warn', el('p', {}, 'Not saved yet: the server can’t be reached. It is saved once '
    + 'the server is back, as long as this page is open. Until then it is kept on this device.')));

  /** Creates the tweets. What was created must not be created again by another click. */
  async function createRows(rows, draft) {
    const words = rows[0].body.text;
    await createAll(rows, {
      step: () => say(`${rows.filter(({ tweetId }) => tweetId).length} of ${rows.length} saved`),
      told: tellWait,
    });
    const made = rows.every(({ tweetId }) => tweetId);
    const rest = rows.some(({ draftId, tweetId }) => draftId && !tweetId);
    if (draft && rest && !readKept().draft) keep({ draft });
    if (draft && made && !rows.some(({ draftId }) => draftId)) await dropDraft(draft.id).catch(bad);
    // What was written since then, here or in a view opened anew, stays.
    if (made && readKept().text === words) keep({ text: '' });
    onTheirWay.delete(words);
    return made;
  }

  async function carryOut(rows, { postNow, when, draft = null, control }) {
    const words = rows[0].body.text;
    onTheirWay.add(words);
    control?.classList.add('busy');
    const made = await createRows(rows, draft);
    control?.classList.remove('busy');
    put(results);
    if (!signal.aborted) {
      if (made) empties(words);
      else picker.set(rows.filter(({ tweetId }) => !tweetId).map(({ account }) => account.id));
      changed();
    }
    if (postNow && !await sendAll(rows, { begin: () => {} })) {
      await undone(rows);
      return;
    }
    tellEnd(rows, { postNow, when, draft });
  }

  function empties(words) {
    if (text.area.value === words) text.area.value = '';
    text.draw();
    forgetAccounts();
    drafts.load();
  }

  function tellEnd(rows, { postNow, when, draft }) {
    if (rows.every(({ error }) => !error)) {
      good(postNow ? `${count(rows.length, 'tweet')} posted.`
        : when ? `${count(rows.length, 'tweet')} scheduled for ${dateTime(when)}.` : `${count(rows.length, 'tweet')} saved.`);
    } else if (signal.aborted) {
      bad(rows.find(({ error }) => error).error);
    }
    if (signal.aborted) return;
    put(results, showResults(rows, {
      postNow, when, retry: () => carryOut(rows, { postNow, when, draft }),
    }));
    if (document.activeElement === document.body) results.querySelector('h2')?.focus();
  }

  /** The text is as it was before, unless another is being written. */
  async function undone(rows) {
    try {
      const draft = await takeBack(rows);
      const ids = rows.filter(({ tweetId }) => tweetId).map(({ account }) => account.id);
      if (!signal.aborted && text.area.value === '') {
        await adopt(draft);
        picker.set(ids);
        changed();
      } else if (signal.aborted && readKept().text === '') {
        keep({ text: draft.text, accounts: ids, later: false, draft });
        if (currentView() === 'compose') goTo('compose', {}, { replace: true });
      }
      good('Not posted. It is a draft again.');
      if (!signal.aborted) drafts.load();
    } catch (error) {
      bad(error);
    }
  }

  const to = card('Post to', picker.node);
  const tweet = card('The tweet', text.node, draftSaid, el('div', { class: 'stack tight' },
    el('label', { class: 'check' }, later, el('span', {}, 'Schedule for later')), time.node));
  to.classList.add('to');
  tweet.classList.add('text');
  const node = el('div', { class: 'compose' }, tweet, to,
    card('Review', ahead, el('div', { class: 'row' }, now, save)), drafts.node);
  node.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
    event.preventDefault();
    go(main() === now);
  });
  connection.addEventListener('back', autosave, { signal });
  // What is not saved yet when the view is left is saved then.
  signal.addEventListener('abort', autosaveNow, { once: true });
  return { node, results, changed, adopt, fresh: ({ quiet = false } = {}) => { drafts.load(); if (!quiet) ask(); } };
}

/** Shows the view. */
export async function show(main, { query, signal }) {
  if (!main.querySelector('.compose')) put(main, loading('the accounts'));
  const [all, asked] = await Promise.all([listAccounts(), readAsked(query, signal)]);
  const accounts = all.filter(({ status }) => status === 'active' || status === 'inactive');
  if (signal.aborted) return null;
  if (accounts.length === 0) {
    put(main, viewHead('Compose'), empty('No account to write for', 'Link one first; then you can write, schedule and post here.',
      linkButton('Link an account', { kind: 'main' })));
    return null;
  }
  const begin = readKept();
  const account = Number(query.get('account'));
  if (account) begin.accounts = [account];
  if (accounts.length === 1) begin.accounts = [accounts[0].id];
  const form = composer({ accounts, begin, scheduled: query.has('at'), signal });
  // Said once: a reload goes on with what is written by then.
  if (query.size > 0) history.replaceState(null, '', address('compose'));
  put(main, viewHead('Compose'), form.results, form.node);
  form.changed();
  if (asked) await form.adopt(asked.id ? draftOf(asked) : asked);
  else form.fresh({ quiet: true });
  return form.fresh;
}
