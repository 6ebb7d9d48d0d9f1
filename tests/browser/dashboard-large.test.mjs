// The dashboard as a whole: what a first view weighs, that it works below any
// path and by the keyboard alone, that what it shows is text, and that very many
// tweets and accounts do not slow it down.

import assert from 'node:assert/strict';
import http from 'node:http';
import { after, before, test } from 'node:test';

import { startInstance } from '../support/instance.mjs';
import { startChromium } from './chromium.mjs';
import { Dashboard } from './dashboard.mjs';
import { seedMany, seedSome } from './dashboard-seed.mjs';

const FIRST_VIEW = 100 * 1024;
const USABLE = 300;
const TRIES = 4; // other tests run beside this one

let [some, many, chromium] = [];

before(async () => {
  [some, many] = await Promise.all([
    startInstance({ env: { TWITTER_CLIENT_ID: 'app', MOCK_MODE: '0' } }), startInstance()]);
  await Promise.all([seedSome(some), seedMany(many)]);
  chromium = await startChromium();
});

after(async () => {
  await chromium?.close();
  await some?.stop();
  await many?.stop();
});

test('a first view takes less than 100 KiB, uncompressed', async (t) => {
  for (const view of ['', 'overview']) {
    const board = await Dashboard.open(chromium, some);
    if (view) {
      await board.page.addInitScript((key) => sessionStorage.setItem('twitter-manager.key', key), some.key);
    }
    let bytes = 0;
    const sizes = [];
    board.page.on('response', (response) => sizes.push((async () => {
      if (response.url().includes('/api/')) return;
      const [body, headers] = await Promise.all([response.body(), response.allHeaders()]);
      bytes += body.length + JSON.stringify(headers).length;
    })()));
    await board.page.goto(board.url, { waitUntil: 'networkidle' });
    await Promise.all(sizes);
    t.diagnostic(`${view || 'first run'}: ${(bytes / 1024).toFixed(1)} KiB in ${sizes.length} replies`);
    assert.ok(bytes > 10_000 && bytes < FIRST_VIEW, `${bytes} bytes`);
    await board.close();
  }
});

/** Hands everything below a path on to the instance. */
function below(path, instance) {
  const server = http.createServer((request, response) => {
    if (!request.url.startsWith(path)) {
      response.writeHead(404).end();
      return;
    }
    const onward = http.request(`${instance.url}/${request.url.slice(path.length)}`,
      { method: request.method, headers: { ...request.headers, host: `127.0.0.1:${instance.port}` } }, (reply) => {
        response.writeHead(reply.statusCode, reply.headers);
        reply.pipe(response);
      });
    request.pipe(onward);
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve({
      url: `http://127.0.0.1:${server.address().port}${path}`,
      close: () => { server.closeAllConnections(); server.close(); },
    }));
  });
}

test('it works below any path', async () => {
  const proxy = await below('/some/where/', some);
  const board = await Dashboard.open(chromium, some, { base: proxy.url });
  await board.enter('accounts');
  await board.page.getByRole('rowheader', { name: /northwind_news/ }).waitFor();
  for (const name of ['Compose', 'Queue', 'Settings', 'Overview']) await board.go(name);
  board.assertQuiet();
  await board.close();
  proxy.close();
});

test('it can be walked by the keyboard alone', async () => {
  const board = await Dashboard.open(chromium, some);
  const { page } = board;
  await board.enter('overview');
  await page.reload();
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Skip to content');
  await page.keyboard.press('Enter');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'main');
  assert.match(page.url(), /#\/overview$/, 'the address still names the view');
  await page.locator('#nav').getByRole('link', { name: 'Queue' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Queue' }).waitFor();
  await page.waitForFunction(() => document.activeElement.tagName === 'H1');
  await page.getByRole('button', { name: /^Details of tweet 128/ }).focus();
  await page.keyboard.press('Enter');
  await board.dialog.getByText('1 attempt').waitFor();
  await page.keyboard.press('Escape');
  await page.locator('dialog').waitFor({ state: 'detached' });
  assert.match(await page.evaluate(() => document.activeElement.ariaLabel), /^Details of tweet 128/, 'the focus comes back');
  await board.close();
});

test('what is said of accounts and tweets is text, whatever is in it', async () => {
  const board = await Dashboard.open(chromium, many);
  await board.enter('queue');
  const evil = '<img src=x onerror=alert(1)><b>bold</b>';
  await board.page.evaluate(() => { location.hash = '#/compose?account=2'; });
  await board.page.getByLabel('Text', { exact: true }).fill(evil);
  await board.button('Save to queue').click();
  await board.notice('1 tweet saved.').waitFor();
  await board.go('Queue');
  await board.page.getByText(evil).waitFor();
  board.assertQuiet();
  await board.close();
});

/** In the page: when the last reply was there, and when the last of it was drawn. */
function watchDrawing() {
  const seen = { arrived: 0, drawn: 0 };
  globalThis.drawing = seen;
  const { text } = Response.prototype;
  Response.prototype.text = async function read() {
    const all = await text.call(this);
    if (this.url.includes('/api/')) seen.arrived = performance.now();
    return all;
  };
  new MutationObserver(() => requestAnimationFrame(() => setTimeout(() => { seen.drawn = performance.now(); })))
    .observe(document, { childList: true, subtree: true });
}

for (const [view, ready] of [['overview', 'img'], ['accounts', 'rowheader'], ['compose', 'checkbox'], ['queue', 'checkbox']]) {
  test(`with 10,000 tweets and 1,000 accounts, ${view} is usable in ${USABLE} ms`, async (t) => {
    const board = await Dashboard.open(chromium, many);
    await board.enter('settings');
    await board.page.addInitScript(watchDrawing);
    const took = [];
    for (let i = 0; i < TRIES; i++) {
      await board.visit(view);
      await board.page.reload();
      await board.page.getByRole(ready).first().waitFor({ timeout: 20_000 });
      await board.page.waitForLoadState('networkidle');
      const { arrived, drawn } = await board.page.evaluate(() => globalThis.drawing);
      took.push(Math.round(drawn - arrived));
    }
    t.diagnostic(`${view}: ${took.join(', ')} ms after its data`);
    assert.ok(Math.min(...took) < USABLE, `${took} ms`);
    await board.close();
  });
}

test('the thousand accounts are all there for who looks further', async () => {
  const board = await Dashboard.open(chromium, many);
  await board.enter('accounts');
  await board.page.getByText('1,000 accounts').first().waitFor();
  assert.ok(await board.page.getByRole('rowheader').count() < 200, 'not all at once');
  await board.page.getByLabel('Search').fill('account_777');
  await board.page.getByRole('rowheader', { name: /@account_777 / }).waitFor();
  assert.equal(await board.page.getByRole('rowheader').count(), 1);
  await board.close();
});

test('a search shows its tweets before they are counted', async () => {
  const board = await Dashboard.open(chromium, many);
  const { page } = board;
  await board.enter('queue');
  await page.getByRole('navigation', { name: 'Pages' }).getByText(/^1–50 of /).waitFor();
  const counted = new Promise((resolve) => {
    page.route(/tweets\?.*q=/, async (route) => {
      if (!route.request().url().includes('total=false')) await new Promise((go) => resolve(go));
      await route.continue();
    });
  });
  await page.getByLabel('Search').fill('tweet');
  const count = await counted;
  await page.getByRole('navigation', { name: 'Pages' }).getByText(/^1–50$/).waitFor();
  count();
  await page.getByRole('navigation', { name: 'Pages' }).getByText(/^1–50 of \d/).waitFor();
  board.assertQuiet();
  await board.close();
});
