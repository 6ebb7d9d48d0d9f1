// Lists of tweets: orders, bounds of time, searches and their counts, each
// compared with what plain SQL or plain JavaScript says of the same rows.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { each, isJson, namesFaults } from '../support/checks.mjs';
import { db, quote, request, startInstance } from '../support/instance.mjs';
import { addAccount } from '../support/link.mjs';

const TIMES = ['scheduled_at', 'posted_at'];
const SORTS = ['-id', 'id', ...TIMES.flatMap((name) => [name, `-${name}`])];
const HOUR = 3_600_000;

let instance;
let anna;
let ben;
let rows; // as the API shows them, each by itself

const sql = (ms) => new Date(ms).toISOString().replace('T', ' ').slice(0, 19);
const iso = (ms) => `${new Date(ms).toISOString().slice(0, 19)}Z`;
const at = (time) => encodeURIComponent(time);
const ask = (query) => request(instance, 'GET', `/api/v1/tweets?${query}`);
const get = async (query) => isJson(await ask(query), 200, query);
const now = Math.floor(Date.now() / 1000) * 1000;

/** One row of each thing that a tweet can wait for or come to. */
const KINDS = [
  { status: 'pending' },
  { status: 'pending', scheduled_at: 2 },
  { status: 'pending', scheduled_at: -1 },
  { status: 'pending', scheduled_at: -3, late: 'held' },
  { status: 'pending', retry_at: 1, code: 'rate_limited', reason: 'Too Many Requests' },
  { status: 'posted', posted_at: -5, scheduled_at: -5, twitter_id: '1900000000000000001' },
  { status: 'posted', posted_at: -6, twitter_id: '1900000000000000002' },
  { status: 'posted' },
  { status: 'failed', scheduled_at: -2, code: 'tweet_refused', reason: 'No' },
  { status: 'failed', code: 'duplicate_content' },
  { status: 'failed', code: 'outcome_unknown', scheduled_at: -4 },
  { status: 'pending', draft: 1 },
  { status: 'pending', draft: 1, scheduled_at: 4, code: 'rate_limited' },
  { status: 'pending', scheduled_at: -1, retry_at: 2, code: 'rate_limited' },
  // held back no more
  { status: 'pending', retry_at: -1, code: 'x_unavailable' },
  { status: 'pending', scheduled_at: 3, retry_at: -2, code: 'x_unavailable' },
  { status: 'pending', scheduled_at: -2, retry_at: -1, code: 'x_unavailable' },
  // X didn't answer
  { status: 'pending', scheduled_at: -1, isOpen: true },
  { status: 'pending', isOpen: true },
];

async function fill() {
  const columns = ['twitter_account_id', 'content', 'created_at', 'status', 'scheduled_at',
    'posted_at', 'retry_at', 'late', 'code', 'reason', 'twitter_id', 'draft'];
  const values = Array.from({ length: 190 }, (_, i) => {
    const kind = { ...KINDS[i % KINDS.length] };
    // many of the same second, so that ids have to tell them apart
    for (const name of [...TIMES, 'retry_at']) {
      if (kind[name]) kind[name] = sql(now + (kind[name] * 10 + (i % 3) * Math.sign(kind[name])) * HOUR);
    }
    const row = { ...kind, twitter_account_id: i % 4 ? anna : ben, content: `row ${i} #${i % 7} @ben`,
      created_at: sql(now - (i % 20) * HOUR) };
    return `(${columns.map((name) => quote(row[name] ?? null)).join(', ')})`;
  });
  await db(instance, `INSERT INTO tweet (${columns.join(', ')}) VALUES ${values.join(', ')};
    INSERT INTO attempt (tweet_id, sent_at, look_at) SELECT id, ${quote(sql(now - HOUR))}, ${quote(sql(now + HOUR))}
    FROM tweet WHERE (id - 1) % ${KINDS.length} IN (${KINDS.flatMap((kind, i) => (kind.isOpen ? [i] : []))})`);
}

/** What the API shows of each tweet by itself. */
async function readRows() {
  const ids = await db(instance, 'SELECT id FROM tweet ORDER BY id');
  rows = await Promise.all(ids.map(async ({ id }) =>
    (await request(instance, 'GET', `/api/v1/tweets/${id}`)).json));
}

before(async () => {
  instance = await startInstance();
  anna = await addAccount(instance, { username: 'Anna' });
  ben = await addAccount(instance, { username: 'ben' });
  await fill();
  await readRows();
});
after(() => instance?.stop());

/** The ids that a list should have, by plain comparing. */
function wanted(sort, fits = () => true) {
  const name = sort.replace('-', '');
  const sign = sort.startsWith('-') ? -1 : 1;
  const key = (row) => (name === 'id' ? '' : row[name]);
  return rows.filter((row) => key(row) !== null && fits(row))
    .sort((a, b) => sign * (key(a).localeCompare(key(b)) || a.id - b.id)).map((row) => row.id);
}

