// Alerts: every cause is made to happen, opens one alert, and closes it when it
// is over.

import assert from 'node:assert/strict';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, test } from 'node:test';
import { join } from 'node:path';

import { Bare } from '../support/bare.mjs';
import { isError, isJson, isTime, namesFaults, unique } from '../support/checks.mjs';
import { startFakeX } from '../support/fake-x/index.mjs';
import { seal } from '../support/fernet.mjs';
import { quote } from '../support/instance.mjs';
import { addGranted } from '../support/link.mjs';
import { noPreload } from '../support/preload.mjs';
import { newFernetKey } from '../support/settings.mjs';

const ALERTS = '/api/v1/monitoring/alerts';
const TWEETS = { method: 'POST', path: '/2/tweets' };
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const sqlTime = (ms) => new Date(ms).toISOString().slice(0, 19).replace('T', ' ');

let x;
let bare;

beforeEach(async () => {
  x = await startFakeX();
  bare = new Bare({ fakeX: x });
});
afterEach(async () => {
  bare.remove();
  await x.close();
});

const list = async (query = '') =>
  isJson(await bare.get(ALERTS, query), 200).alerts;
const open = () => list('status=open');
const ticks = async () => isJson(await bare.tick(), 200);

/** An account with a grant and nothing posted. */
async function granted() {
  await bare.monitoring();
  return addGranted(bare, x, unique('alert'));
}

/** Sends a new tweet of the account; the reply. */
async function send(account) {
  const [{ id }] = await bare.db(`INSERT INTO tweet(twitter_account_id, content)
    VALUES(${account}, ${quote(unique('text'))}) RETURNING id`);
  return bare.post(`/api/v1/tweet/post/${id}`);
}

const setStatus = async (id, status) =>
  isJson(await bare.request('PATCH', `/api/v1/accounts/${id}`, { body: { status } }), 200);

/**
 * The one life of an alert: no tick opens it before `begin`, every tick after
 * it sees one, `end` closes it, and the log has a line of each.
 */
async function lives(cause, { begin, end, account = null, words, code = null, hint = /./ }) {
  await ticks();
  assert.deepEqual(await list(), []);
  await begin();
  for (let i = 0; i < 3; i += 1) await bare.tick();
  const opened = await list();
  assert.deepEqual(opened.map((alert) => alert.cause), [cause]);
  const [alert] = opened;
  assert.equal(alert.account_id, account);
  assert.equal(alert.code, code);
  assert.match(alert.words, words);
  assert.match(alert.hint ?? '', hint);
  isTime(alert.opened_at);
  assert.deepEqual([alert.closed_at, alert.mailed_at], [null, null]);
  assert.deepEqual((await bare.monitoring()).alerts, opened);
  await end();
  for (let i = 0; i < 3; i += 1) await bare.tick();
  assert.deepEqual(await open(), []);
  const closed = await list('status=closed');
  assert.deepEqual(closed.map(({ id }) => id), [alert.id]);
  isTime(closed[0].closed_at);
  assert.equal(bare.causes(/^alert opened: /).length, 1);
  assert.equal(bare.causes(/^alert closed: /).length, 1);
  assert.deepEqual((await bare.monitoring()).alerts, []);
}

test('an account whose tweets fail three times in a row', async () => {
  const { id, user } = await granted();
  await lives('account_failing', {
    account: id, code: 'tweet_refused', words: new RegExp(`@${user.username}: the last 3 .*X says`),
    begin: async () => {
      x.fault({ match: { ...TWEETS, user }, problem: 'notPermitted', times: 2 });
      for (let i = 0; i < 2; i += 1) assert.equal((await send(id)).status, 422);
      await send(id); // one goes out: the count begins anew
      x.fault({ match: { ...TWEETS, user }, problem: 'notPermitted', times: 2 });
      for (let i = 0; i < 2; i += 1) assert.equal((await send(id)).status, 422);
      x.fault({ match: { ...TWEETS, user }, problem: 'tooManyRequests', times: 1 });
      assert.equal((await send(id)).status, 429); // that is no failure
      assert.equal((await bare.monitoring()).accounts[0].consecutive_failures, 2);
      await ticks();
      assert.deepEqual(await list(), []);
      await bare.db('UPDATE twitter_account SET hold_until = NULL, hold_code = NULL');
      x.fault({ match: { ...TWEETS, user }, problem: 'notPermitted', times: 1 });
      assert.equal((await send(id)).status, 422);
      assert.equal((await bare.monitoring()).accounts[0].consecutive_failures, 3);
    },
    end: async () => {
      assert.equal((await send(id)).status, 200);
      assert.equal((await bare.monitoring()).accounts[0].consecutive_failures, 0);
    },
  });
});

