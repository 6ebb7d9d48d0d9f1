// Which accounts a tweet is for: a list to select from, with a search for long
// ones. It is one stop of the Tab key however long it is: arrows move in it.
import { debounced, el, newId, put } from '../../dom.js';
import { showBitByBit } from '../../more.js';
import { say } from '../../notice.js';
import { badge, button } from '../../pieces.js';
import { accountStatus } from '../../words.js';
import { words as all } from './words.js';

const words = all.picker;
const SEARCH_FROM = 8;

/** One account, with a box to select it. */
function pick(picker, { id, username, status, mock }) {
  const { chosen } = picker;
  const box = el('input', {
    type: 'checkbox', value: id, checked: chosen.has(id), tabindex: -1,
    onchange: () => {
      if (box.checked) chosen.add(id);
      else chosen.delete(id);
      changed(picker);
    },
  });
  const { label, kind } = accountStatus(status);
  return [el('li', {}, el('label', { class: 'check pick' },
    box, el('span', { class: 'wrap' }, `@${username}`),
    mock && badge(words.mock, 'accent'), status !== 'active' && badge(label, kind)))];
}

/** Makes this the one box that Tab leads to. */
function rove(list, box) {
  for (const each of list.querySelectorAll('[tabindex="0"]')) each.tabIndex = -1;
  if (box) box.tabIndex = 0;
}

/** Shows the accounts that the search finds; gives how many those are. */
function draw(picker) {
  const { accounts, chosen, list, foot, search } = picker;
  picker.drawn.abort();
  picker.drawn = new AbortController();
  const wanted = search.value.trim().replace(/^@/, '').toLowerCase();
  const some = accounts.filter(({ username }) => username.toLowerCase().includes(wanted));
  // Those that are chosen stand first, so that nobody has to look for them.
  some.sort((a, b) => chosen.has(b.id) - chosen.has(a.id));
  list.replaceChildren();
  put(foot, showBitByBit(list, some, (account) => pick(picker, account), picker.drawn.signal));
  // Who comes to the end by the arrows gets more without it.
  for (const each of foot.querySelectorAll('button')) each.tabIndex = -1;
  rove(list, list.querySelector('input'));
  return some.length;
}

/** Moves the focus by arrows, Home and End. */
function move(list, event) {
  const boxes = [...list.querySelectorAll('input')];
  const at = boxes.indexOf(event.target);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: boxes.length - 1 }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  boxes[Math.max(0, Math.min(boxes.length - 1, to))].focus();
}

function tellSum(picker) {
  const n = picker.chosen.size;
  put(picker.sum, n === 0 ? words.none : words.selected(n),
    n > 0 && button(words.clear, () => clear(picker), { kind: 'quiet slim' }));
}

function changed(picker) {
  tellSum(picker);
  picker.onchange();
}

function clear(picker) {
  picker.chosen.clear();
  draw(picker);
  changed(picker);
}

const searchBox = (n) => el('input', {
  type: 'search', id: newId('search'), placeholder: words.searchAll(n), 'aria-label': words.search,
});

/**
 * { node, chosen(), set(ids) } of a list of accounts; `onchange` is called for
 * each change of what is chosen.
 */
export function accountPicker({ accounts, chosen: before, signal, onchange }) {
  const chosen = new Set(before.filter((id) => accounts.some((each) => each.id === id)));
  const list = el('ul', { class: 'picks', 'aria-label': words.accounts });
  const [foot, sum] = [el('div', {}), el('p', { class: 'hint' })];
  const search = searchBox(accounts.length);
  const picker = {
    accounts, chosen, onchange, list, foot, sum, search,
    drawn: new AbortController(), // of the list as it is shown
  };
  search.addEventListener('input', debounced(120, () => say(words.found(draw(picker)))));
  list.addEventListener('keydown', (event) => move(list, event));
  list.addEventListener('focusin', ({ target }) => rove(list, target));
  signal.addEventListener('abort', () => picker.drawn.abort(), { once: true });
  draw(picker);
  tellSum(picker);
  return {
    node: el('fieldset', { class: 'stack tight' },
      el('legend', { class: 'unseen' }, words.accounts),
      accounts.length >= SEARCH_FROM && search,
      el('div', { class: 'pick-list', tabindex: -1 }, list, foot), sum),
    chosen: () => [...chosen],
    set(ids) {
      chosen.clear();
      for (const { id } of accounts) if (ids.includes(id)) chosen.add(id);
      draw(picker);
      tellSum(picker);
    },
  };
}