async function walk(query) {
  const ids = [];
  let cursor = '';
  do {
    const json = await get(`${query}${cursor}`);
    ids.push(...json.tweets.map((row) => row.id));
    cursor = json.next_cursor && `&cursor=${encodeURIComponent(json.next_cursor)}`;
  } while (cursor);
  return ids;
}

test('a listed tweet says what the tweet by itself says', async () => {
  const { tweets } = await get('limit=50');
  const members = ['account_id', 'state', 'scheduled_at', 'posted_at', 'twitter_id', 'code',
    'reason', 'status', 'text', 'username', 'created_at'];
  for (const row of tweets) {
    const one = rows.find(({ id }) => id === row.id);
    for (const name of members) assert.equal(row[name], one[name], `${row.id} ${name}`);
  }
});

const STATES = ['posted', 'failed', 'unconfirmed', 'sending', 'unknown', 'draft', 'held',
  'held_back', 'pending', 'scheduled', 'due'];

const FILTERS = {
  '': () => true,
  'status=pending': (row) => row.status === 'pending',
  'status=posted': (row) => row.status === 'posted',
  'status=failed': (row) => row.status === 'failed',
  ...Object.fromEntries(STATES.map((state) => [`state=${state}`, (row) => row.state === state])),
  'code=tweet_refused': (row) => row.code === 'tweet_refused',
  'code=outcome_unknown': (row) => row.code === 'outcome_unknown',
  'code=rate_limited&status=pending': (row) => row.code === 'rate_limited',
  'code=rate_limited&state=draft': (row) => row.code === 'rate_limited' && row.state === 'draft',
  'code=x_unavailable&state=due': (row) => row.code === 'x_unavailable' && row.state === 'due',
  'code=x_unavailable&status=failed': () => false,
  'q=ROW%201': (row) => row.text.includes('row 1'),
  'q=row%201&state=held': (row) => row.text.includes('row 1') && row.state === 'held',
};

test('there are tweets in all states but one', () => {
  assert.deepEqual(STATES.filter((state) => !rows.some((row) => row.state === state)), ['sending']);
});

/** Each filter, for all accounts and for one. */
const ALL_FILTERS = Object.entries(FILTERS).flatMap(([query, fits]) =>
  [['', () => true], ['&account_id=', (row) => row.account_id === ben]]
    .map(([more, also]) => [query + more, (row) => fits(row) && also(row)]));

/** That each list in that order has the tweets, and the total, that it should. */
const leadsThroughAll = (sort) => each(ALL_FILTERS, async ([filter, fits]) => {
  const query = filter.replace(/account_id=$/, `account_id=${ben}`);
  const ids = wanted(sort, fits);
  assert.deepEqual(await walk(`sort=${sort}&limit=7&${query}`), ids, query);
  assert.equal((await get(`sort=${sort}&${query}`)).total, ids.length, query);
  const second = await get(`sort=${sort}&limit=7&page=2&${query}`);
  assert.deepEqual(second.tweets.map((row) => row.id), ids.slice(7, 14), query);
});

for (const sort of SORTS) {
  test(`each filter leads through all its tweets and counts them: ${sort}`,
    () => leadsThroughAll(sort));

  test(`from and to bound the time sorted by: ${sort}`, async () => {
    const name = sort.endsWith('id') ? 'created_at' : sort.replace('-', '');
    const known = [...new Set(rows.map((row) => row[name]).filter(Boolean))].sort();
    const [from, to] = [known[2], known[5]];
    const bounds = [
      [`from=${from}&to=${to}`, (time) => time >= from && time <= to],
      [`from=${to}`, (time) => time >= to],
      [`to=${from}`, (time) => time <= from],
      [`from=${to}&to=${to}`, (time) => time === to],
      [`from=${at(`${from.slice(0, 19)}+00:00`)}`, (time) => time >= from],
    ];
    await each(bounds, async ([query, fits]) => {
      const ids = wanted(sort, (row) => fits(row[name]));
      assert.ok(ids.length > 0);
      assert.deepEqual(await walk(`sort=${sort}&limit=4&${query}`), ids, query);
      assert.equal((await get(`sort=${sort}&${query}`)).total, ids.length, query);
      const held = wanted(sort, (row) => fits(row[name]) && row.status === 'posted');
      assert.equal((await get(`sort=${sort}&status=posted&${query}`)).total, held.length);
    });
  });
}

test('a page of any size holds what the filter leaves', async () => {
  const filters = Object.entries(FILTERS).filter(([query]) => /^(status|state=(due|posted|pending))/.test(query));
  const pages = SORTS.flatMap((sort) => filters.flatMap(([query, fits]) =>
    Array.from({ length: 50 }, (_, i) => [sort, query, i + 1, wanted(sort, fits)])));
  await each(pages, async ([sort, query, limit, ids]) => {
    const { tweets } = await get(`sort=${sort}&limit=${limit}&${query}`);
    assert.deepEqual(tweets.map(({ id }) => id), ids.slice(0, limit));
  });
});

