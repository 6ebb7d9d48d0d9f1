// Linking accounts by OAuth 2.0 with PKCE, against the fake X.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, beforeEach, test } from 'node:test';

import {
  each, hasCommonHeaders, hasMembers, holdsNone, isError, isJson, unique,
} from '../support/checks.mjs';
import { startFakeX } from '../support/fake-x/index.mjs';
import { unseal } from '../support/fernet.mjs';
import { db, quote, request, startInstance } from '../support/instance.mjs';
import { addAccount, begin, callback, link } from '../support/link.mjs';

const SCOPES = ['tweet.read', 'tweet.write', 'users.read', 'offline.access', 'media.write'];
const HTML = { headers: { Accept: 'text/html' } };

let x;
let instance;

before(async () => {
  x = await startFakeX();
  instance = await startInstance({ fakeX: x });
});
after(async () => {
  await instance?.stop();
  await x?.close();
});
beforeEach(() => x.clearFaults());

const person = (username = unique('user')) => x.addUser({ username });
const row = async (id) =>
  (await db(instance, `SELECT * FROM twitter_account WHERE id = ${id}`))[0];
const states = (state) =>
  db(instance, `SELECT * FROM oauth_state WHERE state = ${quote(state)}`);
const open = (sealed) => unseal(instance.encryptionKey, sealed);
const exchanges = () => x.count({ method: 'POST', path: '/2/oauth2/token' });
const linked = async (user, query) => isJson(await link(instance, x, user, query), 200);

// The start

test('linking starts at X with all that PKCE asks for', async () => {
  const json = await begin(instance);
  hasMembers(json, 'auth_url', 'state');
  const url = new URL(json.auth_url);
  const asked = Object.fromEntries(url.searchParams);
  assert.equal(url.origin + url.pathname, x.authorizeUrl);
  assert.equal(asked.response_type, 'code');
  assert.equal(asked.client_id, x.clientId);
  assert.equal(asked.redirect_uri, instance.callbackUrl);
  assert.equal(asked.state, json.state);
  assert.equal(asked.code_challenge_method, 'S256');
  assert.match(asked.code_challenge, /^[A-Za-z0-9_-]{43}$/);
  for (const scope of SCOPES) assert.ok(asked.scope.split(' ').includes(scope), scope);
  assert.ok(!url.search.includes('+'), 'blanks in the scope are written %20');
});

test('the challenge is the SHA-256 of a verifier that stays here', async () => {
  const { auth_url: url, state } = await begin(instance);
  const [{ code_verifier: verifier }] = await states(state);
  assert.ok(!url.includes(verifier));
  assert.match(verifier, /^[A-Za-z0-9._~-]{43,128}$/);
  assert.equal(createHash('sha256').update(verifier).digest('base64url'),
    new URL(url).searchParams.get('code_challenge'));
});

test('state and challenge are new each time, and long enough', async () => {
  const starts = await Promise.all(Array.from({ length: 5 }, () => begin(instance)));
  assert.equal(new Set(starts.map((s) => s.state)).size, 5);
  assert.equal(new Set(starts.map((s) => s.auth_url)).size, 5);
  for (const { state } of starts) assert.ok(state.length >= 22 && state.length <= 500);
});

// The callback

test('a page names the account that was linked', async () => {
  const user = person();
  const { auth_url: url } = await begin(instance);
  const reply = await callback(instance, await x.consent(url, user), HTML);
  assert.equal(reply.status, 200, reply.text);
  assert.match(reply.headers['content-type'], /^text\/html; *charset=utf-8/i);
  assert.ok(reply.text.includes(user.username));
  hasCommonHeaders(reply);
  assert.equal(reply.headers['referrer-policy'], 'no-referrer');
  const policy = reply.headers['content-security-policy'];
  assert.match(policy, /default-src 'none'/);
  assert.doesNotMatch(policy, /unsafe/);
});

