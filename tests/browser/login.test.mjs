// The dashboard behind a login of the web server's own, as many hosts put one in
// front: it goes through where the browser has logged in, and tells that login's
// refusal from that of the API key.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { startFront } from '../support/front.mjs';
import { startInstance } from '../support/instance.mjs';
import { startChromium } from './chromium.mjs';
import { Dashboard } from './dashboard.mjs';

const NOT_THE_KEY = /not the key|no longer works/;
let [instance, chromium] = [];

before(async () => {
  instance = await startInstance();
  chromium = await startChromium();
});

after(async () => {
  await chromium?.close();
  await instance?.stop();
});

/** Opens the dashboard behind a front; both are closed when the test ends. */
async function behind(t, kind, { base = 'url', isOpen = false, loggedIn = !isOpen } = {}) {
  const front = await startFront(instance, kind);
  t.after(() => front.close());
  front.isOpen = isOpen;
  const { httpCredentials } = kind === 'basic' && loggedIn && base === 'url' ? front : {};
  const board = await Dashboard.open(chromium, instance, { base: front[base], httpCredentials });
  t.after(() => board.close());
  if (kind !== 'basic' && loggedIn) await board.page.context().addCookies([front.cookie]);
  return { front, board, page: board.page };
}

for (const kind of ['basic', 'redirect', 'form']) {
  test(`every call goes through a login that the browser has: ${kind}`, async (t) => {
    const { front, board, page } = await behind(t, kind);
    await board.enter();
    await page.getByText('Link your first account').waitFor();
    await board.go('Settings');
    await page.getByRole('heading', { name: 'Server' }).waitFor();
    // A browser may have to be asked once before it gives name and password.
    const refused = front.asked.filter((url) => url.includes('/api/'));
    assert.deepEqual(refused, []);
    board.assertQuiet();
  });
}

test('a name and password in the address do not keep calls from being made', async (t) => {
  const { board, page } = await behind(t, 'basic', { base: 'urlWithPassword' });
  await board.enter();
  await page.getByText('Link your first account').waitFor();
  board.assertQuiet();
});

// (For Basic the browser itself asks, before we are told anything.)
for (const kind of ['unauthorized', 'forbidden', 'redirect', 'form']) {
  test(`a login that has ended is told, and the key is kept: ${kind}`, async (t) => {
    const { front, board, page } = await behind(t, kind, { isOpen: true });
    await board.enter();
    await page.getByText('Link your first account').waitFor();
    front.isOpen = false;
    await board.go('Settings');
    await page.getByText('The web server asked for its own login.').first().waitFor();
    assert.doesNotMatch(await page.locator('body').textContent(), NOT_THE_KEY);
    assert.equal(await page.locator('.strip.bad').count(), 0, 'the server was reached');
    front.isOpen = true;
    await board.button('Reload the page').first().click();
    await page.getByRole('heading', { name: 'Server' }).waitFor();
    board.assertQuiet(/127\.0\.0\.1:9\/login|held back|module script/); // of what it was led to
  });

  test(`the first form does not call a right key wrong: ${kind}`, async (t) => {
    const { front, board, page } = await behind(t, kind, { isOpen: true });
    await board.visit();
    const key = page.getByLabel('API key', { exact: true });
    await key.waitFor();
    front.isOpen = false;
    await key.fill(instance.key);
    await board.button('Open the dashboard').click();
    await page.getByText('The web server asked for its own login.').first().waitFor();
    assert.doesNotMatch(await page.locator('body').textContent(), NOT_THE_KEY);
  });
}

test('a wrong key behind such a login is called wrong', async (t) => {
  const { board, page } = await behind(t, 'basic');
  await board.visit();
  await page.getByLabel('API key', { exact: true }).fill('nonsense');
  await page.keyboard.press('Enter');
  await page.getByText('That’s not this server’s key').waitFor();
});

test('the reference of the API is shown behind such a login, too', async (t) => {
  for (const base of ['url', 'urlWithPassword']) {
    const { board, page } = await behind(t, 'basic', { base });
    await page.goto(`${board.url}docs/`);
    await page.getByText('/api/v1/tweets').first().waitFor();
    board.assertQuiet();
  }
});
