// The dashboard by keys: what each does, and where they are left alone.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { db, startInstance } from '../support/instance.mjs';
import { shoot, startChromium } from './chromium.mjs';
import { Dashboard } from './dashboard.mjs';

let [instance, chromium, board, page] = [];

before(async () => {
  instance = await startInstance();
  chromium = await startChromium();
  await db(instance, `INSERT INTO twitter_account(username, access_token, status, mock)
    VALUES('alice', 'x', 'active', 1), ('bob', 'x', 'active', 1);
    INSERT INTO tweet(twitter_account_id, content) VALUES(1, 'one'), (1, 'two'), (2, 'three')`);
  board = await Dashboard.open(chromium, instance);
  ({ page } = board);
  await board.enter();
});

after(async () => {
  board?.assertQuiet();
  await chromium?.close();
  await instance?.stop();
});

const press = (key) => page.keyboard.press(key);
const focused = () => page.evaluate(() => {
  const { tagName, type, dataset } = document.activeElement;
  return { tagName, type, tweet: dataset.tweet, account: dataset.account };
});
const view = () => new URL(page.url()).hash.replace(/^#\/|\?.*/g, '');
async function queue() {
  await board.go('Queue');
  await page.locator('tbody tr').nth(2).waitFor();
}

test('n writes a tweet: the text has the focus', async () => {
  await queue();
  await press('n');
  await page.waitForFunction(() => document.activeElement.tagName === 'TEXTAREA');
  assert.equal(view(), 'compose');
  await page.keyboard.type('njk/? stay letters');
  assert.equal(await page.getByLabel('Text', { exact: true }).inputValue(), 'njk/? stay letters');
  assert.equal(view(), 'compose');
});

test('/ searches where there is a search, and else the queue', async () => {
  await board.go('Accounts');
  await page.getByLabel('Search').waitFor();
  await press('/');
  await page.waitForFunction(() => document.activeElement.type === 'search');
  assert.equal(view(), 'accounts');
  await board.go('Settings');
  await press('/');
  await page.waitForFunction(() => document.activeElement.type === 'search');
  assert.equal(view(), 'queue');
  assert.equal(await page.getByLabel('Search').inputValue(), '');
});

test('j and k go through the list, and stop at its ends', async () => {
  await queue();
  await page.locator('h1').focus();
  const seen = [];
  for (const key of ['j', 'j', 'k', 'k', 'j', 'j', 'j']) {
    await press(key);
    seen.push(Number((await focused()).tweet));
  }
  assert.deepEqual(seen, [3, 2, 3, 3, 2, 1, 1]);
  await press('Tab');
  assert.equal((await focused()).type, 'checkbox', 'into the row');
  await press('k');
  assert.equal(Number((await focused()).tweet), 2);
  await board.go('Accounts');
  await page.getByRole('rowheader', { name: /@bob/ }).waitFor();
  await press('j');
  assert.equal(Number((await focused()).account), 2);
});

test('? shows the keys, and lets them be turned off', async () => {
  await queue();
  await press('?');
  await board.dialog.getByText('Write a tweet').waitFor();
  await shoot(page, 'keys');
  assert.deepEqual(await board.violations(), []);
  await press('n');
  assert.equal(view(), 'queue', 'a dialog keeps them');
  await board.dialog.getByLabel('Use these shortcuts on this device').uncheck();
  await press('Escape');
  await page.locator('dialog').waitFor({ state: 'detached' });
  await press('n');
  await page.waitForTimeout(200);
  assert.equal(view(), 'queue');
  await board.go('Settings');
  await page.getByLabel(/^Keyboard shortcuts/).check();
  await press('n');
  await page.waitForFunction(() => document.activeElement.tagName === 'TEXTAREA');
});

test('with a modifier, and before the key is given, they do nothing', async () => {
  await queue();
  await page.locator('h1').focus();
  for (const key of ['Control+j', 'Alt+n', 'Meta+k', 'Shift+J']) await press(key);
  await page.waitForTimeout(200);
  assert.equal(view(), 'queue');
  assert.equal((await focused()).tweet, undefined);
  const other = await Dashboard.open(chromium, instance);
  await other.visit();
  await other.page.getByRole('heading', { name: 'Welcome to Twitter Manager' }).waitFor();
  await other.page.locator('h1').focus();
  await other.page.keyboard.press('n');
  await other.page.keyboard.press('?');
  await other.page.waitForTimeout(200);
  assert.equal(await other.page.locator('dialog').count(), 0);
  assert.equal(new URL(other.page.url()).hash, '');
  await other.close();
});