test('asked for JSON the callback gives JSON', async () => {
  const user = person();
  const json = await linked(user);
  assert.equal(typeof json.message, 'string');
  assert.equal(json.username, user.username);
  assert.equal((await row(json.account_id)).username, user.username);
});

test('the API callback takes query and body, without a key', async () => {
  const ways = [
    (query) => request(instance, 'GET', `/api/v1/auth/callback?${query}`, { key: null }),
    (query) => request(instance, 'POST', `/api/v1/auth/callback?${query}`, { key: null, body: '' }),
    (query) => request(instance, 'POST', '/api/v1/auth/callback',
      { key: null, body: Object.fromEntries(query) }),
  ];
  await each(ways, async (way) => {
    const user = person();
    const { auth_url: url } = await begin(instance);
    const json = isJson(await way(new URL(await x.consent(url, user)).searchParams), 200);
    assert.equal(json.username, user.username);
  });
});

test('the account is active and its tokens are sealed', async () => {
  const user = person();
  const { account_id: id } = await linked(user);
  const account = await row(id);
  assert.equal(account.status, 'active');
  assert.ok(!account.access_token_secret);
  assert.equal(x.state.access.get(open(account.access_token)).userId, user.id);
  assert.equal(x.state.refresh.get(open(account.refresh_token)).userId, user.id);
});

test('a confidential client proves itself by Basic, in a form', async () => {
  await linked(person());
  const sent = x.find({ path: '/2/oauth2/token' }).at(-1);
  assert.match(sent.headers['content-type'], /^application\/x-www-form-urlencoded/);
  assert.equal(sent.headers.authorization,
    `Basic ${btoa(`${x.clientId}:${x.clientSecret}`)}`);
  assert.equal(sent.form.get('grant_type'), 'authorization_code');
  assert.equal(sent.form.get('redirect_uri'), instance.callbackUrl);
  assert.equal(sent.form.get('client_secret'), null);
});

test('a public client names itself in the body', async () => {
  const open2 = await startFakeX({ clientId: 'native', clientSecret: null });
  const other = await startInstance({ fakeX: open2 });
  try {
    isJson(await link(other, open2, open2.addUser({ username: 'pub' })), 200);
    const [sent] = open2.find({ path: '/2/oauth2/token' });
    assert.equal(sent.form.get('client_id'), 'native');
    assert.equal(sent.headers.authorization, undefined);
  } finally {
    await other.stop();
    await open2.close();
  }
});

// States

const bring = (query) => request(instance, 'GET', `/api/v1/auth/callback?${query}`, { key: null });

test('a used state is refused', async () => {
  const { auth_url: url, state } = await begin(instance);
  const landed = await x.consent(url, person());
  isJson(await callback(instance, landed), 200);
  assert.deepEqual(await states(state), []);
  const before = exchanges();
  isError(await callback(instance, landed), 400, 'state_used');
  assert.equal(exchanges(), before);
});

// Coming back to a callback that has worked: a reload, Back

/** A link that has worked: { user, id, state, landed }. */
async function worked() {
  const user = person();
  const { auth_url: url, state } = await begin(instance);
  const landed = await x.consent(url, user);
  const { account_id: id } = isJson(await callback(instance, landed), 200);
  return { user, id, state, landed };
}
const usedRows = () => db(instance, "SELECT * FROM kv WHERE name LIKE 'used_state:%'");

test('a link that has worked says so, and whose account it linked', async () => {
  const { user, id, landed } = await worked();
  const json = isError(await callback(instance, landed), 400, 'state_used');
  assert.equal(json.error, `This link was already used; @${user.username} is linked`);
  assert.deepEqual([json.account_id, json.username], [id, user.username]);
  const page = await callback(instance, landed, HTML);
  assert.equal(page.status, 400);
  assert.ok(page.text.includes(json.error), page.text);
  assert.doesNotMatch(page.text, /did not work/);
  const { search } = new URL(landed);
  isError(await request(instance, 'GET', `/api/v1/auth/callback${search}`, { key: null }),
    400, 'state_used');
});

