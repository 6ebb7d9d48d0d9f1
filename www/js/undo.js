// Posting tweets that are in the queue, with ten seconds to think better of it.
// The seconds run on while other views are looked at. Who leaves the page sends
// at once only if they have said so; else the tweets stay where they are.
import { get, newIdempotencyKey, post } from './api.js';
import { surely } from './again.js';
import { recall, remember } from './device.js';
import { el } from './dom.js';
import { count } from './format.js';
import { bad, good, say } from './notice.js';
import { button } from './pieces.js';

const words = {
  region: 'About to be posted',
  posting: (n) => `Posting ${count(n, 'tweet')} in `,
  seconds: (n) => `${n} s`,
  undo: 'Undo', now: 'Don’t wait', leave: 'Post even if I leave this page',
  said: (n, seconds) =>
    `Posting ${count(n, 'tweet')} in ${seconds} seconds. Press Undo to stop it.`,
  ask: (n) => `Post ${count(n, 'tweet')} now?`, post: 'Post',
  waiting: 'Not posted yet: the server can’t be reached. We’ll try again once it’s back, '
    + 'and nothing will be posted twice.',
  unsent: (n) => `${count(n, 'tweet')} not posted because you left the page. `
    + `${n === 1 ? 'It’s' : 'They’re'} still in the queue.`,
};

const SECONDS = 10;
const PART = 50; // tweets a request
const LOOKED_AT = 20; // tweets that were not posted
const DOUBTFUL = new Set(['sending', 'unknown', 'unconfirmed']);
const WAY = 'twitter-manager.sending';
const LEFT = 'twitter-manager.unsent';

/** How this device posts: { way: "undo", "ask" or "now", leave: whether leaving sends }. */
export const sendingWay = () => ({ way: 'undo', leave: false, ...recall(WAY) });

/** Changes that. */
export const keepSendingWay = (some) => remember(WAY, { ...sendingWay(), ...some });

const bar = el('div', {
  class: 'sending', role: 'region', 'aria-label': words.region, hidden: true,
});
const held = new Set(); // { n, parts, end(how), left }

/** The requests that post these: [{ path, body, once, ids }]. */
function partsOf(ids) {
  if (ids.length === 1) {
    return [{ ids, path: `tweet/post/${ids[0]}`, body: {}, once: newIdempotencyKey() }];
  }
  const parts = [];
  for (let at = 0; at < ids.length; at += PART) {
    const some = ids.slice(at, at + PART);
    const body = { action: 'post', ids: some };
    parts.push({ ids: some, path: 'tweets/bulk', body, once: newIdempotencyKey() });
  }
  return parts;
}

const sum = () => [...held].reduce((n, each) => n + each.n, 0);

function leaving(event) {
  if (!sendingWay().leave) event.preventDefault();
}

/** Sends what counts, or notes for the next time that it was not sent. */
function left() {
  const goes = sendingWay().leave;
  if (!goes) remember(LEFT, sum());
  for (const one of held) {
    one.left = goes ? 'go' : 'left';
    if (!goes) continue;
    for (const { path, body, once } of one.parts) {
      post(path, body, { once, keepalive: true }).catch(() => {});
    }
  }
}

/** A page that is shown again goes on with what it decided when it was left. */
function returned() {
  for (const one of held) if (one.left) one.end(one.left);
}

function watch(on) {
  const change = on ? addEventListener : removeEventListener;
  change('beforeunload', leaving);
  change('pagehide', left);
  change('pageshow', returned);
}

/** What is seen of a countdown: { node, undo, tell(seconds) }; its buttons call `end(how)`. */
function countdownBox(n, end) {
  const clock = el('strong', {});
  const tell = (seconds) => { clock.textContent = words.seconds(seconds); };
  const leave = el('input', {
    type: 'checkbox', checked: sendingWay().leave,
    onchange: () => keepSendingWay({ leave: leave.checked }),
  });
  const undo = button(words.undo, () => end('undone'), { kind: 'main slim' });
  const node = el('div', { class: 'sending-one' }, el('p', {}, words.posting(n), clock),
    el('div', { class: 'row' }, undo, button(words.now, () => end('go'), { kind: 'quiet slim' })),
    el('label', { class: 'check small' }, leave, el('span', {}, words.leave)));
  return { node, undo, tell };
}

/** Counts down for `n` tweets: "go", "undone" or "left". */
function countDown(n, parts) {
  return new Promise((done) => {
    const until = Date.now() + SECONDS * 1000;
    const before = document.activeElement;
    const { node, undo, tell } = countdownBox(n, (how) => one.end(how));
    const timer = setInterval(() => {
      const rest = Math.max(0, Math.ceil((until - Date.now()) / 1000));
      tell(rest);
      if (rest === 0 && !one.left) one.end('go');
    }, 200);
    const one = {
      n, parts, left: '',
      end(how) {
        clearInterval(timer);
        held.delete(one);
        const focused = node.contains(document.activeElement);
        node.remove();
        bar.hidden = held.size === 0;
        if (held.size === 0) watch(false);
        if (focused) (before?.isConnected ? before : document.getElementById('main')).focus();
        done(how);
      },
    };
    if (held.size === 0) watch(true);
    held.add(one);
    tell(SECONDS);
    document.body.append(bar);
    bar.hidden = false;
    bar.append(node);
    // Who writes goes on writing.
    if (!before?.matches('textarea, input')) undo.focus();
    say(words.said(n, SECONDS));
  });
}

async function agreed(n, parts) {
  const { way } = sendingWay();
  if (way === 'now') return true;
  if (way === 'undo') return await countDown(n, parts) === 'go';
  const { confirm } = await import('./dialog.js');
  return await confirm({ title: words.ask(n), body: [], action: words.post }) === true;
}

let told = false;
/** Says once that something waits for the server. */
function tellWait() {
  if (!told) bad(new Error(words.waiting));
  told = true;
}

/** A refusal in the answer of a bulk request, as an error. */
const errorOf = (one) => Object.assign(new Error(one.error), one, { retryAt: one.retry_at });

async function sendPart({ ids, path, body, once }) {
  try {
    const answer = await surely(() => post(path, body, { once }), tellWait);
    if (!answer.results) return [{ id: ids[0], ok: true, twitter_id: answer.twitter_id }];
    return answer.results.map((one) => (one.ok ? one : { ...one, error: errorOf(one) }));
  } catch (error) {
    return ids.map((id) => ({ id, ok: false, error }));
  }
}

/** Sees whether X may have those that came to no good end after all. */
async function lookAt(failed) {
  await Promise.all(failed.slice(0, LOOKED_AT).map(async (one) => {
    const { state } = await get(`tweets/${one.id}`).catch(() => ({}));
    one.doubtful = DOUBTFUL.has(state);
  }));
}

/**
 * Posts these tweets, as this device does: [{ id, ok, twitter_id or error,
 * doubtful: X may have it }], or null when the person took it back. `begin` is
 * called when it can no longer be.
 */
export async function postTweets(ids, { begin = () => {} } = {}) {
  const parts = partsOf(ids);
  if (!await agreed(ids.length, parts)) return null;
  begin();
  told = false;
  const results = [];
  for (const part of parts) results.push(...await sendPart(part));
  await lookAt(results.filter(({ ok }) => !ok));
  return results;
}

/** Says what a page that was left did not send. */
export function tellUnsent() {
  const n = recall(LEFT);
  remember(LEFT, null);
  if (n > 0) good(words.unsent(n));
}
