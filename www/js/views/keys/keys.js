// Keys: who and what may use the API, and for what.
import { ownKey } from '../../access.js';
import { get, isLeft, remove } from '../../api.js';
import { confirm } from '../../dialog.js';
import { el, put } from '../../dom.js';
import { dayOfYear } from '../../format.js';
import { bad, good } from '../../notice.js';
import { button, loading, viewHead } from '../../pieces.js';
import { renew } from '../../renew.js';
import { currentView } from '../../router.js';
import { listAccounts, readOwnKey } from '../../store.js';
import { keyName, rightsWords, viewTitles } from '../../words.js';
import { keyForm } from './form.js';
import { showMade } from './made.js';
import { keyRow } from './row.js';
import { words } from './words.js';

const PAGE = 50;

/** As many pages as are shown: { keys, total, next_cursor }. */
async function readKeys(pages, signal) {
  const all = { keys: [], total: 0, next_cursor: null };
  for (let i = 0; i < pages && (i === 0 || all.next_cursor); i++) {
    const page = await get('keys', { limit: PAGE, cursor: all.next_cursor }, signal);
    all.keys.push(...page.keys);
    Object.assign(all, { total: page.total, next_cursor: page.next_cursor });
  }
  return all;
}

/** What stops with a key, before it is revoked. */
function stopWords({ id, scopes, last_used_on: used }) {
  const { stops, cron, used: usedOn, notUsed, own, means } = words.revoke;
  return [el('p', {}, stops(rightsWords(scopes))),
    scopes.includes('tick') && el('p', {}, cron),
    el('p', {}, used ? usedOn(dayOfYear(used)) : notUsed),
    id === ownKey().id && el('p', { class: 'strong' }, own),
    el('p', { class: 'soft' }, means)];
}

async function revoke(view, key) {
  const { ask, action, done } = words.revoke;
  const sure = await confirm({
    title: ask(keyName(key)), body: stopWords(key), action, danger: true,
    work: () => remove(`keys/${key.id}`),
  });
  if (!sure) return;
  good(done(keyName(key)));
  view.load();
}

async function change(view, key) {
  const changed = await keyForm(view.accounts, key);
  if (!changed) return;
  good(words.form.changed(keyName(changed)));
  if (changed.id === ownKey().id) await readOwnKey().catch(bad);
  view.load();
}

async function make(view) {
  const made = await keyForm(view.accounts);
  if (!made) return;
  await showMade(made);
  view.load();
}

function draw(view, { keys, total, next_cursor: next }) {
  const names = new Map(view.accounts.map(({ id, username }) => [id, username]));
  const acts = {
    names, change: (key) => change(view, key), revoke: (key) => revoke(view, key),
  };
  const more = () => {
    view.pages += 1;
    return view.load();
  };
  renew(view.list,
    el('table', { class: 'table cards api-keys' },
      el('caption', { class: 'unseen' }, words.caption),
      el('thead', {}, el('tr', {},
        words.columns.map((word) => el('th', { scope: 'col' }, word)))),
      el('tbody', {}, keys.map((key) => keyRow(key, acts)))),
    next && el('div', { class: 'row center more' },
      button(words.more(total - keys.length), more, { kind: 'quiet' })));
}

async function load(view, { quiet = false } = {}) {
  try {
    const [page, accounts] = await Promise.all([readKeys(view.pages, view.signal), listAccounts()]);
    if (view.signal.aborted) return;
    view.accounts = accounts;
    draw(view, page);
  } catch (error) {
    if (quiet) throw error;
    // Who has revoked or narrowed the own key is elsewhere by now.
    if (!isLeft(error) && currentView() === 'keys') bad(error);
  }
}

/** Shows the view. */
export async function show(main, { signal }) {
  if (!main.querySelector('.api-keys')) put(main, loading(words.loading));
  const view = {
    signal, pages: 1, accounts: [], list: el('div', {}), load: (how) => load(view, how),
  };
  await view.load({ quiet: true });
  if (signal.aborted) return null;
  put(main, viewHead(viewTitles.keys, words.lead,
    button(words.make, () => make(view), { kind: 'main' })), view.list);
  return view.load;
}
