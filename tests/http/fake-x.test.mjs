// The fake X, proven by a real client of X (npm twitter-api-v2), so that the
// other tests do not rest on our own idea of X. The client is hard-wired to
// https://api.x.com; its agent leads that name to the fake, over TLS.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import http2 from 'node:http2';
import { after, before, beforeEach, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import twitterApi from 'twitter-api-v2';

import { AgentToFake } from '../support/agent-to-fake.mjs';
import {
  newProblems, problemNames, problems, snowflakeTime, startFakeX,
} from '../support/fake-x/index.mjs';
import { makeCertificate } from '../support/tls.mjs';

const { ApiResponseError, TwitterApi } = twitterApi;
const CALLBACK = 'http://127.0.0.1:5555/auth/callback';
const SCOPE = ['tweet.read', 'tweet.write', 'users.read', 'offline.access'];
const MAIN = fileURLToPath(new URL('../support/fake-x/main.mjs', import.meta.url));

let certificate;
let x;
let agent;
let alice;

before(async () => {
  certificate = makeCertificate('api.x.com', 'localhost', '127.0.0.1');
  x = await startFakeX({ ...certificate, redirectUris: [CALLBACK] });
  agent = new AgentToFake(x.port, certificate.cert);
});

after(() => x.close());

beforeEach(() => {
  x.reset();
  Object.assign(x.settings, { lag: 0, duplicates: true, limits: {}, appLimit: 0 });
  alice = x.addUser({ username: 'alice', name: 'Alice A.' });
});

const app = (more = {}) => new TwitterApi(
  { clientId: x.clientId, clientSecret: x.clientSecret, ...more },
  { httpAgent: agent });

const userClient = (how) =>
  new TwitterApi(x.grant(alice, how).access_token, { httpAgent: agent });

const paramsOf = (url) => new URL(url).searchParams;

async function login(client = app(), user = alice) {
  const link = client.generateOAuth2AuthLink(CALLBACK, { scope: SCOPE });
  const landed = paramsOf(await x.consent(link.url, user));
  assert.equal(landed.get('state'), link.state);
  return client.loginWithOAuth2({
    code: landed.get('code'), codeVerifier: link.codeVerifier, redirectUri: CALLBACK,
  });
}

const refusal = (status, check = () => true) => (fault) => {
  assert.ok(fault instanceof ApiResponseError, String(fault));
  assert.equal(fault.code, status);
  check(fault);
  return true;
};

const tokenRefusal = (status, error, words) => refusal(status, (fault) => {
  assert.equal(fault.data.error, error);
  if (words) assert.match(fault.data.error_description, words);
});

// The OAuth way

test('a client links, asks who it is, posts, reads and deletes', async () => {
  const { client, accessToken, refreshToken, expiresIn, scope } = await login();
  assert.equal(expiresIn, 7200);
  assert.deepEqual(scope, SCOPE);
  assert.ok(accessToken.length > 80 && refreshToken.length > 80);
  const me = await client.v2.me();
  assert.deepEqual(me.data, { id: alice.id, name: 'Alice A.', username: 'alice' });
  const made = await client.v2.tweet('hello');
  assert.equal(made.data.text, 'hello');
  const page = await client.v2.userTimeline(alice.id);
  assert.deepEqual(page.tweets.map((t) => t.id), [made.data.id]);
  const gone = await client.v2.deleteTweet(made.data.id);
  assert.equal(gone.data.deleted, true);
  assert.equal((await client.v2.userTimeline(alice.id)).tweets.length, 0);
});

test('a code works once', async () => {
  const client = app();
  const link = client.generateOAuth2AuthLink(CALLBACK, { scope: SCOPE });
  const code = paramsOf(await x.consent(link.url, alice)).get('code');
  const exchange = () => client.loginWithOAuth2(
    { code, codeVerifier: link.codeVerifier, redirectUri: CALLBACK });
  await exchange();
  await assert.rejects(exchange(),
    tokenRefusal(400, 'invalid_request', /authorization code was invalid/));
});

test('a code with another verifier or redirect_uri is refused', async () => {
  for (const wrong of [{ codeVerifier: 'v'.repeat(64) }, { redirectUri: `${CALLBACK}/` }]) {
    const client = app();
    const link = client.generateOAuth2AuthLink(CALLBACK, { scope: SCOPE });
    const code = paramsOf(await x.consent(link.url, alice)).get('code');
    await assert.rejects(client.loginWithOAuth2({
      code, codeVerifier: link.codeVerifier, redirectUri: CALLBACK, ...wrong,
    }), tokenRefusal(400, 'invalid_request', /authorization code/));
  }
});

test('a code older than 30 seconds is refused', async () => {
  let now = Date.now();
  const old = await startFakeX({ redirectUris: [CALLBACK], now: () => now });
  const user = old.addUser({ username: 'bob' });
  const verifier = 'v'.repeat(43);
  const url = `${old.authorizeUrl}?${new URLSearchParams({
    response_type: 'code', client_id: 'test-client', redirect_uri: CALLBACK,
    scope: 'tweet.read', state: 's', code_challenge_method: 'S256',
    code_challenge: 'm5xBQPZOBhwUSCxTu-dTd3vO_OSUQe7lXyKGlWPUcKI',
  })}`;
  const code = paramsOf(await old.consent(url, user)).get('code');
  now += 31_000;
  const reply = await fetch(`${old.url}/2/oauth2/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa('test-client:test-secret')}` },
    body: new URLSearchParams({
      grant_type: 'authorization_code', code, redirect_uri: CALLBACK, code_verifier: verifier,
    }),
  });
  assert.equal(reply.status, 400);
  await old.close();
});

