// What becomes of a tweet when X refuses, puts off, or says nothing clear.

import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

import { each, hasMembers, isError, isJson, isTime } from '../support/checks.mjs';
import { startFakeX } from '../support/fake-x/index.mjs';
import { seal } from '../support/fernet.mjs';
import { db } from '../support/instance.mjs';
import { isStatic } from '../support/paths.mjs';
import { Poster, TWEETS } from '../support/poster.mjs';

let p;

before(async () => { p = await Poster.start(); });
after(() => p?.stop());
beforeEach(() => p.x.clearFaults());

// [name of X's body, our status, our code, the tweet's status after]
const REFUSALS = [
  ['creditsDepleted', 503, 'credits_depleted', 'pending'],
  ['duplicate', 422, 'duplicate_content', 'failed'],
  ['duplicate187', 422, 'duplicate_content', 'failed'],
  ['notPermitted', 422, 'tweet_refused', 'failed'],
  ['cashtags', 422, 'tweet_refused', 'failed'],
  ['invalidRequest', 422, 'tweet_refused', 'failed'],
  ['suspended', 409, 'account_suspended', 'pending'],
  ['suspended64', 409, 'account_suspended', 'pending'],
  ['locked326', 409, 'account_locked', 'pending'],
  ['lockedWords', 409, 'account_locked', 'pending'],
  ['unsupportedAuthentication', 409, 'needs_reauth', 'pending'],
  ['oauth1Permissions', 409, 'grant_lacks_scope', 'pending'],
  ['missingScope', 409, 'grant_lacks_scope', 'pending'],
  ['automated226', 429, 'account_held_back', 'pending'],
  ['forbidden', 422, 'tweet_refused', 'failed'],
  // X says 403 to these, but they are limits of time and of the app.
  ['dailyLimit344', 429, 'rate_limited', 'pending'],
  ['clientNotEnrolled', 503, 'app_not_enrolled', 'pending'],
  ['userNotEnrolled', 503, 'app_not_enrolled', 'pending'],
  ['tooManyRequests', 429, 'rate_limited', 'pending'],
  ['rateLimit88', 429, 'rate_limited', 'pending'],
  ['usageCapped', 429, 'rate_limited', 'pending'],
  ['internal', 502, 'x_unavailable', 'pending'],
  ['unavailable', 502, 'x_unavailable', 'pending'],
  ['unavailableHtml', 502, 'x_unavailable', 'pending'],
  ['unavailableEmpty', 502, 'x_unavailable', 'pending'],
];

// X gives no words of its own with these.
const WORDLESS = ['unavailableHtml', 'unavailableEmpty'];

// Credits, caps and enrolment are the app's: such a refusal may hold back all
// accounts, so each is met by an instance of its own.
const APP_WIDE = ['creditsDepleted', 'clientNotEnrolled', 'userNotEnrolled', 'usageCapped'];

async function alone(name, check) {
  if (!APP_WIDE.includes(name)) return check(p);
  const own = await Poster.start();
  try {
    return await check(own);
  } finally {
    await own.stop();
  }
}

async function meets(on, { name, generation, status, code, state }) {
  const { text, tweet, id, user } = await on.ready();
  on.x.fault({ match: { ...TWEETS, user }, problem: name, generation, times: Infinity });
  const reply = await on.publish(tweet);
  const json = isError(reply, status, code);
  hasMembers(json, 'hint', ...(WORDLESS.includes(name) ? [] : ['reason']));
  if (reply.status === 429) assert.ok(Number(reply.headers['retry-after']) > 0, 'Retry-After');
  assert.equal((await on.show(tweet)).status, state);
  if (state === 'pending') await staysPut(on, { tweet, id, text });
  assert.equal(on.x.arrivals(text), 1);
}

// What X has put off, or may have done, is not tried again at once.
async function staysPut(on, { tweet, id }) {
  const run = await on.run({ account_id: id });
  assert.equal(run.total, 0);
  assert.equal((await on.show(tweet)).status, 'pending');
}

for (const [name, status, code, state] of REFUSALS) {
  for (const generation of ['old', 'new']) {
    test(`X's ${name} (${generation}) is ${status} ${code}, the tweet ${state}`, () =>
      alone(name, (on) => meets(on, { name, generation, status, code, state })));
  }
}

test("a refusal carries X's own words", async () => {
  const { tweet, user } = await p.ready();
  p.x.fault({ match: { ...TWEETS, user }, problem: 'duplicate' });
  const json = isError(await p.publish(tweet), 422, 'duplicate_content');
  assert.match(json.reason, /duplicate content/);
  assert.equal(json.retryable, false);
  isError(await p.publish(tweet), 409, 'failed_for_good');
  assert.equal(p.x.count({ ...TWEETS, user }), 1);
});

