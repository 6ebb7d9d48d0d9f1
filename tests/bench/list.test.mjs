// What a list of tweets costs a CGI program, in figures that repeat to the
// digit where times do not: instructions and page faults.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { join } from 'node:path';

import { cgiEnv, runCgi } from '../support/cgi.mjs';
import { db, quote } from '../support/instance.mjs';
import { newFolder, removeFolder, settingsFor } from '../support/settings.mjs';

const TWEETS = 10_000;
const INSTRUCTIONS = 2_000_000;
const PAGE_FAULTS = 170;
const RUNS = 9;

const dir = newFolder();
const settings = settingsFor(dir);
const env = cgiEnv(settings, { path: '/api/v1/tweets' });

const list = (command) => runCgi('tweets', { env, command });

// As a busy instance has them: some accounts, texts of the usual length.
const FILL = `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n
    WHERE i < ${TWEETS})
  INSERT INTO tweet (twitter_account_id, content, status)
  SELECT 1 + i % 20, 'Tweet number ' || i || ${quote(': what is new, in words enough'
    + ' to fill a line or two, and where to read more of it. https://example.com/')} || i,
    CASE i % 10 WHEN 0 THEN 'pending' WHEN 1 THEN 'failed' ELSE 'posted' END FROM n`;

const PEOPLE = `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20)
  INSERT INTO twitter_account (username, access_token) SELECT 'account_' || i, '' FROM n`;

before(async () => {
  assert.equal((await list()).status, 200);
  await db(join(settings.INSTANCE_DIR, 'twitter_manager.db'), `${PEOPLE}; ${FILL}`);
  const { json } = await list(); // and the log file of the day is there now
  assert.equal(json.total, TWEETS);
  assert.equal(json.tweets.length, 50);
});

after(() => removeFolder(dir));

/** The number that a measuring program says on stderr. */
async function measured(command, pattern) {
  const { status, stderr } = await list((program) => [...command, ...program]);
  assert.equal(status, 200);
  const found = pattern.exec(stderr);
  assert.ok(found, stderr);
  return Number(found[1].replaceAll(',', ''));
}

function within(t, figure, budget, unit) {
  t.diagnostic(`${figure.toLocaleString('en')} ${unit}; ${budget.toLocaleString('en')} allowed`);
  assert.ok(figure <= budget, `${figure} ${unit} are more than ${budget}`);
}

test('a list of tweets takes few instructions', async (t) => {
  const command = ['valgrind', '--tool=callgrind', '--callgrind-out-file=/dev/null'];
  within(t, await measured(command, /Collected : (\d+)/), INSTRUCTIONS, 'instructions');
});

test('a list of tweets touches few pages', async (t) => {
  const command = ['/usr/bin/time', '-f', 'faults %R'];
  const figures = [];
  for (let i = 0; i < RUNS; i += 1) figures.push(await measured(command, /^faults (\d+)$/m));
  // Where the kernel happens to put stack and heap makes a few more or fewer.
  figures.sort((a, b) => a - b);
  within(t, figures[Math.floor(RUNS / 2)], PAGE_FAULTS, 'page faults');
});