test('of a used state only a hash is kept', async () => {
  const { id, state } = await worked();
  const hash = createHash('sha256').update(state).digest('hex');
  const row = (await usedRows()).find(({ name }) => name === `used_state:${hash}`);
  assert.match(row.value, new RegExp(`^\\S+ ${id}$`));
  holdsNone(JSON.stringify(await usedRows()), [state]);
});

test('after 10 minutes it is unknown, and a new start clears it away', async () => {
  const { state, landed } = await worked();
  const hash = createHash('sha256').update(state).digest('hex');
  await db(instance, `UPDATE kv SET value = strftime('%Y-%m-%dT%H:%M:%SZ', 'now', '-1 minutes')
    || substr(value, 21) WHERE name = 'used_state:${hash}'`);
  isError(await callback(instance, landed), 400, 'invalid_state');
  await begin(instance);
  assert.equal((await usedRows()).some(({ name }) => name.endsWith(hash)), false);
});

test('nobody is named when the account was deleted since', async () => {
  const { id, landed } = await worked();
  isJson(await request(instance, 'DELETE', `/api/v1/accounts/${id}`), 200);
  const json = isError(await callback(instance, landed), 400, 'state_used');
  assert.equal(json.error, 'This link was already used');
  assert.equal(json.username, undefined);
});

test('a link that did not work is not called used', async () => {
  const { auth_url: url } = await begin(instance);
  const landed = await x.deny(url);
  isError(await callback(instance, landed), 400, 'access_denied');
  isError(await callback(instance, landed), 400, 'invalid_state');
});

test("HEAD on the callback leaves the state for the person's own click", async () => {
  const { auth_url: url, state } = await begin(instance);
  const { pathname, search } = new URL(await x.consent(url, person()));
  await each([pathname, '/api/v1/auth/callback'], async (path) => {
    const head = await request(instance, 'HEAD', path + search, { key: null });
    assert.equal(head.status, 200);
    assert.equal(head.text, '');
  });
  assert.equal((await states(state)).length, 1);
  isJson(await callback(instance, pathname + search), 200);
});

test('a missing, an empty and an unknown state are refused', async () => {
  const before = exchanges();
  await each(['code=c', 'code=c&state=', 'code=c&state=unknown', '', 'state=%00&code=c',
    `code=c&state=${'s'.repeat(600)}`],
  async (query) => isError(await bring(query), 400));
  isError(await request(instance, 'POST', '/api/v1/auth/callback', { body: { code: 'c' } }), 400);
  isError(await request(instance, 'POST', '/api/v1/auth/callback',
    { body: { code: 'c', state: 5 } }), 400);
  assert.equal(exchanges(), before);
});

test('a missing code is refused and uses the state up', async () => {
  const { state } = await begin(instance);
  isError(await bring(`state=${state}`), 400);
  assert.deepEqual(await states(state), []);
});

test('a refusal by the person uses the state up', async () => {
  const { auth_url: url, state } = await begin(instance);
  const json = isError(await callback(instance, await x.deny(url)), 400);
  assert.doesNotMatch(json.error, /access_denied/);
  assert.deepEqual(await states(state), []);
});

test('a state works for 10 minutes', async () => {
  const age = (state, minutes) => db(instance, `UPDATE oauth_state
    SET created_at = datetime('now', '-${minutes} minutes') WHERE state = '${state}'`);
  const late = await begin(instance);
  await age(late.state, 11);
  isError(await callback(instance, await x.consent(late.auth_url, person())), 400);
  assert.deepEqual(await states(late.state), []);
  const early = await begin(instance);
  await age(early.state, 9);
  isJson(await callback(instance, await x.consent(early.auth_url, person())), 200);
});

test('a new start removes expired states', async () => {
  const { state } = await begin(instance);
  await db(instance, `UPDATE oauth_state SET created_at = datetime('now', '-1 day')
    WHERE state = '${state}'`);
  const fresh = await begin(instance);
  assert.deepEqual(await states(state), []);
  assert.equal((await states(fresh.state)).length, 1);
});

