// What is on the page stays true while nobody loads it again, and nothing that a
// person has done on it is lost by that.

import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';

import { db, request, startInstance } from '../support/instance.mjs';
import { startChromium } from './chromium.mjs';
import { Dashboard } from './dashboard.mjs';

const MINUTE = 60_000;
const PATIENCE = 25; // looks, 200 ms apart
let [instance, chromium, board, page] = [];
const underWay = new Set();

before(async () => {
  instance = await startInstance({ env: { TWITTER_CLIENT_ID: 'app' } });
  chromium = await startChromium();
  await db(instance, `INSERT INTO twitter_account(username, access_token, status, mock)
    VALUES('alice', 'x', 'active', 1), ('bob', 'x', 'active', 1)`);
  board = await Dashboard.open(chromium, instance);
  ({ page } = board);
  page.on('request', (request) => {
    if (request.isNavigationRequest()) underWay.clear();
    underWay.add(request);
  });
  for (const end of ['requestfinished', 'requestfailed']) page.on(end, (request) => underWay.delete(request));
  await page.clock.install();
  await board.enter();
});

after(async () => {
  board?.assertQuiet();
  await chromium?.close();
  await instance?.stop();
});

beforeEach(async () => {
  await db(instance, `DELETE FROM tweet; DELETE FROM alert;
    DELETE FROM twitter_account WHERE username LIKE 'crowd%'`);
  await page.unrouteAll();
});

/** Writes tweets of alice; their ids. */
const write = async (...texts) => (await db(instance, `INSERT INTO tweet(twitter_account_id, content)
  VALUES ${texts.map((text) => `(1, '${text}')`)} RETURNING id`)).map(({ id }) => id);

/** Lets a minute pass on the page, and waits for what it asks then. */
async function aMinute() {
  const asked = page.waitForResponse((reply) => reply.url().endsWith('/monitoring'));
  await page.clock.fastForward(MINUTE + 1000);
  await asked;
}

/** Waits until what was asked is answered: a clock that is put on ends the page's patience. */
async function settled() {
  for (let i = 0; i < PATIENCE; i += 1) {
    await page.waitForTimeout(200);
    if (underWay.size === 0) return;
  }
}

async function queue() {
  await page.goto(`${board.url}?${Math.random()}#/queue`);
  await page.locator('tbody tr').first().waitFor();
}

test('the queue is fetched again once a minute', async () => {
  await write('first');
  await queue();
  await write('second');
  await aMinute();
  await page.getByRole('row', { name: /second/ }).waitFor();
});

test('it is fetched again when the person comes back to the page', async () => {
  await write('first');
  await queue();
  await write('second');
  await page.clock.fastForward(5000);
  await page.evaluate(() => dispatchEvent(new Event('focus')));
  await page.getByRole('row', { name: /second/ }).waitFor();
});

test('ticks, focus and scroll position outlive it', async () => {
  const ids = await write(...Array.from({ length: 40 }, (_, i) => `note ${i}`));
  await queue();
  const chosen = page.getByRole('row', { name: /note 20/ }).getByRole('checkbox');
  await chosen.check();
  const button = page.getByRole('row', { name: /note 10/ }).getByRole('button').last();
  await button.scrollIntoViewIfNeeded();
  await button.focus();
  const label = await page.evaluate(() => document.activeElement.ariaLabel);
  const top = () => page.getByRole('row', { name: /note 10/ }).evaluate((row) => Math.round(row.getBoundingClientRect().top));
  const before = await top();
  await db(instance, `UPDATE tweet SET content = content || ' changed' WHERE id IN (${ids[10]}, ${ids[25]}, ${ids[20]})`);
  await aMinute();
  await page.getByRole('row', { name: /note 25 changed/ }).waitFor();
  assert.equal(await page.evaluate(() => document.activeElement.ariaLabel), label);
  assert.ok(await page.getByRole('row', { name: /note 20 changed/ }).getByRole('checkbox').isChecked());
  assert.ok(Math.abs(await top() - before) <= 2, 'nothing moved');
  await chosen.uncheck();
});

