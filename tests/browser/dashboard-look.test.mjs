// Every view of the dashboard: what axe says of it, and whether it fits, in light
// and dark, on a phone and on a wide screen.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { startInstance } from '../support/instance.mjs';
import { shoot, startChromium } from './chromium.mjs';
import { Dashboard } from './dashboard.mjs';
import { seedSome } from './dashboard-seed.mjs';

let [some, chromium] = [];

before(async () => {
  some = await startInstance({ env: { TWITTER_CLIENT_ID: 'app', MOCK_MODE: '0' } });
  await seedSome(some);
  chromium = await startChromium();
});

after(async () => {
  await chromium?.close();
  await some?.stop();
});

/** What is done before each picture, and after it: [name, address, steps, end]. */
const VIEWS = [
  ['overview', 'overview', async ({ page }) => {
    await page.getByRole('img', { name: 'Tweets a day' }).waitFor();
    await page.getByText('Show as a table').click();
  }],
  ['accounts', 'accounts', ({ page }) => page.getByRole('rowheader', { name: /northwind_news/ }).waitFor()],
  ['clean up', 'accounts', async (board) => {
    await board.button('Clean up…').click();
    await board.dialog.getByLabel(/^Needs linking/).check();
    await board.dialog.getByText('would be deleted').waitFor();
  }],
  ['compose', 'compose', async ({ page }) => {
    await page.getByLabel('Text', { exact: true }).fill('Good morning 🌅, 港から: https://example.org/a/rather/long/path');
    await page.getByLabel('@northwind_news').check();
    await page.getByLabel('@harbour_cafe').check();
    await page.getByLabel('Schedule for later').check();
    await page.getByText(/2 × \$/).waitFor();
  }],
  ['queue', 'queue', async ({ page }) => {
    await page.getByLabel('Select tweet 130').check();
    await page.getByText('1 selected').waitFor();
  }],
  ['nothing found', 'queue?q=nothing+has+this', ({ page }) => page.getByText('No tweets match your filters').waitFor()],
  ['tweet', 'queue?state=failed', async (board) => {
    await board.button('Details of tweet 128').click();
    await board.dialog.getByText('1 attempt').click();
  }],
  ['edit', 'queue?state=scheduled', async ({ page }) => {
    await page.getByRole('button', { name: /^Edit: tweet/ }).first().click();
    await page.getByRole('button', { name: 'Save' }).waitFor();
  }],
  ['menu', 'queue?state=pending', async (board) => {
    await board.page.locator('.menu summary').first().click();
    await board.page.getByRole('button', { name: /^Post now: tweet/ }).first().waitFor();
  }],
  ['post all', 'queue', async (board) => {
    await board.button('Post all pending…').click();
    await board.dialog.getByText(/accounts?: @/).waitFor();
  }],
  ['unconfirmed', 'queue?state=unconfirmed', async (board) => {
    await board.button('It’s on X: tweet 129').click();
    await board.dialog.getByLabel('Its link or id on X').waitFor();
  }],
  ['settings', 'settings', ({ page }) => page.getByRole('heading', { name: 'Server' }).waitFor()],
  ['undo', 'queue?state=pending', async (board) => {
    await board.page.getByLabel(/^Select tweet/).first().check();
    await board.page.locator('.bulk').getByRole('button', { name: 'Post now' }).click();
    await board.button('Undo').waitFor();
  }, (board) => board.button('Undo').click({ timeout: 500 }).catch(() => {})], // it may be through
];

for (const width of [390, 1440]) {
  test(`axe has nothing to say and all fits at ${width} px, in light and in dark`, async () => {
    const board = await Dashboard.open(chromium, some, { width });
    const { page } = board;
    const found = [];
    const look = async (name) => {
      for (const colorScheme of ['dark', 'light']) {
        await page.emulateMedia({ colorScheme });
        await shoot(page, `dashboard ${name} ${width} ${colorScheme}`);
        // Only colours differ between the two.
        const violations = await board.violations(colorScheme === 'dark' ? ['color-contrast'] : undefined);
        found.push(...violations.map((words) => `${name}, ${colorScheme}: ${words}`));
      }
      if (await board.sticksOut() > 0) found.push(`${name}: something sticks out`);
    };
    await board.visit();
    await page.getByRole('button', { name: 'Open the dashboard' }).waitFor();
    await look('first run');
    await board.enter();
    for (const [i, [name, view, steps, end]] of VIEWS.entries()) {
      // Loaded anew each time, with nothing left of the view before.
      await page.goto(`${board.url}?${i}#/${view}`);
      await page.getByRole('heading', { level: 1 }).waitFor();
      await steps(board);
      await look(name);
      await end?.(board);
    }
    assert.deepEqual(found, []);
    board.assertQuiet();
    await board.close();
  });
}

test('nothing sticks out at any width between', async () => {
  const board = await Dashboard.open(chromium, some);
  await board.enter();
  const found = [];
  for (const view of ['overview', 'accounts', 'compose', 'queue', 'settings']) {
    await board.visit(view);
    await board.page.getByRole('heading', { level: 1 }).waitFor();
    await board.page.waitForLoadState('networkidle');
    for (let width = 390; width <= 1440; width += 30) {
      await board.page.setViewportSize({ width, height: 900 });
      if (await board.sticksOut() > 0) found.push(`${view} at ${width} px`);
    }
  }
  assert.deepEqual(found, []);
  await board.close();
});

test('a field has at least 16 px where fingers point, so that no phone zooms in', async () => {
  const board = await Dashboard.open(chromium, some, { width: 390, hasTouch: true, isMobile: true });
  const { page } = board;
  const small = [];
  const look = async (name) => {
    const found = await page.locator('input:visible, select:visible, textarea:visible').evaluateAll((all) => all
      .filter(({ type }) => !['checkbox', 'radio'].includes(type))
      .map((each) => [each.name || each.id, parseFloat(getComputedStyle(each).fontSize)]));
    small.push(...found.filter(([, size]) => size < 16).map((each) => `${name}: ${each}`));
    return found.length;
  };
  await board.visit();
  await page.getByLabel('API key', { exact: true }).waitFor();
  let fields = await look('first run');
  await board.enter();
  for (const [i, [name, view, steps, end]] of VIEWS.entries()) {
    await page.goto(`${board.url}?touch${i}#/${view}`);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await steps(board);
    fields += await look(name);
    await end?.(board);
  }
  await page.goto(`${board.url}docs/`);
  fields += await look('reference');
  assert.ok(fields > 8, `${fields} fields were seen`);
  assert.deepEqual(small, []);
  await board.close();
});
