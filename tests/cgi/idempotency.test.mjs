// Idempotency-Key on creations, a process at a time: killed at every step,
// many at once, and whatever a header can look like.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, test } from 'node:test';

import { each, isError, unique } from '../support/checks.mjs';
import { cgiEnv, runCgi } from '../support/cgi.mjs';
import { seal } from '../support/fernet.mjs';
import { db, quote } from '../support/instance.mjs';
import { build } from '../support/paths.mjs';
import { newFolder, removeFolder, settingsFor } from '../support/settings.mjs';

const KILL_AT = join(build, 'tests', 'kill_at');
const [KILL, TERM] = [9, 15];
const KILLED = 128 + KILL;

let dir;
let settings;
let database;

before(async () => {
  dir = newFolder();
  settings = settingsFor(dir);
  database = join(settings.INSTANCE_DIR, 'twitter_manager.db');
  await runCgi('stats', { env: cgiEnv(settings, { path: '/api/v1/stats' }) });
  await db(database, `INSERT INTO twitter_account(id, username, access_token, mock)
    VALUES(1, 'anna', ${quote(seal(settings.ENCRYPTION_KEY, 'token'))}, 1)`);
});
after(() => removeFolder(dir));
beforeEach(() => db(database, 'DELETE FROM tweet; DELETE FROM idempotency'));

const tweets = (text) =>
  db(database, `SELECT id FROM tweet WHERE content = ${quote(text)}`);
const kept = () => db(database, 'SELECT * FROM idempotency');

/** A request with this header; `how` as for cgiEnv and runCgi. */
function call(program, path, body, name, { command, ...how } = {}) {
  const text = body === undefined ? undefined : JSON.stringify(body);
  const headers = name === undefined ? {} : { 'Idempotency-Key': name };
  const env = { ASAN_OPTIONS: command && 'detect_leaks=0', ...how.env };
  return runCgi(program, {
    env: cgiEnv(settings, { method: 'POST', path, body: text, headers, ...how, env }),
    body: text, command,
  }).then((reply) => ({ ...reply, text: reply.body }));
}

const create = (text, name, how) =>
  call('tweets', '/api/v1/tweet', { text, account_id: 1 }, name, how);

/** Gets `signal` at this step of all that touches the instance. */
const signalled = (signal, step, log = '/dev/null') => ({
  command: (list) => [KILL_AT, '-s', String(signal), '-o', log, settings.INSTANCE_DIR,
    String(step), ...list],
});

/** How many steps a creation has. */
async function stepsOf(name) {
  const log = join(dir, 'steps');
  await create(unique('text'), name, signalled(KILL, 0, log));
  return readFileSync(log, 'utf8').split('\n').length - 1;
}

async function pool(items, work) {
  const waiting = [...items];
  await Promise.all(Array.from({ length: cpus().length + 1 }, async () => {
    while (waiting.length > 0) await work(waiting.shift());
  }));
}

const upTo = (n) => Array.from({ length: n }, (_, i) => i + 1);

test('a creation that is killed at any step and repeated makes one tweet', async (t) => {
  const count = await stepsOf('steps');
  let [kills, replays] = [0, 0];
  await pool(upTo(count), async (step) => {
    const [text, name] = [unique('text'), unique('key')];
    const first = await create(text, name, signalled(KILL, step));
    const [made] = await tweets(text);
    const again = await create(text, name);
    assert.equal(again.status, 201, `killed at ${step}: ${again.body}`);
    const rows = await tweets(text);
    assert.equal(rows.length, 1, `killed at ${step}`);
    assert.equal(again.json.tweet_id, rows[0].id);
    if (made) assert.equal(again.headers['idempotent-replayed'], 'true', `killed at ${step}`);
    if (first.exitCode === KILLED) kills += 1;
    if (first.exitCode === KILLED && made) replays += 1;
  });
  t.diagnostic(`${count} steps, ${kills} kills, ${replays} of them between commit and reply`);
  assert.ok(kills > count * 0.8, 'few kills struck');
  assert.ok(replays > 0, 'no kill fell between commit and reply');
});

test('a creation that gets SIGTERM at any step is made whole or not at all', () =>
  pool(upTo(60), async (step) => {
    const [text, name] = [unique('text'), unique('key')];
    const first = await create(text, name, signalled(TERM, step));
    if (first.status !== 201) assert.deepEqual(await tweets(text), [], `${step} ${first.raw}`);
    const again = await create(text, name);
    assert.equal(again.status, 201, again.body);
    assert.equal((await tweets(text)).length, 1);
    if (first.status === 201) assert.equal(first.json.tweet_id, again.json.tweet_id);
  }));

