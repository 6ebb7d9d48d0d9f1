// Keys without a modifier, for people who work fast. They hold where nobody
// types, can be turned off on this device, and "?" shows them.
import { currentView, go, router } from './router.js';

const NAME = 'twitter-manager.keys';
const ROWS = 'main [data-tweet], main [data-account], main [data-key^="alert "]';
const TYPED_INTO = 'input:not([type="checkbox"], [type="radio"]), textarea, select,'
  + ' [contenteditable]';

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
  const all = [...document.querySelectorAll(`main ${selector}`)];
  const field = all.find((each) => each.offsetParent);
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
  const last = rows.length - 1;
  const row = rows[at < 0 ? (by > 0 ? 0 : last) : Math.max(0, Math.min(last, at + by))];
  row.tabIndex = -1;
  row.focus({ preventScroll: true });
  row.scrollIntoView({ block: 'nearest' });
}

async function showKeys() {
  const dialog = await import('./keys-dialog.js');
  dialog.showKeys(heedsKeys(), heedKeys);
}

const WORK = { '/': search, n: write, j: () => step(1), k: () => step(-1), '?': showKeys };

/** Whether a key is pressed alone, and not to type something. */
const isAlone = (event) => !event.defaultPrevented && !event.isComposing
  && !event.ctrlKey && !event.metaKey && !event.altKey && !event.target.closest?.(TYPED_INTO);

/** Heeds the keys from now on, while `isOpen()`. */
export function watchKeys(isOpen) {
  addEventListener('keydown', (event) => {
    const heeded = Object.hasOwn(WORK, event.key) && (event.key === '?' || heedsKeys());
    if (!heeded || !isAlone(event) || !isOpen() || document.querySelector('dialog[open]')) return;
    event.preventDefault();
    WORK[event.key]();
  });
}
