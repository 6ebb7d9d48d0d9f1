// The dashboard with a key that may not do everything: what cannot be used is not
// there, and who asks for it is told in words.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { until } from '../support/checks.mjs';
import { db, request, startInstance } from '../support/instance.mjs';
import { shoot, startChromium } from './chromium.mjs';
import { Dashboard } from './dashboard.mjs';
import { seedSome } from './dashboard-seed.mjs';

let [instance, chromium] = [];

before(async () => {
  instance = await startInstance({ env: { TWITTER_CLIENT_ID: 'app', MOCK_MODE: '0' } });
  await seedSome(instance);
  chromium = await startChromium();
});

after(async () => {
  await chromium?.close();
  await instance?.stop();
});

const ask = (method, path, body) => request(instance, method, `/api/v1/${path}`, { body });
const make = async (...scopes) => (await ask('POST', 'keys', { name: scopes.join(' '), scopes })).json;

/** The dashboard with a new key for these scopes; closed when the test ends. */
async function enter(t, scopes, view = '', look = {}) {
  const key = await make(...scopes);
  const board = await Dashboard.open(chromium, instance, look);
  t.after(() => board.close());
  await board.enter(view, key.key);
  return { board, page: board.page, key };
}

const menu = (page) => page.locator('#nav .nav-word').allTextContents();

