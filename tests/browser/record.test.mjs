// The record of changes in the dashboard: read, filtered, taken away, and looked
// up for one tweet or account.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';

import { db, request, startInstance } from '../support/instance.mjs';
import { csvField } from '../../www/js/views/record/csv.js';
import { shoot, startChromium } from './chromium.mjs';
import { Dashboard } from './dashboard.mjs';

const FORMULA = '=HYPERLINK("https://example.org","x")';
let [instance, chromium, board, page, tweet, writer] = [];

const ask = async (method, path, { body, key = instance.key } = {}) => {
  const reply = await request(instance, method, `/api/v1/${path}`, { headers: { 'X-API-Key': key }, body });
  assert.ok(reply.status < 300, `${method} ${path}: ${reply.text}`);
  return reply.json;
};

before(async () => {
  instance = await startInstance({ env: { TWITTER_CLIENT_ID: 'app' } });
  chromium = await startChromium();
  await db(instance, `INSERT INTO twitter_account(username, access_token, status, mock)
    VALUES('alice', 'x', 'active', 1), ('bob', 'x', 'active', 1)`);
  writer = await ask('POST', 'keys', { body: { name: 'Writer', scopes: ['read', 'write', 'publish'] } });
  tweet = (await ask('POST', 'tweet', { body: { text: 'Helo,\n"world"', account_id: 1 }, key: writer.key })).tweet_id;
  await ask('PATCH', `tweets/${tweet}`, { body: { text: 'Hello', scheduled_at: '2031-02-03T04:05:06Z' }, key: writer.key });
  await ask('POST', 'tweet', { body: { text: FORMULA, account_id: 2 } });
  await ask('PATCH', 'accounts/2', { body: { status: 'inactive' } });
  board = await Dashboard.open(chromium, instance, { acceptDownloads: true });
  ({ page } = board);
  await board.enter();
});

after(async () => {
  board?.assertQuiet();
  await chromium?.close();
  await instance?.stop();
});

const rows = (where) => where.locator('tr[data-key^="event"]');
const row = (text) => rows(page).filter({ hasText: text }).first();
const heads = () => rows(page).locator('td[data-label="What"] .strong').allTextContents();

/** What the page downloads as a file. */
async function downloaded() {
  const [file] = await Promise.all([page.waitForEvent('download'), board.button('Download CSV').click()]);
  return { name: file.suggestedFilename(), text: readFileSync(await file.path(), 'utf8') };
}

/** Rows of fields, read as RFC 4180 has them. */
function parse(text) {
  const out = [[]];
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^,"\r\n]*))(,|\r\n|$)/g)) {
    out.at(-1).push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end === '\r\n') out.push([]);
    if (end === '') break;
  }
  return out.filter((each) => each.length > 1);
}

test('it shows who changed what, newest first, with what was before and is after', async () => {
  await board.go('Record');
  await rows(page).first().waitFor();
  assert.deepEqual((await heads()).slice(0, 5),
    ['Account changed', 'Tweet created', 'Tweet changed', 'Tweet created', 'Key made']);
  const changed = row('Tweet changed');
  await changed.getByText('“Writer”').waitFor();
  await changed.getByText('from 127.0.0.1').waitFor();
  const terms = (await changed.locator('dl.diff > *').allInnerTexts()).map((text) => text.replaceAll(/\s+/g, ' '));
  assert.equal(terms[0], 'Text');
  assert.match(terms[1], /before: Helo, "world" → after: Hello/);
  assert.equal(terms[2], 'Scheduled for');
  assert.match(terms[3], /before: none → after: Feb 3, 2031/);
  await row('Key made').getByText('Read, Write, Publish').waitFor();
  await row('Account changed').getByText('Paused').waitFor();
  assert.ok(!(await page.content()).includes(writer.key));
  await shoot(page, 'record');
  assert.deepEqual(await board.violations(), []);
});