test('#12 finds the tweet of that id, and texts that hold it', async () => {
  const [{ id }] = rows;
  const fits = (row) => row.id === 5 || row.text.includes('#5');
  assert.deepEqual(await walk('q=%235'), wanted('-id', fits));
  assert.ok((await walk(`q=%23${id}`)).includes(id));
  const far = await get('q=%23999999');
  assert.deepEqual([far.tweets, far.total], [[], 0]);
  await get('q=%23'); // a sign alone is a text
  await get('q=%2399999999999999999999');
});

test('@name finds the tweets of that account in any case, and texts that hold it', async () => {
  assert.deepEqual(await walk('q=@aNNa'), wanted('-id', (row) => row.account_id === anna));
  assert.equal((await get('q=@ANNA')).total, rows.filter((row) => row.account_id === anna).length);
  assert.equal((await get('q=@ann')).total, 0); // no part of a name
  assert.equal((await get('q=@ben')).total, rows.length); // all texts hold it
  assert.equal((await get('q=anna')).total, 0);
  assert.equal((await get(`q=@anna&state=held&account_id=${ben}`)).total, 0);
});

test('total=false leaves the count out and changes nothing else', async () => {
  await each(['', 'state=held', 'sort=-posted_at', 'q=row'], async (query) => {
    const { total, ...rest } = await get(`${query}&limit=3`);
    assert.ok(total > 0);
    assert.deepEqual(await get(`${query}&limit=3&total=false`), rest);
    assert.equal((await get(`${query}&total=true`)).total, total);
  });
});

test('a cursor works with the order that made it and no other', async () => {
  for (const sort of SORTS) {
    const { next_cursor: cursor } = await get(`sort=${sort}&limit=2`);
    await each(SORTS.filter((other) => other !== sort), async (other) => {
      const reply = await ask(`sort=${other}&cursor=${encodeURIComponent(cursor)}`);
      namesFaults(reply, '/cursor');
    });
  }
});

test('what cannot be meant is refused by name', () => each([
  ['sort=name', '/sort'], ['sort=--id', '/sort'], ['from=yesterday', '/from'],
  ['to=2026-13-01T00:00:00Z', '/to'], ['from=2026-01-01', '/from'], ['total=maybe', '/total'],
  ['from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z', '/to'],
  ['sort=id&cursor=7', '/cursor'], ['sort=id&cursor=id.', '/cursor'],
  ['sort=id&cursor=id.0', '/cursor'], ['sort=id&cursor=id.7.x', '/cursor'],
  ['sort=posted_at&cursor=posted_at.7', '/cursor'],
  ['sort=posted_at&cursor=posted_at.7.*', '/cursor'], ['cursor=-id.7', '/cursor'],
], async ([query, pointer]) => namesFaults(await ask(query), pointer)));

test('the Link header keeps order, bounds and code', async () => {
  const query = `code=tweet_refused&sort=-scheduled_at&from=${at(iso(now - 50 * HOUR))}&limit=2`;
  const reply = await ask(query);
  const { next_cursor: cursor } = isJson(reply, 200);
  const [, target] = /^<\?(.*)>; rel="next"$/.exec(reply.headers.link);
  const given = new URLSearchParams(target);
  for (const [name, value] of new URLSearchParams(query)) assert.equal(given.get(name), value, name);
  assert.equal(given.get('cursor'), cursor);
  isJson(await ask(target), 200);
});

test('tweets of other programs, whose status nobody knows, are found and counted, too', async () => {
  await db(instance, `INSERT INTO tweet (twitter_account_id, content, status, code, scheduled_at, posted_at)
    VALUES (${ben}, 'row 1 of another program @ben', 'archived', 'tweet_refused', ${quote(sql(now))}, NULL),
      (${ben}, 'row 2 @ben', NULL, NULL, NULL, ${quote(sql(now))}),
      (${anna}, 'row 3 @ben', 'a word', NULL, NULL, NULL)`);
  await readRows();
  assert.deepEqual(rows.slice(-3).map((row) => row.state), Array(3).fill('unconfirmed'));
  for (const sort of SORTS) await leadsThroughAll(sort);
});

test('the overview counts the same tweets', async () => {
  const { tweets } = isJson(await request(instance, 'GET', '/api/v1/monitoring'), 200);
  const count = (state) => rows.filter((row) => row.state === state).length;
  assert.deepEqual(tweets, Object.fromEntries(STATES.map((state) => [state, count(state)])));
  const stats = isJson(await request(instance, 'GET', '/api/v1/stats'), 200).tweets;
  assert.equal(stats.failed, rows.filter(({ status }) => status === 'failed').length);
});
