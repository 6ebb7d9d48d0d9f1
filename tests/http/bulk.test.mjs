// One thing done with many tweets, answered row by row; accounts set by hand.

import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';

import {
  each, isError, isJson, namesFaults, unique,
} from '../support/checks.mjs';
import { db, request } from '../support/instance.mjs';
import { addTweet } from '../support/link.mjs';
import { Poster, TWEETS } from '../support/poster.mjs';

let poster;
let instance;
let anna;

before(async () => {
  poster = await Poster.start();
  ({ instance } = poster);
});
after(() => poster?.stop());

beforeEach(async () => {
  await db(instance, `PRAGMA foreign_keys = ON; DELETE FROM tweet;
    DELETE FROM twitter_account; DELETE FROM kv`);
  poster.x.clearFaults();
  anna = await poster.granted();
});

const bulk = (action, ids) => poster.post('/api/v1/tweets/bulk', { action, ids });
const run = async (action, ids) => isJson(await bulk(action, ids), 200);
const patchAccount = (id, body) =>
  request(instance, 'PATCH', `/api/v1/accounts/${id}`, { body });
const set = (id, what) => db(instance, `UPDATE tweet SET ${what} WHERE id = ${id}`);
const state = async (id) => (await poster.show(id)).state;

/** [id, ok, code] of each row, after a look at the sums. */
function rowsOf(json, action) {
  assert.equal(json.action, action);
  assert.equal(json.total, json.results.length);
  assert.equal(json.done, json.results.filter((row) => row.ok).length);
  assert.equal(json.failed, json.results.filter((row) => !row.ok).length);
  for (const row of json.results) {
    if (row.ok) continue;
    assert.equal(typeof row.error, 'string');
    assert.equal(typeof row.retryable, 'boolean');
  }
  return json.results.map((row) => [row.id, row.ok, row.code ?? null]);
}

async function fill(count, accountId = anna.id) {
  await db(instance, `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n
      WHERE i < ${count})
    INSERT INTO tweet (twitter_account_id, content)
    SELECT ${accountId}, '${unique('many')} ' || i FROM n`);
  return (await db(instance, `SELECT id FROM tweet WHERE twitter_account_id = ${accountId}
    ORDER BY id`)).map((row) => row.id);
}

/** A tweet of each kind that an action may meet. */
async function zoo() {
  const one = (text, what) => addTweet(instance, { accountId: anna.id, text: unique(text) })
    .then(async (id) => {
      if (what) await set(id, what);
      return id;
    });
  const found = {
    pending: await one('pending'),
    scheduled: await one('scheduled', "scheduled_at = datetime('now', '+1 hour')"),
    held: await one('held', "scheduled_at = datetime('now', '-1 day'), late = 'held'"),
    heldBack: await one('held back', "retry_at = datetime('now', '+1 hour'), code = 'rate_limited'"),
    posted: await one('posted', "status = 'posted', twitter_id = '12', posted_at = datetime('now')"),
    hopeful: await one('hopeful', "status = 'failed', code = 'x_unavailable'"),
    hopeless: await one('hopeless', "status = 'failed', code = 'tweet_refused'"),
    doubtful: await one('doubtful', "status = 'failed', code = 'outcome_unknown'"),
    onItsWay: await one('on its way'),
    unknown: 999_999,
  };
  await db(instance, `INSERT INTO attempt (tweet_id, sent_at, look_at)
    VALUES (${found.onItsWay}, datetime('now'), datetime('now', '+100 seconds'))`);
  return found;
}

const EXPECTED = {
  delete: {
    pending: null, scheduled: null, held: null, heldBack: null, posted: null, hopeful: null,
    hopeless: null, doubtful: null, onItsWay: 'being_posted', unknown: 'tweet_not_found',
  },
  post: {
    pending: null, scheduled: null, held: null, heldBack: null, posted: 'already_posted',
    hopeful: null, hopeless: 'failed_for_good', doubtful: 'outcome_unknown',
    onItsWay: 'being_posted', unknown: 'tweet_not_found',
  },
  retry: {
    pending: 'not_failed', scheduled: 'not_failed', held: 'not_failed', heldBack: 'not_failed',
    posted: 'not_failed', hopeful: null, hopeless: 'failed_for_good',
    doubtful: 'outcome_unknown', onItsWay: 'not_failed', unknown: 'tweet_not_found',
  },
  release: {
    pending: 'not_held', scheduled: 'not_held', held: null, heldBack: 'not_held',
    posted: 'not_held', hopeful: 'not_held', hopeless: 'not_held', doubtful: 'not_held',
    onItsWay: 'not_held', unknown: 'tweet_not_found',
  },
};

