// What a tweet waits for, made to happen for real, and shown wherever it shows.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import {
  each, isError, isJson, unique, until,
} from '../support/checks.mjs';
import { db, quote, request } from '../support/instance.mjs';
import { addTweet } from '../support/link.mjs';
import { Poster, TWEETS } from '../support/poster.mjs';

const STATES = ['pending', 'scheduled', 'due', 'held', 'held_back', 'sending', 'unknown',
  'posted', 'failed'];
const implied = (state) => (['posted', 'failed'].includes(state) ? state : 'pending');

let poster;
let instance;
const tweets = {}; // by state
const texts = {};
const seen = {};
let sending;

const get = async (query) =>
  isJson(await request(instance, 'GET', `/api/v1/tweets?${query}`), 200);

async function scheduled(accountId, ms, text) {
  const json = isJson(await poster.post('/api/v1/tweet', {
    account_id: accountId, text, scheduled_at: new Date(Date.now() + ms).toISOString(),
  }), 201);
  return json.tweet_id;
}

/** A request for each state that a tweet can be brought into. */
const MAKERS = {
  pending: async (text) => poster.queue((await poster.granted()).id, text),
  scheduled: async (text) => scheduled((await poster.granted()).id, 3_600_000, text),
  held: async (text) => {
    const { id } = await poster.granted();
    const tweet = await addTweet(instance, { accountId: id, text });
    await db(instance, `UPDATE tweet SET scheduled_at = datetime('now', '-2 hours')
      WHERE id = ${tweet}`);
    isJson(await poster.post('/api/v1/tick'), 200);
    return tweet;
  },
  held_back: async (text) => {
    const tweet = await poster.queue((await poster.granted()).id, text);
    const reset = Math.floor(Date.now() / 1000) + 900;
    poster.x.fault({
      match: { ...TWEETS, text }, problem: 'tooManyRequests',
      headers: { 'x-rate-limit-reset': String(reset) },
    });
    isError(await poster.publish(tweet), 429);
    return tweet;
  },
  unknown: async (text) => {
    const tweet = await poster.queue((await poster.granted()).id, text);
    poster.x.fault({ match: { ...TWEETS, text }, cut: 'after-reading' });
    isError(await poster.publish(tweet), 502);
    return tweet;
  },
  posted: async (text) => {
    const tweet = await poster.queue((await poster.granted()).id, text);
    isJson(await poster.publish(tweet), 200);
    return tweet;
  },
  failed: async (text) => {
    const tweet = await poster.queue((await poster.granted()).id, text);
    poster.x.fault({ match: { ...TWEETS, text }, problem: 'notPermitted' });
    isError(await poster.publish(tweet), 422);
    return tweet;
  },
  due: async (text) => scheduled((await poster.granted()).id, -1000, text),
  sending: async (text) => {
    const tweet = await poster.queue((await poster.granted()).id, text);
    poster.x.fault({ match: { ...TWEETS, text }, silent: true });
    sending = poster.publish(tweet);
    await until(() => poster.x.arrivals(text) === 1, 'the tweet at X');
    return tweet;
  },
};

before(async () => {
  poster = await Poster.start();
  ({ instance } = poster);
  for (const [state, make] of Object.entries(MAKERS)) {
    texts[state] = unique(state);
    tweets[state] = await make(texts[state]);
  }
  // all of this has to be seen while X is silent, which it is for 8 seconds
  const queries = [...STATES.map((state) => `state=${state}`), '', 'state=due&status=posted',
    'state=due&status=pending'];
  const [shown, listed] = await Promise.all([
    Promise.all(STATES.map((state) => poster.show(tweets[state]))),
    Promise.all(queries.map(get)),
  ]);
  STATES.forEach((state, i) => { seen[state] = { shown: shown[i], listed: listed[i] }; });
  [seen.all, seen.clash, seen.both] = listed.slice(STATES.length);
});

after(async () => {
  await sending;
  await poster?.stop();
});

test('each state is shown with the tweet', () => each(STATES, (state) => {
  const shown = seen[state].shown;
  assert.deepEqual([shown.state, shown.status], [state, implied(state)]);
}));

test('each state can be filtered by, and is counted', () => each(STATES, (state) => {
  const { tweets: rows, total } = seen[state].listed;
  assert.equal(total, 1);
  assert.deepEqual(rows.map((row) => [row.id, row.state, row.status, row.text]),
    [[tweets[state], state, implied(state), texts[state]]]);
}));