test('a replay is the first answer but for its request id', async () => {
  const text = unique('text');
  const how = (id) => ({ env: { HTTP_X_REQUEST_ID: id } });
  const first = await create(text, 'one', how('first'));
  const second = await create(text, 'one', how('second'));
  assert.equal(first.status, 201, first.raw);
  assert.equal(first.headers['idempotent-replayed'], undefined);
  assert.equal(second.raw, first.raw.replace('X-Request-Id: first\r\n', 'X-Request-Id: second\r\n')
    .replace(/\r\n\r\n/, '\r\nIdempotent-Replayed: true\r\n\r\n'));
  assert.equal(second.headers.location, `/api/v1/tweets/${first.json.tweet_id}`);
});

test('16 at once with one key make one tweet', async () => {
  const text = unique('text');
  const replies = await Promise.all(Array.from({ length: 16 }, () => create(text, 'one')));
  const [row, ...more] = await tweets(text);
  assert.deepEqual(more, []);
  for (const reply of replies) {
    if (reply.status === 409) isError(reply, 409, 'idempotency_in_flight');
    else assert.deepEqual([reply.status, reply.json?.tweet_id], [201, row.id], reply.body);
  }
  const fresh = replies.filter((r) => r.status === 201 && !r.headers['idempotent-replayed']);
  assert.equal(fresh.length, 1);
});

test('the same key on another request is refused', async () => {
  const first = await create('text', 'one');
  assert.equal(first.status, 201);
  for (const other of [
    create('other', 'one'),
    call('tweets', '/api/v1/tweets/retry', undefined, 'one'),
    call('tweets', '/api/v1/tweet', { text: 'text', account_id: 1 }, 'one', { query: 'dry_run=true' }),
    call('publish', `/api/v1/tweet/post/${first.json.tweet_id}`, undefined, 'one'),
    call('publish', '/api/v1/tweets/post-pending', {}, 'one'),
    call('accounts', '/api/v1/accounts/cleanup', {}, 'one'),
  ]) {
    const json = isError(await other, 422, 'idempotency_mismatch');
    assert.equal(json.retryable, false);
  }
  assert.equal((await db(database, 'SELECT * FROM tweet')).length, 1);
  assert.equal((await db(database, 'SELECT * FROM tweet'))[0].status, 'pending');
});

test('white space, slashes and where the API key stands make no other request', async () => {
  const body = { text: 'text', account_id: 1 };
  const first = await create('text', 'one');
  const loose = JSON.stringify(body, null, 2);
  const replies = [
    await runCgi('tweets', {
      env: cgiEnv(settings, {
        method: 'POST', path: '/api/v1/tweet', body: loose, headers: { 'Idempotency-Key': 'one' },
      }),
      body: loose,
    }),
    await call('tweets', '/api/v1//tweet/', body, 'one'),
    await call('tweets', '/api/v1/tweet', body, 'one',
      { key: null, query: `api_key=${settings.API_KEY}` }),
  ];
  for (const reply of replies) {
    assert.deepEqual([reply.status, reply.headers['idempotent-replayed']], [201, 'true'], reply.raw);
    assert.equal(reply.body, first.body);
  }
});

test('a key belongs to one API key', async () => {
  const first = await create('text', 'one');
  const digest = createHash('sha256').update('another-key').digest('hex');
  await db(database, `INSERT INTO api_key(key_hash) VALUES('${digest}')`);
  const other = await create('text', 'one', { key: 'another-key' });
  assert.equal(other.status, 201, other.body);
  assert.equal(other.headers['idempotent-replayed'], undefined);
  assert.notEqual(other.json.tweet_id, first.json.tweet_id);
  const again = await create('text', 'one');
  assert.equal(again.json.tweet_id, first.json.tweet_id);
  await db(database, `DELETE FROM api_key WHERE key_hash = '${digest}'`);
});

test('a key is new again after 24 hours, and tick removes it', async () => {
  const first = await create('text', 'one');
  const age = (time) => db(database, `UPDATE idempotency SET created_at = datetime('now', '${time}')`);
  await age('-86390 seconds');
  assert.equal((await create('text', 'one')).json.tweet_id, first.json.tweet_id);
  await age('-24 hours');
  const second = await create('other', 'one');
  assert.equal(second.status, 201, second.body);
  assert.notEqual(second.json.tweet_id, first.json.tweet_id);
  assert.equal((await create('other', 'one')).json.tweet_id, second.json.tweet_id);
  await create('text', 'two');
  await db(database, `UPDATE idempotency SET created_at = datetime('now', '-24 hours')
    WHERE name = 'one'`);
  await call('publish', '/api/v1/tick');
  assert.deepEqual((await kept()).map(({ name }) => name), ['two']);
});