test('a refresh gives a new pair and spends the old refresh token', async () => {
  const { refreshToken } = await login();
  const fresh = await app().refreshOAuth2Token(refreshToken);
  assert.notEqual(fresh.refreshToken, refreshToken);
  assert.equal((await fresh.client.v2.me()).data.username, 'alice');
  await assert.rejects(app().refreshOAuth2Token(refreshToken),
    tokenRefusal(400, 'invalid_request', /token was invalid/));
  await app().refreshOAuth2Token(fresh.refreshToken);
});

test('a fresh consent ends the earlier grant of the same person', async () => {
  const first = await login();
  await login();
  await assert.rejects(first.client.v2.me(), refusal(401));
  await assert.rejects(app().refreshOAuth2Token(first.refreshToken),
    tokenRefusal(400, 'invalid_request'));
});

test('without offline.access there is no refresh token', async () => {
  const client = app();
  const link = client.generateOAuth2AuthLink(CALLBACK,
    { scope: ['tweet.read', 'users.read'] });
  const code = paramsOf(await x.consent(link.url, alice)).get('code');
  const login2 = await client.loginWithOAuth2(
    { code, codeVerifier: link.codeVerifier, redirectUri: CALLBACK });
  assert.equal(login2.refreshToken, undefined);
  await assert.rejects(login2.client.v2.tweet('no'), refusal(403));
});

test('a confidential client must authenticate by Basic with its secret', async () => {
  const wrong = tokenRefusal(401, 'unauthorized_client', /Missing valid authorization header/);
  const { refreshToken } = await login();
  await assert.rejects(app({ clientSecret: 'wrong' }).refreshOAuth2Token(refreshToken), wrong);
  await assert.rejects(app({ clientSecret: undefined }).refreshOAuth2Token(refreshToken), wrong);
});

test('a public client sends its id in the body', async () => {
  x.addClient({ id: 'native', redirectUris: [CALLBACK] });
  const native = app({ clientId: 'native', clientSecret: undefined });
  const { refreshToken } = await login(native);
  await native.refreshOAuth2Token(refreshToken);
});

test('a revoked token is dead, and so is its refresh token', async () => {
  const { client, accessToken, refreshToken } = await login();
  const answer = await app().revokeOAuth2Token(accessToken);
  assert.equal(answer.revoked, true);
  await assert.rejects(client.v2.me(), refusal(401));
  await assert.rejects(app().refreshOAuth2Token(refreshToken), tokenRefusal(400, 'invalid_request'));
});

test('an expired token is refused with about:blank and can be refreshed', async () => {
  const { client, refreshToken } = await login();
  x.expire(alice);
  await assert.rejects(client.v2.me(), refusal(401, (fault) => {
    assert.equal(fault.isAuthError, true);
    assert.equal(fault.data.type, 'about:blank');
  }));
  const fresh = await app().refreshOAuth2Token(refreshToken);
  assert.equal((await fresh.client.v2.me()).data.id, alice.id);
});

