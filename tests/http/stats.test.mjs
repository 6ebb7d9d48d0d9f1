// Counts of accounts and tweets.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { isJson } from '../support/checks.mjs';
import { db, request, startInstance } from '../support/instance.mjs';
import { addAccount, addTweet, queue } from '../support/link.mjs';

let instance;
before(async () => { instance = await startInstance(); });
after(() => instance?.stop());

const stats = async () => {
  const { accounts, tweets } = isJson(await request(instance, 'GET', '/api/v1/stats'), 200);
  return { accounts, tweets };
};

test('an empty instance counts nothing', async () => {
  assert.deepEqual(await stats(), {
    accounts: { total: 0, active: 0 },
    tweets: { total: 0, pending: 0, posted: 0, failed: 0 },
  });
});

test('counts follow every way a row comes, changes and goes', async () => {
  const active = await addAccount(instance, { username: 'a' });
  const other = await addAccount(instance, { username: 'b', status: 'failed' });
  for (const status of ['pending', 'posted', 'posted', 'failed', 'failed', 'failed']) {
    await addTweet(instance, { accountId: active, text: status, status });
  }
  await addTweet(instance, { accountId: other, text: 'other' });
  await queue(instance, active, 'over the API');
  assert.deepEqual(await stats(), {
    accounts: { total: 2, active: 1 },
    tweets: { total: 8, pending: 3, posted: 2, failed: 3 },
  });
  await db(instance, "UPDATE tweet SET status = 'posted' WHERE status = 'failed'");
  await db(instance, "UPDATE twitter_account SET status = 'active'");
  assert.deepEqual((await stats()).tweets, { total: 8, pending: 3, posted: 5, failed: 0 });
  assert.equal((await stats()).accounts.active, 2);
  await request(instance, 'DELETE', `/api/v1/accounts/${active}`);
  assert.deepEqual(await stats(), {
    accounts: { total: 1, active: 1 },
    tweets: { total: 1, pending: 1, posted: 0, failed: 0 },
  });
});
