// Where the dashboard begins: without a key it asks for one, with one it shows
// the view of the address.
import { gate, isLeft, isRefused, isUnset, needsSetup, setupAddress } from './api.js';
import { connection, isGone } from './connection.js';
import { put } from './dom.js';
import { keepFresh } from './fresh.js';
import { forgetKey, getKey, watchKey } from './key.js';
import { watchKeys } from './keys.js';
import { good } from './notice.js';
import { errorBox, loading } from './pieces.js';
import { go, leave, refresh, refreshQuietly, setViews, show } from './router.js';
import { showMenu, watchShell } from './shell.js';
import { forgetAccounts, freshenCounts, readMock } from './store.js';
import { viewTitles, words } from './words.js';

const main = document.getElementById('main');
const LINKING = 'twitter-manager.linking';
/** Views, by the word in the address. */
const VIEWS = {
  overview: { title: viewTitles.overview, load: () => import('./views/overview/overview.js') },
  accounts: { title: viewTitles.accounts, load: () => import('./views/accounts/accounts.js') },
  compose: { title: viewTitles.compose, load: () => import('./views/compose/compose.js') },
  queue: { title: viewTitles.queue, load: () => import('./views/queue/queue.js') },
  settings: { title: viewTitles.settings, load: () => import('./views/settings/settings.js') },
};
let open = false;

const setUp = () => location.replace(setupAddress());

/** Where there are no keys yet, the setup page makes them. */
async function askWhetherSetUp() {
  try {
    if (await isUnset()) setUp();
  } catch { /* who has a key finds out what is wrong */ }
}

async function askForKey(refusal) {
  open = false;
  leave();
  showMenu(false);
  const { showFirst } = await import('./views/first/first.js');
  showFirst(main, { refusal, onKey: begin });
}

/** A person who comes back from X wants to see the account. */
function wasLinking() {
  try {
    const was = sessionStorage.getItem(LINKING) !== null;
    sessionStorage.removeItem(LINKING);
    return was;
  } catch {
    return false;
  }
}

/** Says what a page that was left during its ten seconds did not post. */
async function tellUnsent() {
  try {
    if (localStorage.getItem('twitter-manager.unsent')) (await import('./undo.js')).tellUnsent();
  } catch { /* it is in the queue in any case */ }
}

async function begin() {
  put(main, loading(words.main.loading));
  try {
    await readMock();
  } catch (error) {
    if (needsSetup(error)) setUp();
    else if (!isRefused(error) && !isLeft(error)) put(main, errorBox(error, begin));
    return;
  }
  open = true;
  showMenu(true);
  if (wasLinking() && !location.hash) go('accounts', {}, { replace: true });
  else show().then(tellUnsent).then(freshenCounts).catch(() => {}); // the view tells what is wrong
}

gate.addEventListener('refused', ({ detail }) => {
  if (!open && !getKey()) return;
  forgetKey();
  askForKey(detail);
});
connection.addEventListener('back', () => {
  if (!getKey()) return;
  good(words.main.back);
  if (open) refresh();
  else begin();
});
// Another tab may have forgotten the key, or know one now.
watchKey(() => {
  if (open && !getKey()) askForKey();
  else if (!open && getKey()) begin();
});
keepFresh(async (changed) => {
  if (!open || isGone()) return;
  if (changed) forgetAccounts();
  await refreshQuietly();
  await Promise.all([readMock(), freshenCounts()]).catch(() => {}); // the next time tells
});
addEventListener('hashchange', () => { if (open) show(); });
// The skip link must not change the address, which names the view.
document.querySelector('.skip').addEventListener('click', (event) => {
  event.preventDefault();
  main.focus();
});

setViews(VIEWS);
watchShell();
watchKeys(() => open);
if (getKey()) {
  begin();
} else {
  askForKey();
  askWhetherSetUp();
}
