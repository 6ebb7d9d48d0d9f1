// A page of a list costs the same however far in it lies: instructions of a CGI
// program at the first page and 100,000 tweets further.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { join } from 'node:path';

import { cgiEnv, runCgi } from '../support/cgi.mjs';
import { db } from '../support/instance.mjs';
import { newFolder, removeFolder, settingsFor } from '../support/settings.mjs';
import { counting, instructions } from './measure.mjs';

const TWEETS = 100_000;
const MORE = 1.15; // which a deep page may cost of the first one
const FURTHER = 12; // times the first page, which one 30,000 rows further may cost
const PER_PAGE = 4_000_000; // instructions, wherever the page is

const dir = newFolder();
const settings = settingsFor(dir);

const list = (query, command) =>
  runCgi('tweets', { env: cgiEnv(settings, { path: '/api/v1/tweets', query }), command });

// All states, mixed, on 20 accounts.
const FILL = `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n
    WHERE i < ${TWEETS})
  INSERT INTO tweet (twitter_account_id, content, status, scheduled_at, late)
  SELECT 1 + i % 20, 'Tweet number ' || i || ', in words enough to fill a line',
    CASE (i / 20) % 3 WHEN 0 THEN 'pending' WHEN 1 THEN 'failed' ELSE 'posted' END,
    CASE (i / 20) % 2 WHEN 0 THEN datetime('now', '-1 day') END,
    CASE (i / 20) % 2 WHEN 0 THEN 'held' END FROM n`;

const PEOPLE = `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20)
  INSERT INTO twitter_account (username, access_token) SELECT 'account_' || i, '' FROM n`;

before(async () => {
  assert.equal((await list('')).status, 200);
  await db(join(settings.INSTANCE_DIR, 'twitter_manager.db'), `${PEOPLE}; ${FILL}`);
  assert.equal((await list('')).json.total, TWEETS);
});

after(() => removeFolder(dir));

/** Instructions of a page that must be full, or whose cost is not the point. */
async function cost(query) {
  const { status, json, stderr } = await list(query, counting);
  assert.equal(status, 200);
  assert.equal(json.tweets.length, 50, query);
  return instructions(stderr);
}

const figure = (n) => n.toLocaleString('en');

for (const filter of ['', 'status=pending', 'status=posted', 'account_id=7',
  'account_id=7&status=failed', 'state=posted', 'state=held']) {
  test(`the cost is the same at any depth: ${filter || 'all'}`, async (t) => {
    const first = await cost(filter);
    const depths = await Promise.all([TWEETS / 2, 5000].map((cursor) =>
      cost(`${filter}&cursor=${cursor}`)));
    t.diagnostic(`${figure(first)} at the start, ${
      depths.map(figure).join(' and ')} further in`);
    for (const deep of depths) assert.ok(deep <= first * MORE, `${deep} after ${first}`);
    // what tweets wait for is not kept but found out, with the number of them all
    assert.ok(filter === 'state=held' || first <= PER_PAGE, `${first} instructions for a page`);
  });
}

for (const filter of ['', 'status=pending', 'account_id=7', 'status=posted&sort=id&total=false']) {
  test(`rows before a page are skipped, not read: ${filter || 'all'}`, async (t) => {
    const page = filter.startsWith('account') ? 90 : 600;
    const first = await cost(filter);
    const far = await cost(`${filter}&page=${page}`);
    t.diagnostic(`${figure(first)} for page 1, ${figure(far)} for page ${page}`);
    assert.ok(far <= first * FURTHER, `${far} after ${first}`);
  });
}