test('of two callbacks with one state one wins', async () => {
  const { auth_url: url } = await begin(instance);
  const landed = await x.consent(url, person());
  const before = exchanges();
  const replies = await Promise.all(Array.from({ length: 4 }, () => callback(instance, landed)));
  assert.deepEqual(replies.map((r) => r.status).sort(), [200, 400, 400, 400]);
  assert.equal(exchanges(), before + 1);
});

// Who was linked

test('the same person linked again is the same account, active again', async () => {
  const user = person();
  const { account_id: id } = await linked(user);
  const before = await row(id);
  await db(instance, `UPDATE twitter_account SET status = 'failed' WHERE id = ${id}`);
  const again = await linked(user);
  assert.equal(again.account_id, id);
  const now = await row(id);
  assert.equal(now.status, 'active');
  assert.notEqual(open(now.access_token), open(before.access_token));
  assert.equal(x.state.access.has(open(now.access_token)), true);
});

test('a changed name is the same account under its new name', async () => {
  const user = person();
  const { account_id: id } = await linked(user);
  user.username = unique('renamed');
  const again = await linked(user);
  assert.deepEqual([again.account_id, again.username], [id, user.username]);
  assert.equal((await row(id)).username, user.username);
});

test('an account with no id of X stored is known by its name', async () => {
  const user = person();
  const id = await addAccount(instance, { username: user.username, status: 'failed' });
  const json = await linked(user);
  assert.equal(json.account_id, id);
  assert.equal((await row(id)).status, 'active');
});

test("a name taken over by another person does not give them the first one's account", async () => {
  const first = person();
  const { account_id: id } = await linked(first);
  const before = await row(id);
  const heir = person(first.username);
  first.username = unique('moved');
  const reply = await link(instance, x, heir);
  assert.ok(reply.status < 500, reply.text);
  assert.notEqual(reply.json.account_id, id);
  const now = await row(id);
  assert.equal(open(now.access_token), open(before.access_token));
});

test('a start for one account refuses the consent of another person', async () => {
  const [user, stranger] = [person(), person()];
  const { account_id: id } = await linked(user);
  const before = await row(id);
  isError(await link(instance, x, stranger, `?account_id=${id}`), 409, 'wrong_account');
  assert.equal((await row(id)).access_token, before.access_token);
  assert.deepEqual(await db(instance,
    `SELECT id FROM twitter_account WHERE username = '${stranger.username}'`), []);
  assert.equal((await linked(user, `?account_id=${id}`)).account_id, id);
});

test('a start for an account that cannot be is refused', async () => {
  isError(await request(instance, 'GET', '/api/v1/auth/twitter?account_id=999999'), 404);
  await each(['x', '0', '-1', '1.5'], async (id) =>
    isError(await request(instance, 'GET', `/api/v1/auth/twitter?account_id=${id}`), 400));
});

// X in trouble

const TOKEN = { method: 'POST', path: '/2/oauth2/token' };
const CONDITIONS = [
  ['a code that X refuses', { problem: 'codeInvalid' }],
  ["wrong credentials of the app", { problem: 'unauthorizedClient' }],
  ['a page of HTML', { html: true }],
  ['half a JSON', { truncated: true }],
  ['an empty object', { status: 200, body: '{}' }],
  ['no object', { status: 200, body: '[]' }],
  ['a token that is no string', { status: 200, body: '{"access_token":5,"token_type":"bearer"}' }],
  ['a token with a line break',
    { status: 200, body: '{"access_token":"a\\r\\nX: y","token_type":"bearer"}' }],
  ['503', { problem: 'unavailable' }],
  ['a redirect', { redirect: 'http://127.0.0.1:9/' }],
  ['a cut connection', { cut: 'after-reading' }],
  ['a huge body', { huge: 20_000_000 }],
];

