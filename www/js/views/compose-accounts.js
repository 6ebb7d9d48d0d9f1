// Which accounts a tweet is for: a list to select from, with a search for long
// ones. It is one stop of the Tab key however long it is: arrows move in it.
import { debounced, el, newId, put } from '../dom.js';
import { count, number } from '../format.js';
import { showBitByBit } from '../more.js';
import { say } from '../notice.js';
import { badge, button } from '../pieces.js';
import { accountStatus } from '../words.js';

const SEARCH_FROM = 8;

/**
 * { node, chosen(), set(ids) } of a list of accounts; `onchange` is called for
 * each change of what is chosen.
 */
export function accountPicker({ accounts, chosen: before, signal, onchange }) {
  const chosen = new Set(before.filter((id) => accounts.some((each) => each.id === id)));
  const list = el('ul', { class: 'picks', 'aria-label': 'Accounts' });
  const foot = el('div', {});
  const sum = el('p', { class: 'hint' });
  let drawn = new AbortController();

  function pick({ id, username, status, mock }) {
    const box = el('input', {
      type: 'checkbox', value: id, checked: chosen.has(id), tabindex: -1,
      onchange: () => {
        if (box.checked) chosen.add(id);
        else chosen.delete(id);
        changed();
      },
    });
    const { label, kind } = accountStatus(status);
    return [el('li', {}, el('label', { class: 'check pick' }, box, el('span', { class: 'wrap' }, `@${username}`),
      mock && badge('mock', 'accent'), status !== 'active' && badge(label, kind)))];
  }

  function draw(q = '') {
    drawn.abort();
    drawn = new AbortController();
    const wanted = q.trim().replace(/^@/, '').toLowerCase();
    const some = accounts.filter(({ username }) => username.toLowerCase().includes(wanted));
    // Those that are chosen stand first, so that nobody has to look for them.
    some.sort((a, b) => chosen.has(b.id) - chosen.has(a.id));
    list.replaceChildren();
    put(foot, showBitByBit(list, some, pick, drawn.signal));
    // Who comes to the end by the arrows gets more without it.
    for (const each of foot.querySelectorAll('button')) each.tabIndex = -1;
    rove(list.querySelector('input'));
    return some.length;
  }

  /** The one box that Tab leads to. */
  function rove(box) {
    for (const each of list.querySelectorAll('[tabindex="0"]')) each.tabIndex = -1;
    if (box) box.tabIndex = 0;
  }

  function move(event) {
    const boxes = [...list.querySelectorAll('input')];
    const at = boxes.indexOf(event.target);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: boxes.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    boxes[Math.max(0, Math.min(boxes.length - 1, to))].focus();
  }

  const clear = () => { chosen.clear(); draw(search.value); changed(); };
  const tellSum = () => put(sum, chosen.size === 0 ? 'No account selected.' : `${count(chosen.size, 'account')} selected.`,
    chosen.size > 0 && button('Clear', clear, { kind: 'quiet slim' }));

  function changed() {
    tellSum();
    onchange();
  }

  const search = el('input', {
    type: 'search', placeholder: `Search ${number(accounts.length)} accounts`, 'aria-label': 'Search accounts', id: newId('search'),
  });
  search.addEventListener('input', debounced(120, () => say(`${count(draw(search.value), 'account')} found`)));
  list.addEventListener('keydown', move);
  list.addEventListener('focusin', ({ target }) => rove(target));
  signal.addEventListener('abort', () => drawn.abort(), { once: true });
  draw();
  tellSum();
  return {
    node: el('fieldset', { class: 'stack tight' }, el('legend', { class: 'unseen' }, 'Accounts'),
      accounts.length >= SEARCH_FROM && search,
      el('div', { class: 'pick-list', tabindex: -1 }, list, foot), sum),
    chosen: () => [...chosen],
    set(ids) {
      chosen.clear();
      for (const { id } of accounts) if (ids.includes(id)) chosen.add(id);
      draw(search.value);
      tellSum();
    },
  };
}