test('a menu that is open stays open, even where its row has changed', async () => {
  const [first] = await write('first', 'second');
  await queue();
  const menu = (name) => page.getByRole('row', { name }).locator('details').first();
  await menu(/first/).locator('summary').click();
  const item = menu(/first/).getByRole('button').first();
  await item.focus();
  const words = await item.textContent();
  await db(instance, `UPDATE tweet SET content = 'first, changed' WHERE id = ${first}`);
  await write('third');
  await aMinute();
  await page.getByRole('row', { name: /third/ }).waitFor();
  assert.ok(await menu(/first, changed/).evaluate((each) => each.open));
  assert.equal(await page.evaluate(() => document.activeElement.textContent), words);
});

test('what is the same stays the same row, and what is gone goes', async () => {
  const [, second] = await write('first', 'second', 'third');
  await queue();
  await page.evaluate(() => { for (const row of document.querySelectorAll('tbody tr')) row.marked = true; });
  await db(instance, `DELETE FROM tweet WHERE id = ${second}`);
  await write('fourth');
  await aMinute();
  await page.getByRole('row', { name: /fourth/ }).waitFor();
  const rows = await page.locator('tbody tr').evaluateAll((all) => all.map((row) =>
    [row.querySelector('.tweet-text p').textContent, row.marked === true]));
  assert.deepEqual(rows, [['fourth', false], ['third', true], ['first', true]]);
});

test('accounts are kept so, too, with the search and what was shown of them', async () => {
  await db(instance, `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 80)
    INSERT INTO twitter_account(username, access_token, status, mock) SELECT 'crowd_' || i, 'x', 'active', 1 FROM n`);
  await page.goto(`${board.url}?${Math.random()}#/accounts`);
  await page.getByLabel('Search').fill('crowd');
  const rows = page.locator('tbody tr');
  await page.getByText('80 accounts found').waitFor();
  await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
  await page.getByText('@crowd_1', { exact: true }).waitFor();
  assert.equal(await rows.count(), 80);
  const pause = board.button('Pause @crowd_3');
  await pause.focus();
  const top = () => pause.evaluate((node) => Math.round(node.getBoundingClientRect().top));
  const was = await top();
  await db(instance, `UPDATE twitter_account SET status = 'inactive' WHERE username IN ('crowd_5', 'crowd_70')`);
  await aMinute();
  await board.button('Resume @crowd_5').waitFor();
  assert.equal(await rows.count(), 80);
  assert.equal(await page.evaluate(() => document.activeElement.ariaLabel), 'Pause @crowd_3');
  assert.ok(Math.abs(await top() - was) <= 60, `only a line may break otherwise: ${was} ${await top()}`);
  assert.equal(await page.getByLabel('Search').inputValue(), 'crowd');
});

test('relative times go on', async () => {
  await write('first');
  await db(instance, "UPDATE tweet SET scheduled_at = datetime('now', '+90 minutes')");
  await queue();
  const time = page.locator('tbody time').first();
  assert.equal(await time.textContent(), 'in 1 hour');
  await page.route('**/api/v1/**', (route) => route.abort());
  await page.clock.fastForward(45 * MINUTE);
  await page.getByText(/in \d\d minutes/).first().waitFor();
  await page.unroute('**/api/v1/**');
  await page.clock.fastForward(MINUTE);
  await board.notice('The server is back.').waitFor();
  board.all.length = 0; // what was cut off above
});

test('two tabs agree on what was changed in one of them', async () => {
  const other = await page.context().newPage();
  await other.goto(board.url);
  await other.evaluate((key) => sessionStorage.setItem('twitter-manager.key', key), instance.key);
  await other.goto(`${board.url}?x#/accounts`);
  await board.go('Accounts');
  await board.button('Pause @alice').click();
  await other.getByRole('button', { name: 'Resume @alice' }).waitFor();
  await board.button('Resume @alice').click();
  await other.getByRole('button', { name: 'Pause @alice' }).waitFor();
  await board.go('Settings');
  await board.button('Turn mock mode off…').click();
  await board.button('Turn it off', board.dialog).click();
  await other.locator('#mock-strip').waitFor({ state: 'detached' });
  await other.close();
});

