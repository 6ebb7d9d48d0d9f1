// What the queue shows, as its address says it, and the controls that say so.
import { el, newId } from '../../dom.js';
import { number } from '../../format.js';
import { buttonLink, field } from '../../pieces.js';
import { address } from '../../router.js';
import { tweetState, tweetStates } from '../../words.js';
import { words } from './words.js';

/** Tweets a page. */
export const PAGE = 50;
const ALWAYS_SHOWN = ['', 'pending', 'posted', 'failed'];

/** { state, account, q, trail } of an address. */
export function readFilter(query) {
  const word = (name) => query.get(name) ?? '';
  return {
    state: tweetStates.includes(word('state')) ? word('state') : '',
    account: word('account').replace(/\D/g, ''),
    q: word('q'),
    // The cursors of the pages before this one, and this one's last.
    trail: word('trail').split('.').filter(Boolean),
  };
}

/** Whether it leaves nothing out. */
export const isWhole = ({ state, account, q, trail }) =>
  !state && !account && !q && trail.length === 0;

/** The address that shows this. */
export const hash = ({ trail, ...filter }) =>
  address('queue', { ...filter, trail: trail.join('.') });

/** Links to each state, with how many tweets have it. */
export function chips(filter, counts) {
  const all = Object.values(counts ?? {}).reduce((sum, n) => sum + n, 0);
  const chip = (state) => {
    const n = state ? counts?.[state] ?? 0 : all;
    const current = state === filter.state;
    if (counts && n === 0 && !current && !ALWAYS_SHOWN.includes(state)) return null;
    return el('a', {
      class: 'chip', href: hash({ ...filter, state, trail: [] }),
      'aria-current': current ? 'true' : null,
    }, state ? tweetState(state).label : words.allStates,
    counts && el('span', { class: 'chip-count' }, number(n)));
  };
  return el('nav', { class: 'chips', 'aria-label': words.states }, ['', ...tweetStates].map(chip));
}

/** The filter by account; `onpick` gets its id, '' for all, or null for a name that nobody has. */
export function accountFilter(accounts, current, onpick) {
  const list = el('datalist', { id: newId('names') },
    accounts.map(({ username }) => el('option', { value: `@${username}` })));
  const named = accounts.find(({ id }) => String(id) === current);
  const input = el('input', {
    type: 'search', list: list.id, autocomplete: 'off', placeholder: words.allAccounts,
    value: named ? `@${named.username}` : '',
  });
  const said = el('p', { class: 'wrong', role: 'status' });
  input.addEventListener('change', () => {
    const wanted = input.value.trim().replace(/^@/, '').toLowerCase();
    const found = accounts.find(({ username }) => username.toLowerCase() === wanted);
    const unknown = wanted !== '' && !found;
    input.setAttribute('aria-invalid', unknown);
    said.textContent = unknown ? words.noAccount(wanted) : '';
    onpick(unknown ? null : String(found?.id ?? ''));
  });
  return el('div', {}, field(words.account, input), list, said);
}

/** Which page this is, and the way to the next. */
export function pager(filter, { total, tweets, next_cursor: next }) {
  const from = filter.trail.length * PAGE + 1;
  const before = filter.trail.slice(0, -1);
  return el('nav', { class: 'row apart pager', 'aria-label': words.pages },
    el('p', { class: 'soft' }, words.range(from, from + tweets.length - 1, total)),
    el('div', { class: 'row' },
      filter.trail.length > 0 && buttonLink(words.newer, hash({ ...filter, trail: before })),
      next && buttonLink(words.older, hash({ ...filter, trail: [...filter.trail, next] }))));
}
