// Views by the address behind the #: "#/queue?state=failed".
import { ApiError, get, isLeft, isRefused } from './api.js';
import { connection, lost } from './connection.js';
import { put } from './dom.js';
import { bad, clear } from './notice.js';
import { errorBox, loading, viewHead } from './pieces.js';

/** Views, by the word in the address; each is fetched when it is first shown. */
const VIEWS = {
  overview: { title: 'Overview', load: () => import('./views/overview.js') },
  accounts: { title: 'Accounts', load: () => import('./views/accounts.js') },
  compose: { title: 'Compose', load: () => import('./views/compose.js') },
  queue: { title: 'Queue', load: () => import('./views/queue.js') },
  settings: { title: 'Settings', load: () => import('./views/settings.js') },
};

const main = document.getElementById('main');
/** Tells "view" when another is gone to, "shown" when it is there. */
export const router = new EventTarget();

let current = { name: '', leave: new AbortController(), refresh: null };

/** { name, query } of the address. */
export function where() {
  const [path, query = ''] = location.hash.replace(/^#\/?/, '').split('?');
  return { name: path in VIEWS ? path : 'overview', query: new URLSearchParams(query) };
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

/** Lets the view that is shown fetch its data anew. */
export const refresh = () => (current.refresh ? current.refresh() : show());

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
    if (isLeft(error) || signal.aborted || isRefused(error) || error.isOffline || toldOf === error.message) return;
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
  return new ApiError('A part of the dashboard could not be fetched.', {
    code: 'offline', hint: 'The page is loaded anew once the server can be reached.',
  });
}

/** What `load` imports, or an ApiError where that cannot be fetched. */
export const imported = (load) => load()
  .catch(async (error) => { throw await missing(error) ?? error; });

/**
 * Shows the view of the address. A view is `show(main, { query, signal })`; what
 * it gives, if anything, fetches its data anew: with { quiet } it throws what
 * goes wrong and says nothing.
 */
export async function show() {
  const { name, query } = where();
  const another = name !== current.name;
  const first = current.name === '';
  leave();
  const { signal } = current.leave;
  current.name = name;
  document.title = `${VIEWS[name].title} · Twitter Manager`;
  router.dispatchEvent(new Event('view'));
  if (another) {
    clear();
    put(main, loading(VIEWS[name].title.toLowerCase()));
    scrollTo(0, 0);
  }
  main.setAttribute('aria-busy', 'true');
  try {
    const view = await imported(VIEWS[name].load);
    if (signal.aborted) return;
    current.refresh = await view.show(main, { query, signal }) ?? null;
    if (another && !first && !signal.aborted) main.querySelector('h1')?.focus({ preventScroll: true });
    if (!signal.aborted) router.dispatchEvent(new Event('shown'));
  } catch (error) {
    if (isLeft(error) || signal.aborted || isRefused(error)) return;
    put(main, viewHead(VIEWS[name].title), errorBox(error, show));
  } finally {
    if (!signal.aborted) main.removeAttribute('aria-busy');
  }
}