test('the consent page refuses what X would not show', async () => {
  const good = new URL(app().generateOAuth2AuthLink(CALLBACK, { scope: SCOPE }).url);
  const wrongs = {
    response_type: 'token',
    client_id: 'stranger',
    redirect_uri: `${CALLBACK}/other`,
    scope: 'tweet.read all.powers',
    state: 's'.repeat(501),
    code_challenge: 'short',
    code_challenge_method: 'plain',
  };
  for (const [name, value] of Object.entries(wrongs)) {
    const url = new URL(good);
    url.searchParams.set(name, value);
    await assert.rejects(x.consent(url.href, alice), /Something went wrong/, name);
  }
});

test('the consent page has buttons to allow and deny and a choice of people', async () => {
  x.addUser({ username: 'bob' });
  const plain = await startFakeX({ redirectUris: [CALLBACK] });
  plain.addUser({ username: 'carol' });
  const link = app().generateOAuth2AuthLink(CALLBACK, { scope: SCOPE });
  const page = await fetch(plain.authorizeUrl + new URL(link.url).search);
  const text = await page.text();
  assert.equal(page.status, 200);
  for (const part of ['id="allow"', 'id="deny"', '@carol']) assert.ok(text.includes(part), part);
  await plain.close();
});

test('a refusal by the person comes back as access_denied with the state', async () => {
  const link = app().generateOAuth2AuthLink(CALLBACK, { scope: SCOPE });
  const landed = paramsOf(await x.deny(link.url));
  assert.equal(landed.get('error'), 'access_denied');
  assert.equal(landed.get('state'), link.state);
  assert.equal(landed.get('code'), null);
});

// Posts

test('ids are snowflakes, unique and strictly rising', async () => {
  const client = userClient();
  const ids = [];
  for (let i = 0; i < 5; i += 1) ids.push((await client.v2.tweet(`post ${i}`)).data.id);
  const sorted = [...ids].sort((a, b) => (BigInt(a) < BigInt(b) ? -1 : 1));
  assert.deepEqual(ids, sorted);
  assert.equal(new Set(ids).size, 5);
  assert.ok(Math.abs(snowflakeTime(ids[0]) - Date.now()) < 5000);
});

test('the same text twice is a duplicate', async () => {
  const client = userClient();
  await client.v2.tweet('again');
  await assert.rejects(client.v2.tweet('again'), refusal(403, (fault) =>
    assert.match(fault.data.detail, /duplicate content/)));
  x.settings.duplicates = false;
  await client.v2.tweet('again');
  assert.equal(x.posted('again').length, 2);
  assert.equal(x.arrivals('again'), 3);
});

test('unknown members of the body are refused', async () => {
  await assert.rejects(userClient().v2.tweet('hi', { idempotency_key: '1' }),
    refusal(400, (fault) => assert.match(fault.data.type, /invalid-request$/)));
});

test('texts come back escaped and with t.co links', async () => {
  const client = userClient();
  const made = await client.v2.tweet('<a> & b https://example.com/x?y=1 end');
  assert.match(made.data.text, /^&lt;a&gt; &amp; b https:\/\/t\.co\/\w{10} end$/);
  const page = await client.v2.userTimeline(alice.id,
    { 'tweet.fields': ['entities', 'created_at'] });
  const [tweet] = page.tweets;
  assert.equal(tweet.text, made.data.text);
  assert.equal(tweet.entities.urls[0].expanded_url, 'https://example.com/x?y=1');
  assert.ok(tweet.created_at);
});

test('a text that is too long is not permitted', async () => {
  await assert.rejects(userClient().v2.tweet('x'.repeat(281)), refusal(403, (fault) =>
    assert.match(fault.data.detail, /not permitted/)));
});

test('posts are looked up by id, missing ones named in errors', async () => {
  const client = userClient();
  const made = await client.v2.tweet('one');
  const found = await client.v2.tweets([made.data.id, '20'],
    { 'tweet.fields': ['public_metrics'] });
  assert.equal(found.data.length, 1);
  assert.equal(found.data[0].public_metrics.like_count, 0);
  assert.match(found.errors[0].type, /resource-not-found$/);
});

test("another person's post cannot be deleted", async () => {
  const bob = x.addUser({ username: 'bob' });
  const post = x.postAs(bob, 'mine');
  await assert.rejects(userClient().v2.deleteTweet(post.id), refusal(403));
});

// Timeline

