// Compose: a text, accounts, a time, and what it costs before it goes.
import { get, isLeft, isRefused } from '../../api.js';
import { connection } from '../../connection.js';
import { confirm } from '../../dialog.js';
import { debounced, el, put } from '../../dom.js';
import { linkButton } from '../../linking.js';
import { bad } from '../../notice.js';
import { card, empty, loading, viewHead } from '../../pieces.js';
import { address } from '../../router.js';
import { listAccounts } from '../../store.js';
import { viewTitles, words as shared } from '../../words.js';
import { keep, readKept } from '../compose-keep.js';
import { autosave, saveWritten, tellDraft } from './autosave.js';
import { send } from './carry-out.js';
import { draftList } from './draft.js';
import { drawForm, keepForm, mainButton, newForm, onTheirWay, textOf } from './form.js';
import { words } from './words.js';

const AUTOSAVE = 1200;

/** The same members as a draft that is being written. */
const draftOf = ({ id, account_id: account, text, scheduled_at: at }) =>
  ({ id, account_id: account, text, scheduled_at: at ?? null });

/** A draft to go on with, by its id. */
async function readDraft(id, signal) {
  const tweet = await get(`tweets/${id}`, {}, signal);
  if (tweet.state === 'draft') return draftOf(tweet);
  bad(new Error(words.noDraft(id)));
  return null;
}

/** A tweet to use as new, by its id. */
async function readOld(id, signal) {
  const { text, account_id: account } = await get(`tweets/${id}`, {}, signal);
  return { text, account_id: account };
}

/** What the address asks to begin with; null: nothing. */
async function readAsked(query, signal) {
  const [draft, old] = [query.get('draft'), query.get('from')];
  if (!/^\d+$/.test(draft ?? old ?? '')) return null;
  try {
    return await (draft === null ? readOld(old, signal) : readDraft(draft, signal));
  } catch (error) {
    if (isLeft(error) || isRefused(error)) throw error;
    bad(error);
    return null;
  }
}

function changed(form) {
  keepForm(form);
  drawForm(form);
  if (textOf(form).trim() === '') put(form.draftSaid);
  else if (form.picker.chosen().length === 0) tellDraft(form, 'here');
  form.askPrice();
  form.autosave();
}

/** Whether what is written may go, in favour of another text; asks where it would be lost. */
async function mayReplace(form, text) {
  const mine = textOf(form);
  if (mine.trim() === '' || mine === text || onTheirWay.has(mine)) return true;
  await saveWritten(form);
  if (readKept().draft?.text === mine) return true;
  const { title, action, hint } = words.replace;
  return confirm({ title, action, danger: true, body: [el('p', {}, hint)] });
}

/** Goes on with this: a draft, or what is to be used as new. */
async function adopt(form, given) {
  if (!await mayReplace(form, given.text)) return;
  const { text, picker, later, time } = form;
  keep({ draft: given.id ? given : null });
  text.area.value = given.text;
  text.draw();
  picker.set([given.account_id]);
  later.checked = Boolean(given.scheduled_at);
  if (given.scheduled_at) time.set({ iso: given.scheduled_at });
  changed(form);
  form.drafts.load();
  text.area.focus();
}

function layOut(form) {
  const { picker, text, draftSaid, later, time, ahead, now, save, drafts } = form;
  const to = card(words.to, picker.node);
  const tweet = card(words.tweet, text.node, draftSaid, el('div', { class: 'stack tight' },
    el('label', { class: 'check' }, later, el('span', {}, words.later)), time.node));
  to.classList.add('to');
  tweet.classList.add('text');
  return el('div', { class: 'compose' }, tweet, to,
    card(words.review, ahead, el('div', { class: 'row' }, now, save)), drafts.node);
}

/** The form as the view shows it, which saves what is written by itself. */
function composer(what) {
  const { signal } = what;
  const form = newForm(what, () => changed(form));
  form.drafts = draftList({ signal, open: (tweet) => adopt(form, draftOf(tweet)) });
  form.autosave = debounced(AUTOSAVE, () => { if (!signal.aborted) autosave(form); });
  form.changed = () => changed(form);
  form.adopt = (given) => adopt(form, given);
  form.send = (postNow) => send(form, postNow);
  form.node = layOut(form);
  form.node.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
    event.preventDefault();
    form.send(mainButton(form) === form.now);
  });
  connection.addEventListener('back', form.autosave, { signal });
  // What is not saved yet when the view is left is saved then.
  signal.addEventListener('abort', () => autosave(form), { once: true });
  return form;
}

function showEmpty(main) {
  put(main, viewHead(viewTitles.compose), empty(words.empty, words.emptyHint,
    linkButton(shared.buttons.link, { kind: 'main' })));
}

/** Shows the view. */
export async function show(main, { query, signal }) {
  if (!main.querySelector('.compose')) put(main, loading(words.loading));
  const [all, asked] = await Promise.all([listAccounts(), readAsked(query, signal)]);
  const accounts = all.filter(({ status }) => status === 'active' || status === 'inactive');
  if (signal.aborted) return null;
  if (accounts.length === 0) return showEmpty(main);
  const begin = readKept();
  const account = Number(query.get('account'));
  if (account) begin.accounts = [account];
  if (accounts.length === 1) begin.accounts = [accounts[0].id];
  const form = composer({ accounts, begin, scheduled: query.has('at'), signal });
  // Said once: a reload goes on with what is written by then.
  if (query.size > 0) history.replaceState(null, '', address('compose'));
  put(main, viewHead(viewTitles.compose), form.results, form.node);
  form.changed();
  if (asked) await form.adopt(asked);
  const again = ({ quiet = false } = {}) => {
    form.drafts.load();
    if (!quiet) form.askPrice();
  };
  if (!asked) again({ quiet: true });
  return again;
}