/** What each view shows that can be pressed, but for the menu. */
async function controls(board, views = ['overview', 'accounts', 'queue', 'settings']) {
  const seen = {};
  for (const view of views) {
    await board.visit(view);
    await board.page.getByRole('heading', { level: 1 }).waitFor();
    await board.page.waitForLoadState('networkidle');
    seen[view] = [...new Set(await board.page.locator('main button, main summary, main a.button, main .actions a')
      .evaluateAll((all) => all.filter(({ offsetParent }) => offsetParent)
        .map((each) => (each.getAttribute('aria-label') ?? each.textContent).replace(/[#\d]+|@\w+/g, 'N'))))].sort();
  }
  return seen;
}

test('who may only read sees everything there is to read, and nothing that writes', async (t) => {
  const { board, page } = await enter(t, ['read']);
  assert.deepEqual(await menu(page), ['Overview', 'Accounts', 'Queue', 'Settings']);
  assert.deepEqual(await controls(board), {
    overview: ['Show as a table'],
    accounts: ['Tweets of N'],
    queue: ['Details of tweet N', 'Look at X’s timeline (opens a new tab)', 'Older', 'See it on X (opens a new tab)'],
    settings: ['Forget the key'],
  });
  assert.equal(await page.locator('main input[type="checkbox"]').count(), 1, 'the shortcuts alone');
  await board.visit('queue');
  assert.equal(await page.locator('.tick').count(), 0);
  for (const id of [121, 126, 128, 129]) {
    await board.button(`Details of tweet ${id}`).click();
    await board.dialog.getByText('Written', { exact: true }).waitFor();
    assert.deepEqual(await board.dialog.getByRole('button').evaluateAll((all) => all
      .map((each) => each.getAttribute('aria-label') ?? each.textContent)), ['Close'], id);
    await page.keyboard.press('Escape');
  }
  assert.deepEqual(await board.violations(), []);
  await page.keyboard.press('?');
  await board.dialog.getByText('Search', { exact: true }).waitFor();
  assert.equal(await board.dialog.getByText('Write a tweet').count(), 0);
  await page.keyboard.press('Escape');
  await page.keyboard.press('n');
  await page.waitForTimeout(200);
  assert.match(page.url(), /#\/queue$/);
  board.assertQuiet();
});

test('an address that the key may not see says so, and what to ask for', async (t) => {
  const { board, page } = await enter(t, ['read']);
  const denied = [['compose', 'create, edit or delete tweets', 'Write'],
    ...['keys', 'record'].map((view) => [view, 'manage accounts, keys or mock mode, or see the record', 'Everything'])];
  for (const [view, does, label] of denied) {
    await board.visit(view);
    await page.getByText(`This key may not ${does}.`).waitFor();
    await page.getByText(`Ask whoever gave it to you for one that may: “${label}”.`).waitFor();
    await shoot(page, `denied ${view}`);
    assert.deepEqual(await board.violations(), [], view);
  }
  board.assertQuiet();
});

test('who may write but not publish saves to the queue, and neither posts nor schedules', async (t) => {
  const { board, page } = await enter(t, ['read', 'write'], 'compose?at');
  assert.deepEqual(await menu(page), ['Overview', 'Accounts', 'Compose', 'Queue', 'Settings']);
  await page.getByLabel('@northwind_news').check();
  await page.getByLabel('Text', { exact: true }).fill('By one who may not publish');
  assert.equal(await board.button('Post now').count(), 0);
  assert.equal(await page.getByLabel('Schedule for later').count(), 0);
  assert.equal(await page.getByLabel('Date and time').isVisible(), false);
  await page.keyboard.press('Control+Enter');
  await board.notice('1 tweet saved.').waitFor();
  const seen = await controls(board, ['queue']);
  assert.deepEqual(seen.queue.filter((label) => /Post|Release|unchanged|on X: |Undo/.test(label)), []);
  for (const label of ['Edit: tweet N', 'Edit and try again: tweet N', 'More for tweet N']) {
    assert.ok(seen.queue.includes(label), label);
  }
  await board.page.getByLabel('Select all on this page').check();
  assert.deepEqual(await page.locator('.bulk button').allTextContents(), ['Try again', 'Delete…', 'Clear selection']);
  await board.visit('queue?state=scheduled');
  await board.button('Edit: tweet 123').click();
  await board.dialog.getByLabel('Text', { exact: true }).fill('Another text at the same time');
  assert.equal(await board.dialog.getByLabel('Schedule for later').count(), 0);
  const [{ at }] = await db(instance, 'SELECT scheduled_at AS at FROM tweet WHERE id = 123');
  await board.button('Save', board.dialog).click();
  await board.notice('is changed').waitFor();
  assert.deepEqual(await db(instance, 'SELECT content, scheduled_at AS at FROM tweet WHERE id = 123'),
    [{ content: 'Another text at the same time', at }]);
  board.assertQuiet();
});

test('a draft with a time keeps it while one writes who may not schedule, who is told what saving means', async (t) => {
  const at = '2031-01-02 03:04:05';
  await db(instance, `INSERT INTO tweet(twitter_account_id, content, draft, scheduled_at) VALUES(1, 'Half', 1, '${at}')`);
  const [{ id }] = await db(instance, 'SELECT max(id) AS id FROM tweet');
  const { board, page } = await enter(t, ['read', 'write'], `compose?draft=${id}`);
  const now = () => db(instance, `SELECT content, draft, scheduled_at AS at FROM tweet WHERE id = ${id}`);
  await page.getByText('This draft has a time.').waitFor();
  await page.getByLabel('Text', { exact: true }).fill('Half and more');
  await page.getByText('Saved as a draft.').waitFor();
  await until(async () => (await now())[0].content === 'Half and more', 'it is saved');
  assert.deepEqual(await now(), [{ content: 'Half and more', draft: 1, at }]);
  await board.button('Save to queue').click();
  await board.notice('1 tweet saved.').waitFor();
  assert.deepEqual(await now(), [{ content: 'Half and more', draft: 0, at: null }]);
  await page.getByText('This draft has a time.').waitFor({ state: 'hidden' });
  board.assertQuiet();
});

test('who may publish but not write posts and releases, and edits nothing', async (t) => {
  const { board, page } = await enter(t, ['read', 'publish'], 'queue');
  assert.ok(!(await menu(page)).includes('Compose'));
  const { queue } = await controls(board, ['queue']);
  assert.deepEqual(queue.filter((label) => /Edit|new: |Delete/.test(label)), []);
  assert.ok(queue.includes('Post all pending…') && queue.includes('Release: tweet N'), queue.join());
  await board.fromMenu(121, 'Post now');
  await board.button('Undo').click();
  await board.button('Release: tweet 126').click();
  await board.notice('Tweet #126 is released.').waitFor();
  await board.visit('settings');
  await page.getByRole('heading', { name: 'When you post' }).waitFor();
  assert.equal(await board.button('Turn mock mode on').count(), 0);
  board.assertQuiet();
});

test('who may run the scheduler besides reading has its button', async (t) => {
  const { board } = await enter(t, ['read', 'tick']);
  assert.deepEqual((await controls(board, ['overview'])).overview, ['Run it now', 'Show as a table']);
});

test('a key for the scheduler alone cannot enter, and is told why', async (t) => {
  const board = await Dashboard.open(chromium, instance);
  t.after(() => board.close());
  const { page } = board;
  await board.visit();
  const given = page.getByLabel('API key', { exact: true });
  for (const [scopes, words] of [[['tick'], 'This key is for the scheduler only'],
    [['write', 'publish'], 'This key may not see accounts and tweets.']]) {
    await given.fill((await make(...scopes)).key);
    await page.keyboard.press('Enter');
    await page.getByText(words).waitFor();
    assert.deepEqual(await page.evaluate(() => Object.keys(sessionStorage)), [], 'it is not kept');
  }
  await shoot(page, 'tick only');
  assert.deepEqual(await board.violations(), []);
  await given.fill(instance.key);
  await page.keyboard.press('Enter');
  await page.locator('#nav [aria-current]').waitFor();
  board.assertQuiet();
});

test('what the key may do is said in the settings', async (t) => {
  const { board, page } = await enter(t, ['read', 'publish'], 'settings');
  const card = page.getByRole('region', { name: 'API key' });
  await card.getByText('read publish', { exact: true }).waitFor();
  await card.getByText('Read, Publish', { exact: true }).waitFor();
  board.assertQuiet();
});

test('a key that is narrowed while the dashboard is open loses what it may not do any more', async (t) => {
  const { board, page, key } = await enter(t, ['read', 'write', 'publish'], 'queue');
  await page.locator('[data-tweet="122"]').waitFor();
  await ask('PATCH', `keys/${key.id}`, { scopes: ['read', 'write'] });
  await board.fromMenu(122, 'Post now');
  await board.dontWait();
  await board.notice('This key may not post or schedule tweets.').waitFor();
  await board.notice('Ask whoever gave it to you for one that may: “Publish”.').waitFor();
  await board.button('Post all pending…').waitFor({ state: 'detached' });
  await ask('PATCH', `keys/${key.id}`, { scopes: ['tick'] });
  await board.go('Accounts').catch(() => {});
  await page.getByText('This key is for the scheduler only').waitFor();
  board.assertQuiet();
});

/** The dashboard of a key that is for the account 1 alone, as the server says it. */
async function confined(t) {
  const key = await make('read', 'write', 'publish');
  const board = await Dashboard.open(chromium, instance);
  t.after(async () => {
    await board.page.unrouteAll({ behavior: 'ignoreErrors' });
    await board.close();
  });
  await board.page.route('**/keys/current', async (route) => {
    const reply = await route.fetch();
    await route.fulfill({ response: reply, json: { ...await reply.json(), account_ids: [1] } });
  });
  return { board, page: board.page, key: key.key };
}

test('a key for some accounts asks for nothing that is about all of them', async (t) => {
  const { board, page, key } = await confined(t);
  const asked = [];
  page.on('request', (each) => asked.push(new URL(each.url()).pathname));
  await board.enter('', key);
  await page.getByText('Your key is for some accounts only.').waitFor();
  await page.getByRole('definition').filter({ hasText: /of \d+ accounts?/ }).waitFor();
  await shoot(page, 'confined overview');
  assert.deepEqual(await board.violations(), []);
  for (const view of ['accounts', 'compose', 'queue', 'settings']) {
    await board.visit(view);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.waitForLoadState('networkidle');
  }
  await page.getByText('only 1 account', { exact: true }).waitFor();
  assert.deepEqual(asked.filter((path) => /monitoring|daily/.test(path)), []);
  assert.ok(asked.some((path) => path.endsWith('/stats')));
  board.assertQuiet();
});

test('what a key for some accounts may not do says that, and not that a right is missing', async (t) => {
  const { board, page, key } = await confined(t);
  await page.route('**/api/v1/rate-limits', (route) => route.fulfill({
    status: 403, json: { error: 'no', code: 'scope_missing', retryable: false, required_scope: 'read' },
  }));
  await board.enter('accounts', key);
  await page.getByText('This key may not do this, since it is for some accounts only.').waitFor();
  await page.getByText('Ask whoever gave it to you for one that is for all accounts.').waitFor();
});

test('what one key was shown is not shown to the next', async (t) => {
  const { board, page, key } = await enter(t, ['read', 'write'], 'accounts');
  await page.getByRole('rowheader', { name: /northwind_news/ }).waitFor();
  await ask('DELETE', `keys/${key.id}`);
  await board.go('Queue').catch(() => {});
  await page.getByText('This key no longer works').waitFor();
  await page.route('**/api/v1/accounts', (route) => route.fulfill({ json: { accounts: [], total: 0 } }));
  await page.getByLabel('API key', { exact: true }).fill((await make('read', 'write')).key);
  await page.keyboard.press('Enter');
  await page.locator('#nav [aria-current]').waitFor();
  await board.go('Compose');
  await page.getByText('No accounts to write for').waitFor();
});

test('an empty dashboard does not offer to link an account to who may not', async (t) => {
  const bare = await startInstance();
  t.after(() => bare.stop());
  const { key } = (await request(bare, 'POST', '/api/v1/keys', { body: { name: 'R', scopes: ['read', 'write'] } })).json;
  const board = await Dashboard.open(chromium, bare);
  t.after(() => board.close());
  await board.enter('', key);
  await board.page.getByText('No accounts yet').waitFor();
  assert.equal(await board.page.locator('#mock-strip a').count(), 0, 'mock mode is not theirs to switch');
  for (const view of ['overview', 'accounts', 'compose', 'queue']) {
    await board.visit(view);
    await board.page.getByRole('heading', { level: 1 }).waitFor();
    await board.page.waitForLoadState('networkidle');
    assert.equal(await board.button('Link an account').count(), 0, view);
    assert.deepEqual(await board.violations(), [], view);
  }
  board.assertQuiet();
});
