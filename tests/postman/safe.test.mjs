// The Postman collection where it does not belong: on an instance that posts
// for real, and among the test accounts of others.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { after, before, test } from 'node:test';

import { db, startInstance } from '../support/instance.mjs';
import { collection, runCollection } from './collection.mjs';

const STATUSES = ['active', 'suspended', 'failed', 'inactive'];
const [ACCOUNTS, TWEETS] = [60, 81];

/** Accounts of every status, and tweets of every status, some of them due. */
const rows = (mock) => `
  WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${ACCOUNTS})
  INSERT INTO twitter_account(username, x_user_id, access_token, status, mock)
    SELECT 'person_' || i, 'x' || i, 'sealed ' || i,
      CASE i % 4 ${STATUSES.map((word, at) => `WHEN ${at} THEN '${word}'`).join(' ')} END, ${mock}
    FROM n;
  WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < ${TWEETS - 1})
  INSERT INTO tweet(twitter_account_id, content, status, scheduled_at)
    SELECT 1 + i % ${ACCOUNTS}, 'Tweet ' || i,
      CASE i % 3 WHEN 0 THEN 'pending' WHEN 1 THEN 'posted' ELSE 'failed' END,
      CASE i % 2 WHEN 0 THEN datetime('now', '-1 minute') END
    FROM n;`;

let instance;
before(async () => { instance = await startInstance(); });
after(() => instance?.stop());

async function fill(mock) {
  await db(instance, `DELETE FROM tweet; DELETE FROM twitter_account;
    DELETE FROM sqlite_sequence; ${rows(mock)}`);
}

/** Everything in the database, as text. */
const dump = (...what) => execFileSync('sqlite3',
  ['-cmd', '.timeout 10000', instance.dbPath, ...(what.length ? what : ['.dump'])],
  { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });

const stops = async (mode, at) => {
  const was = dump();
  const { stats, failures } = await runCollection(instance);
  assert.equal(stats.requests.total, at.length);
  assert.deepEqual(failures.map(({ source }) => source.name), at.slice(-1), mode);
  assert.equal(dump(), was);
};

test('where real accounts are linked, it stops at its first request and changes no row', async () => {
  for (const mode of ['1', '0']) {
    await instance.restart({ MOCK_MODE: mode });
    await fill(0);
    await stops(`MOCK_MODE=${mode}`, ['No real account is linked']);
  }
});

test('one real account among test accounts is enough', async () => {
  await instance.restart({ MOCK_MODE: '1' });
  await fill(1);
  await db(instance, `UPDATE twitter_account SET mock = 0 WHERE id = ${ACCOUNTS}`);
  await stops('MOCK_MODE=1', ['No real account is linked']);
});

test('it does not switch mock mode on', async () => {
  await instance.restart({ MOCK_MODE: '0' });
  await fill(1);
  await stops('MOCK_MODE=0', ['No real account is linked', 'Mock mode is on']);
});

test('a folder that is run by itself sends nothing where nobody looked', async () => {
  await instance.restart({ MOCK_MODE: '1' });
  await fill(0);
  const was = dump();
  const left = { account_id: 1, other_account_id: 2, tweet_id: 1, other_tweet_id: 2, once_id: 3 };
  const folders = collection().item.map(({ name }) => name).slice(1);
  for (const only of folders) {
    const { stats } = await runCollection(instance, { only, left });
    assert.equal(stats.requests.total, 0, only);
  }
  const elsewhere = { ...left, safe_base_url: 'http://127.0.0.1:1', safe_until: Date.now() + 60_000 };
  const { stats } = await runCollection(instance, { only: folders.at(-1), left: elsewhere });
  assert.equal(stats.requests.total, 0);
  assert.equal(dump(), was);
});

test('it leaves the test accounts of others as they are', async () => {
  await instance.restart({ MOCK_MODE: '1' });
  await fill(1);
  const theirs = () => dump('SELECT * FROM twitter_account; SELECT * FROM tweet');
  const was = theirs();
  const left = { account_id: 1, other_account_id: 2, tweet_id: 1, other_tweet_id: 2, once_id: 3 };
  const { stats } = await runCollection(instance, { left });
  assert.ok(stats.requests.total > 80, `${stats.requests.total} requests`);
  assert.equal(theirs(), was);
});