test('429 tells when, and the tweet knows it', async () => {
  const { tweet, id, user } = await p.ready();
  const reset = Math.floor(Date.now() / 1000) + 300;
  p.x.fault({
    match: { ...TWEETS, user },
    problem: 'tooManyRequests',
    headers: { 'x-rate-limit-limit': 100, 'x-rate-limit-remaining': 0, 'x-rate-limit-reset': reset },
  });
  const reply = await p.publish(tweet);
  const json = isError(reply, 429, 'rate_limited');
  assert.equal(json.retryable, true);
  const wait = Number(reply.headers['retry-after']);
  assert.ok(wait > 200 && wait <= 420, `Retry-After: ${wait}`);
  const { retry_at: at } = await p.show(tweet);
  isTime(at);
  assert.ok(Math.abs(Date.parse(at) / 1000 - reset) < 120, at);
  const run = await p.run({ account_id: id });
  assert.equal(run.total, 0);
  const held = run.held_back.find((h) => h.account_id === id);
  hasMembers(held, 'until', 'code');
  isTime(held.until);
});

test('429 without headers still says when', async () => {
  const { tweet, user } = await p.ready();
  p.x.fault({ match: { ...TWEETS, user }, problem: 'tooManyRequests', noRateHeaders: true });
  const reply = await p.publish(tweet);
  isError(reply, 429, 'rate_limited');
  assert.ok(Number(reply.headers['retry-after']) > 0);
  isTime((await p.show(tweet)).retry_at);
});

// Compressed answers, which nobody asked for

// Static programs have no brotli, and do not ask for it.
for (const encode of isStatic ? ['gzip', 'deflate'] : ['gzip', 'deflate', 'br']) {
  test(`an answer packed by ${encode} is read, of every call`, async () => {
    const good = await p.ready();
    await db(p.instance, `UPDATE twitter_account SET expires_at = '2020-01-01 00:00:00',
      username = '(unnamed) x' || id WHERE id = ${good.id}`);
    p.x.fault({ match: { user: good.user }, encode, times: Infinity });
    isJson(await p.publish(good.tweet), 200);
    assert.equal((await p.show(good.tweet)).twitter_id, p.x.posted(good.text)[0].id);
    const refused = await p.ready();
    p.x.fault({ match: { ...TWEETS, user: refused.user }, problem: 'locked326', encode });
    const json = isError(await p.publish(refused.tweet), 409, 'account_locked');
    assert.match(json.reason, /temporarily locked/);
  });
}

test('a timeline that comes packed is read', async () => {
  const { tweet, text, user } = await p.ready();
  p.x.fault({ match: { ...TWEETS, user }, cut: 'after-processing' });
  isError(await p.publish(tweet), 502, 'x_unavailable');
  p.x.fault({ match: { user }, encode: 'gzip', times: Infinity });
  await db(p.instance, `UPDATE attempt SET look_at = '2020-01-01 00:00:00' WHERE tweet_id = ${tweet}`);
  await p.run();
  assert.equal((await p.show(tweet)).status, 'posted');
  assert.equal(p.x.arrivals(text), 1);
});

test('an answer packed as nobody knows leaves the outcome unknown', async () => {
  const { tweet, text, user } = await p.ready();
  p.x.fault({ match: { ...TWEETS, user }, encode: 'rot13' });
  isError(await p.publish(tweet), 502, 'x_unavailable');
  isError(await p.publish(tweet), 409, 'being_posted');
  assert.equal(p.x.arrivals(text), 1);
});

// Retry-After, in the ways in which it is written

const later = (seconds) => new Date(Date.now() + seconds * 1000);
const pad = (n) => String(n).padStart(2, '0');
const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const FORMS = {
  'a number of seconds': () => '600',
  'a date': () => later(600).toUTCString(),
  'a date of RFC 850': () => {
    const [day, month, year, time] = later(600).toUTCString().slice(5).split(' ');
    return `${DAYS[later(600).getUTCDay()]}, ${day}-${month}-${year.slice(2)} ${time} GMT`;
  },
  'a date of asctime': () => {
    const [day, month, year, time] = later(600).toUTCString().slice(5).split(' ');
    return `${DAYS[later(600).getUTCDay()].slice(0, 3)} ${month} ${String(Number(day)).padStart(2)} ${time} ${year}`;
  },
  'a Unix time': () => String(Math.round(later(600) / 1000)),
  'a Unix time in milliseconds': () => String(Number(later(600))),
};

