// What is around the views: the menu, and strips that say what holds everywhere.
import { connection, isGone } from './connection.js';
import { el } from './dom.js';
import { number } from './format.js';
import { icon } from './icons.js';
import { say } from './notice.js';
import { renew } from './renew.js';
import { currentView, refresh, router } from './router.js';
import { isGoing, run, runState } from './run.js';
import { getCounts, isMock, store } from './store.js';

const ITEMS = [
  ['overview', 'Overview'], ['accounts', 'Accounts'], ['compose', 'Compose'], ['queue', 'Queue'],
  ['settings', 'Settings'],
];
const nav = document.getElementById('nav');
const strips = document.getElementById('strips');

/** The number beside a menu's word: { n, means, kind }. */
function countOf(name) {
  const { waiting, needing, alerts } = getCounts();
  if (name === 'overview' && alerts) return { n: alerts, means: alerts === 1 ? 'alert' : 'alerts', kind: 'bad' };
  if (name === 'queue' && waiting) return { n: waiting, means: 'waiting', kind: '' };
  if (name === 'accounts' && needing) return { n: needing, means: needing === 1 ? 'needs attention' : 'need attention', kind: 'bad' };
  return null;
}

function item([name, label]) {
  const count = countOf(name);
  return el('a', {
    href: `#/${name}`, class: 'nav-item', 'aria-current': currentView() === name ? 'page' : null,
  }, icon(name), el('span', { class: 'nav-word' }, label),
  count && el('span', { class: `nav-count ${count.kind}` },
    count.n > 999 ? '999+' : number(count.n),
    el('span', { class: 'unseen' }, ` ${count.means}`)));
}

const drawNav = () => renew(nav, ITEMS.map(item));

function runStrip() {
  const { posted, failed, remaining, phase } = runState();
  if (!isGoing() || currentView() === 'queue') return null;
  const done = posted + failed;
  return el('div', { class: 'strip calm' }, icon('clock'), el('p', {},
    phase === 'stopping' ? 'Stopping …' : `Posting: ${number(done)} of ${number(done + (remaining ?? 0))}. `,
    el('a', { href: '#/queue' }, 'Show')));
}

function drawStrips() {
  renew(strips,
    isGone() && el('div', { class: 'strip bad' }, icon('bad'),
      el('p', {}, 'The server cannot be reached. We keep trying.')),
    isMock() && !nav.hidden && el('div', { class: 'strip warn', id: 'mock-strip' }, icon('warn'), el('p', {},
      el('strong', {}, 'Mock mode is on:'), ' nothing goes to X. ',
      el('a', { href: '#/settings' }, 'Change'))),
    runStrip());
}

/** Shows the menu, once there is a key. */
export function showMenu(shown) {
  nav.hidden = !shown;
  document.body.classList.toggle('closed', !shown);
  drawNav();
  drawStrips();
}

/** Keeps menu and strips true from now on. */
export function watchShell() {
  // The word of the view that is shown fetches it again.
  nav.addEventListener('click', (event) => {
    const to = event.target.closest('a')?.hash;
    if (to === location.hash) refresh();
  });
  store.addEventListener('counts', drawNav);
  store.addEventListener('mock', drawStrips);
  run.addEventListener('change', drawStrips);
  router.addEventListener('view', () => { drawNav(); drawStrips(); });
  connection.addEventListener('gone', () => {
    drawStrips();
    say('The server cannot be reached. We keep trying.');
  });
  connection.addEventListener('back', drawStrips);
}