test('a timeline pages through, newest first', async () => {
  for (let i = 0; i < 12; i += 1) x.postAs(alice, `p${i}`);
  const pages = await userClient().v2.userTimeline(alice.id, { max_results: 5 });
  assert.equal(pages.tweets.length, 5);
  await pages.fetchLast(100);
  assert.deepEqual(pages.tweets.map((t) => t.text),
    Array.from({ length: 12 }, (_, i) => `p${11 - i}`));
});

test('since_id, start_time and exclude narrow a timeline', async () => {
  const client = userClient();
  const first = x.postAs(alice, 'first');
  x.postAs(alice, 'reply', { reply: { in_reply_to_tweet_id: first.id } });
  x.postAs(alice, 'last');
  const texts = async (how) =>
    (await client.v2.userTimeline(alice.id, how)).tweets.map((t) => t.text);
  assert.deepEqual(await texts({ since_id: first.id }), ['last', 'reply']);
  assert.deepEqual(await texts({ exclude: 'replies' }), ['last', 'first']);
  const future = new Date(Date.now() + 60_000).toISOString();
  assert.deepEqual(await texts({ start_time: future }), []);
  await assert.rejects(texts({ max_results: 4 }), refusal(400));
});

test('an empty timeline leaves data out', async () => {
  const page = await userClient().v2.userTimeline(alice.id);
  assert.equal(page.data.data, undefined);
  assert.equal(page.meta.result_count, 0);
});

test('a lagging timeline shows a post only later', async () => {
  const client = userClient();
  x.settings.lag = 300;
  await client.v2.tweet('late');
  assert.equal((await client.v2.userTimeline(alice.id)).tweets.length, 0);
  await new Promise((resolve) => { setTimeout(resolve, 350); });
  assert.equal((await client.v2.userTimeline(alice.id)).tweets.length, 1);
});

// Limits and faults

test('rate limits are told and kept', async () => {
  x.settings.limits = { 'POST /2/tweets': 2 };
  x.settings.appLimit = 50;
  const client = userClient();
  await client.v2.tweet('1');
  await client.v2.tweet('2');
  await assert.rejects(client.v2.tweet('3'), refusal(429, (fault) => {
    assert.equal(fault.rateLimitError, true);
    assert.equal(fault.rateLimit.limit, 2);
    assert.equal(fault.rateLimit.remaining, 0);
    assert.ok(fault.rateLimit.reset > Date.now() / 1000);
    assert.equal(fault.rateLimit.day.limit, 50);
  }));
  const bob = x.addUser({ username: 'bob' });
  const other = new TwitterApi(x.grant(bob).access_token, { httpAgent: agent });
  await other.v2.tweet('3');
});

test('every refusal by name reaches the client with its status', async () => {
  const client = userClient();
  for (const name of problemNames) {
    for (const [generation, table] of [['old', problems], ['new', newProblems]]) {
      x.fault({ match: { path: '/2/tweets' }, problem: name, generation });
      await assert.rejects(client.v2.tweet(`${name} ${generation}`),
        (fault) => fault.code === table[name].status, `${name} ${generation}`);
    }
  }
  assert.equal(x.posts.length, 0);
});

const withFault = async (fault) => {
  x.fault({ match: { method: 'POST', path: '/2/tweets', user: alice }, ...fault });
  return userClient().v2.tweet('struck').then(() => 'answered', (error) => error);
};

const cuts = [
  ['before-reading', 0, 0], ['after-reading', 1, 0],
  ['after-processing', 1, 1], ['mid-answer', 1, 1],
];
for (const [cut, arrivals, posts] of cuts) {
  test(`a connection cut ${cut} leaves ${posts} posts`, async () => {
    const outcome = await withFault({ cut });
    assert.ok(outcome instanceof Error && !(outcome instanceof ApiResponseError));
    assert.equal(x.arrivals('struck'), arrivals);
    assert.equal(x.posted('struck').length, posts);
    assert.equal(x.requests.length, 1);
  });
}

test('an answer can be replaced after the post was made', async () => {
  const outcome = await withFault({ problem: 'unavailable', process: true });
  assert.equal(outcome.code, 503);
  assert.equal(x.posted('struck').length, 1);
});

test('delays before and after processing are kept', async () => {
  for (const fault of [{ delay: 200 }, { delayAnswer: 200 }]) {
    x.settings.duplicates = false;
    const begun = Date.now();
    assert.equal(await withFault(fault), 'answered');
    assert.ok(Date.now() - begun >= 195);
  }
});

