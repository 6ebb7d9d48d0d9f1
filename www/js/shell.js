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
import { viewTitles, words } from './words.js';

const nav = document.getElementById('nav');
const strips = document.getElementById('strips');

/** The number beside a menu's word, 0: none, and what it is of: { n, means, kind }. */
function countOf(name) {
  const { waiting, needing, alerts } = getCounts();
  return {
    overview: { n: alerts, means: words.shell.alerts(alerts), kind: 'bad' },
    queue: { n: waiting, means: words.shell.waiting, kind: '' },
    accounts: { n: needing, means: words.shell.needing(needing), kind: 'bad' },
  }[name] ?? { n: 0 };
}

function item([name, label]) {
  const { n, means, kind } = countOf(name);
  return el('a', {
    href: `#/${name}`, class: 'nav-item', 'aria-current': currentView() === name ? 'page' : null,
  }, icon(name), el('span', { class: 'nav-word' }, label),
  n > 0 && el('span', { class: `nav-count ${kind}` },
    n > 999 ? '999+' : number(n),
    el('span', { class: 'unseen' }, ` ${means}`)));
}

const drawNav = () => renew(nav, Object.entries(viewTitles).map(item));

function runStrip() {
  const { posted, failed, remaining, phase } = runState();
  if (!isGoing() || currentView() === 'queue') return null;
  const done = posted + failed;
  return el('div', { class: 'strip calm' }, icon('clock'), el('p', {},
    phase === 'stopping' ? words.shell.stopping
      : words.shell.posting(number(done), number(done + (remaining ?? 0))),
    el('a', { href: '#/queue' }, words.shell.show)));
}

function drawStrips() {
  renew(strips,
    isGone() && el('div', { class: 'strip bad' }, icon('bad'), el('p', {}, words.offlineStrip)),
    isMock() && !nav.hidden && el('div', { class: 'strip warn', id: 'mock-strip' }, icon('warn'),
      el('p', {}, el('strong', {}, words.shell.mock), words.shell.mockMeans,
        el('a', { href: '#/settings' }, words.shell.change))),
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
    say(words.offlineStrip);
  });
  connection.addEventListener('back', drawStrips);
}
