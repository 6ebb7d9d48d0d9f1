// The record of changes: every change once, with who, what and how, none
// without its change, and nothing in it that is secret.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { cgiEnv, runCgi } from '../support/cgi.mjs';
import { holdsNone, isError, isJson, namesFaults, unique } from '../support/checks.mjs';
import { db, request } from '../support/instance.mjs';
import { link } from '../support/link.mjs';
import { Poster, TWEETS } from '../support/poster.mjs';

let p;
before(async () => {
  p = await Poster.start();
  await watch();
});
after(() => p?.stop());

const call = (method, path, options) => request(p.instance, method, `/api/v1${path}`, options);
const ok = async (method, path, body) => {
  const reply = await call(method, path, { body });
  assert.ok(reply.status < 300, `${method} ${path}: ${reply.text}`);
  return reply.json;
};
const audit = async (query = '') => isJson(await call('GET', `/audit${query}`), 200).events;
const history = (object, id) => audit(`?object=${object}&object_id=${id}`);

// ---- the oracle ---------------------------------------------------------------
// Triggers of the test's own note each change of a row, by whatever statement.

const WATCHED = {
  tweet: ['tweet', ['twitter_account_id', 'content', 'status', 'draft', "late = 'held'", 'scheduled_at',
    'retry_at', 'code', 'reason', 'twitter_id', 'posted_at']],
  account: ['twitter_account', ['username', 'status', 'code', 'reason', 'x_user_id', 'scope', 'mock']],
  key: ['api_key', ['name', 'scopes', 'expires_at', 'is_active']],
  alert: ['alert', ['snoozed_until']],
};
const of = (row, columns) => `(${columns.map((column) => `${row}.${column}`)})`;

async function watch() {
  const triggers = Object.entries(WATCHED).map(([object, [table, columns]]) => {
    const seen = (event, row, when) => `CREATE TRIGGER seen_${table}_${event.slice(0, 3)} AFTER ${event} ON ${table}
      WHEN (SELECT n FROM watching) AND ${when} BEGIN
      INSERT INTO seen(object, object_id, what) VALUES('${object}', ${row}.id, '${event}'); END;`;
    const born = object === 'alert' ? '' : seen('INSERT', 'NEW', '1') + seen('DELETE', 'OLD', '1');
    return born + seen('UPDATE', 'NEW', `${of('OLD', columns)} IS NOT ${of('NEW', columns)}`);
  });
  await db(p.instance, `CREATE TABLE watching(n); INSERT INTO watching VALUES(1);
    CREATE TABLE seen(n INTEGER PRIMARY KEY, object, object_id, what); ${triggers.join('')}
    CREATE TRIGGER seen_kv AFTER UPDATE ON kv WHEN NEW.name = 'mock_mode' AND NEW.value <> OLD.value BEGIN
    INSERT INTO seen(object, object_id, what) VALUES('mock_mode', NULL, 'UPDATE'); END`);
}

/** The test's own changes of rows, which no program makes. */
const quietly = (sql) => db(p.instance,
  `UPDATE watching SET n = 0; ${sql}; UPDATE watching SET n = 1`);

/** An account that the test puts there. */
async function granted() {
  await db(p.instance, 'UPDATE watching SET n = 0');
  const account = await p.granted();
  await db(p.instance, 'UPDATE watching SET n = 1');
  return account;
}

async function ready() {
  const account = await granted();
  return { ...account, tweet: await p.queue(account.id, unique('tweet')) };
}

/** Per object, how often the triggers saw it change: a new account is stored by two statements. */
async function seen() {
  const rows = await db(p.instance, 'SELECT * FROM seen ORDER BY n');
  return rows.filter((row, i) => !(row.object === 'account' && row.what === 'UPDATE'
    && rows[i - 1]?.what === 'INSERT' && rows[i - 1].object_id === row.object_id));
}

