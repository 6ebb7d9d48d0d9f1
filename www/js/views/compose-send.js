// Creates a tweet for each account, sends them where that is wanted, and tells
// for each how it went. A request that is sent again keeps its key, so that
// none is ever created twice.
import { newIdempotencyKey, post } from '../api.js';

const AT_ONCE = 4;
const BULK = 50;

// Keys of requests that had no answer, by what they ask for: whoever asks for the
// same again, by whichever button, asks with the same key.
const unanswered = new Map();

/** One row for each account: what is to be made, and later what came of it. */
export const newRows = (accounts, given) => accounts.map((account) => {
  const body = { ...given, account_id: account.id };
  const once = unanswered.get(JSON.stringify(body)) ?? null;
  return { account, body, once, sendOnce: null, tweetId: 0, error: null, sent: null };
});

/**
 * A refusal is an answer, and the same key would only bring it again; without
 * an answer of the API's own the key is kept, since it may have worked.
 */
const isAnswer = (error) => error.status > 0 && error.code !== '' && error.code !== 'idempotency_in_flight';

async function tryWith(row, name, path, body) {
  row[name] ??= newIdempotencyKey();
  try {
    const answer = await post(path, body, { once: row[name] });
    row.error = null;
    return answer;
  } catch (error) {
    if (isAnswer(error)) row[name] = null;
    row.error = error;
    return null;
  }
}

async function create(row) {
  row.tweetId = (await tryWith(row, 'once', 'tweet', row.body))?.tweet_id ?? 0;
  const asked = JSON.stringify(row.body);
  if (row.tweetId || !row.once) unanswered.delete(asked);
  else unanswered.set(asked, row.once);
}

async function sendOne(row) {
  row.sent = await tryWith(row, 'sendOnce', `tweet/post/${row.tweetId}`);
}

async function sendMany(rows) {
  for (let at = 0; at < rows.length; at += BULK) {
    const some = rows.slice(at, at + BULK);
    try {
      const { results } = await post('tweets/bulk', { action: 'post', ids: some.map(({ tweetId }) => tweetId) });
      for (const result of results) {
        const row = some.find(({ tweetId }) => tweetId === result.id);
        if (result.ok) Object.assign(row, { sent: result, error: null });
        else row.error = Object.assign(new Error(result.error), result);
      }
    } catch (error) {
      for (const row of some) row.error = error;
    }
  }
}

/**
 * Creates what is not created yet, and sends what is not sent yet if `now`;
 * calls `step` after each.
 */
export async function send(rows, { now, step }) {
  const waiting = rows.filter(({ tweetId }) => !tweetId);
  const worker = async () => {
    for (let row = waiting.shift(); row; row = waiting.shift()) {
      await create(row);
      step();
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  if (!now) return;
  const ready = rows.filter(({ tweetId, sent }) => tweetId && !sent);
  if (ready.length === 1) await sendOne(ready[0]);
  else if (ready.length > 1) await sendMany(ready);
  step();
}
