// A button that opens a list of further ones.
import { el } from '../../dom.js';
import { button } from '../../pieces.js';
import { words } from './words.js';

/** The button, named `label` for those who hear it, with its list: [[label, onclick, more], …]. */
export function menu(label, items) {
  const item = ([word, act, more]) => button(word, (event) => {
    node.open = false;
    act(event);
  }, { kind: 'quiet slim', ...more });
  const list = el('div', { class: 'menu-list' }, items.map(item));
  const node = el('details', { class: 'menu' },
    el('summary', { class: 'button quiet slim', 'aria-label': label }, words.row.menu), list);
  node.addEventListener('focusout', ({ relatedTarget: to }) => {
    if (!node.contains(to)) node.open = false;
  });
  node.addEventListener('keydown', ({ key }) => {
    if (key !== 'Escape' || !node.open) return;
    node.open = false;
    node.firstChild.focus();
  });
  return node;
}
