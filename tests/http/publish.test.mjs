// Posting one tweet to the fake X: once, by whom, with which token.

import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';

import {
  each, holdsNone, isError, isJson, isTime, unique, until,
} from '../support/checks.mjs';
import { unseal } from '../support/fernet.mjs';
import { db, request } from '../support/instance.mjs';
import { addAccount, addTweet, link } from '../support/link.mjs';
import { Poster, TWEETS } from '../support/poster.mjs';

let p;

before(async () => { p = await Poster.start(); });
after(() => p?.stop());
beforeEach(() => p.x.clearFaults());

// One tweet

test('a tweet is posted once, as it is', async () => {
  const { user, text, tweet, grant } = await p.ready();
  const json = isJson(await p.publish(tweet), 200);
  assert.equal(typeof json.message, 'string');
  assert.equal(json.tweet_id, tweet);
  const [made] = p.x.posted(text);
  assert.equal(json.twitter_id, made.id);
  assert.equal(made.userId, user.id);
  const shown = await p.show(tweet);
  assert.deepEqual([shown.status, shown.twitter_id], ['posted', made.id]);
  isTime(shown.posted_at);
  assert.ok(shown.mock !== true);
  const sent = p.x.find({ ...TWEETS, user }).at(-1);
  assert.equal(sent.headers.authorization, `Bearer ${grant.access_token}`);
  assert.match(sent.headers['content-type'], /^application\/json/);
  assert.deepEqual(sent.json, { text });
});

test('the text reaches X exactly as it was given', async () => {
  const { id } = await p.granted();
  const texts = ['e\u0301 & <b> "q" \\ 👩‍👩‍👧‍👦', ' blanks \n and\r\nlines\t',
    '漢字 https://example.com/?a=1&b=2'];
  await each(texts, async (text) => {
    isJson(await p.publish(await p.queue(id, text)), 200);
    assert.equal(p.x.arrivals(text), 1);
  });
});

test('a linked account posts', async () => {
  const { json } = await link(p.instance, p.x, p.x.addUser({ username: unique('linked') }));
  isJson(await p.publish(await p.queue(json.account_id, unique('linked'))), 200);
});

test('a posted tweet is not posted again', async () => {
  const { text, tweet } = await p.ready();
  await p.publish(tweet);
  isError(await p.publish(tweet), 409);
  assert.equal(p.x.arrivals(text), 1);
});

test('a tweet that is not there is not found', async () => {
  isError(await p.publish(999_999), 404);
});

test('of many requests to post one tweet one posts', async () => {
  const { text, tweet } = await p.ready();
  p.x.fault({ match: { ...TWEETS, text }, delay: 300 });
  const replies = await Promise.all(Array.from({ length: 6 }, () => p.publish(tweet)));
  assert.deepEqual(replies.map((r) => r.status).sort(), [200, 409, 409, 409, 409, 409]);
  assert.equal(p.x.arrivals(text), 1);
});

test('while a tweet is under way it is neither deleted nor sent twice', async () => {
  const { text, tweet, id } = await p.ready();
  const fault = p.x.fault({ match: { ...TWEETS, text }, held: true });
  const running = p.publish(tweet);
  await until(() => p.x.arrivals(text) > 0, 'the post to reach X');
  isError(await request(p.instance, 'DELETE', `/api/v1/tweets/${tweet}`), 409);
  const [again, run] = [p.publish(tweet), p.run({ account_id: id })]; // which wait
  fault.release();
  isError(await again, 409);
  assert.equal((await run).total, 0);
  isJson(await running, 200);
  assert.equal(p.x.arrivals(text), 1);
});

// Accounts that cannot

test('an account that is not active does not post', async () => {
  await each(['suspended', 'failed', 'inactive'], async (status) => {
    const { id, text, tweet } = await p.ready();
    await db(p.instance, `UPDATE twitter_account SET status = '${status}' WHERE id = ${id}`);
    isError(await p.publish(tweet), 409);
    assert.equal(p.x.arrivals(text), 0);
    assert.equal((await p.show(tweet)).status, 'pending');
  });
});

test('an OAuth 1.0a account is refused in words', async () => {
  const id = await addAccount(p.instance, { username: unique('old'), secret: 'token-secret' });
  const text = unique('old');
  const tweet = await addTweet(p.instance, { accountId: id, text });
  const json = isError(await p.publish(tweet), 409, 'oauth1_unsupported');
  assert.match(json.error, /OAuth 1\.0a/);
  const run = await p.run({ account_id: id });
  assert.equal(run.posted, 0);
  assert.equal(p.x.arrivals(text), 0);
});

test('an undecryptable token fails the account, and is never sent', async () => {
  const sealed = 'gAAAAABnotatokenatall';
  for (const sealedAccess of [sealed, '', 'plain-token', sealed.repeat(10)]) {
    const id = await addAccount(p.instance, { username: unique('broken'), sealedAccess });
    const text = unique('broken');
    const before = p.x.requests.length;
    const reply = await p.publish(await addTweet(p.instance, { accountId: id, text }));
    isError(reply, [409, 500]);
    assert.equal((await p.account(id)).status, 'failed', sealedAccess);
    assert.equal(p.x.requests.length, before);
  }
});