test('a key that one tab forgets is forgotten in the other', async () => {
  const tabs = await Promise.all([page.context().newPage(), page.context().newPage()]);
  await tabs[0].goto(board.url);
  await tabs[0].evaluate((key) => localStorage.setItem('twitter-manager.key', key), instance.key);
  for (const tab of tabs) {
    await tab.goto(`${board.url}#/settings`);
    await tab.reload();
    await tab.getByRole('button', { name: 'Forget the key' }).waitFor();
  }
  await tabs[0].getByRole('button', { name: 'Forget the key' }).click();
  await tabs[1].getByRole('heading', { name: 'Welcome to Twitter Manager' }).waitFor();
  for (const tab of tabs) await tab.close();
});

const alert = (cause, subject, words) => db(instance, `INSERT INTO alert(cause, subject, words, opened_at)
  VALUES('${cause}', ${subject}, '${words}', datetime('now', '-1 hour'))`);

test('alerts are one line a cause, below the figures, the whole installation’s first', async () => {
  await alert('disk_low', 0, 'the disk is nearly full');
  await alert('grant_ended', 1, '@alice: X has ended its grant');
  await alert('grant_ended', 2, '@bob: X has ended its grant');
  await board.go('Overview');
  await page.getByText('2 accounts can’t post any more.').waitFor();
  const lines = await page.locator('.alert strong, .alert .strong').allTextContents();
  assert.deepEqual(lines, ['The disk is nearly full.', '2 accounts can’t post any more.']);
  const [figures, alerts] = await page.evaluate(() => ['.figures', '.alerts'].map((each) =>
    document.querySelector(each).getBoundingClientRect().top));
  assert.ok(figures < alerts);
  await page.locator('#nav').getByRole('link', { name: 'Overview 2 alerts' }).waitFor();
});

test('a line is put aside for a day, comes back by a button, and by itself', async () => {
  await alert('disk_low', 0, 'the disk is nearly full');
  await alert('grant_ended', 1, '@alice: X has ended its grant');
  await alert('grant_ended', 2, '@bob: X has ended its grant');
  await board.go('Overview');
  await settled();
  const words = '2 accounts can’t post any more.';
  await board.button(`Snooze for a day: ${words}`).click();
  await page.locator('#nav').getByRole('link', { name: 'Overview 1 alert' }).waitFor();
  const rows = await db(instance, "SELECT snoozed_until > datetime('now', '+23 hours') AS aside FROM alert ORDER BY id");
  assert.deepEqual(rows.map(({ aside }) => aside), [null, 1, 1]);
  await page.getByText('1 snoozed').click();
  await board.button(`Show again: ${words}`).click();
  await board.button(`Snooze for a day: ${words}`).waitFor();
  assert.deepEqual(await db(instance, 'SELECT id FROM alert WHERE snoozed_until IS NOT NULL'), []);
});

test('the menu says how many alerts there are, whichever view is open', async () => {
  await page.goto(`${board.url}?x#/compose`);
  await page.getByLabel('Text', { exact: true }).waitFor();
  await alert('disk_low', 0, 'the disk is nearly full');
  await page.clock.fastForward(MINUTE + 1000);
  await page.locator('#nav').getByRole('link', { name: 'Overview 1 alert' }).waitFor();
});

test('what has not changed is asked for by its tag, and drawn no more', async () => {
  await write('first');
  // Until a first run of the scheduler, monitoring's tag is good for a second only.
  assert.equal((await request(instance, 'POST', '/api/v1/tick')).status, 200);
  await queue();
  const replies = [];
  const note = (reply) => replies.push([new URL(reply.url()).pathname, reply.status(), reply.request().headers()['if-none-match']]);
  page.on('response', note);
  await aMinute();
  await page.waitForTimeout(300);
  page.off('response', note);
  for (const name of ['tweets', 'monitoring']) {
    const [, status, tag] = replies.find(([path]) => path.endsWith(`/${name}`));
    assert.ok(tag, name);
    assert.equal(status, 304, name);
  }
});