for (const [action, expected] of Object.entries(EXPECTED)) {
  test(`${action}: each row is done or refused for itself`, async () => {
    const ids = await zoo();
    const names = Object.keys(ids);
    const json = await run(action, Object.values(ids));
    const rows = rowsOf(json, action);
    assert.deepEqual(Object.fromEntries(rows.map(([, , code], i) => [names[i], code])), expected);
    assert.deepEqual(rows.map(([id]) => id), Object.values(ids), 'in the order of the ids');
  });
}

test('post sends at once what was chosen, and nothing else', async () => {
  const ids = await zoo();
  const json = await run('post', [ids.scheduled, ids.heldBack, ids.held]);
  assert.equal(json.done, 3);
  for (const row of json.results) assert.match(row.twitter_id, /^\d+$/);
  assert.equal(await state(ids.scheduled), 'posted');
  assert.equal(await state(ids.pending), 'pending');
  assert.equal(await state(ids.hopeful), 'failed');
});

test("post tells X's refusals by row", async () => {
  const ids = await fill(3);
  const texts = (await db(instance, 'SELECT content FROM tweet ORDER BY id')).map((r) => r.content);
  poster.x.fault({ match: { ...TWEETS, text: texts[0] }, problem: 'notPermitted' });
  poster.x.fault({ match: { ...TWEETS, text: texts[1] }, problem: 'duplicate' });
  const rows = rowsOf(await run('post', ids), 'post');
  assert.deepEqual(rows, [[ids[0], false, 'tweet_refused'], [ids[1], false, 'duplicate_content'],
    [ids[2], true, null]]);
});

test('post says why an account cannot send', async () => {
  const [idle, limited] = [await poster.granted(), await poster.granted()];
  const [a, b, c] = [await poster.queue(idle.id, unique('idle')),
    await poster.queue(limited.id, unique('limited')),
    await poster.queue(limited.id, unique('limited'))];
  const fine = await poster.queue(anna.id, unique('fine'));
  isJson(await patchAccount(idle.id, { status: 'inactive' }), 200);
  poster.x.fault({ match: { ...TWEETS, user: limited.user }, problem: 'tooManyRequests' });
  const rows = rowsOf(await run('post', [a, b, c, fine]), 'post');
  assert.deepEqual(rows, [[a, false, 'account_not_active'], [b, false, 'rate_limited'],
    [c, false, 'rate_limited'], [fine, true, null]]);
  assert.equal(await state(a), 'pending');
});

test('500 ids are taken, 501 are not', async () => {
  const ids = await fill(501);
  namesFaults(await bulk('delete', ids), '/ids');
  assert.equal((await db(instance, 'SELECT count(*) AS n FROM tweet'))[0].n, 501);
  const json = await run('delete', ids.slice(0, 500));
  assert.deepEqual([json.total, json.done, json.failed], [500, 500, 0]);
  assert.deepEqual(await db(instance, 'SELECT id FROM tweet'), [{ id: ids[500] }]);
});

test('500 tweets are posted in one call', async () => {
  const people = [anna];
  for (let i = 0; i < 4; i++) people.push(await poster.granted());
  const ids = [];
  for (const { id } of people) ids.push(...await fill(100, id));
  const json = await run('post', ids);
  assert.equal(json.total, 500);
  const rest = json.results.filter((row) => !row.ok);
  for (const row of rest) assert.equal(row.retryable, true); // time was up: it can be said again
  if (rest.length) assert.equal((await run('post', rest.map((row) => row.id))).failed, 0);
  const posted = await db(instance, "SELECT count(*) AS n FROM tweet WHERE status = 'posted'");
  assert.equal(posted[0].n, 500);
  assert.equal(new Set(poster.x.posts.map((post) => post.sent)).size, poster.x.posts.length);
});