test('a fault strikes as often as it says, after as many as it says', async () => {
  const fault = x.fault({ match: { path: /^\/2\/users/ }, problem: 'internal', times: 2, after: 1 });
  const client = userClient();
  const outcomes = [];
  for (let i = 0; i < 4; i += 1) {
    outcomes.push(await client.v2.userTimeline(alice.id).then(() => 200, (e) => e.code));
  }
  assert.deepEqual(outcomes, [200, 500, 500, 200]);
  assert.equal(fault.hits, 2);
});

const raw = async (fault, signal) => {
  const plain = await startFakeX();
  const user = plain.addUser({ username: 'bob' });
  plain.fault({ match: { path: '/2/users/me' }, ...fault });
  try {
    const reply = await fetch(`${plain.url}/2/users/me`, {
      headers: { authorization: `Bearer ${plain.grant(user).access_token}` },
      redirect: 'manual',
      signal,
    });
    return { status: reply.status, headers: reply.headers, text: await reply.text() };
  } finally {
    await plain.close();
  }
};

test('answers can be HTML, half a JSON, a redirect, huge, slow or bare', async () => {
  assert.match((await raw({ html: true })).text, /<html>/);
  const half = await raw({ truncated: true });
  assert.ok(half.text.startsWith('{"data"') && !half.text.endsWith('}'));
  const moved = await raw({ redirect: 'http://127.0.0.1:1/' });
  assert.deepEqual([moved.status, moved.headers.get('location')], [302, 'http://127.0.0.1:1/']);
  assert.ok((await raw({ huge: 1_000_000 })).text.length > 1_000_000);
  assert.match((await raw({ slow: 1 })).text, /"bob"/);
  const bare = await raw({ problem: 'tooManyRequests', noRateHeaders: true });
  assert.deepEqual([bare.status, bare.headers.get('x-rate-limit-reset')], [429, null]);
  const more = await raw({ headers: { 'Retry-After': '7', 'x-rate-limit-limit': null } });
  assert.equal(more.headers.get('retry-after'), '7');
  assert.equal(more.headers.get('x-rate-limit-limit'), null);
});

test('a silent X never answers, and a lying length ends badly', async () => {
  await assert.rejects(raw({ silent: true }, AbortSignal.timeout(200)), /abort|timeout/i);
  await assert.rejects(raw({ contentLength: 9999 }));
  assert.equal((await raw({ contentLength: 3 })).text.length, 3);
});

test('HTTP/2 is spoken where it is asked for', async () => {
  const session = http2.connect(`https://localhost:${x.port}`, { ca: certificate.cert });
  const stream = session.request({ ':path': '/2/users/me' });
  const status = await new Promise((resolve, reject) => {
    stream.on('response', (headers) => resolve(headers[':status']));
    stream.on('error', reject);
  });
  stream.resume();
  session.destroy();
  assert.equal(status, 401);
  assert.equal(x.requests[0].httpVersion, '2.0');
});

test('requests are recorded with their person, times and outcome', async () => {
  await userClient().v2.tweet('noted');
  const [record] = x.find({ method: 'POST', path: '/2/tweets', user: 'alice' });
  assert.equal(record.json.text, 'noted');
  assert.equal(record.status, 201);
  assert.equal(record.outcome, 'answered');
  assert.ok(record.at <= record.endedAt);
});

test('alone and steered over JSON it plays the same', async () => {
  const child = spawn(process.execPath, [MAIN, '--user', 'dora'], { stdio: 'pipe' });
  try {
    const url = String(await new Promise((resolve) => { child.stdout.once('data', resolve); })).trim();
    const steer = async (call, body) => (await fetch(`${url}/_fake/${call}`,
      body ? { method: 'POST', body: JSON.stringify(body) } : {})).json();
    const { access_token: token } = await steer('grant', { user: 'dora' });
    await steer('faults', { match: { pattern: '^/2/tweets' }, problem: 'duplicate' });
    const post = () => fetch(`${url}/2/tweets`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: '{"text":"steered"}',
    });
    assert.equal((await post()).status, 403);
    assert.equal((await post()).status, 201);
    assert.deepEqual(await steer('arrivals?text=steered'), { arrivals: 2, posts: 1 });
    assert.equal((await steer('requests?user=dora')).length, 2);
  } finally {
    child.kill();
  }
});
