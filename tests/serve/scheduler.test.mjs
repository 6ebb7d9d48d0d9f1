// scheduler.test.mjs - what `make run` promises to somebody who has set up
// nothing else: a scheduled tweet goes out, and nobody is alarmed.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { isJson, until } from '../support/checks.mjs';
import { db, request, startInstance } from '../support/instance.mjs';
import { linkMock } from '../support/link.mjs';

test('a scheduled tweet goes out with no cron, and no alert is opened', async () => {
  const instance = await startInstance({ env: { SCHEDULER: '1', EVERY: '0.5' } });
  const get = async (path) => isJson(await request(instance, 'GET', path), 200);
  try {
    await until(async () => (await get('/api/v1/monitoring')).tick.last_at, 'the first run');
    const { account_id: account } = isJson(await linkMock(instance, 'daily'), 200);
    const at = new Date(Date.now() + 1500).toISOString();
    const { tweet_id: id } = isJson(await request(instance, 'POST', '/api/v1/tweet',
      { body: { account_id: account, text: 'on time', scheduled_at: at } }), 201);
    assert.equal((await get(`/api/v1/tweets/${id}`)).state, 'scheduled');
    await until(async () => (await get(`/api/v1/tweets/${id}`)).status === 'posted', 'the tweet');
    const { posted_at: posted } = await get(`/api/v1/tweets/${id}`);
    assert.ok(new Date(posted) - new Date(at) < 5000, `${at} ${posted}`);
    assert.deepEqual(await db(instance, 'SELECT * FROM alert'), []);
  } finally {
    await instance.stop();
  }
});

test('an overdue tweet on a first start opens no false alert of a missing scheduler', async () => {
  const first = await startInstance();
  try {
    const { account_id: account } = isJson(await linkMock(first, 'old'), 200);
    await db(first, `INSERT INTO tweet(twitter_account_id, content, scheduled_at, mock)
      VALUES(${account}, 'of yesterday', datetime('now', '-1 days'), 1)`);
    await first.restart({ SCHEDULER: '1' });
    await until(async () => (await db(first, 'SELECT * FROM alert')).length, 'an alert');
    const causes = await db(first, 'SELECT cause FROM alert');
    assert.deepEqual(causes.map(({ cause }) => cause), ['tweets_missed']);
  } finally {
    await first.stop();
  }
});