const tally = (rows) => {
  const counts = {};
  for (const { object, object_id: id } of rows) {
    const name = `${object} ${id ?? ''}`;
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
};

// ---- a walk through all that changes something ---------------------------------

async function tweets() {
  const { id } = await granted();
  const text = () => unique('text');
  const soon = new Date(Date.now() + 9e6).toISOString();
  const a = await ok('POST', '/tweet', { account_id: id, text: text() });
  await ok('PATCH', `/tweets/${a.tweet_id}`, { text: text(), scheduled_at: soon });
  await ok('PATCH', `/tweets/${a.tweet_id}`, { scheduled_at: soon }); // as it was
  const draft = await ok('POST', '/tweet', { account_id: id, text: '', draft: true });
  await ok('PATCH', `/tweets/${draft.tweet_id}`, { text: text(), draft: false });
  await ok('POST', `/tweet/post/${draft.tweet_id}`);
  await call('POST', `/tweet/post/${draft.tweet_id}`); // it is posted already
  await ok('POST', '/tweet?dry_run=true', { account_id: id, text: text() });
  const gone = await ok('POST', '/tweet', { account_id: id, text: text() });
  await ok('DELETE', `/tweets/${gone.tweet_id}`);
  const held = await ok('POST', '/tweet', { account_id: id, text: text() });
  await quietly(`UPDATE tweet SET scheduled_at = '2020-01-01 00:00:00' WHERE id = ${held.tweet_id}`);
  await ok('POST', '/tick');
  await ok('POST', `/tweets/${held.tweet_id}/release`);
  const many = [await p.queue(id, text()), await p.queue(id, text())];
  await ok('POST', '/tweets/bulk', { ids: [...many, 999_999], action: 'delete' });
  await p.queue(id, text());
  await ok('POST', '/tweets/post-pending', {});
}

async function troubles() {
  const refused = await ready();
  p.x.fault({ match: { ...TWEETS, user: refused.user }, problem: 'duplicate' });
  await call('POST', `/tweet/post/${refused.tweet}`);
  await ok('PATCH', `/tweets/${refused.tweet}`, { text: unique('better') });
  const limited = await ready();
  p.x.fault({ match: { ...TWEETS, user: limited.user }, problem: 'tooManyRequests' });
  await call('POST', `/tweet/post/${limited.tweet}`);
  await ok('POST', '/tweets/retry', {});
  const ended = await ready();
  p.x.fault({ match: { path: '/2/oauth2/token' }, problem: 'invalidGrant' });
  p.x.fault({ match: { ...TWEETS, user: ended.user }, problem: 'unauthorized' });
  await call('POST', `/tweet/post/${ended.tweet}`);
  const doubt = await ready();
  await quietly(`UPDATE tweet SET status = 'failed', code = 'outcome_unknown' WHERE id = ${doubt.tweet}`);
  await ok('POST', `/tweets/${doubt.tweet}/resolve`, { posted: true, twitter_id: '17' });
  const failed = await ready();
  await quietly(`UPDATE tweet SET status = 'failed', code = 'account_suspended' WHERE id = ${failed.tweet}`);
  await ok('POST', '/tweets/retry', { account_id: failed.id, code: 'account_suspended' });
  await quietly(`UPDATE tweet SET status = 'failed', code = 'tweet_refused' WHERE id = ${failed.tweet}`);
  await ok('POST', '/tweets/cleanup', { statuses: ['failed'], dry_run: true });
  await ok('POST', '/tweets/cleanup', { statuses: ['failed'] });
}

async function accounts() {
  const user = p.x.addUser({ username: unique('linked') });
  await link(p.instance, p.x, user);
  await link(p.instance, p.x, user);
  const { accounts: all } = await ok('GET', '/accounts');
  const { id } = all.find(({ username }) => username === user.username);
  await ok('PATCH', `/accounts/${id}`, { status: 'inactive' });
  await p.queue(id, unique('lost'));
  await ok('DELETE', `/accounts/${id}`);
  const { id: other } = await granted();
  await p.queue(other, unique('lost'));
  await quietly(`UPDATE twitter_account SET status = 'failed' WHERE id = ${other}`);
  await ok('POST', '/accounts/cleanup', { statuses: ['failed'], dry_run: true });
  await ok('POST', '/accounts/cleanup', { statuses: ['failed'] });
}

async function others() {
  const key = await ok('POST', '/keys', { name: 'Reports', scopes: ['read'] });
  await ok('PATCH', `/keys/${key.id}`, { name: 'Figures' });
  await ok('DELETE', `/keys/${key.id}`);
  await quietly(`INSERT INTO alert(cause, subject, words, opened_at) VALUES('grant_ended', 1, 'words', datetime()),
    ('grant_ended', 2, 'words', datetime())`);
  const [{ id }] = await db(p.instance, "SELECT id FROM alert WHERE cause = 'grant_ended'");
  const until = new Date(Date.now() + 9e6).toISOString();
  await ok('PATCH', `/monitoring/alerts/${id}`, { snoozed_until: until, whole_cause: true });
  await ok('POST', '/mock-mode', { enabled: true });
  await ok('POST', '/mock-mode', { enabled: true });
  await ok('POST', '/mock-mode', { enabled: false });
}

test('the record has every change of a walk through all calls, each once', async () => {
  const [{ last }] = await db(p.instance, 'SELECT coalesce(max(id), 0) AS last FROM event');
  await ok('POST', '/mock-mode', { enabled: true });
  await ok('POST', '/mock-mode', { enabled: false });
  const [{ first }] = await db(p.instance, 'SELECT max(id) AS first FROM event');
  assert.equal(first - last, 2);
  await db(p.instance, 'DELETE FROM seen');
  for (const part of [tweets, troubles, accounts, others]) await part();
  // linking again changes what the record does not tell: its tokens
  const events = await db(p.instance, `SELECT action, object_id, substr(action, 1, instr(action, '.') - 1) AS object
    FROM event WHERE id > ${first} AND coalesce(data ->> 'before', '') <> '{}' ORDER BY id`);
  assert.deepEqual(tally(events), tally(await seen()));
  const actions = new Set(events.map(({ action }) => action));
  for (const action of ['tweet.created', 'tweet.changed', 'tweet.deleted', 'tweet.posted', 'tweet.failed',
    'tweet.held_back', 'tweet.held', 'tweet.released', 'tweet.retried', 'account.linked', 'account.changed',
    'account.failed', 'account.deleted', 'key.created', 'key.changed', 'key.revoked', 'alert.snoozed',
    'mock_mode.changed']) assert.ok(actions.has(action), `${action}: ${[...actions]}`);
});

test('nothing in the record is secret', async () => {
  const text = JSON.stringify(await db(p.instance, 'SELECT * FROM event'));
  const rows = await db(p.instance, 'SELECT access_token, refresh_token FROM twitter_account');
  const hashes = await db(p.instance, 'SELECT key_hash FROM api_key');
  const { key } = await ok('POST', '/keys', { name: 'Once', scopes: ['read'] });
  holdsNone(text + JSON.stringify(await audit()), [p.instance.key, p.instance.encryptionKey, key,
    ...hashes.map((row) => row.key_hash),
    ...rows.flatMap(Object.values).filter(Boolean)]);
});

// ---- what it tells ---------------------------------------------------------------

test('an event tells who changed what, from where, and what it was before', async () => {
  const { id } = await p.granted();
  const { key, id: keyId } = await ok('POST', '/keys', { name: 'Editor', scopes: ['read', 'write'] });
  const made = isJson(await call('POST', '/tweet', { key, body: { account_id: id, text: 'Helo' } }), 201);
  const reply = await call('PATCH', `/tweets/${made.tweet_id}`, { key, body: { text: 'Hello' } });
  const [changed, created] = await history('tweet', made.tweet_id);
  assert.deepEqual({ ...changed, id: 0, at: 0 }, { id: 0, at: 0, key_id: keyId, key_name: 'Editor', user: null,
    address: '127.0.0.1', action: 'tweet.changed', object: 'tweet', object_id: made.tweet_id,
    before: { text: 'Helo' }, after: { text: 'Hello' }, request_id: reply.headers['x-request-id'] });
  assert.ok(Math.abs(Date.parse(changed.at) - Date.now()) < 60_000);
  assert.deepEqual([created.action, created.before, created.after], ['tweet.created', null,
    { account_id: id, text: 'Helo', status: 'pending', draft: false }]);
  await ok('DELETE', `/tweets/${made.tweet_id}`);
  const [deleted] = await history('tweet', made.tweet_id);
  assert.deepEqual([deleted.action, deleted.before.text, deleted.after], ['tweet.deleted', 'Hello', null]);
});

test('the list is newest first, in pages, and can be narrowed', async () => {
  const { id } = await p.granted();
  for (let i = 0; i < 5; i++) await ok('POST', '/tweet', { account_id: id, text: unique('page') });
  const all = [];
  let next = '';
  do {
    const page = isJson(await call('GET', `/audit?limit=7${next}`), 200);
    all.push(...page.events);
    next = page.next_cursor && `&cursor=${page.next_cursor}`;
  } while (next);
  const ids = all.map((event) => event.id);
  assert.deepEqual(ids, [...ids].sort((a, b) => b - a));
  assert.equal(ids.length, (await db(p.instance, 'SELECT count(*) AS n FROM event'))[0].n);
  const same = async (query, keep) => assert.deepEqual((await audit(query)).map((event) => event.id),
    all.filter(keep).slice(0, 50).map((event) => event.id), query);
  await same('?object=key', ({ object }) => object === 'key');
  await same('?action=tweet.deleted', ({ action }) => action === 'tweet.deleted');
  await same('?key_id=1', ({ key_id: key }) => key === 1);
  await same(`?object_id=${id}`, ({ object_id: each }) => each === id);
  const [middle] = all.slice(all.length / 2);
  await same(`?to=${middle.at}`, ({ at }) => at <= middle.at);
  await same(`?from=${middle.at}`, ({ at }) => at >= middle.at);
});

test('what cannot be meant is refused by name', async () => {
  namesFaults(await call('GET', '/audit?object=cat&action=tweet.eaten&object_id=0&key_id=x&from=soon'
    + '&to=2026-01-31&limit=51&cursor=x'), '/object', '/action', '/object_id', '/key_id', '/from', '/to', '/limit',
    '/cursor');
});

test('only keys with admin may read the record', async () => {
  const { key } = await ok('POST', '/keys', { name: 'All but admin', scopes: ['read', 'write', 'publish', 'tick'] });
  isError(await call('GET', '/audit', { key }), 403, 'scope_missing');
});

// ---- none without its change ------------------------------------------------------

test('a program killed in between leaves a change with its event, or neither', async () => {
  const { id } = await p.granted();
  const settings = { ...p.instance.settings };
  await Promise.all(Array.from({ length: 40 }, async (_, i) => {
    const body = JSON.stringify({ account_id: id, text: unique('killed') });
    const env = cgiEnv(settings, { method: 'POST', path: '/api/v1/tweet', body });
    await runCgi('tweets', { env, body, timeout: 1 + i });
  }));
  const rows = await db(p.instance, `SELECT id FROM tweet WHERE twitter_account_id = ${id} ORDER BY id`);
  const events = await db(p.instance, `SELECT object_id AS id FROM event WHERE action = 'tweet.created'
    AND data -> 'after' ->> 'account_id' = ${id} ORDER BY object_id`);
  assert.deepEqual(events, rows);
});

test('old events are deleted by the scheduler, the others stay', async () => {
  const at = (days) => `datetime('now', '-${days} days')`;
  await db(p.instance, `PRAGMA foreign_keys = ON; DELETE FROM event;
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1200)
    INSERT INTO event(at, action) SELECT ${at(181)}, 'tweet.created' FROM n;
    INSERT INTO event(at, action) VALUES(${at(179)}, 'tweet.created')`);
  await ok('POST', '/tick');
  const [{ n, oldest }] = await db(p.instance, 'SELECT count(*) AS n, min(at) AS oldest FROM event');
  assert.ok(n >= 1 && oldest.slice(0, 10) > new Date(Date.now() - 180 * 864e5).toISOString().slice(0, 10),
    `${n} ${oldest}`);
});
