// "Post all pending": short runs in a row, so that no server ever holds a request
// for long and the person sees how it goes. It goes on while they look at other
// views; what a closed page leaves is known when it is opened again.
import { post, newIdempotencyKey } from './api.js';
import { surely } from './again.js';
import { recall, remember } from './device.js';
import { pause } from './dom.js';
import { words } from './words.js';

/** Tells "change". */
export const run = new EventTarget();

const SAVED = 'twitter-manager.run';
const SECONDS = 3;
const TWEETS = 100;
const PART = 10; // of chosen tweets, a request
const IDLE_MOST = 5;
const SHOWN_FAILURES = 50;

const none = {
  phase: 'none', // none, going, stopping, left, ended
  posted: 0, failed: 0, remaining: null, failures: [], heldBack: [], blocked: [], error: null,
  accountId: null, ids: null, // of an account, or just these
};

let state = { ...none, ...saved() };

/** What is known of the run. */
export const runState = () => state;

/** Whether a run is going in this page. */
export const isGoing = () => state.phase === 'going' || state.phase === 'stopping';

function saved() {
  const { posted, failed, remaining, accountId, ids = null } = recall(SAVED) ?? {};
  return remaining > 0 ? { phase: 'left', posted, failed, remaining, accountId, ids } : {};
}

function save() {
  const { posted, failed, remaining, accountId, ids } = state;
  const over = state.phase === 'ended' || state.phase === 'none';
  remember(SAVED, over ? null : { posted, failed, remaining, accountId, ids });
}

function change(more) {
  state = { ...state, ...more };
  save();
  run.dispatchEvent(new Event('change'));
}

/** Some of the tweets that were chosen, as an answer of post-pending. */
async function postSome(once) {
  const some = state.ids.slice(0, PART);
  const body = { action: 'post', ids: some };
  const { results } = await surely(() => post('tweets/bulk', body, { once }));
  // Sent by this run before its page was closed.
  const sent = ({ ok, code }) => ok || code === 'already_posted';
  const failures = results.filter((each) => !sent(each));
  state.ids = state.ids.slice(PART);
  return {
    total: some.length, posted: some.length - failures.length, failed: failures.length,
    remaining: state.ids.length,
    details: failures.map(({ id, error }) => ({ tweet_id: id, status: 'failed', error })),
  };
}

/** One short run, counted once however often it is asked for. */
function shortRun() {
  const once = newIdempotencyKey();
  if (state.ids) return postSome(once);
  const body = { budget_seconds: SECONDS, limit: TWEETS };
  if (state.accountId) body.account_id = state.accountId;
  return surely(() => post('tweets/post-pending', body, { once }));
}

function take(answer) {
  const failures = (answer.details ?? []).filter(({ status }) => status === 'failed');
  change({
    posted: state.posted + answer.posted,
    failed: state.failed + answer.failed,
    remaining: answer.remaining ?? 0,
    failures: [...state.failures, ...failures].slice(0, SHOWN_FAILURES),
    heldBack: answer.held_back ?? [],
    blocked: answer.blocked ?? [],
  });
}

async function go() {
  let idle = 0;
  try {
    while (state.phase === 'going') {
      const answer = await shortRun();
      take(answer);
      if (state.remaining === 0) return change({ phase: 'ended' });
      idle = answer.total === 0 ? idle + 1 : 0;
      if (idle > IDLE_MOST) return change({ phase: 'left', error: new Error(words.run.busy) });
      if (idle > 0) await pause(1000);
    }
    return change({ phase: 'left' });
  } catch (error) {
    return change({ phase: 'left', error });
  }
}

/** Begins, for one account or for all, or with just the tweets of `ids`. */
export function start({ accountId = null, ids = null } = {}) {
  if (isGoing()) return;
  change({ ...none, phase: 'going', accountId, ids, remaining: ids?.length ?? null });
  go();
}

/** Goes on with a run that was stopped or left. */
export function resume() {
  if (isGoing()) return;
  change({ phase: 'going', error: null });
  go();
}

/** Stops when the short run under way has ended. */
export function stop() {
  if (state.phase === 'going') change({ phase: 'stopping' });
}

/** Forgets a run that is not going. */
export function dismiss() {
  if (!isGoing()) change({ ...none });
}
