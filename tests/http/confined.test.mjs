// Keys confined to accounts: to them, other accounts and their tweets do not
// exist. Two instances answer the same calls; in one of them there is an account
// more, and the replies are the same.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { isJson } from '../support/checks.mjs';
import {
  COMMON, makeKey, MISSING, OTHER, OWN, SECOND, SECRETS, startPair, tweetsOf,
} from '../support/confined.mjs';
import { db, request } from '../support/instance.mjs';
import { operations } from '../support/openapi.mjs';

const SCOPES = ['read', 'write', 'publish', 'tick'];
const ACCOUNTS = [OWN, SECOND, OTHER, MISSING];
const TWEETS = [...[OWN, OTHER].flatMap((id) => tweetsOf(id).filter((_, i) => i % 2 === 0)),
  ...tweetsOf(SECOND).slice(5, 9), 5, 999_999_999];
const KEYS = { one: [OWN], two: [OWN, SECOND] };

const query = (fields) => new URLSearchParams(fields).toString();
const later = '2099-06-01T10:00:00Z';

// What is asked beside the ids of the path, call by call: [query, body].
const LISTS = [
  {}, { limit: 3 }, { limit: 3, page: 2 }, { limit: 4, page: 9 }, { total: 'false' },
  ...['-id', 'id', 'scheduled_at', '-scheduled_at', 'posted_at', '-posted_at']
    .map((sort) => ({ sort, limit: 7 })),
  ...['pending', 'posted', 'failed'].map((status) => ({ status, limit: 1 })),
  ...['posted', 'failed', 'unconfirmed', 'sending', 'unknown', 'draft', 'held', 'held_back', 'pending',
    'scheduled', 'due'].flatMap((state) => [{ state, limit: 1 }, { state, sort: 'scheduled_at' }]),
  ...['tweet_refused', 'rate_limited', 'x_unavailable', 'outcome_unknown'].map((code) => ({ code })),
  ...['writes', 'hidden', '@zz_hidden', '@own_two', `#${tweetsOf(OTHER)[0]}`, `#${tweetsOf(OWN)[0]}`]
    .map((q) => ({ q })),
  { from: '2026-01-01T00:00:00Z', to: '2026-12-31T00:00:00Z' },
  ...ACCOUNTS.flatMap((id) => [{}, { status: 'failed' }, { state: 'due' }, { q: 'writes' }, { code: 'rate_limited' }]
    .map((more) => ({ account_id: id, ...more }))),
  ...ACCOUNTS.map((id) => ({ cursor: Buffer.from(`-id ${id}`).toString('base64url') })),
].map((fields) => [query(fields)]);

const ASKED = {
  'GET /accounts': [{}, { limit: 1 }, { limit: 2, sort: 'id' }, { q: 'hidden' }, { q: 'own' }, { status: 'active' },
    { status: 'failed' }, ...['-id', 'id', 'username', '-username', 'status', '-status'].map((sort) => ({ sort })),
    { sort: 'username', limit: 1 }].map((fields) => [query(fields)]),
  'GET /tweets': LISTS,
  'GET /stats/daily': [[''], ['days=366']],
  'GET /monitoring/alerts': [[''], ['status=all']],
  'POST /tweet': ACCOUNTS.flatMap((id) => [
    ['', { account_id: id, text: 'new' }], ['dry_run', { account_id: id, text: 'tried' }],
    ['', { account_id: id, text: COMMON }], ['', { account_id: id, text: `again ${id}` }],
    ['', { account_id: id, text: `again ${id}`, nothing: 1 }], ['', { account_id: id, text: '' }],
    ['', { account_id: id, text: 'timed', scheduled_at: later }], ['', { account_id: id, draft: true }],
  ]),
  'PATCH /tweets/{id}': [['', {}], ['', { text: COMMON }], ['', { scheduled_at: later }],
    ['', { draft: true }], ['', { draft: false }], ['', { text: '' }]],
  'POST /tweets/{id}/resolve': [['', {}], ['', { posted: true, twitter_id: '987654900000' }], ['', { posted: false }]],
  'POST /tweets/retry': [['', {}], ...ACCOUNTS.map((id) => ['', { account_id: id, code: 'x_unavailable' }])],
  'POST /tweets/bulk': ['retry', 'release', 'post', 'delete'].map((action) => ['', {
    action, ids: [tweetsOf(OWN)[3], ...tweetsOf(OTHER), 999_999_999],
  }]),
  'POST /tweets/cleanup': [[{}], ...ACCOUNTS.map((id) => [{ account_id: id, statuses: ['failed'] }]),
    [{ days_old: 1 }], [{ statuses: ['posted'] }]].flatMap(([body]) => [['', { ...body, dry_run: true }], ['', body]]),
  'POST /tweets/post-pending': [...ACCOUNTS.map((id) => ['', { account_id: id, limit: 1 }]), ['', { limit: 1 }], ['', {}]],
  'PATCH /monitoring/alerts/{id}': [['', { snoozed_until: null }]],
  'POST /mock-mode': [['', { enabled: true }]],
  'GET /auth/twitter': [[''], ...ACCOUNTS.map((id) => [query({ account_id: id })])],
  'POST /accounts/cleanup': [['', { statuses: ['active'], dry_run: true }]],
  'POST /keys': [['', { name: 'More', scopes: ['admin'] }], ['', { name: 'Same', scopes: ['read'], account_ids: [OTHER] }]],
  'PATCH /keys/{id}': [['', { account_ids: null }]],
};

