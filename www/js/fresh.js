// What is shown stays true: it is fetched again once a minute, when the person
// comes back to it, and when another tab has changed something; times go on
// meanwhile.
import { gate } from './api.js';
import { debounced } from './dom.js';
import { ago } from './format.js';

const EVERY = 60_000;
const TIMES = 10_000;
const RECENT = 3000;
const CHANNEL = 'twitter-manager.changed';

/** Writes anew how long ago, or until, each moment on the page is. */
export function goOn() {
  for (const node of document.querySelectorAll('time[data-ago]')) {
    const words = ago(node.dateTime);
    if (node.textContent !== words) node.textContent = words;
  }
}

/** Calls `again(changed)` for all of these; `changed` where another tab did something. */
export function keepFresh(again) {
  let last = Date.now();
  let changed = false;
  const fetchAgain = () => {
    if (document.hidden) return;
    last = Date.now();
    goOn();
    again(changed);
    changed = false;
  };
  const comeBack = () => { if (changed || Date.now() - last > RECENT) fetchAgain(); };
  setInterval(() => { if (Date.now() - last >= EVERY - TIMES / 2) fetchAgain(); }, TIMES);
  setInterval(() => { if (!document.hidden) goOn(); }, TIMES);
  addEventListener('focus', comeBack);
  document.addEventListener('visibilitychange', comeBack);
  const others = 'BroadcastChannel' in globalThis ? new BroadcastChannel(CHANNEL) : null;
  const soon = debounced(300, fetchAgain);
  others?.addEventListener('message', () => {
    changed = true;
    soon();
  });
  gate.addEventListener('changed', () => others?.postMessage(''));
}
