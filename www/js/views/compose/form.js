// The form of Compose: its parts, what is filled in, and what is missing.
import { isLeft } from '../../api.js';
import { debounced, el } from '../../dom.js';
import { button } from '../../pieces.js';
import { renew } from '../../renew.js';
import { judge, textInput } from '../tweet/text-input.js';
import { timeInput } from '../tweet/time-input.js';
import { accountPicker } from './picker.js';
import { keep } from '../compose-keep.js';
import { priceText, trial, trialBoxes } from './price.js';
import { words } from './words.js';

// Texts that are on their way: no draft of them is saved beside, not even by a
// view that was opened meanwhile.
export const onTheirWay = new Set();

/**
 * A form for these accounts that begins with `begin`; `onchange()` is called for
 * each change of what is filled in.
 */
export function newForm({ accounts, begin, scheduled, signal }, onchange) {
  const form = {
    accounts, signal,
    text: textInput({ value: begin.text, label: words.text, rows: 7, onchange }),
    picker: accountPicker({ accounts, chosen: begin.accounts, signal, onchange }),
    time: timeInput({ onchange }),
    later: el('input', { type: 'checkbox', checked: scheduled || begin.later, onchange }),
    ahead: el('div', { class: 'stack tight', role: 'status' }),
    draftSaid: el('p', { class: 'hint' }),
    results: el('div', { class: 'results' }),
    save: button(words.save, () => form.send(false)),
    now: button(words.post, () => form.send(true), { kind: 'main' }),
    trying: new AbortController(), // the trial that is asked for
  };
  form.askPrice = debounced(350, () => askPrice(form));
  if (begin.at) form.time.set(begin.at);
  return form;
}

/** The text that is written. */
export const textOf = ({ text }) => text.area.value;

/** The accounts that are selected. */
export function chosenOf({ accounts, picker }) {
  const ids = new Set(picker.chosen());
  return accounts.filter(({ id }) => ids.has(id));
}

/** The time as a member of a request. */
export const timeOf = ({ later, time }) => (later.checked && time.value()
  ? { scheduled_at: time.value() } : {});

/** What is wrong or missing, in words; or ''. */
export const missing = (form) => judge(textOf(form)).wrong
  || (chosenOf(form).length === 0 && words.noAccount)
  || (form.later.checked && form.time.wrong()) || '';

/** The main button: to schedule, or to post now. */
export const mainButton = ({ later, save, now }) => (later.checked ? save : now);

/** Keeps on this device what is filled in. */
export function keepForm({ text, picker, later, time }) {
  keep({
    text: text.area.value, accounts: picker.chosen(), later: later.checked,
    at: { iso: time.value(), words: time.input.value },
  });
}

/** Shows the price and the warnings that the server gives. */
async function askPrice(form) {
  form.trying.abort();
  form.trying = new AbortController();
  const accounts = chosenOf(form);
  if (missing(form) || form.signal.aborted) return;
  try {
    const answer = await trial(textOf(form), accounts, timeOf(form), form.trying.signal);
    if (missing(form)) return;
    renew(form.ahead, priceText(answer, accounts.length), trialBoxes(answer, accounts.length));
  } catch (error) {
    if (!isLeft(error)) renew(form.ahead, el('p', { class: 'soft' }, words.noPrice));
  }
}

/** Shows what the buttons do now, and what is missing. */
export function drawForm(form) {
  const { text, time, later, save, now, ahead } = form;
  const n = chosenOf(form).length;
  const wrong = missing(form);
  time.node.hidden = !later.checked;
  now.hidden = later.checked;
  save.textContent = later.checked ? words.schedule : words.save;
  save.className = later.checked ? 'button main' : 'button';
  save.disabled = now.disabled = Boolean(wrong) || onTheirWay.has(textOf(form));
  if (!wrong) return;
  form.trying.abort();
  renew(ahead, el('p', { class: 'soft' }, text.area.value === '' ? words.begin : wrong),
    n > 1 && trialBoxes({ errors: [], warnings: [] }, n));
}