test('an older answer that arrives late leaves the menu’s numbers as they are', async () => {
  await write('first');
  await queue();
  const waiting = (n) => page.locator('#nav').getByRole('link', { name: `Queue ${n} waiting` });
  await waiting(1).waitFor();
  let letGo;
  const held = new Promise((done) => { letGo = done; });
  let n = 0;
  await page.route('**/monitoring', async (route) => {
    n += 1;
    if (n > 1) return route.continue();
    const response = await route.fetch();
    await held;
    return route.fulfill({ response });
  });
  const comeBack = async () => {
    await page.clock.fastForward(5000);
    await page.evaluate(() => dispatchEvent(new Event('focus')));
  };
  const asked = page.waitForRequest('**/monitoring');
  await comeBack();
  await asked;
  await page.waitForTimeout(300); // the server has answered for one tweet
  await write('second');
  await comeBack();
  await waiting(2).waitFor();
  const late = page.waitForResponse('**/monitoring');
  letGo();
  await late;
  await page.waitForTimeout(300);
  assert.ok(await waiting(2).isVisible());
});

test('a failure that nobody asked for is said once, and leaves the list', async () => {
  await write('first');
  await queue();
  await page.route('**/api/v1/tweets?*', (route) => route.fulfill({ status: 500, json: { error: 'the disk is full', code: 'disk_full', request_id: 'x' } }));
  for (let i = 0; i < 3; i += 1) {
    const failed = page.waitForResponse((reply) => /\/tweets\?/.test(reply.url()));
    await aMinute();
    await failed;
    await settled();
  }
  await board.notice('The disk is full.').waitFor();
  assert.deepEqual(await page.locator('.notice .strong').allTextContents(), ['The disk is full.']);
  assert.equal(await page.locator('tbody tr').count(), 1);
  await page.unroute('**/api/v1/tweets?*');
});

test('a live region is written only when its words change', async () => {
  await write('first');
  const heard = () => page.evaluate(() => globalThis.heard.splice(0));
  const listen = () => page.evaluate(() => {
    globalThis.heard = [];
    globalThis.listener?.disconnect();
    globalThis.listener = new MutationObserver((changes) => {
      for (const { target, addedNodes, type } of changes) {
        if (type === 'childList' && addedNodes.length === 0) continue; // what is taken away is not read
        const region = (target.nodeType === 1 ? target : target.parentElement)?.closest('[role=status], [role=alert], [aria-live]');
        if (region?.textContent) globalThis.heard.push(region.textContent);
      }
    });
    globalThis.listener.observe(document.body, { subtree: true, childList: true, characterData: true });
  });
  for (const view of ['overview', 'accounts', 'compose', 'queue', 'settings']) {
    await page.goto(`${board.url}?${Math.random()}#/${view}`);
    await page.getByRole('heading', { level: 1 }).waitFor();
    if (view === 'queue') await page.locator('tbody .tick input').check();
    await settled();
    await listen();
    for (let i = 0; i < 2; i += 1) {
      await page.clock.fastForward(MINUTE + 1000);
      await settled();
    }
    assert.deepEqual(await heard(), [], view);
  }
  await board.go('Accounts');
  await page.getByRole('rowheader', { name: /@bob/ }).waitFor();
  await listen();
  for (const text of ['b', 'bo', 'bob']) {
    await page.getByLabel('Search').fill(text);
    await page.clock.fastForward(500);
  }
  assert.deepEqual(await heard(), ['1 account found']);
  await page.getByLabel('Search').fill('');
});

test('rows that another program wrote are shown for what they are', async () => {
  await db(instance, `PRAGMA foreign_keys = OFF; INSERT INTO tweet(twitter_account_id, content, status, created_at)
    VALUES (99, CAST(x'6f64ff64' AS TEXT), 'queued', 'yesterday')`);
  await queue();
  const row = page.locator('tbody tr').first();
  for (const words of ['od\ufffdd', 'Account is gone', 'at an unknown time']) {
    await row.getByText(words).waitFor();
  }
  await row.getByRole('button', { name: /^Details of/ }).click();
  await page.getByRole('dialog').getByText('Account is gone').waitFor();
  await page.keyboard.press('Escape');
});
