// The whole way with no credentials of X: link, queue, post, all pretended.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { each, isError, isJson, unique } from '../support/checks.mjs';
import { startFakeX } from '../support/fake-x/index.mjs';
import { send } from '../support/http.mjs';
import { db, request, startInstance } from '../support/instance.mjs';
import {
  addAccount, addTweet, begin, callback, linkMock, queue, walkMock,
} from '../support/link.mjs';

let x;
let instance;

// X is there, so that what reaches it in mock mode is seen.
before(async () => {
  x = await startFakeX();
  instance = await startInstance({ fakeX: x, mock: true });
});
after(async () => {
  await instance?.stop();
  await x?.close();
});

const get = (path) => request(instance, 'GET', path);
const post = (path, body) => request(instance, 'POST', path, { body });
const mode = (enabled) => post('/api/v1/mock-mode', { enabled });
const publish = (id) => post(`/api/v1/tweet/post/${id}`);
const isQuiet = () => assert.deepEqual(x.requests.map((r) => `${r.method} ${r.path}`), []);

async function linked(username = unique('mock')) {
  const json = isJson(await linkMock(instance, username), 200);
  return { id: json.account_id, username: json.username };
}

test('mock mode is told and set', async () => {
  assert.equal(isJson(await get('/api/v1/mock-mode'), 200).mock_mode, true);
  const off = isJson(await mode(false), 200);
  assert.equal(off.mock_mode, false);
  assert.equal(typeof off.message, 'string');
  assert.equal((await get('/api/v1/mock-mode')).json.mock_mode, false);
  assert.equal((await mode(true)).json.mock_mode, true);
});

test('it stays on while no X app is set, and says what to set', async () => {
  const bare = await startInstance();
  try {
    const set = (enabled) => request(bare, 'POST', '/api/v1/mock-mode', { body: { enabled } });
    const refused = await set(false);
    isError(refused, 409, 'app_missing');
    assert.match(refused.json.hint, /TWITTER_CLIENT_ID/);
    assert.equal(isJson(await set(true), 200).mock_mode, true);
    assert.equal((await request(bare, 'GET', '/api/v1/mock-mode')).json.mock_mode, true);
  } finally {
    await bare.stop();
  }
});

test('a clean-up of tweets leaves those of real accounts', async () => {
  const real = await addAccount(instance, { username: unique('real') });
  const { id: mock } = await linked();
  const [kept, gone] = [await addTweet(instance, { accountId: real, text: unique('kept') }),
    await addTweet(instance, { accountId: mock, text: unique('gone') })];
  const all = { statuses: ['pending'], days_old: 0 };
  const clean = (body) => post('/api/v1/tweets/cleanup', body);
  const tried = isJson(await clean({ ...all, dry_run: true }), 200).deleted;
  assert.ok(tried >= 1);
  assert.equal(isJson(await clean(all), 200).deleted, tried);
  const left = (await db(instance, `SELECT id FROM tweet WHERE id IN (${kept}, ${gone})`));
  assert.deepEqual(left.map(({ id }) => id), [kept]);
  await mode(false);
  try {
    assert.ok(isJson(await clean(all), 200).deleted >= 1);
  } finally {
    await mode(true);
  }
  assert.deepEqual(await db(instance, `SELECT id FROM tweet WHERE id = ${kept}`), []);
});

test('only a boolean sets it', async () => {
  await each([undefined, {}, { enabled: 'true' }, { enabled: 1 }, { enabled: 0 },
    { enabled: null }, { enabled: [] }, [], 'true', '"x"'],
  async (body) => isError(await post('/api/v1/mock-mode', body), 400));
  assert.equal((await get('/api/v1/mock-mode')).json.mock_mode, true);
});

test('it outlasts the server, whatever the environment says', async () => {
  await mode(false);
  await instance.restart({ MOCK_MODE: '1' });
  assert.equal((await get('/api/v1/mock-mode')).json.mock_mode, false);
  await mode(true);
  await instance.restart({ MOCK_MODE: '0' });
  assert.equal((await get('/api/v1/mock-mode')).json.mock_mode, true);
});

test('linking leads to a consent page of our own', async () => {
  const { auth_url: url, state } = await begin(instance);
  assert.match(url, /^https?:\/\/[^/]+\/auth\/mock\b/);
  assert.ok(url.includes(state));
  const page = await callback(instance, url, { headers: { Accept: 'text/html' } });
  assert.equal(page.status, 200);
  assert.match(page.headers['content-type'], /^text\/html/);
  assert.ok(page.headers['content-security-policy']);
  assert.equal(page.headers['referrer-policy'], 'no-referrer');
});

test('an account is linked, shown and used', async () => {
  const { id, username } = await linked();
  const account = isJson(await get(`/api/v1/accounts/${id}`), 200);
  assert.equal(account.username, username);
  assert.equal(account.status, 'active');
  const tweet = await queue(instance, id, 'pretended');
  const done = isJson(await publish(tweet), 200);
  assert.equal(done.tweet_id, tweet);
  assert.match(done.twitter_id, /^mock_/);
  const shown = (await get(`/api/v1/tweets/${tweet}`)).json;
  assert.deepEqual([shown.status, shown.twitter_id, shown.mock], ['posted', done.twitter_id, true]);
  assert.ok(shown.posted_at);
  isError(await publish(tweet), 409);
  isQuiet();
});

