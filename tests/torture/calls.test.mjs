// Every call of the API, in mock mode, while something fails under it: a whole
// reply or none, and the database afterwards is as before or as after.

import assert from 'node:assert/strict';
import {
  copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { Stage } from '../bench/stage.mjs';
import { db } from '../support/instance.mjs';
import { operations } from '../support/openapi.mjs';
import { build } from '../support/paths.mjs';
import { preloading } from '../support/preload.mjs';
import { removeFolder } from '../support/settings.mjs';
import { FAULTS, Plan } from './plan.mjs';
import { AT_ONCE, everywhere, isQuick } from './points.mjs';
import { difference, Rows } from './rows.mjs';
import { isWhole } from './whole.mjs';

// Calls that answer for several transactions: what they leave is judged in
// sends.test.mjs, with an X that counts.
const STEPS = new Set([
  'POST /api/v1/tweet/post/{id}',
  'POST /api/v1/tweets/post-pending',
  'POST /api/v1/tweets/bulk',
  'POST /api/v1/tick',
]);

// What another call does in the same words.
const SAME = new Set(['GET /api/v1/tick']);

// Of the quick part: one of each kind.
const QUICK = new Set([
  'GET /api/v1/health',
  'POST /api/v1/setup',
  'GET /api/v1/auth/callback',
  'POST /api/v1/tweet',
  'GET /api/v1/tweets',
  'PATCH /api/v1/tweets/{id}',
  'DELETE /api/v1/accounts/{id}',
  'POST /api/v1/tweets/cleanup',
  'POST /api/v1/keys',
  'GET /api/v1/monitoring',
]);

const FIRST = 'GET /api/v1/stats'; // of an instance without a database
const TWEETS = 501; // the examples know the last one

// What survives a power cut is not asked here.
if (existsSync('/dev/shm')) process.env.TMPDIR = '/dev/shm';

const DATABASE = 'twitter_manager.db';
const hasNoDatabase = (name) => name.endsWith('/setup');
// What each account has besides, so that half of a change would show.
const MORE = `BEGIN;
  INSERT INTO tweet (twitter_account_id, content, status, twitter_id, posted_at)
    SELECT id, 'Posted by ' || id, 'posted', 'mock_' || id, datetime('now') FROM twitter_account;
  INSERT INTO attempt (tweet_id, sent_at, ended_at, outcome)
    SELECT id, datetime('now'), datetime('now'), 'refused' FROM tweet WHERE status = 'failed';
  INSERT INTO oauth_state (state, code_verifier, created_at, account_id, mock)
    SELECT 'again-' || id, 'v', datetime('now'), id, 1 FROM twitter_account;
  INSERT INTO rate (owner, name, ceiling, remaining, reset_at, calls)
    SELECT id, 'tweets_15min', 900, 800, datetime('now', '+15 minutes'), 1 FROM twitter_account;
  COMMIT; PRAGMA wal_checkpoint(TRUNCATE)`;

const workers = [];
let dir;
let rows;
let start; // what time it is for every request

const databaseOf = ({ settings }) => join(settings.INSTANCE_DIR, DATABASE);

before(async () => {
  dir = mkdtempSync('/tmp/twitter-manager-torture-');
  const libraries = ['clock', 'torture'].map((name) => preloading(name, dir, {}).LD_PRELOAD);
  for (let i = 0; i < AT_ONCE; i += 1) {
    const stage = await Stage.make(build, TWEETS);
    const plan = new Plan(stage.dir, ...libraries);
    workers.push({ stage, plan, clock: join(stage.dir, 'clock') });
    // all work on one template, with its keys
    const { API_KEY, ENCRYPTION_KEY } = workers[0].stage.settings;
    Object.assign(stage.settings, { API_KEY, ENCRYPTION_KEY });
    stage.template = workers[0].stage.template;
  }
  await db(join(workers[0].stage.template, DATABASE), MORE);
  start = Date.now() + 5000; // what is in the template was before
  rows = await Rows.of(databaseOf(workers[0].stage));
});

after(() => {
  for (const { stage, plan } of workers) {
    plan.close();
    stage.remove();
  }
  removeFolder(dir);
});

/** Each request comes at the same moment: links expire, and tweets are late. */
function turnBack(clock, later = 0) {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64LE(BigInt(start + later - Date.now()));
  writeFileSync(clock, bytes);
}

/** The command under which a program does as the plan says. */
function planned({ plan, clock }, later) {
  turnBack(clock, later);
  const env = { ...plan.env, CLOCK_FILE: clock };
  return (list) => ['/usr/bin/env', ...Object.entries(env).map((pair) => pair.join('=')), ...list];
}

/** The call on a fresh copy of the template. */
const run = (worker, name, later) => worker.stage.run(name, planned(worker, later));

/** A copy of the database as it is now. */
function keep(stage, name) {
  const copy = join(stage.dir, name);
  for (const end of ['', '-wal', '-shm']) {
    rmSync(copy + end, { force: true });
    if (end !== '-shm' && existsSync(databaseOf(stage) + end)) {
      copyFileSync(databaseOf(stage) + end, copy + end);
    }
  }
  return copy;
}

const bytesOf = (file) => (existsSync(file) ? readFileSync(file) : Buffer.alloc(0));

/** Whether no byte has changed: then there is nothing to read. */
const isUntouched = ({ settings, template }) => ['', '-wal'].every((end) => {
  const [one, two] = [settings.INSTANCE_DIR, template].map((d) => bytesOf(join(d, DATABASE + end)));
  return one.equals(two);
});

/** A body without times and what is drawn by lot. */
const undated = (body) => body.replaceAll(/\d{4}-\d\d-\d\d(T[\d:.]+Z)?/g, 'time')
  .replaceAll(/[\w-]{16,}/g, 'word');

/** The rows without the call, after it, and how to read them. */
async function states(name) {
  const { stage } = workers[0];
  if (hasNoDatabase(name)) return null;
  const healthy = async (as, later) => {
    const { status, body } = await run(workers[0], name, later);
    assert.ok(status >= 200 && status < 400, body);
    return { body: undated(body), file: keep(stage, as) };
  };
  const [first, second] = [await healthy('first', 0), await healthy('second', 2000)];
  const reader = await rows.without(first.file, second.file);
  const third = join(stage.dir, 'third');
  copyFileSync(join(stage.template, DATABASE), third);
  return {
    reader, before: await reader.read(third), after: await reader.read(second.file),
    body: first.body === second.body ? first.body : null, // null: it is another each time
  };
}

// Whoever names a link uses it up, whatever comes of it; and X's tokens are
// stored before it is noted which account the link has linked.
const USED_UP = /^- oauth_state [^\n]*$/;
const NOT_NOTED = /^- kv \["used_state:[^\n]*$/;

/** "before", "after" or "half", and what differs from before. */
async function stateOf(stage, known) {
  if (isUntouched(stage)) return { state: 'before' };
  const now = await known.reader.read(databaseOf(stage));
  const words = difference(known.before, now);
  if (words === '' || USED_UP.test(words)) return { state: 'before' };
  const missing = difference(known.after, now);
  return { state: missing === '' || NOT_NOTED.test(missing) ? 'after' : 'half', words };
}

async function judge(name, stage, reply, known, sum) {
  const sent = isWhole(reply);
  if (!sent) sum.silent += 1;
  if (!known) return;
  const { state, words } = await stateOf(stage, known);
  if (STEPS.has(name)) return;
  assert.notEqual(state, 'half', `half done:\n${words}`);
  if (sent && reply.status < 400) {
    assert.ok(state === 'after' || known.after.join() === known.before.join(),
      'said to be done, and is not');
    if (known.body !== null) assert.equal(undated(reply.body), known.body, 'another reply');
  } else if (state === 'after') {
    sum.done += 1;
  }
}

/** Strikes the request that makes the database; the next one finishes it. */
async function strikeFirst(fault, n, worker) {
  const { stage, plan } = workers[worker];
  rmSync(stage.settings.INSTANCE_DIR, { recursive: true });
  plan.arm(fault, n);
  const reply = await stage.bare(FIRST, planned(workers[worker])).finally(() => plan.disarm());
  isWhole(reply);
  const next = await stage.bare(FIRST, planned(workers[worker]));
  assert.equal(next.status, 200, `call ${n}: ${reply.raw}\n${next.raw}`);
  const lines = await rows.read(databaseOf(stage));
  assert.equal(lines.filter((line) => line.startsWith('api_key ')).length, 1);
  return plan.count >= n;
}

async function countedFirst(fault) {
  const { stage, plan } = workers[0];
  rmSync(stage.settings.INSTANCE_DIR, { recursive: true });
  plan.watch(fault);
  await stage.bare(FIRST, planned(workers[0])).finally(() => plan.disarm());
  return plan.count;
}

async function strike(name, fault, n, worker, known, sum) {
  const { stage, plan } = workers[worker];
  plan.arm(fault, n);
  const reply = await run(workers[worker], name).finally(() => plan.disarm());
  const struck = plan.count >= n;
  try {
    await judge(name, stage, reply, known, sum);
  } catch (error) {
    error.message = `call ${n}: ${error.message}\n${reply.raw}${reply.stderr}`;
    throw error;
  }
  return struck;
}

async function counted(name, fault) {
  const { plan } = workers[0];
  plan.watch(fault);
  await run(workers[0], name).finally(() => plan.disarm());
  return plan.count;
}

test('the first request of all', async (t) => {
  for (const fault of FAULTS) {
    await t.test(`the first request of all: ${fault.name}`, async () => {
      const points = await everywhere(
        (n, worker) => strikeFirst(fault, n, worker), () => countedFirst(fault));
      t.diagnostic(`the first request of all, ${fault.name}: ${points} points`);
    });
  }
});

const chosen = operations.filter(({ name }) => (isQuick ? QUICK.has(name) : !SAME.has(name)));

for (const { name } of chosen) {
  test(name, async (t) => {
    const known = await states(name);
    for (const fault of FAULTS) {
      await t.test(`${name}: ${fault.name}`, async () => {
        const sum = { silent: 0, done: 0 };
        const points = await everywhere(
          (n, worker) => strike(name, fault, n, worker, known, sum), () => counted(name, fault));
        t.diagnostic(`${name}, ${fault.name}: ${points} points, ${sum.silent} without a reply,`
          + ` ${sum.done} done and said to have failed`);
      });
    }
  });
}
