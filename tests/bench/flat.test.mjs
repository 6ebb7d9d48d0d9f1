// What a call costs among a million tweets and among a few thousand: the same,
// in whatever states the tweets are. Instructions of a bare CGI program.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { join } from 'node:path';

import { cgiEnv, runCgi } from '../support/cgi.mjs';
import { db } from '../support/instance.mjs';
import { newFolder, removeFolder, settingsFor } from '../support/settings.mjs';
import { numbers, text } from './fill.mjs';
import { counting, instructions } from './measure.mjs';

const FEW = 3_000;
const MANY = 1_000_000;
const MORE = 1.2; // which a call among many may cost of one among few
const ACCOUNTS = 3; // so that a page of each state is full among few, too
const ACCOUNT = 2;
const SMALL = ACCOUNTS + 1; // an account with as many tweets here as there


// A queue that has run for years, half of it posted. By id, and so by account,
// all states are mixed; nothing is due, and what X holds back is of today.
const fill = (count) => `
  ${numbers(SMALL)} INSERT INTO twitter_account (username, access_token)
    SELECT 'account_' || i, '' FROM n;
  ${numbers(count)} INSERT INTO tweet (twitter_account_id, content, status, draft, late, code,
    retry_at, scheduled_at, posted_at)
  SELECT 1 + i % ${ACCOUNTS}, ${text('i')},
    CASE WHEN k < 6 THEN 'pending' WHEN k < 9 THEN 'failed' ELSE 'posted' END,
    k = 0, CASE k WHEN 1 THEN 'held' END,
    CASE k WHEN 2 THEN 'rate_limited' WHEN 6 THEN 'tweet_refused' WHEN 7 THEN 'text_invalid'
      WHEN 8 THEN 'outcome_unknown' END,
    CASE k WHEN 2 THEN datetime('now', '1 day') END,
    CASE k WHEN 1 THEN datetime('now', '-9 days') WHEN 2 THEN datetime('now', '-1 minute') WHEN 3 THEN NULL WHEN 4 THEN NULL
      WHEN 5 THEN datetime('now', (9 + i / 1000) || ' hours')
      ELSE datetime('now', ((i - ${count}) / 60 - 9) || ' hours') END,
    CASE WHEN k > 8 THEN datetime('now', ((i - ${count}) / 60 - 9) || ' hours') END
  FROM (SELECT i, CASE WHEN k = 2 AND i < ${count} - 900 THEN 5 ELSE k END AS k
    FROM (SELECT i, i / ${ACCOUNTS} * 7919 % 18 AS k FROM n));
  ${numbers(900)} INSERT INTO tweet (twitter_account_id, content, status, code)
    SELECT ${SMALL}, ${text('i')}, 'failed', 'tweet_refused' FROM n;`;

const places = [];

const call = ({ settings }, [program, path, query, method = 'GET', json], command) => {
  const body = json && JSON.stringify(json);
  const env = cgiEnv(settings, { path, query, method, body });
  return runCgi(program, { env, body, command });
};

before(async () => {
  for (const count of [FEW, MANY]) {
    const dir = newFolder();
    const place = { dir, settings: settingsFor(dir) };
    places.push(place);
    assert.equal((await call(place, ['stats', '/api/v1/stats', ''])).status, 200);
    await db(join(place.settings.INSTANCE_DIR, 'twitter_manager.db'), fill(count));
    assert.equal((await call(place, ['publish', '/api/v1/tick', ''])).status, 200);
  }
});

after(() => places.forEach(({ dir }) => removeFolder(dir)));

const list = (query) => ['tweets', '/api/v1/tweets', query];

const STATES = ['posted', 'failed', 'unconfirmed', 'sending', 'unknown', 'draft', 'held',
  'held_back', 'pending', 'scheduled', 'due'];

const CALLS = [
  ['stats', '/api/v1/stats', ''],
  ['monitoring', '/api/v1/monitoring', ''],
  ['publish', '/api/v1/tick', ''],
  ['accounts', '/api/v1/accounts', ''],
  list(''),
  list('sort=id'),
  ...['pending', 'posted', 'failed'].map((status) => list(`status=${status}`)),
  ...['pending', 'posted', 'failed'].map((status) => list(`status=${status}&account_id=${ACCOUNT}`)),
  list(`account_id=${ACCOUNT}`),
  ...STATES.map((state) => list(`state=${state}`)),
  ...STATES.map((state) => list(`state=${state}&account_id=${ACCOUNT}`)),
  ...['scheduled_at', '-scheduled_at', 'posted_at', '-posted_at'].map((sort) => list(`sort=${sort}`)),
  list('state=scheduled&sort=scheduled_at'),
  list('status=posted&sort=-posted_at'),
  ...['rate_limited', 'tweet_refused', 'outcome_unknown', 'account_locked']
    .map((code) => list(`code=${code}`)),
  list(`code=tweet_refused&account_id=${ACCOUNT}`),
  list('code=tweet_refused&state=failed'),
  ['tweets', '/api/v1/tweets/cleanup', '', 'POST',
    { account_id: SMALL, statuses: ['failed'], days_old: 0, dry_run: true }],
];

const figure = (n) => n.toLocaleString('en');

async function cost(place, what) {
  const { status, body, stderr } = await call(place, what, counting);
  assert.equal(status, 200, body);
  return instructions(stderr);
}

for (const what of CALLS) {
  const [, path, query, method = 'GET'] = what;
  test(`${method} ${path}${query && '?'}${query} costs the same among a million tweets`, async (t) => {
    const [few, many] = await Promise.all(places.map((place) => cost(place, what)));
    t.diagnostic(`${(many / few).toFixed(2)}: ${figure(few)}, ${figure(many)}`);
    assert.ok(many <= few * MORE, `${many} after ${few}`);
  });
}
