// Which accounts a tweet is for: a list to tick, with a search for long ones.
import { debounced, el, newId, put } from '../dom.js';
import { count, number } from '../format.js';
import { showBitByBit } from '../more.js';
import { say } from '../notice.js';
import { badge, button } from '../pieces.js';
import { accountStatus } from '../words.js';

const SEARCH_FROM = 8;

/**
 * { node, chosen(), drop(ids) } of a list of accounts; `onchange` is called for
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
      type: 'checkbox', value: id, checked: chosen.has(id),
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
    return some.length;
  }

  function changed() {
    put(sum, chosen.size === 0 ? 'None is chosen.' : `${count(chosen.size, 'account')} chosen.`,
      chosen.size > 0 && button('Clear', () => { chosen.clear(); draw(search.value); changed(); }, { kind: 'quiet slim' }));
    onchange();
  }

  const search = el('input', {
    type: 'search', placeholder: `Search ${number(accounts.length)} accounts`, 'aria-label': 'Search accounts', id: newId('search'),
  });
  search.addEventListener('input', debounced(120, () => say(`${count(draw(search.value), 'account')} found`)));
  signal.addEventListener('abort', () => drawn.abort(), { once: true });
  draw();
  put(sum, chosen.size === 0 ? 'None is chosen.' : `${count(chosen.size, 'account')} chosen.`);
  return {
    node: el('fieldset', { class: 'stack tight' }, el('legend', {}, 'For which accounts?'),
      accounts.length >= SEARCH_FROM && search,
      el('div', { class: 'pick-list', tabindex: -1 }, list, foot), sum),
    chosen: () => [...chosen],
    drop(ids) {
      for (const id of ids) chosen.delete(id);
      draw(search.value);
      changed();
    },
  };
}
