// The record of changes: who changed what, with filters and a file to take away.
import { get, isLeft } from '../../api.js';
import { el, put } from '../../dom.js';
import { bad, good, say } from '../../notice.js';
import { button, empty, loading, viewHead } from '../../pieces.js';
import { renew } from '../../renew.js';
import { go } from '../../router.js';
import { viewTitles } from '../../words.js';
import { csvText, download, MOST, readAll } from './csv.js';
import { eventRow } from './event.js';
import { asked, filterFields, hash, isWhole, PAGE, pager, readFilter } from './filter.js';
import { words } from './words.js';

const ask = ({ filter, signal }) => get('audit', {
  ...asked(filter), limit: PAGE, cursor: filter.trail.at(-1),
}, signal);

const table = (events) => el('table', { class: 'table cards record' },
  el('caption', { class: 'unseen' }, words.caption),
  el('thead', {}, el('tr', {}, words.columns.map((word) => el('th', { scope: 'col' }, word)))),
  el('tbody', {}, events.map(eventRow)));

function nothing({ filter }) {
  return isWhole(filter) ? empty(words.empty)
    : empty(words.noMatch, '', button(words.clear, () => go('record')));
}

function draw(view, { events, next_cursor: next }) {
  view.csv.disabled = events.length === 0;
  renew(view.list, events.length > 0 ? table(events) : nothing(view), pager(view.filter, next));
}

async function load(view, { quiet = false } = {}) {
  const mine = ++view.asked;
  try {
    const page = await ask(view);
    // An answer that comes late is to another question.
    if (view.signal.aborted || mine !== view.asked) return;
    draw(view, page);
    if (!quiet) say(words.found(page.events.length));
  } catch (error) {
    if (quiet) throw error;
    if (!isLeft(error)) bad(error);
  }
}

/** Downloads what is filtered, not only the page that is shown. */
async function downloadAll({ csv, filter, signal }) {
  csv.classList.add('busy');
  try {
    const { events, more } = await readAll(asked(filter), signal, (n) => {
      csv.textContent = words.csv.reading(n);
    });
    download(`record-${new Date().toISOString().slice(0, 10)}.csv`, csvText(events));
    good(words.csv.done(events.length) + (more ? ` ${words.csv.most(MOST)}` : ''));
  } catch (error) {
    if (!isLeft(error)) bad(error);
  } finally {
    csv.classList.remove('busy');
    csv.textContent = words.csv.button;
  }
}

/** Shows the view. */
export async function show(main, { query, signal }) {
  if (!main.querySelector('.record-filters')) put(main, loading(words.loading));
  const view = {
    signal, filter: readFilter(query), list: el('div', {}), asked: 0,
    csv: button(words.csv.button, () => downloadAll(view)),
  };
  const [page, { keys }] = await Promise.all([ask(view), get('keys', {}, signal)]);
  if (signal.aborted) return null;
  const fields = filterFields(view.filter, keys, () => {
    history.replaceState(null, '', hash(view.filter));
    load(view);
  });
  put(main, viewHead(viewTitles.record, words.lead, view.csv),
    el('div', { class: 'toolbar' }, fields), view.list);
  draw(view, page);
  return (how) => load(view, how);
}
