// Whatever was scheduled and did not go out at its time opens an alert: one for
// each reason, however many tweets it strikes, and closes it when it is over.

import assert from 'node:assert/strict';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { join } from 'node:path';

import { Bare } from '../support/bare.mjs';
import { isJson, unique, until } from '../support/checks.mjs';
import { startFakeX } from '../support/fake-x/index.mjs';
import { addGranted, addTweet } from '../support/link.mjs';

const ALERTS = '/api/v1/monitoring/alerts';
const TWEETS = { method: 'POST', path: '/2/tweets' };

let x;
let bare;
let account;

beforeEach(async () => {
  x = await startFakeX();
  bare = new Bare({ fakeX: x, env: { ALERT_AFTER: '1000' } });
  await bare.monitoring();
  account = await addGranted(bare, x, unique('due'));
});
afterEach(async () => {
  bare.remove();
  await x.close();
});

const open = async () => isJson(await bare.get(ALERTS, 'status=open'), 200).alerts;
const told = async () => Object.fromEntries((await open()).map(({ cause, words }) => [cause, words]));
const ticks = async () => isJson(await bare.tick(), 200);

/** Tweets whose time was so many minutes ago; their ids. */
async function due(count, minutes = 1, id = account.id) {
  const ids = [];
  for (let i = 0; i < count; i += 1) {
    ids.push(await addTweet(bare, { accountId: id, text: unique('text') }));
  }
  await bare.db(`UPDATE tweet SET scheduled_at = datetime('now', '-${minutes} minutes')
    WHERE id IN (${ids})`);
  return ids;
}

const change = async (path, method = 'POST', body = undefined) =>
  isJson(await bare.request(method, path, { body }), 200);

/** Sends all there is to send, one tick after the other. */
async function settle() {
  for (let i = 0; i < 3; i += 1) await ticks();
}

/** What ends unconfirmed: X has answered nothing, and its timeline tells nothing. */
const unconfirm = (ids) => bare.db(`UPDATE tweet SET status = 'failed', code = 'outcome_unknown'
  WHERE id IN (${ids})`);

const REASONS = {
  tweets_missed: {
    words: (n) => `${n} scheduled tweet${n === 1 ? ' was' : 's were'} missed`,
    begin: (n) => due(n, 90),
    end: async (ids) => {
      for (const id of ids) await change(`/api/v1/tweets/${id}/release`);
      await bare.db('UPDATE twitter_account SET late_at = NULL');
    },
  },
  tweets_rejected: {
    words: (n) => `${n} scheduled tweet${n === 1 ? ' was' : 's were'} rejected`,
    begin: (n) => {
      x.fault({ match: TWEETS, problem: 'duplicate', times: n });
      return due(n);
    },
    end: async (ids) => {
      for (const id of ids) await change(`/api/v1/tweets/${id}`, 'DELETE');
    },
  },
  tweets_unconfirmed: {
    words: (n) => `we couldn't confirm whether ${n} scheduled tweet${n === 1 ? ' was' : 's were'} posted`,
    begin: async (n) => {
      const ids = await due(n);
      await unconfirm(ids);
      return ids;
    },
    end: async (ids) => {
      for (const id of ids) await change(`/api/v1/tweets/${id}/resolve`, 'POST', { posted: false });
    },
  },
  account_unusable: {
    words: (n) => `${n} scheduled tweet${n === 1 ? '' : 's'} did not go out: @${account.user.username} can't be used`,
    begin: async (n) => {
      await bare.db("UPDATE twitter_account SET status = 'inactive'");
      return due(n);
    },
    end: () => change(`/api/v1/accounts/${account.id}`, 'PATCH', { status: 'active' }),
  },
};

