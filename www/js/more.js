// Long lists: a first part at once, the rest when it comes into sight or is
// asked for, so that a thousand rows cost no more than a few.
import { el } from './dom.js';
import { number } from './format.js';
import { button } from './pieces.js';

const FIRST = 30;
const PART = 60;

/**
 * Fills `list` with the nodes of `make(item)` for each item, bit by bit; gives
 * the node that goes behind the list, or null when all is shown already.
 */
export function showBitByBit(list, items, make, signal) {
  let shown = 0;
  const foot = el('div', { class: 'row center more' });
  const control = button('', () => part(PART), { kind: 'quiet' });
  const part = (n) => {
    const some = document.createDocumentFragment();
    for (const item of items.slice(shown, shown + n)) some.append(...make(item));
    list.append(some);
    shown = Math.min(items.length, shown + n);
    control.textContent = `Show more (${number(items.length - shown)} left)`;
    if (shown === items.length) foot.remove();
  };
  foot.append(control);
  part(FIRST);
  const watcher = new IntersectionObserver(([entry]) => {
    if (entry.isIntersecting && shown < items.length) part(PART);
  }, { rootMargin: '400px' });
  watcher.observe(foot);
  signal?.addEventListener('abort', () => watcher.disconnect(), { once: true });
  return shown < items.length ? foot : null;
}