test('each state is shown in the list of all', () => {
  assert.equal(seen.all.total, STATES.length);
  assert.deepEqual(new Map(seen.all.tweets.map((row) => [row.id, row.state])),
    new Map(seen.all.tweets.map(({ id }) =>
      [id, STATES.find((state) => tweets[state] === id)])));
});

test('status and state must both hold', () => {
  assert.deepEqual([seen.clash.total, seen.clash.tweets, seen.clash.next_cursor], [0, [], null]);
  assert.equal(seen.both.total, 1);
});

test('a state that there is not is refused', async () => {
  for (const state of ['Due', 'active', 'due,held', 'due&state=held']) {
    isError(await request(instance, 'GET', `/api/v1/tweets?state=${state}`), 400);
  }
});

test('a tweet whose sender died is unknown, not sending, before any run', async () => {
  const { id } = await poster.granted();
  const tweet = await addTweet(instance, { accountId: id, text: unique('orphan') });
  await db(instance, `INSERT INTO attempt (tweet_id, sent_at) VALUES (${tweet}, datetime('now'));
    UPDATE twitter_account SET lease_holder = 'gone/1',
    lease_until = datetime('now', '-1 seconds') WHERE id = ${id}`);
  assert.equal((await poster.show(tweet)).state, 'unknown');
});

test('what is unknown becomes posted or unconfirmed', async () => {
  await db(instance, `UPDATE attempt SET look_at = datetime('now', '-1 seconds'),
    sent_at = datetime('now', '-200 seconds') WHERE tweet_id = ${tweets.unknown}`);
  isJson(await poster.post('/api/v1/tick'), 200);
  const shown = await poster.show(tweets.unknown);
  assert.deepEqual([shown.state, shown.code], ['unconfirmed', 'outcome_unknown']);
});

// Text search

const SEARCHED = ['100% sure', '100 percent', 'snake_case', 'snakeXcase', 'back\\slash',
  'Mixed CASE words', "quote's", 'ümlaut Ünd', 'two\nlines', '<b>&amp;</b>', '*?[a-z]'];
const SEARCHES = [
  ['100%', [0]],
  ['%', [0]],
  ['_', [2]],
  ['e_c', [2]],
  ['\\', [4]],
  ['\\s', [4]],
  ['\\_', []],
  ['mixed case', [5]],
  ['MIXED', [5]],
  ["'", [6]],
  ["' OR 1=1 --", []],
  ['ümlaut', [7]],
  ['two\nlines', [8]],
  ['&amp;', [9]],
  ['*', [10]],
  ['?', [10]],
  ['[a-z]', [10]],
  ['e', [0, 1, 2, 3, 5, 6, 8]],
  ['nothing like it', []],
  ['x'.repeat(1024), []],
];

test('q finds a text literally, in any case of ASCII', async () => {
  const { id } = await poster.granted();
  const ids = [];
  for (const text of SEARCHED) ids.push(await addTweet(instance, { accountId: id, text }));
  await each(SEARCHES, async ([q, found]) => {
    const list = await get(`account_id=${id}&q=${encodeURIComponent(q)}`);
    assert.deepEqual(list.tweets.map((row) => row.text), found.map((i) => SEARCHED[i]).reverse());
    assert.equal(list.total, found.length);
  });
  const narrowed = await get(`q=case&state=pending&account_id=${id}`);
  assert.equal(narrowed.total, 3);
  assert.equal((await get(`q=case&state=posted&account_id=${id}`)).total, 0);
});

test('a search that cannot be meant is refused', async () => {
  await each([`q=${'x'.repeat(1025)}`, 'q=%ff', 'q=a&q=b', 'limit=0', 'limit=51',
    'limit=-1', 'limit=1.5', 'limit=x', 'cursor=0', 'cursor=-1', 'cursor=x',
    'cursor=9223372036854775808', 'page=0'], async (query) => {
    isError(await request(instance, 'GET', `/api/v1/tweets?${query}`), 400);
  });
});

// Pages

const linkOf = (reply) => /^<([^>]*)>; rel="next"$/.exec(reply.headers.link ?? '')?.[1];

/** Walks from page to page by what `next` reads; calls `between` after each. */
async function walk(query, next, between = () => {}) {
  const ids = [];
  let at = query;
  while (at !== null) {
    const reply = await request(instance, 'GET', `/api/v1/tweets${at}`);
    const json = isJson(reply, 200);
    ids.push(...json.tweets.map((row) => row.id));
    at = next(reply, json);
    await between(json);
  }
  return ids;
}