test('an id that comes twice is sent once and told twice', async () => {
  const id = await poster.queue(anna.id, unique('twice'));
  const posts = poster.x.posts.length;
  const rows = rowsOf(await run('post', [id, id, id]), 'post');
  assert.deepEqual(rows, [[id, true, null], [id, true, null], [id, true, null]]);
  assert.equal(poster.x.posts.length, posts + 1);
  const again = rowsOf(await run('delete', [id, id]), 'delete');
  assert.deepEqual(again, [[id, true, null], [id, false, 'tweet_not_found']]);
});

test('what is no list of ids, or no action, is refused', async () => {
  const post = (body) => poster.post('/api/v1/tweets/bulk', body);
  await each([
    [{}, ['/ids', '/action']],
    [{ ids: [1] }, ['/action']],
    [{ action: 'delete' }, ['/ids']],
    [{ ids: [], action: 'delete' }, ['/ids']],
    [{ ids: 1, action: 'delete' }, ['/ids']],
    [{ ids: [0], action: 'delete' }, ['/ids']],
    [{ ids: [-1], action: 'delete' }, ['/ids']],
    [{ ids: [1.5], action: 'delete' }, ['/ids']],
    [{ ids: [1, null], action: 'delete' }, ['/ids']],
    [{ ids: [[1]], action: 'delete' }, ['/ids']],
    [{ ids: ['x'], action: 'delete' }, ['/ids']],
    [{ ids: [1], action: 'Delete' }, ['/action']],
    [{ ids: [1], action: 'resolve' }, ['/action']],
    [{ ids: [1], action: null }, ['/action']],
  ], async ([body, pointers]) => namesFaults(await post(body), ...pointers));
  const id = await poster.queue(anna.id, unique('text'));
  assert.equal((await run('delete', [String(id)])).done, 1);
});

test('release and retry bring tweets back for the next tick', async () => {
  const ids = await zoo();
  await run('release', [ids.held]);
  assert.equal(await state(ids.held), 'due');
  await run('retry', [ids.hopeful]);
  const shown = await poster.show(ids.hopeful);
  assert.deepEqual([shown.state, shown.code, shown.retry_at], ['pending', null, null]);
  const json = isJson(await poster.post('/api/v1/tick'), 200);
  assert.deepEqual(json.details.map((row) => row.tweet_id), [ids.held]);
});

// Accounts

test('an account can be made inactive and active again', async () => {
  const tweet = await poster.queue(anna.id, unique('paused'));
  const off = isJson(await patchAccount(anna.id, { status: 'inactive' }), 200);
  assert.deepEqual([off.id, off.status], [anna.id, 'inactive']);
  isError(await poster.publish(tweet), 409, 'account_not_active');
  assert.equal((await poster.run({})).posted, 0);
  const on = isJson(await patchAccount(anna.id, { status: 'active' }), 200);
  assert.equal(on.status, 'active');
  isJson(await poster.publish(tweet), 200);
});

test('a status that is not for people to set is refused', async () => {
  await each(['failed', 'suspended', 'Active', '', null, 1, true], async (status) => {
    namesFaults(await patchAccount(anna.id, { status }), '/status');
  });
  namesFaults(await patchAccount(anna.id, {}), '/status');
  isError(await patchAccount(987_654, { status: 'active' }), 404, 'account_not_found');
  isError(await patchAccount(0, { status: 'active' }), 404);
  assert.equal((await poster.account(anna.id)).status, 'active');
});

test('an account whose grant is gone is not made active by a word', async () => {
  await db(instance, `UPDATE twitter_account SET status = 'failed', code = 'needs_reauth'
    WHERE id = ${anna.id}`);
  isError(await patchAccount(anna.id, { status: 'active' }), 409, 'needs_reauth');
  isError(await patchAccount(anna.id, { status: 'inactive' }), 409, 'needs_reauth');
  assert.equal((await poster.account(anna.id)).status, 'failed');
});

test('a suspended account can be tried again', async () => {
  await db(instance, `UPDATE twitter_account SET status = 'suspended', reason = 'locked',
    code = 'account_suspended' WHERE id = ${anna.id}`);
  const json = isJson(await patchAccount(anna.id, { status: 'active' }), 200);
  assert.deepEqual([json.status, json.code, json.reason], ['active', null, null]);
});