for (const [name, write] of Object.entries(FORMS)) {
  test(`Retry-After as ${name} is understood`, async () => {
    const { tweet, user } = await p.ready();
    p.x.fault({
      match: { ...TWEETS, user }, problem: 'tooManyRequests', noRateHeaders: true,
      headers: { 'retry-after': write() },
    });
    const reply = await p.publish(tweet);
    isError(reply, 429, 'rate_limited');
    const wait = Number(reply.headers['retry-after']);
    assert.ok(wait > 570 && wait <= 601, `${wait} s`);
    const left = (Date.parse((await p.show(tweet)).retry_at) - Date.now()) / 1000;
    assert.ok(left > 560 && left <= 601, `${left} s`);
  });
}

test('an absurd Retry-After is a day at most', async () => {
  await each(['99999999', later(1e9).toUTCString(), '99999999999999'], async (value) => {
    const { tweet, user } = await p.ready();
    p.x.fault({
      match: { ...TWEETS, user }, problem: 'tooManyRequests', noRateHeaders: true,
      headers: { 'retry-after': value },
    });
    const wait = Number((await p.publish(tweet)).headers['retry-after']);
    assert.ok(wait > 86_000 && wait <= 86_400, `${wait} s`);
  });
});

test('a 503 that says when it is over holds the account until then', async () => {
  const { tweet, user, id } = await p.ready();
  p.x.fault({ match: { ...TWEETS, user }, problem: 'unavailable', headers: { 'retry-after': '900' } });
  isError(await p.publish(tweet), 502, 'x_unavailable');
  const { hold_until: until } = await p.account(id);
  assert.ok(Date.parse(`${until}Z`) - Date.now() > 800_000, until);
});

test('a timeline that X limits is not asked again before its time', async () => {
  const { tweet, user, id } = await p.ready();
  p.x.fault({ match: { ...TWEETS, user }, cut: 'after-processing' });
  isError(await p.publish(tweet), 502, 'x_unavailable');
  const path = `/2/users/${user.id}/tweets`;
  p.x.fault({
    match: { path }, problem: 'tooManyRequests', noRateHeaders: true, times: Infinity,
    headers: { 'retry-after': '600' },
  });
  await db(p.instance, `UPDATE attempt SET look_at = '2020-01-01 00:00:00' WHERE tweet_id = ${tweet};
    UPDATE twitter_account SET x_user_id = '${user.id}' WHERE id = ${id}`);
  for (let i = 0; i < 3; i += 1) await p.run({ account_id: id });
  assert.equal(p.x.count({ path }), 1);
  assert.equal((await p.show(tweet)).status, 'pending');
});

// Tokens that are none

for (const [what, token] of [['nothing', ''], ['a blank', ' '], ['a line end', 'at\nX-A: b']]) {
  test(`a token that decrypts to ${what} is not sent`, async () => {
    const { tweet, id, user } = await p.ready();
    await db(p.instance, `UPDATE twitter_account SET access_token =
      '${seal(p.instance.encryptionKey, token)}' WHERE id = ${id}`);
    const before = p.x.requests.length;
    isError(await p.publish(tweet), 409, 'token_unreadable');
    assert.equal(p.x.requests.length, before);
    assert.equal((await p.show(tweet)).status, 'pending');
    const { status, code } = await p.account(id);
    assert.deepEqual([status, code], ['failed', 'token_unreadable'], user.username);
  });
}

test('a refresh token that decrypts to nothing is none', async () => {
  const { tweet, id } = await p.ready();
  await db(p.instance, `UPDATE twitter_account SET refresh_token =
    '${seal(p.instance.encryptionKey, '')}', expires_at = '2020-01-01 00:00:00' WHERE id = ${id}`);
  isJson(await p.publish(tweet), 200);
});

test('a tweet that surely never left is kept', async () => {
  const own = await Poster.start();
  try {
    const { tweet } = await own.ready();
    await own.x.close();
    const reply = await own.publish(tweet);
    isError(reply, 502, 'x_unavailable');
    assert.equal(reply.json.retryable, true);
    const shown = await own.show(tweet);
    assert.equal(shown.status, 'pending');
    isTime(shown.retry_at);
  } finally {
    await own.instance.stop();
  }
});

// Unknown outcomes