async function fill(count, what = "'pending'") {
  const { id } = await poster.granted();
  await db(instance, `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n
      WHERE i < ${count})
    INSERT INTO tweet (twitter_account_id, content, status)
    SELECT ${id}, 'row ' || i, ${what} FROM n`);
  const rows = await db(instance, `SELECT id FROM tweet WHERE twitter_account_id = ${id}
    ORDER BY id DESC`);
  return { id, ids: rows.map((row) => row.id) };
}

test('cursors visit each of 1,000 tweets once while new ones arrive', async () => {
  const { id, ids } = await fill(1000);
  let pages = 0;
  const walked = await walk(`?account_id=${id}`, (reply, json) => {
    pages += 1;
    assert.ok(json.total >= 1000);
    assert.equal(linkOf(reply), json.next_cursor === null ? undefined
      : `?account_id=${id}&cursor=${json.next_cursor}`);
    return json.next_cursor && `?account_id=${id}&cursor=${json.next_cursor}`;
  }, () => addTweet(instance, { accountId: id, text: unique('new') }));
  assert.deepEqual(walked, ids);
  assert.equal(pages, 20);
});

test('the Link header leads through all pages with the filters kept', async () => {
  const { id, ids } = await fill(107, "CASE i % 3 WHEN 0 THEN 'posted' ELSE 'pending' END");
  const statuses = await db(instance, `SELECT id, status FROM tweet
    WHERE twitter_account_id = ${id}`);
  const pending = ids.filter((n) => statuses.find((row) => row.id === n).status === 'pending');
  const queries = ['', '&limit=1', '&limit=7', '&limit=50'];
  for (const query of queries) {
    const walked = await walk(`?account_id=${id}&status=pending&q=row%20&api_key=x${query}`,
      (reply) => linkOf(reply) ?? null);
    assert.deepEqual(walked, pending, query);
  }
  const byState = await walk(`?state=posted&account_id=${id}&limit=10`,
    (reply) => linkOf(reply) ?? null);
  assert.deepEqual(byState, ids.filter((n) => !pending.includes(n)));
});

test('a key in the query does not come back in the Link', async () => {
  const reply = await request(instance, 'GET', `/api/v1/tweets?limit=1&api_key=${instance.key}`,
    { key: null });
  isJson(reply, 200);
  assert.ok(linkOf(reply));
  assert.ok(!reply.headers.link.includes(instance.key));
});

test('what stands in a filter cannot end the Link', async () => {
  const { id } = await fill(2, "'pending'");
  await db(instance, `UPDATE tweet SET content = ${quote('a>; rel="x",<b&c=d#é')}
    WHERE twitter_account_id = ${id}`);
  const q = encodeURIComponent('>; rel="x",<b&c=d#é');
  const walked = await walk(`?limit=1&account_id=${id}&q=${q}`, (reply) => linkOf(reply) ?? null);
  assert.equal(walked.length, 2);
});

test('limit and page go together; a cursor that is past the end is empty', async () => {
  const { id, ids } = await fill(25);
  const pages = [];
  for (const page of [1, 2, 3, 4]) {
    const json = await get(`account_id=${id}&limit=10&page=${page}`);
    assert.equal(json.total, 25);
    pages.push(json.tweets.map((row) => row.id));
    assert.equal(json.next_cursor === null, page > 2, `page ${page}`);
  }
  assert.deepEqual(pages, [ids.slice(0, 10), ids.slice(10, 20), ids.slice(20), []]);
  const end = await get(`account_id=${id}&cursor=1`);
  assert.deepEqual([end.tweets, end.next_cursor, end.total], [[], null, 25]);
  const exact = await get(`account_id=${id}&limit=25`);
  assert.deepEqual([exact.tweets.length, exact.next_cursor], [25, null]);
});

test('a tweet that is deleted under the cursor skips none', async () => {
  const { id, ids } = await fill(30);
  const first = await get(`account_id=${id}&limit=10`);
  await db(instance, `DELETE FROM tweet WHERE id IN (${first.next_cursor}, ${ids[12]})`);
  const rest = await walk(`?account_id=${id}&limit=10&cursor=${first.next_cursor}`,
    (reply) => linkOf(reply) ?? null);
  assert.deepEqual(rest, ids.slice(10).filter((n) => n !== ids[12]));
});