test('quoted or bare, a key is the same', async () => {
  const first = await create('text', '"a-key/1"');
  const second = await create('text', 'a-key/1');
  assert.equal(second.headers['idempotent-replayed'], 'true');
  assert.equal(second.body, first.body);
  assert.equal((await create('text', ' "a-key/1"\t')).body, first.body);
  await each(['x', 'a'.repeat(255), `"${'a'.repeat(255)}"`, '"q\\"u\\\\"', '"a,b;c"', '!#$%&\'*+-.^_`|~',
    'MTIz+/=='], async (name) => {
    const reply = await create('text', name);
    const again = await create('text', name);
    assert.equal(reply.status, 201, reply.body);
    assert.equal(again.body, reply.body);
  });
});

test('a key that is none is refused', () => each([
  ' ', '""', '"', '"a', 'a"', 'a b', '"a b"', 'a,b', '"a", "b"', 'a\u00e9', '"a\\b"', '"a\\"',
  '"a"b"', 'a\tb', 'a\x7f', 'a'.repeat(256), `"${'a'.repeat(256)}"`, '"a";p=1',
], async (name) => {
  const json = isError(await create('text', name), 400, 'invalid_idempotency_key');
  assert.match(json.error, /Idempotency-Key/);
  assert.equal(json.errors, undefined);
  assert.equal((await tweets('text')).length, 0);
}));

test('a key that came twice is refused', async () => {
  const body = JSON.stringify({ text: 'text', account_id: 1 });
  const env = cgiEnv(settings, { method: 'POST', path: '/api/v1/tweet', body });
  const list = [...Object.entries(env).map(([name, value]) => `${name}=${value}`),
    'HTTP_IDEMPOTENCY_KEY=a', 'HTTP_IDEMPOTENCY_KEY=b'];
  const reply = await runCgi('tweets', { env: list, body });
  assert.equal(reply.status, 400, reply.raw);
});

test('what was refused is not kept', async () => {
  isError(await call('tweets', '/api/v1/tweet', { text: 'text', account_id: 99 }, 'one'), 404);
  isError(await call('tweets', '/api/v1/tweet', { text: '', account_id: 1 }, 'one'), 400);
  isError(await call('tweets', '/api/v1/tweet', { text: 'x'.repeat(281), account_id: 1 }, 'one'), 400);
  isError(await call('publish', '/api/v1/tweet/post/99', undefined, 'one'), 404);
  assert.deepEqual(await kept(), []);
  assert.equal((await create('text', 'one')).status, 201);
});

test('without a key nothing is written, and other routes ignore it', async () => {
  await create('text');
  await create('text', ''); // to CGI an empty header is none
  const asked = await runCgi('tweets', {
    env: cgiEnv(settings, { path: '/api/v1/tweets', headers: { 'Idempotency-Key': 'a b' } }),
  });
  assert.equal(asked.status, 200);
  const mode = await call('mock-mode', '/api/v1/mock-mode', { enabled: true }, 'a b');
  assert.equal(mode.status, 200, mode.body);
  assert.deepEqual(await kept(), []);
  assert.equal((await tweets('text')).length, 2);
});

test('a wrong API key learns nothing of keys', async () => {
  await create('text', 'one');
  isError(await create('text', 'one', { key: 'wrong' }), 401);
});

test('retry, resolve, cleanup: the second answer is the first', async () => {
  const { json: { tweet_id: id } } = await create('text');
  await db(database, `UPDATE tweet SET status = 'failed', code = 'outcome_unknown' WHERE id = ${id}`);
  const resolve = () => call('tweets', `/api/v1/tweets/${id}/resolve`,
    { posted: true, twitter_id: '123' }, 'resolve');
  const cleanup = () => call('tweets', '/api/v1/tweets/cleanup', { statuses: ['posted'] }, 'cleanup');
  for (const twice of [resolve, cleanup]) {
    const first = await twice();
    const second = await twice();
    assert.equal(first.status, 200, first.body);
    assert.equal(second.body, first.body);
    assert.equal(second.headers['idempotent-replayed'], 'true');
  }
  assert.equal((await tweets('text')).length, 0);
});