const UNKNOWN = [
  ['cut before an answer', { cut: 'after-processing' }, 'x_unavailable', 1],
  ['cut in the answer', { cut: 'mid-answer' }, 'x_unavailable', 1],
  ['cut before X looked at it', { cut: 'after-reading' }, 'x_unavailable', 0],
  ['an answer of HTML', { html: true, process: true }, 'x_unreadable', 1],
  ['half an answer', { truncated: true }, 'x_unreadable', 1],
  ['an answer without an id', { status: 201, body: '{"data":{}}', process: true }, 'x_unreadable', 1],
  ['a success that is an error', { status: 200, body: '{"errors":[]}', process: true }, 'x_unreadable', 1],
  ['a 503 though it was posted', { problem: 'unavailable', process: true }, 'x_unavailable', 1],
  ['a huge answer', { huge: 20_000_000, process: true }, 'x_unavailable', 1],
];

test('an unknown outcome is never sent again, and settled from the timeline', async () => {
  const cases = [];
  for (const [what, fault, code, made] of UNKNOWN) {
    const tweet = await p.ready();
    p.x.fault({ match: { ...TWEETS, user: tweet.user }, ...fault });
    isError(await p.publish(tweet.tweet), 502, code, what);
    assert.equal((await p.show(tweet.tweet)).status, 'pending', what);
    isError(await p.publish(tweet.tweet), 409, 'being_posted', what);
    cases.push({ ...tweet, what, made });
  }
  await sleep(5_500);
  await p.run();
  for (const { what, tweet, text, made } of cases) {
    const shown = await p.show(tweet);
    assert.equal(shown.status, made ? 'posted' : 'pending', what);
    if (made) assert.equal(shown.twitter_id, p.x.posted(text)[0].id, what);
    assert.equal(p.x.arrivals(text), 1, what);
  }
});

// Texts that X keeps, or lists, in another spelling
const SPELLINGS = {
  'line ends of Windows and of old': 'one\r\ntwo\rthree\n\r\nfour',
  'blanks around it': '  \u00a0 inside \u3000\r\n',
  'letters of two code points': 'cafe\u0301 A\u030a',
  'HTML in it': '1 < 2 && 3 > 2 &amp; &lt; &quot;',
  'links': 'see example.com, https://Example.com/A_b?x=1&amp;y=2 and http://example.org/#a.',
};

for (const [what, body] of Object.entries(SPELLINGS)) {
  test(`a lost answer to a text with ${what} is found on the timeline`, async () => {
    const { id, user } = await p.granted();
    const text = `${body}${user.username}${body}`;
    p.x.settings.trims = true;
    try {
      const tweet = await p.queue(id, text);
      p.x.fault({ match: { ...TWEETS, user }, cut: 'after-processing' });
      isError(await p.publish(tweet), 502, 'x_unavailable');
      await db(p.instance, `UPDATE attempt SET look_at = '2020-01-01 00:00:00'
        WHERE tweet_id = ${tweet}`);
      await p.run({ account_id: id });
      const shown = await p.show(tweet);
      assert.equal(shown.status, 'posted');
      assert.equal(shown.text, text, 'kept as it was given');
      assert.equal(p.x.count({ ...TWEETS, user }), 1);
    } finally {
      p.x.settings.trims = false;
    }
  });
}

test('a tweet that only looks like a post is not taken for it', async () => {
  const { id, user } = await p.granted();
  const texts = ['https://example.com/AbC', 'https://example.com/aBc'];
  p.x.postAs(user, texts[0]);
  const tweet = await p.queue(id, texts[1]);
  p.x.fault({ match: { ...TWEETS, user }, cut: 'after-reading' });
  isError(await p.publish(tweet), 502, 'x_unavailable');
  await db(p.instance, `UPDATE attempt SET look_at = '2020-01-01 00:00:00', since_id = NULL
    WHERE tweet_id = ${tweet}`);
  await p.run({ account_id: id });
  assert.equal((await p.show(tweet)).status, 'pending');
});

test('a redirect is not followed', async () => {
  const trap = await startFakeX();
  const { tweet, user } = await p.ready();
  p.x.fault({ match: { ...TWEETS, user }, redirect: `${trap.url}/2/tweets` });
  isError(await p.publish(tweet), 502, 'x_unreadable');
  assert.equal(trap.requests.length, 0);
  await trap.close();
});

test('a silent X ends in 504, and the tweet is not lost', async () => {
  const { tweet, text, user } = await p.ready();
  p.x.fault({ match: { ...TWEETS, user }, silent: true, process: true });
  const begun = Date.now();
  isError(await p.publish(tweet), 504, 'x_timeout');
  assert.ok(Date.now() - begun < 28_000);
  assert.equal((await p.show(tweet)).status, 'pending');
  assert.equal(p.x.arrivals(text), 1);
});