// First what only reads, then what changes, last what deletes.
const ORDER = ['GET', 'PATCH', 'POST', 'DELETE'];
const rank = ({ method, path }) =>
  ORDER.indexOf(method.toUpperCase()) + (/cleanup|bulk/.test(path) ? 2 : 0);
const keyed = operations.filter(({ operation }) => operation.security.length)
  .sort((a, b) => rank(a) - rank(b));

const idsOf = (path) => {
  if (!path.includes('{id}')) return [''];
  if (path.includes('/accounts/')) return ACCOUNTS;
  return path.includes('/tweet') ? TWEETS : [1, 2, MISSING];
};

/** Every call that a caller can make: [{ name, method, target, body }]. */
const CALLS = keyed.flatMap(({ name, method, path }) => idsOf(path).flatMap((id) =>
  (ASKED[name.replace('/api/v1', '')] ?? [['']])
    .map(([search, body]) => ({
      name,
      method: method.toUpperCase(),
      target: path.replace('{id}', id) + (search && `?${search}`),
      body: body ?? (['post', 'patch'].includes(method) ? {} : undefined),
    }))));

/** When a tag ends by its own word, if that is not at once. */
function endOf(etag = '') {
  const end = Number(/\.(\d+)"/.exec(etag)?.[1] ?? 0);
  return end > Date.now() / 1000 + 60 ? end : 0;
}

/** A reply but for what no two have in common. */
function plain({ status, headers, text }) {
  const rest = { ...headers };
  // a tag is left out of a reply that is out of date within its second
  for (const name of ['date', 'etag', 'content-length']) delete rest[name];
  const now = Date.now();
  const words = (string) => string
    .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/g, (time) =>
      (Math.abs(Date.parse(time) - now) < 3_600_000 ? 'NOW' : time))
    .replace(/mock_[\w-]+/g, 'mock_ID');
  return {
    status, headers: JSON.parse(words(JSON.stringify(rest))), body: words(text), end: endOf(headers.etag),
  };
}

/** None of the secrets that the call itself does not name. */
function tellsNothing(call, { headers, text }) {
  const asked = `${call.target} ${JSON.stringify(call.body)}`;
  const told = JSON.stringify(headers) + text;
  for (const secret of SECRETS) {
    if (!asked.includes(secret)) assert.ok(!told.includes(secret), `${secret} in ${told}`);
  }
}

async function askBoth(pair, keys, call) {
  const replies = await Promise.all(pair.map((instance, i) =>
    request(instance, call.method, call.target, {
      key: keys[i], body: call.body, headers: { 'X-Request-Id': 'the-same' },
    })));
  const label = `${call.method} ${call.target} ${JSON.stringify(call.body)}`;
  assert.deepEqual(plain(replies[0]), plain(replies[1]), label);
  tellsNothing(call, replies[0]);
  return replies[0];
}

/** Both instances have the same rows of the accounts that the key is for. */
async function haveSame(pair, accounts) {
  const rows = await Promise.all(pair.map((instance) => db(instance,
    `SELECT id, content, status, code, late, draft FROM tweet
     WHERE twitter_account_id IN (${accounts}) ORDER BY id`)));
  assert.deepEqual(rows[0], rows[1]);
}

const hidden = (instance) => db(instance, `SELECT * FROM tweet WHERE twitter_account_id = ${OTHER} ORDER BY id`);

/** Makes these calls with a key for ACCOUNTS; how many were answered with 2xx. */
async function compare(accounts, calls, SIMILAR_TEXT = 'warn') {
  const pair = await startPair({ env: { SIMILAR_TEXT } });
  let answered = 0;
  try {
    const keys = await Promise.all(pair.map((one) =>
      makeKey(one, { scopes: SCOPES, account_ids: accounts })));
    const before = await hidden(pair[0]);
    for (const call of calls) answered += (await askBoth(pair, keys, call)).status < 300;
    await haveSame(pair, accounts);
    assert.deepEqual(await hidden(pair[0]), before, 'tweets of the other account are as they were');
    return answered;
  } finally {
    await Promise.all(pair.map((one) => one.stop()));
  }
}

for (const [which, accounts] of Object.entries(KEYS)) {
  test(`a key for ${which} is answered as if there were no other account`, async () => {
    const answered = await compare(accounts, CALLS);
    assert.ok(answered > 100, `${answered} calls were answered`);
  });
}

test('a text of another account is not blocked, for that would tell of it', async () => {
  const answered = await compare(KEYS.one, CALLS.filter(({ target, body }) =>
    body?.text && (!target.includes('{id}') || tweetsOf(OWN).some((id) => target.endsWith(id)))), 'block');
  assert.ok(answered > 3, `${answered} calls were answered`);
});