test('ALERT_AFTER says how many failures make an alert; a paused account has none', async () => {
  bare.settings.ALERT_AFTER = '1';
  const { id, user } = await granted();
  await lives('account_failing', {
    account: id, code: 'duplicate_content', words: /the last 1 /,
    begin: async () => {
      x.fault({ match: { ...TWEETS, user }, problem: 'duplicate', times: 1 });
      assert.equal((await send(id)).status, 422);
    },
    end: () => setStatus(id, 'inactive'),
  });
  await setStatus(id, 'active');
  await ticks();
  assert.deepEqual(await open(), [], 'active again counts from nothing');
});

test('an account whose tweets X does not take for now', async () => {
  const { id, user } = await granted();
  await lives('account_held_back', {
    account: id, code: 'account_held_back', hint: /Log in on X/,
    words: new RegExp(`@${user.username}: X refuses this .*X says: This request looks`),
    begin: async () => {
      x.fault({ match: { ...TWEETS, user }, problem: 'automated226', times: 1 });
      assert.equal((await send(id)).status, 429);
    },
    end: async () => {
      await setStatus(id, 'active'); // "try again" before its hour is over
      assert.equal((await send(id)).status, 200);
    },
  });
});

const ENDS = {
  'X ends the grant': {
    code: 'needs_reauth', words: /X has revoked access/, hint: /Link the account again/,
    begin: async ({ id, user }) => {
      x.revoke(user);
      await send(id);
    },
  },
  'X suspends the account': {
    code: 'account_suspended', words: /locked or suspended/, hint: /Log in on X/,
    begin: async ({ id, user }) => {
      x.fault({ match: { ...TWEETS, user }, problem: 'suspended', times: 1 });
      await send(id);
    },
  },
  'X locks the account': {
    code: 'account_locked', words: /X has locked this account; X says/, hint: /Unlock it on X/,
    begin: async ({ id, user }) => {
      x.fault({ match: { ...TWEETS, user }, problem: 'locked326', times: 1 });
      await send(id);
    },
  },
  'its grant lacks a scope': {
    code: 'grant_lacks_scope', words: /doesn't include posting/, hint: /Read and write/,
    begin: async ({ id, user }) => {
      x.fault({ match: { ...TWEETS, user }, problem: 'oauth1Permissions', times: 1 });
      await send(id);
    },
  },
  'its token cannot be decrypted': {
    code: 'token_unreadable', words: /can't be decrypted/, hint: /ENCRYPTION_KEY/,
    begin: async ({ id }) => {
      await bare.db(`UPDATE twitter_account SET access_token = ${
        quote(seal(newFernetKey(), 'other'))} WHERE id = ${id}`);
      await send(id);
    },
  },
};
for (const [name, { begin, ...wanted }] of Object.entries(ENDS)) {
  test(`a grant is over: ${name}`, async () => {
    const one = await granted();
    await lives('grant_ended', {
      ...wanted, account: one.id,
      begin: async () => {
        await begin(one);
        const { needs_person: needs } = await bare.monitoring();
        assert.deepEqual(needs.map(({ account_id: id, code }) => [id, code]),
          [[one.id, wanted.code]]);
      },
      // linked again, as the callback does it
      end: () => bare.db(`UPDATE twitter_account SET status = 'active', code = NULL,
        access_token = ${quote(seal(bare.encryptionKey, 'new'))}`),
    });
  });
}

test('a deleted account takes its alert with it', async () => {
  const { id, user } = await granted();
  x.revoke(user);
  await send(id);
  await ticks();
  assert.equal((await open()).length, 1);
  await bare.request('DELETE', `/api/v1/accounts/${id}`);
  await ticks();
  assert.deepEqual(await open(), []);
});

for (const [problem, code] of [['creditsDepleted', 'credits_depleted'],
  ['clientNotEnrolled', 'app_not_enrolled']]) {
  test(`the app may not post any more: ${code}`, async () => {
    const { id } = await granted();
    await lives('credits_depleted', {
      code, words: /nothing is posted/, hint: /developer portal/,
      begin: async () => {
        x.fault({ match: TWEETS, problem, times: 1 });
        assert.equal((await send(id)).status, 503);
        await ticks();
        // the hour is over, but nothing says that X would take a post
        await bare.db(`UPDATE kv SET value = ${quote(`${code} ${sqlTime(Date.now() - 60_000)}`)}
          WHERE name = 'app_hold'`);
      },
      end: async () => assert.equal((await send(id)).status, 200),
    });
  });
}

