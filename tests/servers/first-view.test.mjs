// What the dashboard's first view costs on the way: its start, the overview and
// the queue, in Chromium, with headers and all.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Dashboard } from '../browser/dashboard.mjs';
import { startChromium } from '../browser/chromium.mjs';
import { db, startInstance } from '../support/instance.mjs';
import { server, serverName } from '../support/servers/index.mjs';

const MOST = 60_000;
const [ACCOUNTS, TWEETS] = [60, 500];

let [instance, chromium] = [];
before(async () => {
  if (server.noCompression) return;
  instance = await startInstance();
  chromium = await startChromium();
  await db(instance, `
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${ACCOUNTS})
    INSERT INTO twitter_account(username, x_user_id, access_token, mock)
      SELECT 'account_' || i, 'x' || i, 'sealed', 1 FROM n;
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${TWEETS})
    INSERT INTO tweet(twitter_account_id, content, status, scheduled_at)
      SELECT 1 + i % ${ACCOUNTS}, 'Tweet ' || i || ' of many: ' || hex(randomblob(50)), 'pending',
        CASE i % 2 WHEN 0 THEN datetime('now', '+' || i || ' hours') END FROM n;`);
});
after(async () => {
  await chromium?.close();
  await instance?.stop();
});

/** Counts what a page gets: { path: bytes }, by the protocol of the developer's tools. */
async function weigh(page) {
  const session = await page.context().newCDPSession(page);
  const [paths, bytes] = [new Map(), {}];
  session.on('Network.requestWillBeSent', ({ requestId, request }) =>
    paths.set(requestId, new URL(request.url).pathname));
  session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    const path = paths.get(requestId);
    bytes[path] = (bytes[path] ?? 0) + encodedDataLength;
  });
  await session.send('Network.enable');
  return bytes;
}

const sum = (bytes) => Object.values(bytes).reduce((whole, one) => whole + one, 0);

for (const views of [['Overview', 'Queue'], ['Queue']]) {
  test(`${views.join(' and ')} at first sight come in ${MOST / 1000} KB`, { skip: server.noCompression }, async () => {
    const dashboard = await Dashboard.open(chromium, instance);
    try {
      const bytes = await weigh(dashboard.page);
      await dashboard.enter(views[0].toLowerCase());
      for (const view of views) await dashboard.go(view);
      await dashboard.page.waitForLoadState('networkidle');
      await dashboard.page.getByText('Tweet 500 of many').first().waitFor();
      console.log(`# ${serverName()}: ${views.join(' and ')} came in ${sum(bytes)} bytes of ${Object.keys(bytes).length} paths`);
      assert.ok(sum(bytes) <= MOST, JSON.stringify(bytes, null, 2));
      assert.ok(sum(bytes) > 10_000, 'nothing was weighed');
    } finally {
      await dashboard.close();
    }
  });
}
