// A page in any order costs the same among a million tweets as among a few
// thousand, at its start and far in: instructions of a CGI program.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { join } from 'node:path';

import { cgiEnv, runCgi } from '../support/cgi.mjs';
import { db } from '../support/instance.mjs';
import { newFolder, removeFolder, settingsFor } from '../support/settings.mjs';
import { counting, instructions } from './measure.mjs';

const FEW = 3_000;
const MANY = 1_000_000;
const MORE = 1.15; // which a page among many may cost of one among few
const SAME = 0.6; // of a whole reply, which a 304 may cost

const places = [];

// Nearly all are posted, as in a queue that has run for years.
const fill = (count) => `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20)
    INSERT INTO twitter_account (username, access_token) SELECT 'account_' || i, '' FROM n;
  WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${count})
  INSERT INTO tweet (twitter_account_id, content, status, scheduled_at, posted_at, code)
  SELECT 1 + i % 20, 'Tweet number ' || i || ', in words enough to fill a line',
    CASE WHEN i > ${count} - 300 THEN 'pending' WHEN i > ${count} - 600 THEN 'failed' ELSE 'posted' END,
    datetime('now', (i - ${count} + 200) || ' hours'),
    CASE WHEN i <= ${count} - 600 THEN datetime('now', (i - ${count} + 200) || ' hours') END,
    CASE WHEN i BETWEEN ${count} - 599 AND ${count} - 300 THEN 'tweet_refused' END FROM n`;

const list = ({ settings }, query, { tag, command } = {}) => {
  const env = cgiEnv(settings, { path: '/api/v1/tweets', query });
  return runCgi('tweets', { env: tag ? { ...env, HTTP_IF_NONE_MATCH: tag } : env, command });
};

before(async () => {
  for (const count of [FEW, MANY]) {
    const dir = newFolder();
    const place = { dir, count, settings: settingsFor(dir) };
    places.push(place);
    assert.equal((await list(place, '')).status, 200);
    await db(join(place.settings.INSTANCE_DIR, 'twitter_manager.db'), fill(count));
    assert.equal((await list(place, '')).json.total, count);
  }
});

after(() => places.forEach(({ dir }) => removeFolder(dir)));

async function cost(place, query, options) {
  const { status, json, stderr } = await list(place, query, { ...options, command: counting });
  if (!options?.tag) assert.ok(json.tweets.length > 0, query);
  return { status, instructions: instructions(stderr) };
}

const figure = (n) => n.toLocaleString('en');

/** The query of the second page. */
async function next(place, query) {
  const { json } = await list(place, query);
  return `${query}&cursor=${encodeURIComponent(json.next_cursor)}`;
}

// The total of what a filter leaves has to be counted, but for these.
const COUNTED = ['', 'sort=-id', 'status=posted', 'status=pending', 'status=failed', 'account_id=7',
  'account_id=7&status=posted', 'state=scheduled&sort=scheduled_at', 'state=failed',
  'code=tweet_refused&status=failed'];
const UNCOUNTED = ['sort=id', 'sort=scheduled_at', 'sort=-scheduled_at', 'sort=posted_at', 'sort=-posted_at',
  'sort=-posted_at&status=posted', 'sort=scheduled_at&status=pending', 'sort=-scheduled_at&state=due',
  'sort=-scheduled_at&status=failed'].map((query) => `${query}&total=false`);

for (const query of [...COUNTED, ...UNCOUNTED]) {
  test(`a page costs as much among a million tweets as among few: ${query || 'all'}`, async (t) => {
    const [few, many] = places;
    const base = (await cost(few, query)).instructions;
    const first = (await cost(many, query)).instructions;
    const second = (await cost(many, await next(many, query))).instructions;
    t.diagnostic(`${figure(base)} among ${figure(FEW)}; ${figure(first)} and ${figure(second)}`
      + ` on the second page among ${figure(MANY)}`);
    for (const one of [first, second]) assert.ok(one <= base * MORE, `${one} after ${base}`);
  });
}

test('a 304 reads no rows', async (t) => {
  const [, many] = places;
  for (const query of ['', 'state=scheduled&sort=scheduled_at']) {
    const { headers } = await list(many, query);
    const whole = await cost(many, query);
    const same = await cost(many, query, { tag: headers.etag });
    t.diagnostic(`${query || 'all'}: ${figure(whole.instructions)}, ${figure(same.instructions)} for a 304`);
    assert.equal(same.status, 304);
    assert.ok(same.instructions <= whole.instructions * SAME, query);
  }
});