describe('a scheduled tweet that did not go out', () => {
  for (const [cause, { words, begin, end }] of Object.entries(REASONS)) {
    test(`${cause}: one alert tells of all, and closes with the last`, async () => {
      const first = await begin(1);
      await settle();
      assert.deepEqual(await told(), { [cause]: words(1) });
      const [{ id, account_id: subject, hint }] = await open();
      assert.equal(subject, null);
      assert.match(hint, /./);
      const rest = await begin(13);
      await settle();
      assert.deepEqual(await told(), { [cause]: words(14) });
      assert.equal((await open())[0].id, id, 'the same alert');
      assert.equal(bare.causes(/^alert opened: /).length, 1);
      await end([...first, ...rest]);
      await settle();
      assert.equal((await told())[cause], undefined);
      assert.equal(bare.causes(/^alert closed: /).length, 1);
    });
  }

  test('is told by one mail, however many follow', async () => {
    const sendmail = join(bare.dir, 'sendmail');
    writeFileSync(sendmail, `#!/bin/sh\ncat >>'${bare.dir}/mails'\n`);
    chmodSync(sendmail, 0o755);
    Object.assign(bare.settings, { ALERT_EMAIL: 'ops@example.com', SENDMAIL: sendmail });
    await due(14, 90);
    await settle();
    await due(2, 90);
    await settle();
    const mails = readFileSync(join(bare.dir, 'mails'), 'utf8');
    assert.equal(mails.match(/^Subject:/gm).length, 1, mails);
    assert.match(mails, /14 scheduled tweets were missed/);
  });
});

test('of missed tweets those count apart whose account cannot be used', async () => {
  const other = await addGranted(bare, x, unique('off'));
  await due(2, 90);
  await due(3, 90, other.id);
  await bare.db(`UPDATE twitter_account SET status = 'inactive' WHERE id = ${other.id}`);
  await ticks();
  assert.deepEqual(await told(), {
    tweets_missed: '2 scheduled tweets were missed',
    account_unusable: `3 scheduled tweets did not go out: @${other.user.username} can't be used`,
  });
  await bare.db(`UPDATE twitter_account SET status = 'inactive'`);
  await ticks();
  assert.deepEqual(await told(), {
    account_unusable: "5 scheduled tweets did not go out: 2 accounts can't be used",
  });
});

test('what goes out, goes later, has no time or is a draft is no such tweet', async () => {
  const [draft] = await due(1, 90);
  await bare.db(`UPDATE tweet SET draft = 1 WHERE id = ${draft}`);
  await due(2);
  await due(1, -60);
  const [untimed] = await due(1);
  await bare.db(`UPDATE tweet SET scheduled_at = NULL WHERE id = ${untimed}`);
  await bare.db("UPDATE twitter_account SET status = 'active'");
  await ticks();
  assert.deepEqual(await told(), {});
  x.fault({ match: TWEETS, problem: 'tooManyRequests' });
  await due(1);
  await ticks();
  assert.deepEqual(await told(), {}, 'X asked to wait: it is sent by itself');
  x.clearFaults();
  x.fault({ match: TWEETS, problem: 'duplicate' });
  await bare.db('UPDATE twitter_account SET hold_until = NULL, hold_code = NULL');
  assert.equal((await bare.post(`/api/v1/tweet/post/${untimed}`)).status, 422);
  await ticks();
  assert.deepEqual(await told(), {}, 'a person has seen that answer');
});

test('a text that we refuse to send counts as rejected', async () => {
  const [id] = await due(1);
  await bare.db(`UPDATE tweet SET content = char(8203) WHERE id = ${id}`);
  await ticks();
  assert.deepEqual(await told(), { tweets_rejected: '1 scheduled tweet was rejected' });
});

test('a tweet that was rejected a month ago is history', async () => {
  const [old, now] = await due(2);
  await unconfirm([old, now]);
  await bare.db(`UPDATE tweet SET code = 'tweet_refused';
    UPDATE tweet SET scheduled_at = datetime('now', '-31 days') WHERE id = ${old}`);
  await ticks();
  assert.equal((await told()).tweets_rejected, '1 scheduled tweet was rejected');
  // It was released late, and rejected only then.
  await bare.db(`INSERT INTO attempt(tweet_id, sent_at, ended_at, outcome)
    VALUES(${old}, datetime('now'), datetime('now'), 'failed')`);
  await ticks();
  assert.equal((await told()).tweets_rejected, '2 scheduled tweets were rejected');
});

test('while the first run is under way nobody is told that there was none', async () => {
  await due(1, 40);
  const fault = x.fault({ match: TWEETS, held: true });
  const run = ticks();
  await until(() => fault.hits > 0, 'the tweet at X');
  const { tick, alerts } = await bare.monitoring();
  assert.deepEqual([tick.last_at, tick.late, alerts], [null, false, []]);
  fault.release();
  await run;
  assert.deepEqual(await told(), {});
});