for (const [what, fault] of CONDITIONS) {
  test(`linking survives ${what} from X`, async () => {
    const user = person();
    const { auth_url: url, state } = await begin(instance);
    x.fault({ match: TOKEN, times: Infinity, ...fault });
    isError(await callback(instance, await x.consent(url, user)), 502);
    assert.deepEqual(await states(state), []);
    assert.deepEqual(await db(instance,
      `SELECT id FROM twitter_account WHERE username = '${user.username}'`), []);
  });
}

test('a page says what to do when X is in trouble', async () => {
  const { auth_url: url } = await begin(instance);
  x.fault({ match: TOKEN, times: Infinity, problem: 'unavailable' });
  const reply = await callback(instance, await x.consent(url, person()), HTML);
  assert.equal(reply.status, 502);
  assert.match(reply.headers['content-type'], /^text\/html/);
  hasCommonHeaders(reply);
});

test('tokens are not thrown away when X does not say whose they are', async () => {
  const user = person();
  const { auth_url: url } = await begin(instance);
  x.fault({ match: { path: '/2/users/me' }, times: Infinity, problem: 'unavailable' });
  const reply = await callback(instance, await x.consent(url, user));
  assert.ok([200, 202, 502].includes(reply.status), reply.text);
  const granted = [...x.state.refresh].find(([, token]) => token.userId === user.id)[0];
  const kept = await everyToken(instance);
  assert.ok(kept.includes(granted), 'the refresh token is nowhere in the database');
});

async function everyToken(of) {
  const tables = await db(of, "SELECT name FROM sqlite_master WHERE type = 'table'");
  const found = [];
  for (const { name } of tables) {
    const text = JSON.stringify(await db(of, `SELECT * FROM "${name}"`));
    for (const [sealed] of text.matchAll(/gAAAAA[\w-]+={0,2}/g)) found.push(open(sealed));
  }
  return found;
}

test('a dead X is a 502', async () => {
  const dead = await startFakeX();
  const other = await startInstance({ fakeX: dead });
  try {
    const { auth_url: url } = await begin(other);
    const landed = await dead.consent(url, dead.addUser({ username: 'dead' }));
    await dead.close();
    isError(await callback(other, landed), 502);
  } finally {
    await other.stop();
  }
});

test('without a client id linking is not there, and says so', async () => {
  const bare = await startInstance({ mock: false });
  try {
    isError(await request(bare, 'GET', '/api/v1/auth/twitter'), 503);
  } finally {
    await bare.stop();
  }
});

// Nothing leaks

test('pages escape what they are given', async () => {
  const evil = '<script>alert(1)</script>"\'&';
  const hostile = x.addUser({ username: '<img src=x onerror=alert(1)>' });
  const pages = [
    await request(instance, 'GET', `/auth/callback?error=${encodeURIComponent(evil)}`
      + `&error_description=${encodeURIComponent(evil)}&state=${encodeURIComponent(evil)}`, HTML),
    await callback(instance, await x.consent((await begin(instance)).auth_url, hostile), HTML),
  ];
  for (const page of pages) {
    assert.match(page.headers['content-type'], /^text\/html/);
    assert.ok(!page.text.includes('<script>alert'), page.text);
    assert.ok(!page.text.includes('<img src=x'), page.text);
  }
});

test('no reply and no log shows a secret of the way', async () => {
  const user = person();
  const { auth_url: url, state } = await begin(instance);
  const [{ code_verifier: verifier }] = await states(state);
  const landed = new URL(await x.consent(url, user));
  const reply = await callback(instance, landed.href);
  const account = await row(reply.json.account_id);
  const secrets = {
    code: landed.searchParams.get('code'),
    verifier,
    'access token': open(account.access_token),
    'refresh token': open(account.refresh_token),
    'sealed token': account.access_token,
    'client secret': x.clientSecret,
    'API key': instance.key,
    'encryption key': instance.encryptionKey,
  };
  holdsNone(reply.text, secrets, 'the reply');
  holdsNone(url, { verifier, 'client secret': x.clientSecret }, 'the start');
  holdsNone(instance.logText(), secrets, 'a log');
  holdsNone(instance.serverLog(), secrets, "the server's log");
});
