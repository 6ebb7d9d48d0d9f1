// Memory, as valgrind sees it, in a request of each kind: every call once good
// and once bad, then posting to X with all that can come between.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { join } from 'node:path';

import { CALLS, closedCalls } from '../support/calls.mjs';
import { startFakeX } from '../support/fake-x/index.mjs';
import { db } from '../support/instance.mjs';
import { addAccount, addGranted, addTweet } from '../support/link.mjs';
import { newFolder, removeFolder, settingsFor } from '../support/settings.mjs';
import { guarded } from './guarded.mjs';

const TWEETS = { method: 'POST', path: '/2/tweets' };
const LONG = `${'e\u0301 👩‍👩‍👧‍👦 漢字 '.repeat(40)}https://example.com/?a=1 example.com bücher.de`;

let x;
let mock;
let live;

/** An instance without a server: its folder and settings, its tables made. */
async function scene(options) {
  const dir = newFolder();
  const settings = settingsFor(dir, options);
  await guarded(settings, { path: '/api/v1/stats' });
  return {
    dir, settings,
    dbPath: join(settings.INSTANCE_DIR, 'twitter_manager.db'),
    encryptionKey: settings.ENCRYPTION_KEY,
  };
}

before(async () => {
  x = await startFakeX();
  mock = await scene({});
  live = await scene({ fakeX: x });
  x.registerRedirect('http://localhost:5555/auth/callback');
});

after(async () => {
  for (const each of [mock, live]) if (each) removeFolder(each.dir);
  await x?.close();
});

/** Account 1 and its tweet 1, whatever became of those before. */
async function seed() {
  await db(mock, 'PRAGMA foreign_keys = ON; DELETE FROM tweet; DELETE FROM twitter_account;');
  const id = await addAccount(mock, { username: 'seed' });
  await db(mock, `UPDATE twitter_account SET id = 1, mock = 1 WHERE id = ${id};
    INSERT INTO tweet (id, twitter_account_id, content) VALUES (1, 1, 'seed')`);
}

for (const call of CALLS) {
  test(`${call.method} ${call.path} is clean`, async () => {
    await seed();
    const reply = await guarded(mock.settings, call);
    assert.ok(reply.status < 500, reply.body);
  });
}

for (const call of closedCalls) {
  test(`${call.method} ${call.path} without a key is clean`, async () => {
    assert.equal((await guarded(mock.settings, { ...call, key: null })).status, 401);
  });
}

for (const call of CALLS.filter(({ method }) => method !== 'GET')) {
  test(`${call.method} ${call.path} with a broken body is clean`, async () => {
    assert.equal((await guarded(mock.settings, { ...call, body: '{"text": "x", "a": [1, {"b"' }))
      .status, 400);
  });
}

const BAD = [
  [{ path: '/api/v1/nothing' }, 404],
  [{ method: 'PUT', path: '/api/v1/accounts/1', body: {} }, 405],
  [{ method: 'OPTIONS', path: '/api/v1/accounts/1' }, 204],
  [{ method: 'HEAD', path: '/api/v1/tweets' }, 200],
  [{ path: '/api/v1/accounts/999' }, 404],
  [{ path: '/api/v1/tweets?status=gone&page=0&account_id=x' }, 400],
  [{ path: '/api/v1/tweets?status=%zz' }, 400],
  [{ method: 'POST', path: '/api/v1/tweet', body: {} }, 400],
  [{ method: 'POST', path: '/api/v1/tweet', body: { account_id: 1, text: LONG } }, 400],
  [{ method: 'POST', path: '/api/v1/tweet', body: { account_id: 99, text: 'x' } }, 404],
  [{ method: 'POST', path: '/api/v1/tweet', body: '[1e999, "\\ud800"]' }, 400],
  [{ method: 'POST', path: '/api/v1/tweet', body: 'a=b', type: 'text/plain' }, 415],
  [{ method: 'POST', path: '/api/v1/tweet', body: `"${'x'.repeat(70_000)}"` }, 413],
  [{ method: 'POST', path: '/api/v1/tweets/cleanup', body: { statuses: ['gone', 5] } }, 400],
  [{ path: '/auth/mock?state=unknown' }, 400],
  [{ path: '/auth/callback?state=unknown&code=%3Cb%3E' }, 400],
];

for (const [call, status] of BAD) {
  const what = JSON.stringify(call.body ?? '').slice(0, 40);
  test(`${call.method ?? 'GET'} ${call.path} ${what} is clean`, async () => {
    assert.equal((await guarded(mock.settings, call)).status, status);
  });
}

// Linking

