// tick.test.mjs - `twitter-manager tick` as cron runs it: whatever it prints is
// mailed to somebody, each time.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';

import { startFakeX } from '../support/fake-x/index.mjs';
import { addGranted, addTweet } from '../support/link.mjs';
import { build } from '../support/paths.mjs';
import { Place } from '../support/place.mjs';

const TWEETS = { method: 'POST', path: '/2/tweets' };
// Runs its arguments on a terminal.
const PTY = 'import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))';

let x;
let place;
beforeEach(async () => {
  x = await startFakeX();
  place = await new Place({ fakeX: x }).begin();
});
afterEach(async () => {
  place.remove();
  await x.close();
});

/** A tweet that is due on an account that works; its id. */
async function due() {
  const instance = { dbPath: place.dbPath, encryptionKey: place.settings.ENCRYPTION_KEY };
  const { id } = await addGranted(instance, x, `due${Math.random().toString(36).slice(2, 8)}`);
  const tweet = await addTweet(instance, { accountId: id, text: `text of ${id}` });
  await place.db(`UPDATE tweet SET scheduled_at = datetime('now', '-1 minutes') WHERE id = ${tweet}`);
  return tweet;
}

test('a run that went well prints nothing', async () => {
  assert.deepEqual(await place.tool(['tick']), { code: 0, out: '', err: '' });
  const tweet = await due();
  assert.deepEqual(await place.tool(['tick']), { code: 0, out: '', err: '' });
  const [{ status }] = await place.db(`SELECT status FROM tweet WHERE id = ${tweet}`);
  assert.equal(status, 'posted');
});

test('asked by --json it prints its result, as the API gives it', async () => {
  const tweet = await due();
  const { code, out, err } = await place.tool(['tick', '--json']);
  assert.deepEqual([code, err], [0, '']);
  const result = JSON.parse(out);
  assert.deepEqual([result.posted, result.details[0].tweet_id], [1, tweet]);
  assert.equal(out.trim().split('\n').length, 1);
});

test('on a terminal it prints its result', () => {
  const out = execFileSync('python3', ['-c', PTY, join(build, 'bin', 'twitter-manager'), 'tick'],
    { env: place.process, encoding: 'utf8' });
  assert.equal(JSON.parse(out).posted, 0);
});

test('a tweet that X rejected is told on standard error, once', async () => {
  const tweet = await due();
  x.fault({ match: TWEETS, problem: 'duplicate' });
  const { code, out, err } = await place.tool(['tick']);
  assert.deepEqual([code, out], [0, '']);
  assert.match(err, new RegExp(`^twitter-manager: tweet ${tweet}: .+\n$`));
  assert.deepEqual(await place.tool(['tick']), { code: 0, out: '', err: '' });
});

test('what is tried again by itself is not told', async () => {
  await due();
  x.fault({ match: TWEETS, status: 503, times: Infinity });
  assert.deepEqual(await place.tool(['tick']), { code: 0, out: '', err: '' });
});

test('what keeps the run from its work is told on standard error, and by its exit', async () => {
  place.configure({ API_KEY: null });
  const { code, out, err } = await place.tool(['tick']);
  assert.equal(code, 78);
  assert.equal(out, '');
  assert.match(err, /API_KEY is missing/);
});
