// Long lists: a first part at once, the rest when it comes into sight or is
// asked for, so that a thousand rows cost no more than a few.
import { el } from './dom.js';
import { number } from './format.js';
import { button } from './pieces.js';
import { renew } from './renew.js';
import { words } from './words.js';

const FIRST = 30;
const PART = 60;

/**
 * { show(items), node } for a list that `make(item)` makes nodes for: `show` fills
 * `list`, and keeps what was shown already when the same list comes anew; `node`
 * goes behind it.
 */
export function bitByBit(list, make, signal) {
  let items = [];
  let shown = FIRST;
  const control = button('', () => show(items, shown + PART), { kind: 'quiet' });
  const node = el('div', { class: 'row center more' }, control);
  function show(some, most = shown) {
    items = some;
    shown = most;
    renew(list, items.slice(0, shown).map(make));
    control.textContent = words.showMore(number(items.length - shown));
    node.hidden = shown >= items.length;
  }
  const watcher = new IntersectionObserver(([entry]) => {
    if (entry.isIntersecting && shown < items.length) show(items, shown + PART);
  }, { rootMargin: '400px' });
  watcher.observe(node);
  signal?.addEventListener('abort', () => watcher.disconnect(), { once: true });
  return { node, show };
}

/** The same for a list that is shown once; gives the node that goes behind it. */
export function showBitByBit(list, items, make, signal) {
  list.replaceChildren();
  const rows = bitByBit(list, make, signal);
  rows.show(items);
  return rows.node;
}
