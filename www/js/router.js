// Views by the address behind the #: "#/queue?state=failed". Which views there
// are is main.js's to say: they know the router, and it knows none of them.
import { ApiError, get, isLeft, isRefused } from './api.js';
import { connection, lost } from './connection.js';
import { put } from './dom.js';
import { bad, clear } from './notice.js';
import { errorBox, loading, viewHead } from './pieces.js';
import { words } from './words.js';

const main = document.getElementById('main');
/** Tells "view" when another is gone to, "shown" when it is there. */
export const router = new EventTarget();

let views = {};
/**
 * Tells which views there are, by the word in the address: { title, load }. Each
 * is fetched when it is first shown; the first stands for words that name none.
 */
export function setViews(all) {
  views = all;
}

let current = { name: '', leave: new AbortController(), refresh: null };

/** { name, query } of the address. */
export function where() {
  const [path, query = ''] = location.hash.replace(/^#\/?/, '').split('?');
  const name = Object.hasOwn(views, path) ? path : Object.keys(views)[0];
  return { name, query: new URLSearchParams(query) };
}

/** An address: empty values are left out. */
export function address(name, query = {}) {
  const given = Object.entries(query).filter(([, value]) => value !== '' && value != null);
  const text = new URLSearchParams(given).toString();
  return `#/${name}${text && `?${text}`}`;
}

/** Goes to a view; `replace` leaves no step to come back to. */
export function go(name, query, { replace = false } = {}) {
  const to = address(name, query);
  if (!replace) location.hash = to;
  else if (location.hash !== to) {
    history.replaceState(null, '', to);
    show();
  } else show();
}

/** The name of the view that is shown. */
export const currentView = () => current.name;

/** Leaves the view that is shown: what it waits for is given up. */
export function leave() {
  current.leave.abort();
  current = { name: '', leave: new AbortController(), refresh: null };
}

/** Whether nobody waits for it any more, or the form for the key says it. */
const isOver = (error, signal) => isLeft(error) || signal.aborted || isRefused(error);

/** Lets the view that is shown fetch its data again; says what goes wrong. */
export async function refresh() {
  const { refresh: again, leave: { signal } } = current;
  try {
    await (again ?? show)();
  } catch (error) {
    if (!isOver(error, signal)) bad(error);
  }
}

let toldOf = '';

/**
 * The same, when nobody has asked for it: nothing is taken away and what goes
 * wrong is said once.
 */
export async function refreshQuietly() {
  const { refresh: again, leave: { signal } } = current;
  try {
    await again?.({ quiet: true });
    toldOf = '';
  } catch (error) {
    if (isOver(error, signal) || error.isOffline) return;
    if (toldOf === error.message) return;
    toldOf = error.message;
    bad(error);
  }
}

/** A browser does not ask again for a module that it could not get. */
async function missing(error) {
  if (!(error instanceof TypeError) || !/module/i.test(error.message)) return null;
  const reason = await get('health').catch((fault) => fault);
  if (reason.isLogin) return reason;
  connection.addEventListener('back', () => location.reload(), { once: true });
  lost();
  return new ApiError(words.router.missing, { code: 'offline', hint: words.router.missingHint });
}

/** What `load` imports, or an ApiError where that cannot be fetched. */
export const imported = (load) => load()
  .catch(async (error) => { throw await missing(error) ?? error; });

/**
 * Shows the view of the address. A view is `show(main, { query, signal })`; what
 * it gives, if anything, fetches its data again: with { quiet } it throws what
 * goes wrong and says nothing; without, it may do either.
 */
export async function show() {
  const { name, query } = where();
  const another = name !== current.name;
  const first = current.name === '';
  leave();
  const { signal } = current.leave;
  current.name = name;
  document.title = `${views[name].title} · ${words.product}`;
  router.dispatchEvent(new Event('view'));
  if (another) {
    clear();
    put(main, loading(views[name].title.toLowerCase()));
    scrollTo(0, 0);
  }
  main.setAttribute('aria-busy', 'true');
  try {
    const view = await imported(views[name].load);
    if (signal.aborted) return;
    current.refresh = await view.show(main, { query, signal }) ?? null;
    if (signal.aborted) return;
    if (another && !first) main.querySelector('h1')?.focus({ preventScroll: true });
    router.dispatchEvent(new Event('shown'));
  } catch (error) {
    if (isOver(error, signal)) return;
    put(main, viewHead(views[name].title), errorBox(error, show));
  } finally {
    if (!signal.aborted) main.removeAttribute('aria-busy');
  }
}
