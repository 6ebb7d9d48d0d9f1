// The four tables that other programs know, their columns and constraints, by
// SQL and through the API.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, test } from 'node:test';

import { each, isError } from '../support/checks.mjs';
import { db, request, startInstance } from '../support/instance.mjs';
import { addAccount, addTweet } from '../support/link.mjs';

const FK = 'PRAGMA foreign_keys = ON;';

let instance;
before(async () => {
  instance = await startInstance();
  await request(instance, 'GET', '/api/v1/stats');
});
after(() => instance?.stop());

// [name, type, not null, default, primary key]
const TABLES = {
  api_key: [
    ['id', 'INTEGER', 0, null, 1], ['key_hash', 'TEXT', 1, null, 0],
    ['created_at', 'DATETIME', 0, 'CURRENT_TIMESTAMP', 0], ['is_active', 'BOOLEAN', 0, '1', 0],
  ],
  twitter_account: [
    ['id', 'INTEGER', 0, null, 1], ['username', 'TEXT', 1, null, 0],
    ['access_token', 'TEXT', 1, null, 0], ['access_token_secret', 'TEXT', 0, null, 0],
    ['refresh_token', 'TEXT', 0, null, 0], ['status', 'TEXT', 0, "'active'", 0],
    ['created_at', 'DATETIME', 0, 'CURRENT_TIMESTAMP', 0], ['updated_at', 'DATETIME', 0, null, 0],
  ],
  tweet: [
    ['id', 'INTEGER', 0, null, 1], ['twitter_account_id', 'INTEGER', 1, null, 0],
    ['content', 'TEXT', 1, null, 0], ['status', 'TEXT', 0, "'pending'", 0],
    ['twitter_id', 'TEXT', 0, null, 0], ['created_at', 'DATETIME', 0, 'CURRENT_TIMESTAMP', 0],
    ['posted_at', 'DATETIME', 0, null, 0],
  ],
  oauth_state: [
    ['state', 'TEXT', 0, null, 1], ['code_verifier', 'TEXT', 1, null, 0],
    ['created_at', 'DATETIME', 1, null, 0],
  ],
};

test('the tables have the columns that other programs know', async () => {
  await each(Object.entries(TABLES), async ([table, columns]) => {
    const found = await db(instance, `PRAGMA table_info("${table}")`);
    columns.forEach(([name, type, notnull, dflt_value, pk]) => {
      const column = found.find((c) => c.name === name);
      assert.ok(column, name);
      assert.deepEqual([column.type, column.notnull, column.dflt_value, column.pk],
        [type, notnull, dflt_value, pk], name);
    });
    // What was added must not stop another program's INSERT.
    for (const added of found.filter((c) => !columns.some(([name]) => name === c.name))) {
      assert.ok(!added.notnull || added.dflt_value !== null, `${added.name} must be given`);
    }
  });
});

test('tweet refers to twitter_account', async () => {
  const [key] = await db(instance, 'PRAGMA foreign_key_list(tweet)');
  assert.deepEqual([key.table, key.from, key.to],
    ['twitter_account', 'twitter_account_id', 'id']);
});

test('the key is stored as the SHA-256 of it, in lower-case hex', async () => {
  const hash = createHash('sha256').update(instance.key).digest('hex');
  const rows = await db(instance, 'SELECT * FROM api_key');
  assert.deepEqual(rows.map((r) => [r.key_hash, r.is_active]), [[hash, 1]]);
});

test('SQL cannot break what the schema promises', async () => {
  const id = await addAccount(instance, { username: 'held' });
  const account = (columns, values) =>
    `INSERT INTO twitter_account (${columns}) VALUES (${values})`;
  const wrongs = [
    [/UNIQUE/, account('username, access_token', "'held', 'x'")],
    [/NOT NULL/, account('username', "'no token'")],
    [/NOT NULL/, account('access_token', "'no name'")],
    [/FOREIGN KEY/, "INSERT INTO tweet (twitter_account_id, content) VALUES (999999, 'x')"],
    [/NOT NULL/, `INSERT INTO tweet (twitter_account_id) VALUES (${id})`],
    [/NOT NULL/, "INSERT INTO tweet (content) VALUES ('x')"],
    [/NOT NULL/, 'INSERT INTO api_key (is_active) VALUES (1)'],
    [/UNIQUE/, 'INSERT INTO api_key (key_hash) SELECT key_hash FROM api_key'],
    [/NOT NULL/, "INSERT INTO oauth_state (state, created_at) VALUES ('s', 'now')"],
    [/NOT NULL/, "INSERT INTO oauth_state (state, code_verifier) VALUES ('s', 'v')"],
    [/UNIQUE/, `INSERT INTO oauth_state (state, code_verifier, created_at) VALUES ('t', 'v', 'now');
      INSERT INTO oauth_state (state, code_verifier, created_at) VALUES ('t', 'v', 'now')`],
  ];
  await each(wrongs, async ([complaint, sql]) => {
    await assert.rejects(db(instance, `${FK} ${sql}`), complaint);
  });
});

test('an account with tweets cannot go by itself', async () => {
  const id = await addAccount(instance, { username: 'parent' });
  await addTweet(instance, { accountId: id, text: 'child' });
  const gone = db(instance, `${FK} DELETE FROM twitter_account WHERE id = ${id}`)
    .then(() => db(instance, `SELECT * FROM tweet WHERE twitter_account_id = ${id}`));
  // Refused, or its tweets go with it: never a tweet without an account.
  const left = await gone.catch((fault) => {
    assert.match(String(fault), /FOREIGN KEY/);
    return [];
  });
  assert.deepEqual(left, []);
});

test('the API keeps the same promises', async () => {
  isError(await request(instance, 'POST', '/api/v1/tweet',
    { body: { text: 'x', account_id: 999_999 } }), 404);
  isError(await request(instance, 'POST', '/api/v1/tweet', { body: { account_id: 1 } }), 400);
  assert.deepEqual(await db(instance, 'PRAGMA foreign_key_check'), []);
  assert.deepEqual(await db(instance, 'PRAGMA integrity_check'), [{ integrity_check: 'ok' }]);
});

test('a key that is switched off does not open', async () => {
  await db(instance, `UPDATE api_key SET is_active = 0`);
  isError(await request(instance, 'GET', '/api/v1/stats'), [401, 403]);
  await db(instance, `UPDATE api_key SET is_active = 1`);
  assert.equal((await request(instance, 'GET', '/api/v1/stats')).status, 200);
});

test('a second key that another program put there opens too', async () => {
  const hash = createHash('sha256').update('a-second-key').digest('hex');
  await db(instance, `INSERT INTO api_key (key_hash) VALUES ('${hash}')`);
  assert.equal((await request(instance, 'GET', '/api/v1/stats', { key: 'a-second-key' })).status, 200);
});

test('a changed API_KEY works, and the one before does not', async () => {
  const before = instance.key;
  await instance.restart({ API_KEY: 'another-key-of-this-test' });
  assert.equal((await request(instance, 'GET', '/api/v1/stats')).status, 200);
  isError(await request(instance, 'GET', '/api/v1/stats', { key: before }), 401);
});
