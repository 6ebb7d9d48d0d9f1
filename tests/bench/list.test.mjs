// What a list of tweets costs a CGI program, in figures that repeat to the
// digit where times do not: instructions and page faults.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { join } from 'node:path';

import { cgiEnv, runCgi } from '../support/cgi.mjs';
import { db } from '../support/instance.mjs';
import { newFolder, removeFolder, settingsFor } from '../support/settings.mjs';
import { FILL, TWEETS } from './fill.mjs';

const INSTRUCTIONS = 2_500_000;
const PAGE_FAULTS = 185;
const RUNS = 9;

const dir = newFolder();
const settings = settingsFor(dir);
const env = cgiEnv(settings, { path: '/api/v1/tweets' });

const list = (command) => runCgi('tweets', { env, command });

before(async () => {
  assert.equal((await list()).status, 200);
  await db(join(settings.INSTANCE_DIR, 'twitter_manager.db'), FILL);
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
