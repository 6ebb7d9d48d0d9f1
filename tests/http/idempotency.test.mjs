// Callers that retry: Idempotency-Key over a server, with X behind it.

import assert from 'node:assert/strict';
import http from 'node:http';
import { after, before, beforeEach, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

import { isError, isJson, unique, until } from '../support/checks.mjs';
import { wirePath } from '../support/http.mjs';
import { db, request } from '../support/instance.mjs';
import { Poster, TWEETS } from '../support/poster.mjs';

let p;

before(async () => { p = await Poster.start(); });
after(() => p?.stop());
beforeEach(() => p.x.clearFaults());

/** A POST under this name. */
const call = (name, path, body) => request(p.instance, 'POST', path,
  { body, headers: { 'Idempotency-Key': name } });

const publish = (name, id) => call(name, `/api/v1/tweet/post/${id}`);

const isReplay = (reply) => reply.headers['idempotent-replayed'] === 'true';

/** The first answer again, but for the request id. */
function sameAs(first, again) {
  const without = (reply) => reply.text.replaceAll(reply.headers['x-request-id'], '');
  assert.ok(isReplay(again) && !isReplay(first), again.text);
  assert.equal(again.status, first.status);
  assert.equal(without(again), without(first));
  assert.equal(again.headers.location, first.headers.location);
  assert.equal(again.headers['content-type'], first.headers['content-type']);
  assert.notEqual(again.headers['x-request-id'], first.headers['x-request-id']);
}

/** Sends and hangs up: at once, or when X has it. */
function cutOff(name, path, body, when = () => sleep(5)) {
  const text = body === undefined ? '' : JSON.stringify(body);
  const sent = http.request(new URL(wirePath(path), p.instance.url), {
    method: 'POST', agent: false,
    headers: {
      'X-API-Key': p.instance.key, 'Idempotency-Key': name,
      'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text),
    },
  });
  sent.on('error', () => {}); // ours
  sent.end(text);
  return when().then(() => sent.destroy());
}

/** Repeats as a client does, as long as it is told that this may help. */
async function insist(name, path, body) {
  for (let i = 0; i < 100; i += 1) {
    const reply = await call(name, path, body);
    if (!reply.json?.retryable) return reply;
    await sleep(50);
  }
  throw new Error(`no end of ${path}`);
}

const rows = (text) => db(p.instance, `SELECT * FROM tweet WHERE content = '${text}'`);

test('who sends everything twice has one tweet and one post of each', async () => {
  const { id } = await p.granted();
  const texts = Array.from({ length: 5 }, () => unique('twice'));
  await Promise.all(texts.map(async (text) => {
    const body = { account_id: id, text };
    const [keyMade, keySent] = [unique('make'), unique('send')];
    const made = await call(keyMade, '/api/v1/tweet', body);
    sameAs(made, await call(keyMade, '/api/v1/tweet', body));
    const path = `/api/v1/tweet/post/${isJson(made, 201).tweet_id}`;
    const sent = await insist(keySent, path);
    const again = await call(keySent, path);
    isJson(sent, 200);
    assert.ok(isReplay(again));
    assert.deepEqual(again.json, sent.json);
    assert.equal((await rows(text)).length, 1);
    assert.equal(p.x.arrivals(text), 1);
    assert.equal(p.x.posted(text)[0].id, sent.json.twitter_id);
  }));
});

test('who is cut off at any moment and repeats has one tweet and one post', async () => {
  const { id } = await p.granted();
  for (let i = 0; i < 20; i += 1) {
    const text = unique('cut');
    const body = { account_id: id, text };
    const [keyMade, keySent] = [unique('make'), unique('send')];
    await cutOff(keyMade, '/api/v1/tweet', body, () => sleep(i));
    const made = isJson(await insist(keyMade, '/api/v1/tweet', body), 201);
    const path = `/api/v1/tweet/post/${made.tweet_id}`;
    await cutOff(keySent, path, undefined, () => sleep(i * 2));
    const sent = isJson(await insist(keySent, path), 200);
    assert.equal(sent.twitter_id, p.x.posted(text)[0].id);
    assert.equal(p.x.arrivals(text), 1);
    assert.deepEqual((await rows(text)).map((row) => row.id), [made.tweet_id]);
  }
});

test('cut off while X works: the same key waits, then has the success', async () => {
  const { text, tweet } = await p.ready();
  const path = `/api/v1/tweet/post/${tweet}`;
  const fault = p.x.fault({ match: TWEETS, held: true });
  await cutOff('slow', path, undefined, () => until(() => p.x.arrivals(text) > 0, 'X to have it'));
  const busy = await call('slow', path);
  const json = isError(busy, 409, 'idempotency_in_flight');
  assert.equal(json.retryable, true);
  assert.match(busy.headers['retry-after'], /^[1-9]\d*$/);
  isError(await call('slow', '/api/v1/tweets/post-pending', {}), 422, 'idempotency_mismatch');
  fault.release();
  const sent = isJson(await insist('slow', path), 200);
  assert.equal(sent.twitter_id, p.x.posted(text)[0].id);
  assert.equal(p.x.arrivals(text), 1);
});

test('X\'s refusal is the answer of that key, and X is asked once', async () => {
  const { text, tweet } = await p.ready();
  p.x.fault({ match: TWEETS, problem: 'notPermitted' });
  const first = await publish('refused', tweet);
  isError(first, 422);
  const again = await publish('refused', tweet);
  isError(again, 422, first.json.code);
  sameAs(first, again);
  assert.equal(p.x.arrivals(text), 1);
  isError(await publish('refused-2', tweet), 409);
});

test('a refusal without a word may be taken back, so it is not kept', async () => {
  const { id, user } = await p.granted();
  const tweets = [];
  for (const text of ['a', 'b', 'c']) tweets.push(await p.queue(id, `${text} ${user.username}`));
  p.x.fault({ match: { ...TWEETS, user }, problem: 'bare', times: 3 });
  isError(await publish('bare', tweets[0]), 422, 'tweet_refused');
  isError(await publish('bare', tweets[0]), 409, 'failed_for_good');
  for (const tweet of tweets.slice(1)) await p.publish(tweet); // now it is the account
  await db(p.instance, `UPDATE twitter_account SET hold_until = NULL WHERE id = ${id}`);
  const sent = await publish('bare', tweets[0]);
  isJson(sent, 200);
  assert.ok(!isReplay(sent));
  assert.equal(p.x.arrivals(`a ${user.username}`), 2);
  assert.equal(p.x.posted(`a ${user.username}`).length, 1);
});

test('a trouble that passes is not kept', async () => {
  const { id, text, tweet } = await p.ready();
  p.x.fault({ match: TWEETS, problem: 'tooManyRequests' });
  isError(await publish('passing', tweet), 429);
  const [row] = await db(p.instance, "SELECT * FROM idempotency WHERE name = 'passing'");
  assert.deepEqual([row.status, row.holder, row.body], [0, null, null]);
  isError(await publish('passing', tweet), 429);
  await db(p.instance, `UPDATE twitter_account SET hold_until = NULL WHERE id = ${id};
    UPDATE tweet SET retry_at = NULL WHERE id = ${tweet}; DELETE FROM rate`);
  const sent = await publish('passing', tweet);
  isJson(sent, 200);
  assert.ok(!isReplay(sent));
  sameAs(sent, await publish('passing', tweet));
  assert.equal(p.x.posted(text).length, 1);
});

test('a run that did not end finds its tweet posted: that is success', async () => {
  const { text, tweet } = await p.ready();
  isJson(await publish('dead', tweet), 200);
  await db(p.instance, `UPDATE idempotency SET status = 0, body = NULL,
    holder = 'another-boot/5', created_at = datetime('now', '-31 seconds') WHERE name = 'dead'`);
  const sent = isJson(await publish('dead', tweet), 200);
  assert.equal(sent.twitter_id, p.x.posted(text)[0].id);
  assert.equal(sent.tweet_id, tweet);
  assert.ok(isReplay(await publish('dead', tweet)));
  assert.equal(p.x.arrivals(text), 1);
});

test('a holder on another machine is believed for as long as it may live', async () => {
  const { tweet } = await p.ready();
  isJson(await publish('far', tweet), 200);
  await db(p.instance, `UPDATE idempotency SET status = 0, body = NULL,
    holder = 'another-boot/5', created_at = datetime('now') WHERE name = 'far'`);
  isError(await publish('far', tweet), 409, 'idempotency_in_flight');
});

test('what another key has posted is a conflict, and stays one', async () => {
  const { tweet } = await p.ready();
  isJson(await publish('mine', tweet), 200);
  const first = await publish('late', tweet);
  isError(first, 409, 'already_posted');
  sameAs(first, await publish('late', tweet));
});

test('16 at once with one key post one tweet', async () => {
  const { text, tweet } = await p.ready();
  const replies = await Promise.all(Array.from({ length: 16 }, () => publish('many', tweet)));
  for (const reply of replies) {
    if (reply.status === 409) isError(reply, 409, 'idempotency_in_flight');
    else assert.equal(isJson(reply, 200).twitter_id, p.x.posted(text)[0].id);
  }
  assert.ok(replies.some(({ status }) => status === 200));
  isJson(await insist('many', `/api/v1/tweet/post/${tweet}`), 200);
  assert.equal(p.x.arrivals(text), 1);
});

test('a run over all that is pending answers the same again', async () => {
  const { id, text } = await p.ready();
  const body = { account_id: id };
  const first = await call('run', '/api/v1/tweets/post-pending', body);
  assert.equal(isJson(first, 200).posted, 1);
  const later = await p.queue(id, unique('later'));
  sameAs(first, await call('run', '/api/v1/tweets/post-pending', body));
  assert.equal((await p.show(later)).status, 'pending');
  assert.equal(p.x.arrivals(text), 1);
});

test('many tweets at once: the second answer is the first', async () => {
  const { id } = await p.granted();
  const ids = [await p.queue(id, unique('bulk')), await p.queue(id, unique('bulk'))];
  const body = { ids, action: 'delete' };
  const first = await call('bulk', '/api/v1/tweets/bulk', body);
  assert.equal(isJson(first, 200).done, 2);
  sameAs(first, await call('bulk', '/api/v1/tweets/bulk', body));
});