test('X is out of reach several times in a row', async () => {
  const { id } = await granted();
  const reachable = bare.settings.TWITTER_API_URL;
  const again = () => bare.db(`UPDATE twitter_account SET hold_until = '2020-01-01 00:00:00';
    UPDATE tweet SET retry_at = '2020-01-01 00:00:00' WHERE status = 'pending'`);
  await lives('x_unreachable', {
    code: 'x_unavailable', words: /3 times in a row; the tweets of 1 account wait/,
    begin: async () => {
      bare.settings.TWITTER_API_URL = 'http://127.0.0.1:9';
      assert.equal((await send(id)).status, 502);
      for (let i = 0; i < 2; i += 1) {
        assert.deepEqual(await list(), []);
        await again();
        await ticks();
      }
    },
    end: async () => {
      bare.settings.TWITTER_API_URL = reachable;
      await again();
    },
  });
});

/** Moves the last tick back by so much. */
const ago = (ms) => bare.db(`UPDATE kv SET value = json_set(value, '$.at',
  ${quote(new Date(Date.now() - ms).toISOString().replace(/\.\d+/, ''))})
  WHERE name = 'last_tick'`);

test('a tick that is late is noticed by the next call of monitoring', async () => {
  await ticks();
  await ago(29 * MINUTE);
  assert.equal((await bare.monitoring()).tick.late, false);
  await ago(31 * MINUTE);
  for (let i = 0; i < 2; i += 1) {
    const { tick, alerts } = await bare.monitoring();
    assert.equal(tick.late, true);
    assert.deepEqual(alerts.map(({ cause }) => cause), ['tick_late']);
    assert.match(alerts[0].words, /didn't run for 31 minutes/);
    assert.match(alerts[0].hint, /cron/);
  }
  await ticks(); // it came, but late
  assert.equal((await open()).length, 1);
  assert.equal((await bare.monitoring()).tick.late, false);
  await ticks(); // and this one in time
  assert.deepEqual(await open(), []);
  assert.equal((await list('status=closed')).length, 1);
});

test('a tick that is late is noticed by itself', async () => {
  await ticks();
  await lives('tick_late', {
    words: /didn't run for 3 h 0 min/, hint: /cron/,
    // the ticks of lives() would close it, so none has come yet
    begin: async () => {
      await ago(3 * HOUR);
      await ticks();
      const run = bare.tick;
      bare.tick = async () => {};
      bare.again = () => { bare.tick = run; };
    },
    end: async () => bare.again(),
  });
});

test('TICK_INTERVAL_MINUTES and a long budget decide what is late', async () => {
  await ticks();
  for (const [interval, budget, gap, late] of [
    ['5', '240', 9, false], ['5', '240', 11, true], ['60', '240', 119, false],
    ['60', '240', 121, true], ['1', '240', 4, false], ['1', '240', 6, true],
  ]) {
    Object.assign(bare.settings, { TICK_INTERVAL_MINUTES: interval, TICK_BUDGET_SECONDS: budget });
    await ago(gap * MINUTE);
    const { tick } = await bare.monitoring();
    assert.deepEqual([tick.late, tick.interval_minutes], [late, Number(interval)], `${gap} min`);
  }
});

for (const [late, which] of [[null, 'waits'], ['held', 'was held by a run that a person began']]) {
  test(`with no tick at all, an overdue tweet tells that cron is missing: it ${which}`, async () => {
    const { id } = await granted();
    assert.equal((await bare.monitoring()).tick.late, false);
    await bare.db(`INSERT INTO tweet(twitter_account_id, content, scheduled_at, late)
      VALUES(${id}, 'x', ${quote(sqlTime(Date.now() - HOUR))}, ${quote(late)})`);
    const { tick, alerts } = await bare.monitoring();
    assert.ok(tick.late && /scheduler \(cron\) has never run/.test(alerts[0].words));
  });
}

test('the disk is nearly full', { skip: noPreload }, async () => {
  const file = join(bare.dir, 'free');
  bare.preload('disk', { DISK_FILE: file });
  writeFileSync(file, '50000');
  await lives('disk_low', {
    code: 'disk_full', words: /has only 63 MiB left/, hint: /Free up space/,
    begin: () => writeFileSync(file, '63'),
    end: () => writeFileSync(file, '2049'),
  });
});

test('the database cannot be used as it should', async () => {
  await lives('database_trouble', {
    code: 'database_error', words: /no such table/, hint: /error log/,
    begin: async () => {
      await bare.db('ALTER TABLE oauth_state RENAME TO gone');
      assert.equal((await bare.tick()).status, 500);
      const { tick } = await bare.monitoring();
      assert.equal(tick.last.error, 'database_error');
    },
    end: () => bare.db('ALTER TABLE gone RENAME TO oauth_state'),
  });
});

test('a damaged page of the database is found within a day', async () => {
  await bare.monitoring();
  await bare.db(`CREATE TABLE junk(a);
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000)
    INSERT INTO junk SELECT hex(randomblob(100)) FROM n`);
  const checkpoint = () => bare.db('PRAGMA wal_checkpoint(TRUNCATE)');
  const [{ page_size: size }] = await bare.db('PRAGMA page_size');
  const [{ rootpage }] = await bare.db("SELECT rootpage FROM sqlite_master WHERE name = 'junk'");
  const at = (rootpage - 1) * size;
  const change = async (work) => {
    await checkpoint();
    const bytes = readFileSync(bare.dbPath);
    work(bytes);
    writeFileSync(bare.dbPath, bytes);
    for (const end of ['-wal', '-shm']) rmSync(bare.dbPath + end, { force: true });
    await bare.db("UPDATE kv SET value = '2020-01-01 00:00:00' WHERE name = 'database_checked'");
  };
  let page;
  await lives('database_trouble', {
    code: 'database_error', words: /damaged/, hint: /error log/,
    begin: () => change((bytes) => {
      page = Buffer.from(bytes.subarray(at, at + size));
      bytes.fill(0xEE, at + 100, at + 200);
    }),
    end: () => change((bytes) => page.copy(bytes, at)),
  });
});

for (const [words, minutes] of [['behind', -10.5], ['ahead of', 10.5]]) {
  test(`this machine's clock is ${words} X's`, { skip: noPreload }, async () => {
    const turn = (ms) => bare.turn(Date.now() + ms);
    bare.preloadClock();
    const { id } = await granted();
    await lives('clock_wrong', {
      words: new RegExp(`clock is 10 minutes ${words} X's`), hint: /NTP/,
      begin: async () => {
        turn(minutes * MINUTE);
        assert.equal((await send(id)).status, 200);
      },
      end: async () => {
        turn(0);
        assert.equal((await send(id)).status, 200);
      },
    });
  });
}

test('two ticks at once open an alert once', async () => {
  await bare.monitoring();
  await bare.db(Array.from({ length: 20 }, (_, i) => `INSERT INTO twitter_account(username,
    access_token, status) VALUES('u${i}', 't', 'failed');`).join(''));
  await Promise.all(Array.from({ length: 6 }, () => bare.tick()));
  assert.equal((await open()).length, 20);
  assert.equal(bare.causes(/^alert opened: /).length, 20);
});

test('alerts are listed newest first, a page at a time', async () => {
  await bare.monitoring();
  await bare.db(Array.from({ length: 7 }, (_, i) => `INSERT INTO alert(cause, subject, words,
    opened_at, closed_at) VALUES('grant_ended', ${i + 1}, 'w${i}', datetime('now'),
    ${i % 2 ? "datetime('now')" : 'NULL'});`).join(''));
  const words = (alerts) => alerts.map((alert) => alert.words).join(' ');
  assert.equal(words(await list()), 'w6 w5 w4 w3 w2 w1 w0');
  assert.equal(words(await list('status=open')), 'w6 w4 w2 w0');
  assert.equal(words(await list('status=closed')), 'w5 w3 w1');
  const seen = [];
  for (let query = 'limit=3'; query;) {
    const page = isJson(await bare.get(ALERTS, query), 200);
    seen.push(words(page.alerts));
    query = page.next_cursor && `limit=3&cursor=${page.next_cursor}`;
  }
  assert.deepEqual(seen, ['w6 w5 w4', 'w3 w2 w1', 'w0']);
  for (const bad of ['status=odd', 'limit=0', 'limit=201', 'cursor=x', 'cursor=0']) {
    namesFaults(await bare.get(ALERTS, bad), `/${bad.split('=')[0]}`);
  }
});

test('closed alerts go after ninety days', async () => {
  await bare.monitoring();
  await bare.db(`INSERT INTO alert(cause, subject, words, opened_at, closed_at) VALUES
    ('grant_ended', 1, 'old', datetime('now', '-200 days'), datetime('now', '-91 days')),
    ('grant_ended', 2, 'new', datetime('now', '-200 days'), datetime('now', '-89 days'))`);
  await ticks();
  assert.deepEqual((await list()).map(({ words }) => words), ['new']);
});

test('the tool and the API do the same', async () => {
  await granted();
  await bare.db("UPDATE twitter_account SET status = 'suspended'");
  bare.tool('tick');
  assert.deepEqual((await open()).map(({ cause }) => cause), ['grant_ended']);
});

const putAside = (id, body) => bare.request('PATCH', `${ALERTS}/${id}`, { body });
const inDays = (n) => new Date(Date.now() + n * 24 * HOUR).toISOString().replace(/\.\d+/, '');

/** Open alerts of these [cause, subject]; their ids. */
async function insert(...rows) {
  await bare.monitoring();
  return (await bare.db(`INSERT INTO alert(cause, subject, words, opened_at) VALUES
    ${rows.map(([cause, subject]) => `('${cause}', ${subject}, 'w', datetime('now'))`)}
    RETURNING id`)).map(({ id }) => id);
}
const causesOf = async () => Object.fromEntries((await bare.monitoring()).alert_causes
  .map(({ cause, open: n, snoozed }) => [cause, [n, snoozed]]));

test('an alert that is put aside is listed, and asks for nobody until then', async () => {
  const [one] = await insert(['disk_low', 0], ['clock_wrong', 0]);
  const until = inDays(1);
  const alert = isJson(await putAside(one, { snoozed_until: until }), 200);
  assert.deepEqual([alert.id, alert.snoozed_until, alert.closed_at], [one, until, null]);
  assert.deepEqual((await list()).find(({ id }) => id === one), alert);
  assert.deepEqual((await bare.monitoring()).alerts.find(({ id }) => id === one), alert);
  assert.deepEqual(await causesOf(), { disk_low: [1, 1], clock_wrong: [1, 0] });
  const back = isJson(await putAside(one, { snoozed_until: null }), 200);
  assert.equal(back.snoozed_until, null);
  assert.deepEqual(await causesOf(), { disk_low: [1, 0], clock_wrong: [1, 0] });
  await putAside(one, { snoozed_until: until });
  await bare.db("UPDATE alert SET snoozed_until = datetime('now', '-1 second')");
  assert.deepEqual(await causesOf(), { disk_low: [1, 0], clock_wrong: [1, 0] });
});

test('a whole cause is put aside at once; what opens later is not', async () => {
  const [one] = await insert(['grant_ended', 1], ['grant_ended', 2], ['account_failing', 1]);
  await bare.db("UPDATE alert SET closed_at = datetime('now') WHERE subject = 2");
  await insert(['grant_ended', 3]);
  isJson(await putAside(one, { snoozed_until: inDays(1), whole_cause: true }), 200);
  assert.deepEqual(await causesOf(), { account_failing: [1, 0], grant_ended: [2, 2] });
  const closed = await list('status=closed');
  assert.deepEqual(closed.map(({ snoozed_until: until }) => until), [null]);
  await insert(['grant_ended', 4]);
  assert.deepEqual(await causesOf(), { account_failing: [1, 0], grant_ended: [3, 2] });
});

test('alerts of the whole installation come first in monitoring', async () => {
  await insert(['disk_low', 0], ...Array.from({ length: 250 }, (_, i) => ['grant_ended', i + 1]));
  const { alerts, alert_causes: causes } = await bare.monitoring();
  assert.equal(alerts.length, 200);
  assert.equal(alerts[0].cause, 'disk_low');
  assert.equal(alerts[1].account_id, 250);
  assert.deepEqual(causes, [{ cause: 'disk_low', open: 1, snoozed: 0 },
    { cause: 'grant_ended', open: 250, snoozed: 0 }]);
});

test('an alert is put aside for thirty days at most, and only one that there is', async () => {
  const [one] = await insert(['disk_low', 0]);
  for (const until of [inDays(31), inDays(-1), '2036-13-01T00:00:00Z', 'tomorrow', 7, '']) {
    namesFaults(await putAside(one, { snoozed_until: until }), '/snoozed_until');
  }
  namesFaults(await putAside(one, {}), '/snoozed_until');
  namesFaults(await putAside(one, { snoozed_until: null, whole_cause: 'yes' }), '/whole_cause');
  isError(await putAside(one + 1, { snoozed_until: inDays(1) }), 404, 'alert_not_found');
  isError(await putAside(0, { snoozed_until: inDays(1) }), 404);
  assert.equal((await list())[0].snoozed_until, null);
  isJson(await putAside(one, { snoozed_until: inDays(29) }), 200);
});