test('filters are in the address, and outlive a reload; the focus stays', async () => {
  await page.getByLabel('Object').focus();
  await page.keyboard.press('T');
  await row('Account changed').waitFor({ state: 'detached' });
  assert.match(page.url(), /#\/record\?object=tweet$/);
  assert.equal(await page.evaluate(() => document.activeElement.tagName), 'SELECT');
  const actions = await page.getByLabel('Change', { exact: true }).locator('option').allTextContents();
  assert.ok(actions.includes('Tweet posted') && !actions.includes('Key made'), actions.join());
  await page.getByLabel('Change', { exact: true }).selectOption({ label: 'Tweet created' });
  await row('Tweet changed').waitFor({ state: 'detached' });
  await page.getByLabel('Key', { exact: true }).selectOption({ label: '“Writer”' });
  await page.waitForFunction(() => document.querySelectorAll('tr[data-key^="event"]').length === 1);
  await page.reload();
  await rows(page).first().waitFor();
  assert.deepEqual(await heads(), ['Tweet created']);
  assert.equal(await page.getByLabel('Change', { exact: true }).inputValue(), 'tweet.created');
  await page.getByLabel('Object').selectOption({ label: 'Keys' });
  await page.getByText('No changes match your filters').waitFor();
  assert.equal(await page.getByLabel('Change', { exact: true }).inputValue(), '', 'no change of a tweet is one of a key');
  assert.ok(await board.button('Download CSV').isDisabled());
  assert.deepEqual(await board.violations(), []);
  await board.button('Clear filters').click();
  await row('Account changed').waitFor();
  assert.match(page.url(), /#\/record$/);
});

test('days are those of the person, the last one whole', async () => {
  const today = await page.evaluate(() => {
    const [now, two] = [new Date(), (n) => String(n).padStart(2, '0')];
    return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
  });
  const sent = page.waitForRequest(/audit\?.*to=/);
  await page.getByLabel('To', { exact: true }).fill(today);
  await row('Account changed').waitFor();
  const to = new URL((await sent).url()).searchParams.get('to');
  assert.equal(to, await page.evaluate((day) => `${new Date(`${day}T23:59:59`).toISOString().slice(0, 19)}Z`, today));
  await page.getByLabel('To', { exact: true }).fill('2020-01-01');
  await page.getByText('No changes match your filters').waitFor();
  await board.button('Clear filters').click();
  await row('Account changed').waitFor();
});

test('the file has what is filtered, whole, quoted, and no formula in it', async () => {
  await page.getByLabel('Object').selectOption({ label: 'Tweets' });
  await row('Account changed').waitFor({ state: 'detached' });
  await db(instance, `UPDATE api_key SET name = '${FORMULA}' WHERE id = ${writer.id}`);
  const { name, text } = await downloaded();
  assert.match(name, /^record-\d{4}-\d\d-\d\d\.csv$/);
  assert.ok(text.startsWith('\uFEFFid') || text.startsWith('\uFEFF"id"'), text.slice(0, 20));
  const [head, ...lines] = parse(text.slice(1));
  assert.deepEqual(head, ['id', 'at', 'key_id', 'key_name', 'user', 'address', 'action', 'object', 'object_id',
    'before', 'after', 'request_id']);
  assert.deepEqual(lines.map((line) => line[6]), ['tweet.created', 'tweet.changed', 'tweet.created']);
  assert.equal(lines[1][3], `'${FORMULA}`, 'a name that would be calculated is a text');
  assert.equal(JSON.parse(lines[1][9]).text, 'Helo,\n"world"');
  await db(instance, `UPDATE api_key SET name = 'Writer' WHERE id = ${writer.id}`);
  await board.notice('3 changes downloaded.').waitFor();
});

test('no field of a file is taken for a formula', () => {
  for (const text of ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '\n=1', ' =1', '＝1', '|cmd', '"=1']) {
    const field = csvField(text);
    const read = field.slice(1, -1).replaceAll('""', '"');
    assert.ok(!/^\s*[=+\-@＝|]/.test(read), JSON.stringify(field));
    assert.ok(read.endsWith(text), field);
  }
  assert.equal(csvField('a "b", c'), '"a ""b"", c"');
  assert.deepEqual([csvField(null), csvField(7), csvField(-7), csvField({ a: 1 })], ['', '7', '-7', '"{""a"":1}"']);
});

test('a tweet’s history is shown with it, and leads to the record', async () => {
  await board.visit('queue');
  await board.button(`Details of tweet ${tweet}`).click();
  await board.button('History', board.dialog).click();
  const list = board.dialog.locator('li.event');
  await list.first().waitFor();
  assert.deepEqual(await list.locator('> .strong').allTextContents(), ['Tweet changed', 'Tweet created']);
  assert.deepEqual(await board.violations(), []);
  await page.keyboard.press('Escape');
  await board.dialog.getByRole('heading', { name: `Tweet #${tweet}`, exact: true }).waitFor();
  assert.equal(await page.evaluate(() => document.activeElement.textContent), 'History');
  await board.button('History', board.dialog).click();
  await board.dialog.getByRole('link', { name: 'Show it in the record' }).click();
  await page.locator('dialog').first().waitFor({ state: 'detached' });
  await page.waitForFunction(() => document.querySelectorAll('tr[data-key^="event"]').length === 2);
  assert.equal(await page.getByLabel('Number').inputValue(), `#${tweet}`);
  assert.equal(await page.locator('dialog').count(), 0);
});

test('an account’s history is shown, with more on demand', async () => {
  for (let i = 0; i < 24; i++) {
    await ask('PATCH', 'accounts/1', { body: { status: i % 2 ? 'active' : 'inactive' } });
  }
  await board.visit('accounts');
  await board.button('History @alice').click();
  await board.dialog.locator('li.event').nth(19).waitFor();
  assert.equal(await board.dialog.locator('li.event').count(), 20);
  await board.button('Show older', board.dialog).click();
  await board.dialog.locator('li.event').nth(23).waitFor();
  assert.equal(await board.dialog.locator('li.event').count(), 24);
  assert.equal(await board.button('Show older').count(), 0);
  assert.ok(await board.dialog.locator('li.event').nth(20).evaluate((node) => node === document.activeElement));
  await page.keyboard.press('Escape');
  await page.locator('dialog').waitFor({ state: 'detached' });
});

test('what a key did is a step away from it', async () => {
  await board.visit('keys');
  await page.getByRole('link', { name: 'What it did: “Writer”' }).click();
  await rows(page).first().waitFor();
  assert.deepEqual(await heads(), ['Tweet changed', 'Tweet created']);
});

test('pages are turned back and forth, and the file has all of them', async () => {
  const [{ n }] = await db(instance, 'SELECT count(*) AS n FROM event');
  await db(instance, `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 120)
    INSERT INTO event(at, action, object_id, data)
    SELECT datetime('now'), 'tweet.held', 1000 + i, '{"before":{"held":false},"after":{"held":true}}' FROM n`);
  await board.visit('record');
  await row('Tweet #1120').waitFor();
  await page.getByRole('link', { name: 'Older' }).click();
  await row('Tweet #1070').waitFor();
  await page.getByRole('link', { name: 'Older' }).click();
  await row('Tweet #1020').waitFor();
  await page.getByRole('link', { name: 'Newer' }).click();
  await row('Tweet #1070').waitFor();
  await page.goBack();
  await row('Tweet #1020').waitFor();
  const { text } = await downloaded();
  assert.equal(parse(text).length, n + 120 + 1);
});

test('a change nobody here has words for is shown as it is', async () => {
  await db(instance, `INSERT INTO event(at, action, object_id, data) VALUES
    (datetime('now'), 'tweet.dreamt_of', 4711, '{"after":{"some_thing":{"a":1},"text":"<b>x</b>"}}')`);
  await board.visit('record?object_id=4711');
  const dreamt = row('Tweet dreamt of');
  await dreamt.getByText('{"a":1}').waitFor();
  await dreamt.getByText('<b>x</b>').waitFor();
  await dreamt.getByText('Without a key').waitFor();
});