// Tokens

test('an expired token is refreshed and the new pair kept', async () => {
  const { user, id, text, tweet, grant } = await p.ready();
  p.x.expire(user);
  isJson(await p.publish(tweet), 200);
  assert.equal(p.x.posted(text).length, 1);
  const row = await p.account(id);
  const [access, refresh] = [row.access_token, row.refresh_token]
    .map((sealed) => unseal(p.instance.encryptionKey, sealed));
  assert.notEqual(access, grant.access_token);
  assert.equal(p.x.state.access.get(access).userId, user.id);
  assert.equal(p.x.state.refresh.get(refresh).spent, false);
  assert.equal(row.status, 'active');
});

test('a refresh that failed for the moment is tried again when X rejects the old token', async () => {
  const { user, id, tweet, text } = await p.ready();
  // still good by its time, so the tweet is tried with it; X knows better
  await db(p.instance, `UPDATE twitter_account SET expires_at = datetime('now', '+100 seconds') WHERE id = ${id}`);
  p.x.expire(user);
  p.x.fault({ match: { path: '/2/oauth2/token', user }, status: 503, times: 1 });
  isJson(await p.publish(tweet), 200);
  assert.equal(p.x.posted(text).length, 1);
  assert.equal((await p.account(id)).status, 'active');
  assert.equal(p.x.count({ path: '/2/oauth2/token', user }), 2);
});

test('many tweets of an expired account refresh once', async () => {
  const { user, id } = await p.granted();
  p.x.expire(user);
  const tweets = [];
  for (let i = 0; i < 4; i += 1) tweets.push(await p.queue(id, unique('many')));
  const replies = await Promise.all(tweets.map((tweet) => p.publish(tweet)));
  for (const reply of replies) assert.ok([200, 409, 429, 503].includes(reply.status), reply.text);
  await p.pending({ account_id: id });
  assert.equal(p.x.count({ path: '/2/oauth2/token', user }), 1);
  assert.equal(p.x.posts.filter((made) => made.userId === user.id).length, 4);
});

const needsReauth = async ({ id, tweet }) => {
  const json = isError(await p.publish(tweet), 409, 'needs_reauth');
  assert.equal(json.retryable, false);
  const run = await p.run({ account_id: id });
  assert.equal(run.posted, 0);
  return { run, isNamed: ({ account_id: other }) => other === id };
};

test('a grant that is gone needs the person', async () => {
  const tweet = await p.ready();
  p.x.revoke(tweet.user);
  const { run, isNamed } = await needsReauth(tweet);
  assert.ok(run.blocked.some(isNamed), JSON.stringify(run));
  assert.equal(p.x.posted(tweet.text).length, 0);
});

test('a 401 even after a refresh needs the person', async () => {
  const tweet = await p.ready();
  p.x.fault({ match: { ...TWEETS, user: tweet.user }, problem: 'unauthorized', times: Infinity });
  const { run, isNamed } = await needsReauth(tweet);
  // X has had outages of this kind, so it may be tried again later.
  assert.ok([...run.blocked, ...run.held_back].some(isNamed), JSON.stringify(run));
});

test('a 401 with no refresh token needs the person', async () => {
  const tweet = await p.ready({ scope: 'tweet.read tweet.write users.read' });
  p.x.expire(tweet.user);
  const { run, isNamed } = await needsReauth(tweet);
  assert.ok(run.blocked.some(isNamed), JSON.stringify(run));
});

test('wrong credentials of the app do not condemn the account', async () => {
  const own = await Poster.start(); // they may hold back all its accounts
  try {
    const { user, id, tweet } = await own.ready();
    own.x.expire(user);
    own.x.fault({ match: { path: '/2/oauth2/token' }, problem: 'unauthorizedClient', times: Infinity });
    const reply = await own.publish(tweet);
    assert.ok(reply.status >= 400, reply.text);
    assert.notEqual(reply.json.code, 'needs_reauth');
    assert.equal((await own.account(id)).status, 'active');
    assert.equal((await own.show(tweet)).status, 'pending');
  } finally {
    await own.stop();
  }
});

test('needs_reauth ends when the person consents again', async () => {
  const { user, id, tweet, text } = await p.ready();
  p.x.revoke(user);
  isError(await p.publish(tweet), 409, 'needs_reauth');
  isJson(await link(p.instance, p.x, user, `?account_id=${id}`), 200);
  await p.publish(tweet);
  await p.pending({ account_id: id });
  assert.equal(p.x.posted(text).length, 1);
});

test('no refusal and no log shows a token', async () => {
  const { tweet, grant, user } = await p.ready();
  p.x.fault({
    match: { ...TWEETS, user },
    status: 403,
    body: JSON.stringify({ title: 'Forbidden', detail: `Bearer ${grant.access_token} is bad` }),
  });
  const reply = await p.publish(tweet);
  const secrets = {
    'access token': grant.access_token, 'refresh token': grant.refresh_token,
    'API key': p.instance.key, 'client secret': p.x.clientSecret,
  };
  holdsNone(p.instance.logText(), secrets, 'a log');
  holdsNone(reply.text, secrets, 'the reply');
});