async function start(of, query = '') {
  const { json } = await guarded(of.settings, { path: `/api/v1/auth/twitter${query}` });
  return json;
}

test('linking in mock mode is clean', async () => {
  const { state } = await start(mock);
  assert.equal((await guarded(mock.settings, { path: `/auth/mock?state=${state}` })).status, 200);
  const landed = `/auth/callback?state=${state}&code=walker`;
  assert.equal((await guarded(mock.settings, { path: landed })).status, 200);
  assert.equal((await guarded(mock.settings, { path: landed })).status, 400);
});

const landing = (address) => new URL(address).pathname + new URL(address).search;

test('linking with X is clean', async () => {
  const user = x.addUser({ username: 'linked' });
  const { auth_url: url } = await start(live);
  const reply = await guarded(live.settings, { path: landing(await x.consent(url, user)) });
  assert.equal(reply.status, 200, reply.body);
});

test('linking again and being another person is clean', async () => {
  const [{ id }] = await db(live, "SELECT id FROM twitter_account WHERE username = 'linked'");
  const { auth_url: url } = await start(live, `?account_id=${id}`);
  const stranger = x.addUser({ username: 'stranger' });
  const path = landing(await x.consent(url, stranger));
  assert.equal((await guarded(live.settings, { path })).status, 409);
});

for (const [what, fault] of Object.entries({
  'a page of HTML': { html: true }, 'a cut connection': { cut: 'after-reading' },
  'half a JSON': { truncated: true }, 'a huge body': { huge: 20_000_000 },
})) {
  test(`linking is clean when X answers with ${what}`, async () => {
    const { auth_url: url } = await start(live);
    const path = landing(await x.consent(url, x.addUser({ username: 'troubled' })));
    x.fault({ match: { path: '/2/oauth2/token' }, times: Infinity, ...fault });
    assert.equal((await guarded(live.settings, { path })).status, 502);
    x.clearFaults();
  });
}

// Posting to X

let count = 0;

async function ready(how) {
  count += 1;
  const { id, user } = await addGranted(live, x, `poster_${count}`, how);
  const tweet = await addTweet(live, { accountId: id, text: `posted ${count} 👋` });
  return { id, user, tweet };
}

const publish = ({ tweet }) =>
  guarded(live.settings, { method: 'POST', path: `/api/v1/tweet/post/${tweet}` });

const pending = ({ id }) => guarded(live.settings,
  { method: 'POST', path: '/api/v1/tweets/post-pending', body: { account_id: id } });

test('posting is clean, and refusing to post again', async () => {
  const one = await ready();
  assert.equal((await publish(one)).status, 200);
  assert.equal((await publish(one)).status, 409);
});

test('posting with a token that has to be refreshed first is clean', async () => {
  const one = await ready();
  x.expire(one.user);
  assert.equal((await publish(one)).status, 200);
});

test('posting with a grant that is gone is clean', async () => {
  const one = await ready();
  x.revoke(one.user);
  assert.equal((await publish(one)).status, 409);
  assert.equal((await pending(one)).json.posted, 0);
});

test('posting all that is pending is clean', async () => {
  const one = await ready();
  for (const text of ['second', 'third']) await addTweet(live, { accountId: one.id, text });
  assert.equal((await pending(one)).json.posted, 3);
});

for (const name of ['duplicate', 'tooManyRequests', 'unavailable']) {
  test(`posting is clean when X says ${name}`, async () => {
    const one = await ready();
    x.fault({ match: { ...TWEETS, user: one.user }, problem: name });
    assert.ok((await publish(one)).status >= 409);
  });
}

test('looking for a tweet whose fate is unknown is clean', async () => {
  const one = await ready();
  x.fault({ match: { ...TWEETS, user: one.user }, cut: 'after-processing' });
  assert.ok((await publish(one)).status >= 409);
  await db(live, `UPDATE attempt SET look_at = datetime('now', '-1 second'),
    sent_at = datetime('now', '-10 seconds') WHERE tweet_id = ${one.tweet}`);
  const reply = await guarded(live.settings, { method: 'POST', path: '/api/v1/tick' });
  assert.equal(reply.status, 200, reply.body);
  assert.ok(x.count({ method: 'GET', path: `/2/users/${one.user.id}/tweets` }) > 0,
    'the timeline was looked at');
});

test('posting with a token that cannot be opened is clean', async () => {
  const one = await ready();
  await db(live, `UPDATE twitter_account SET access_token = 'gAAAAABbroken' WHERE id = ${one.id}`);
  assert.equal((await publish(one)).status, 409);
});
