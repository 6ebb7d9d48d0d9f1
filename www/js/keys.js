// Keys without a modifier, for people who work fast. They hold where nobody
// types, can be turned off on this device, and "?" shows them.
import { el } from './dom.js';
import { currentView, go, router } from './router.js';

const NAME = 'twitter-manager.keys';
const ROWS = 'main [data-tweet], main [data-account], main [data-key^="alert "]';
const TYPED_INTO = 'input:not([type="checkbox"], [type="radio"]), textarea, select, [contenteditable]';

/** [key, what it does]; the order in which the dialog shows them. */
export const KEYS = [
  ['/', 'Search'],
  ['n', 'Write a tweet'],
  ['j', 'Next in the list'],
  ['k', 'Previous in the list'],
  ['Ctrl + Enter', 'Send, while composing'],
  ['?', 'Show these keys'],
];

/** Whether this device heeds them. */
export function heedsKeys() {
  try {
    return localStorage.getItem(NAME) !== 'off';
  } catch {
    return true;
  }
}

/** Lets this device heed them or not. */
export function heedKeys(on) {
  try {
    if (on) localStorage.removeItem(NAME);
    else localStorage.setItem(NAME, 'off');
  } catch { /* then the next page heeds them again */ }
}

/** Puts the focus on the first field of the view, of this kind, that is seen. */
function focusOn(selector) {
  const field = [...document.querySelectorAll(`main ${selector}`)].find((each) => each.offsetParent);
  field?.focus();
  if (field?.type === 'search') field.select();
}

/** The same in one of these views: the one that is shown, or else the first. */
function focusIn(views, selector) {
  if (views.includes(currentView())) {
    focusOn(selector);
    return;
  }
  router.addEventListener('shown', () => focusOn(selector), { once: true });
  go(views[0]);
}

const search = () => focusIn(['queue', 'accounts'], 'input[type="search"]');
const write = () => focusIn(['compose'], 'textarea');

function step(by) {
  const rows = [...document.querySelectorAll(ROWS)];
  if (rows.length === 0) return;
  const at = rows.findIndex((row) => row.contains(document.activeElement));
  const row = rows[at < 0 ? (by > 0 ? 0 : rows.length - 1) : Math.max(0, Math.min(rows.length - 1, at + by))];
  row.tabIndex = -1;
  row.focus({ preventScroll: true });
  row.scrollIntoView({ block: 'nearest' });
}

async function showKeys() {
  const { openDialog } = await import('./dialog.js');
  openDialog('Keyboard shortcuts', () => ({
    body: [el('dl', { class: 'keys' }, KEYS.map(([key, words]) => [
      el('dt', {}, el('kbd', {}, key)), el('dd', {}, words)])),
    el('label', { class: 'check' }, el('input', {
      type: 'checkbox', checked: heedsKeys(), onchange: ({ target }) => heedKeys(target.checked),
    }), el('span', {}, 'Use these on this device'))],
  }));
}

const WORK = { '/': search, n: write, j: () => step(1), k: () => step(-1), '?': showKeys };

/** Heeds the keys from now on, while `isOpen()`. */
export function watchKeys(isOpen) {
  addEventListener('keydown', (event) => {
    const work = WORK[event.key];
    if (!work || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing
      || !isOpen() || document.querySelector('dialog[open]') || event.target.closest?.(TYPED_INTO)
      || (event.key !== '?' && !heedsKeys())) return;
    event.preventDefault();
    work();
  });
}