test('a refusal on the mock page links nothing and uses the state up', async () => {
  const { auth_url: url, state } = await begin(instance);
  const before = (await get('/api/v1/accounts')).json.total;
  isError(await walkMock(instance, url, { decision: 'deny' }), 400);
  assert.equal((await get('/api/v1/accounts')).json.total, before);
  assert.deepEqual(await db(instance, `SELECT * FROM oauth_state WHERE state = '${state}'`), []);
});

test('Back to the consent page after it has worked names the account', async () => {
  const username = unique('back');
  const { auth_url: url } = await begin(instance);
  isJson(await walkMock(instance, url, { username }), 200);
  const json = isError(await callback(instance, url), 400, 'state_used');
  assert.equal(json.error, `This link was already used; @${username} is linked`);
  const page = await callback(instance, url, { headers: { Accept: 'text/html' } });
  assert.equal(page.status, 400);
  assert.match(page.text, /Already linked/);
  assert.doesNotMatch(page.text, /<form|did not work/);
});

test('post-pending posts all that is pending', async () => {
  const { id } = await linked();
  const ids = [];
  for (const text of ['one', 'two', 'three']) ids.push(await queue(instance, id, text));
  const json = isJson(await post('/api/v1/tweets/post-pending', { account_id: id }), 200);
  assert.deepEqual([json.total, json.posted, json.failed], [3, 3, 0]);
  assert.deepEqual(json.details.map((d) => d.tweet_id), ids);
  for (const detail of json.details) {
    assert.equal(detail.status, 'posted');
    assert.match(detail.twitter_id, /^mock_/);
  }
  assert.equal(json.remaining, 0);
  isQuiet();
});

test('mock ids are never the same', async () => {
  const { id } = await linked();
  for (let i = 0; i < 5; i += 1) await queue(instance, id, 'same text');
  const { json } = await post('/api/v1/tweets/post-pending', { account_id: id });
  assert.equal(new Set(json.details.map((d) => d.twitter_id)).size, 5);
});

test('tweets of real accounts are pretended too, but not by tick', async () => {
  const id = await addAccount(instance, { username: unique('real') });
  const first = await queue(instance, id, 'a');
  await queue(instance, id, 'b');
  await post('/api/v1/tick');
  assert.equal((await get(`/api/v1/tweets/${first}`)).json.status, 'pending');
  assert.match((await publish(first)).json.twitter_id, /^mock_/);
  const { json } = await post('/api/v1/tweets/post-pending', { account_id: id });
  assert.equal(json.posted, 1);
  isQuiet();
});

test('a mock account is never used against X', async () => {
  const { id } = await linked();
  const tweet = await queue(instance, id, 'not for X');
  await mode(false);
  try {
    isError(await publish(tweet), 409);
    await post('/api/v1/tweets/post-pending', { account_id: id });
    await post('/api/v1/tick');
    assert.equal((await get(`/api/v1/tweets/${tweet}`)).json.twitter_id, null);
    isQuiet();
  } finally {
    await mode(true);
  }
});

test('a mock consent never becomes a real account', async () => {
  const username = unique('real');
  const id = await addAccount(instance, { username, accessToken: 'the real token' });
  const [before] = await db(instance, `SELECT access_token FROM twitter_account WHERE id = ${id}`);
  isError(await linkMock(instance, username), 409);
  const [kept] = await db(instance, `SELECT access_token FROM twitter_account WHERE id = ${id}`);
  assert.equal(kept.access_token, before.access_token);
});

test('the mock page is not found outside mock mode', async () => {
  const { auth_url: url } = await begin(instance);
  const { pathname, search } = new URL(url);
  await mode(false);
  try {
    assert.equal((await send(instance.url, 'GET', pathname + search)).status, 404);
    assert.equal((await send(instance.url, 'GET', '/auth/mock')).status, 404);
  } finally {
    await mode(true);
  }
});

test('a person may be chosen by account_id in mock mode too', async () => {
  const { id, username } = await linked();
  const again = isJson(await linkMock(instance, username, `?account_id=${id}`), 200);
  assert.equal(again.account_id, id);
});

test('a failed account is not posted for in mock mode either', async () => {
  const id = await addAccount(instance, { username: unique('failed'), status: 'failed' });
  const tweet = await addTweet(instance, { accountId: id, text: 'x' });
  isError(await publish(tweet), 409);
});

test('with no client id mock mode is on from the start', async () => {
  const bare = await startInstance({ env: { MOCK_MODE: null } });
  try {
    assert.equal((await request(bare, 'GET', '/api/v1/mock-mode')).json.mock_mode, true);
    isJson(await linkMock(bare, 'newcomer'), 200);
  } finally {
    await bare.stop();
  }
});

test('with a client id it is off from the start', async () => {
  const real = await startInstance({ fakeX: x, env: { MOCK_MODE: null } });
  try {
    assert.equal((await request(real, 'GET', '/api/v1/mock-mode')).json.mock_mode, false);
  } finally {
    await real.stop();
  }
});
