// Creates a tweet for each account, sends them where that is wanted, and tells
// for each how it went. A request that is sent again keeps its key, so that
// none is ever created twice, not even by a page that was opened anew.
import { newIdempotencyKey, patch, post, remove } from '../../api.js';
import { surely } from '../../again.js';
import { recall, remember } from '../../device.js';
import { postTweets } from '../../undo.js';
import { KEYS } from '../compose-keep.js';

const AT_ONCE = 4;
const KEPT = 20 * 3600_000; // the server knows a key for a day

function readKeys() {
  const all = Object.entries(recall(KEYS) ?? {});
  return new Map(all.filter(([, one]) => Date.now() - one?.at < KEPT));
}

// Keys of requests that had no answer, by what they ask for: whoever asks for the
// same again, by whichever button, asks with the same key.
const unanswered = readKeys();

function saveKeys() {
  remember(KEYS, unanswered.size > 0 ? Object.fromEntries(unanswered) : null);
}

/** What the making of a draft asked for that had no answer; or null. */
export const unansweredDraft = () => [...unanswered.keys()].map((asked) => JSON.parse(asked))
  .find(({ draft }) => draft) ?? null;

/**
 * A refusal is an answer, and the same key would only bring it again; without
 * an answer of the API's own the key is kept, since it may have worked.
 */
const isAnswer = ({ status, code }) =>
  status > 0 && code !== '' && code !== 'idempotency_in_flight';

/**
 * Creates what `body` asks for, once however often it is asked; its id. With
 * `told` it waits for a server that cannot be reached.
 */
export async function createOnce(body, told) {
  const asked = JSON.stringify(body);
  const { once } = unanswered.get(asked) ?? { once: newIdempotencyKey() };
  unanswered.set(asked, { once, at: Date.now() });
  saveKeys();
  let answered = true;
  try {
    const make = () => post('tweet', body, { once });
    return (await (told ? surely(make, told) : make())).tweet_id;
  } catch (error) {
    answered = isAnswer(error);
    throw error;
  } finally {
    if (answered) unanswered.delete(asked);
    saveKeys();
  }
}

/**
 * One row for each account: what should be created, and later what came of it;
 * `draft` becomes one of them.
 */
export const newRows = (accounts, given, draft) => accounts.map((account) => ({
  account, body: { ...given, account_id: account.id },
  draftId: draft?.account_id === account.id ? draft.id : 0,
  tweetId: 0, error: null, sent: null,
}));

/** The draft becomes the tweet; 0 when it is gone. */
async function finishDraft({ draftId, body }, told) {
  const change = { text: body.text, scheduled_at: body.scheduled_at ?? null, draft: false };
  try {
    await surely(() => patch(`tweets/${draftId}`, change), told);
    return draftId;
  } catch (error) {
    if (error.status === 404) return 0;
    throw error;
  }
}

async function create(row, told) {
  try {
    row.error = null;
    row.tweetId = (row.draftId && await finishDraft(row, told)) || await createOnce(row.body, told);
  } catch (error) {
    row.error = error;
  }
}

/**
 * Creates what is not created yet; calls `step` after each, and `told` when it
 * has to wait for the server.
 */
export async function createAll(rows, { step, told }) {
  const waiting = rows.filter(({ tweetId }) => !tweetId);
  const worker = async () => {
    for (let row = waiting.shift(); row; row = waiting.shift()) {
      await create(row, told);
      step();
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

/** Sends what is created and not sent yet; false when the person took it back. */
export async function sendAll(rows, { begin }) {
  const ready = rows.filter(({ tweetId, sent, doubtful }) => tweetId && !sent && !doubtful);
  if (ready.length === 0) return true;
  const results = await postTweets(ready.map(({ tweetId }) => tweetId), { begin });
  for (const { id, ok, error, doubtful, ...more } of results ?? []) {
    const row = ready.find(({ tweetId }) => tweetId === id);
    Object.assign(row, ok ? { sent: more, error: null } : { error, doubtful });
  }
  return results !== null;
}

/**
 * Takes back what was created: the first is a draft again, the others are
 * deleted. Gives that draft.
 */
export async function takeBack(rows) {
  const [first, ...others] = rows.filter(({ tweetId }) => tweetId);
  await patch(`tweets/${first.tweetId}`, { draft: true });
  await Promise.all(others.map(({ tweetId }) => remove(`tweets/${tweetId}`)));
  const { text } = first.body;
  return { id: first.tweetId, account_id: first.account.id, text, scheduled_at: null };
}
