// Small parts that all views are made of.
import { add, el, newId } from './dom.js';
import { ago, clock, dateTime, dateTimeUtc, percent } from './format.js';
import { icon } from './icons.js';
import { words } from './words.js';

/** A word with a colour; the word says it all. */
export const badge = (label, kind, title) => el('span', { class: `badge ${kind}`, title }, label);

/** A button; `kind` is main, quiet, danger or none. */
export const button = (label, onclick, { kind = '', ...more } = {}) =>
  el('button', { type: 'button', class: `button ${kind}`, onclick, ...more }, label);

/** A link that looks like a button. */
export const buttonLink = (label, href, { kind = '', ...more } = {}) =>
  el('a', { class: `button ${kind}`, href, ...more }, label);

/** A moment: its time with the zone and how long ago or until, with both zones at hand. */
export const moment = (iso) => (iso === null ? words.unknownTime
  : el('span', { class: 'moment' }, `${clock(iso)}, `, el('time', {
    datetime: iso, 'data-ago': true, title: `${dateTime(iso)} · ${dateTimeUtc(iso)}`,
  }, ago(iso))));

/** A bar that shows a share from 0 to 1, with its name and value for all. */
export function meter({ label, value, text = percent(value), kind = '' }) {
  const bar = el('span', { class: 'meter-bar' });
  bar.style.setProperty('width', `${Math.max(0, Math.min(1, value)) * 100}%`);
  return el('span', {
    class: `meter ${kind}`, role: 'meter', 'aria-label': label, 'aria-valuemin': 0,
    'aria-valuemax': 100, 'aria-valuenow': Math.round(value * 100), 'aria-valuetext': text,
  }, bar);
}

/** The head of a view: its only h1, a word below, and what can be done. */
export const viewHead = (title, lead, ...actions) => el('div', { class: 'head' },
  el('div', {}, el('h1', { tabindex: -1 }, title), lead && el('p', { class: 'lead' }, lead)),
  actions.length > 0 && el('div', { class: 'row' }, ...actions));

/** Shown while something is fetched. */
export const loading = (what) => el('p', { class: 'loading', role: 'status' },
  el('span', { class: 'spinner', 'aria-hidden': 'true' }), words.loading(what));

/** Shown where there is nothing yet: why, and what to do. */
export const empty = (title, text, ...actions) => el('div', { class: 'empty' },
  el('p', { class: 'empty-title' }, title), text && el('p', {}, text),
  actions.length > 0 && el('div', { class: 'row center' }, ...actions));

/** A label and its control, with a hint that is read with it. */
export function field(label, control, hint) {
  const id = control.id || newId('field');
  control.id = id;
  const note = hint && el('p', { class: 'hint', id: `${id}-hint` }, hint);
  if (note) control.setAttribute('aria-describedby', note.id);
  return el('div', { class: 'field' }, el('label', { for: id }, label), control, note);
}

/** A box that says something: kind is warn, bad, good or calm. */
export const box = (kind, ...children) => el('div', { class: `box ${kind}` },
  icon({ calm: 'clock', warn: 'warn', bad: 'bad', good: 'good' }[kind]),
  el('div', { class: 'box-text' }, ...children));

/** Refusals after which a tweet goes out without anybody's help. */
const WAITING = new Set(['rate_limited', 'account_held_back', 'held_back']);

/** All that is known of an error: words, what to do, X's reason, its id. */
export function errorText(error) {
  const small = words.api.details(error);
  return [
    el('p', { class: 'strong' }, sentence(error.message)),
    (error.errors ?? []).filter(({ detail }) => !error.message.includes(detail))
      .map(({ pointer, detail }) => el('p', {}, `${pointer?.replace('/', '')}: ${detail}`)),
    error.reason && el('p', {}, words.xSays, el('q', {}, error.reason)),
    WAITING.has(error.code) && error.retryAt ? el('p', {}, words.sentAfter(error.retryAt))
      : error.hint && el('p', {}, error.hint),
    small && el('p', { class: 'small soft' }, small),
  ];
}

/** A box for an error, with a way to try again where that can help. */
export function errorBox(error, retry, label = words.buttons.tryAgain) {
  if (error.isLogin) {
    retry = () => location.reload();
    label = words.api.reload;
  }
  const node = box('bad', ...errorText(error),
    retry && el('div', { class: 'row' }, button(label, retry)));
  node.setAttribute('role', 'alert');
  return node;
}

/** With a capital and a full stop, as the API's words have none. */
export function sentence(text) {
  const whole = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?…:]$/.test(whole) ? whole : `${whole}.`;
}

/** A card: a section with a heading. */
export function card(title, ...children) {
  const id = `card-${title.toLowerCase().replace(/[^a-z0-9]+/g, '-')}`;
  return add(el('section', { class: 'card', 'aria-labelledby': id },
    el('h2', { id }, title)), ...children);
}
