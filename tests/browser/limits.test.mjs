// The dashboard of a server that lets it call seldom, and of one whose key is
// short.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { startInstance } from '../support/instance.mjs';
import { startChromium } from './chromium.mjs';
import { Dashboard } from './dashboard.mjs';

const SHORT = 'nineteen-characters';

let [instance, chromium] = [];
before(async () => {
  instance = await startInstance({ env: { API_KEY: SHORT, RATE_LIMIT_PER_MINUTE: '60' } });
  chromium = await startChromium();
});
after(async () => {
  await chromium?.close();
  await instance?.stop();
});

test('calls that were too many are made again in time, and a short key is named', async (t) => {
  const board = await Dashboard.open(chromium, instance);
  t.after(() => board.close());
  board.page.setDefaultTimeout(30_000);
  const refused = [];
  board.page.on('response', (response) => {
    if (response.status() === 429) refused.push(response.url());
  });
  await board.enter();
  for (const view of ['Queue', 'Accounts', 'Settings']) await board.go(view);
  await board.page.getByText('fewer than 20 characters').waitFor();
  await board.page.getByRole('heading', { name: 'Server' }).waitFor();
  assert.ok(refused.length > 0, 'no call was too much');
  assert.equal(await board.page.getByText('too many requests').count(), 0);
  board.assertQuiet(/429/);
});
