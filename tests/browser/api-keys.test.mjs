// Keys in the dashboard: made, shown once, changed and revoked.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { db, request, startInstance } from '../support/instance.mjs';
import { shoot, startChromium } from './chromium.mjs';
import { Dashboard } from './dashboard.mjs';

let [instance, chromium, board, page] = [];

before(async () => {
  instance = await startInstance();
  chromium = await startChromium();
  await db(instance, `INSERT INTO twitter_account(username, access_token, status, mock)
    VALUES('alice', 'x', 'active', 1), ('bob', 'x', 'active', 1)`);
  board = await Dashboard.open(chromium, instance, { permissions: ['clipboard-read', 'clipboard-write'] });
  ({ page } = board);
  await board.enter();
});

after(async () => {
  await chromium?.close();
  await instance?.stop();
});

const ask = (method, path, { key = instance.key, body } = {}) =>
  request(instance, method, `/api/v1/${path}`, { headers: { 'X-API-Key': key }, body });
const newest = async () => (await ask('GET', 'keys')).json.keys[0];
const row = (name) => page.locator('tr[data-key]').filter({ has: page.getByRole('rowheader', { name }) });
const copied = () => page.evaluate(() => navigator.clipboard.readText());
const isBoxed = (name) => board.dialog.getByRole('checkbox', { name }).isChecked();

/** Opens the form for a new key. */
async function form(name) {
  await board.button('Make a key').click();
  const field = board.dialog.getByLabel('Name', { exact: true });
  await field.waitFor();
  assert.ok(await field.evaluate((node) => node === document.activeElement), 'the name has the focus');
  if (name) await field.fill(name);
}

async function make() {
  await board.button('Make the key', board.dialog).click();
  await board.dialog.getByText('it isn’t shown again').waitFor();
}

test('a key is made for what is ticked, shown once, and copied', async () => {
  await board.go('Keys');
  await row(/No name/).getByText('yours', { exact: true }).waitFor();
  await form('Reports');
  await make();
  const key = await board.dialog.getByLabel('The key', { exact: true }).inputValue();
  assert.match(key, /^tm_/);
  assert.equal(await board.dialog.getByLabel('The address for a web cron').count(), 0);
  await page.keyboard.press('Escape');
  assert.ok(await board.dialog.isVisible(), 'Esc does not take away what nobody has copied');
  await board.button('Copy the key').click();
  await board.dialog.getByText('Copied.').waitFor();
  assert.equal(await copied(), key);
  assert.deepEqual(await board.violations(), []);
  await board.button('Done').click();
  await row(/^Reports/).getByText('Works').waitFor();
  assert.ok(!(await page.content()).includes(key));
  assert.equal((await ask('GET', 'stats', { key })).status, 200);
  assert.equal((await ask('GET', 'tick', { key })).status, 403);
  const { name, scopes, expires_at: expires, account_ids: accounts } = await newest();
  assert.deepEqual([name, scopes, expires, accounts], ['Reports', ['read'], null, null]);
});

test('what it is for ticks the boxes, and the boxes say what it is for', async () => {
  await form();
  const { dialog } = board;
  const ticks = async () => Promise.all(['Read', 'Write', 'Publish', 'Scheduler', 'Everything'].map(
    (name) => isBoxed(new RegExp(`^${name}`))));
  for (const [preset, wanted] of [['Read only', [1, 0, 0, 0, 0]], ['Write and publish', [1, 1, 1, 0, 0]],
    ['Scheduler address for a web cron', [0, 0, 0, 1, 0]], ['Everything', [1, 1, 1, 1, 1]]]) {
    await dialog.getByRole('radio', { name: preset }).check();
    assert.deepEqual((await ticks()).map(Number), wanted, preset);
  }
  await dialog.getByText('is for all accounts').waitFor();
  assert.ok(await dialog.getByRole('checkbox', { name: /^Read/ }).isDisabled(), 'it comes with Everything');
  await dialog.getByRole('checkbox', { name: /^Everything/ }).uncheck();
  assert.deepEqual((await ticks()).map(Number), [0, 0, 0, 0, 0]);
  assert.ok(await dialog.getByRole('radio', { name: 'Something else' }).isChecked());
  await dialog.getByRole('checkbox', { name: /^Read/ }).check();
  assert.ok(await dialog.getByRole('radio', { name: 'Read only' }).isChecked());
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
});

test('what is missing is said at its field, with what was filled in still there', async () => {
  await form();
  const { dialog } = board;
  await dialog.getByRole('checkbox', { name: /^Read/ }).uncheck();
  await dialog.getByLabel('Until a day').check();
  await board.button('Make the key').click();
  await dialog.getByText('Enter a date.').waitFor();
  await dialog.getByLabel('Last day').fill('2031-02-03');
  await board.button('Make the key').click();
  await dialog.getByRole('group', { name: 'What it may do' }).locator('.wrong:not(:empty)').waitFor();
  const name = dialog.getByLabel('Name', { exact: true });
  assert.equal(await name.getAttribute('aria-invalid'), 'true');
  const told = await name.evaluate((node) => node.getAttribute('aria-describedby').split(' ')
    .map((id) => document.getElementById(id).textContent).join(' '));
  assert.match(told, /Must not be empty/, 'what is wrong is read with the field');
  assert.equal(await dialog.getByLabel('Last day').inputValue(), '2031-02-03');
  await shoot(page, 'key faults');
  assert.deepEqual(await board.violations(), []);
  await name.fill('Late');
  await dialog.getByRole('checkbox', { name: /^Read/ }).check();
  await dialog.getByLabel('Last day').fill('2020-02-03');
  await board.button('Make the key').click();
  await dialog.getByRole('group', { name: 'Until when it works' }).locator('.wrong').getByText(/past/).waitFor();
  assert.equal(await name.getAttribute('aria-invalid'), null, 'what is right by now is not called wrong');
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
});

test('a key for a web cron comes with its address, which runs the scheduler', async () => {
  await form('Cron of the host');
  await board.dialog.getByRole('radio', { name: 'Scheduler address for a web cron' }).check();
  assert.equal(await board.dialog.getByRole('group', { name: 'For which accounts' }).count(), 0);
  await make();
  await board.button('Copy the address').click();
  await board.dialog.getByText('Copied.').waitFor();
  const url = await copied();
  assert.equal(url, await board.dialog.getByLabel('The address for a web cron').inputValue());
  assert.match(url, /\/api\/v1\/tick\?api_key=tm_[\w-]+$/);
  assert.equal((await fetch(url.replace('localhost', '127.0.0.1'))).status, 200);
  await board.button('Done').click();
});

test('a key is copied where a page comes over plain HTTP, too', async () => {
  await page.evaluate(() => {
    Object.defineProperty(navigator, 'clipboard', { value: undefined, configurable: true });
  });
  await form('Over HTTP');
  await make();
  await board.button('Copy the key').click();
  await board.dialog.getByText(/^(Copied\.|Press Ctrl\+C to copy it\.)$/).waitFor();
  const selected = await board.dialog.getByLabel('The key', { exact: true })
    .evaluate((node) => node.value.slice(node.selectionStart, node.selectionEnd) === node.value);
  assert.ok(selected, 'ready to be copied by hand');
  await board.button('Done').click();
  await page.reload();
  await row(/^Reports/).waitFor();
});

test('a key ends with its last day where the person is', async () => {
  await form('Until spring');
  await board.dialog.getByLabel('Until a day').check();
  await board.dialog.getByLabel('Last day').fill('2031-03-20');
  await board.dialog.getByText(/^It stops working on Mar 21, 2031/).waitFor();
  await make();
  await board.button('Done').click();
  const ends = await page.evaluate(() => new Date(2031, 2, 21).toISOString());
  assert.equal(new Date((await newest()).expires_at).toISOString(), ends);
  await board.button('Change: “Until spring”').click();
  assert.equal(await board.dialog.getByLabel('Last day').inputValue(), '2031-03-20');
  assert.ok(await board.button('Save', board.dialog).isDisabled(), 'nothing is changed yet');
  await board.dialog.getByLabel('Until you revoke it').check();
  await board.button('Save', board.dialog).click();
  await board.notice('“Until spring” is changed.').waitFor();
  assert.equal((await newest()).expires_at, null);
});

test('a key is confined to the accounts that are chosen, unless it may do everything', async () => {
  const { dialog } = board;
  await form('Client');
  await dialog.getByLabel('Only these').check();
  await board.button('Make the key').click();
  await dialog.getByRole('group', { name: 'For which accounts' }).locator('.wrong').getByText('Select an account.').waitFor();
  await dialog.getByLabel('@bob').check();
  await dialog.getByRole('radio', { name: 'Everything' }).check();
  assert.equal(await dialog.getByLabel('@bob').isVisible(), false);
  await dialog.getByRole('radio', { name: 'Read only' }).check();
  const asked = page.waitForRequest((each) => each.method() === 'POST');
  await page.route('**/api/v1/keys', (route) => (route.request().method() !== 'POST' ? route.fallback()
    : route.fulfill({ status: 201, json: { id: 99, name: 'Client', scopes: ['read'], account_ids: [2], key: 'tm_x' } })));
  await board.button('Make the key').click();
  assert.deepEqual((await asked).postDataJSON(), { name: 'Client', scopes: ['read'], account_ids: [2] });
  await board.button('Copy the key').click();
  await board.button('Done').click();
  await page.unroute('**/api/v1/keys');
});

test('the accounts of a key are named, and one that is gone is not forgotten', async () => {
  const { id } = await newest();
  let sent = null;
  await page.route(/\/keys(\/\d+)?(\?|$)/, async (route) => {
    if (route.request().method() === 'PATCH') sent = route.request().postDataJSON();
    const reply = await route.fetch(route.request().method() === 'PATCH' ? { postData: '{"name":"Until spring"}' } : {});
    const json = await reply.json();
    for (const key of json.keys ?? [json]) if (key.id === id) key.account_ids = [2, 77];
    await route.fulfill({ response: reply, json });
  });
  await page.reload();
  await row(/^Until spring/).getByText('@bob, #77 (deleted)').waitFor();
  await board.button('Change: “Until spring”').click();
  assert.ok(await board.dialog.getByLabel('@bob').isChecked());
  await board.dialog.getByLabel('@alice').check();
  await board.button('Save', board.dialog).click();
  await board.notice('“Until spring” is changed.').waitFor();
  assert.deepEqual(sent.account_ids.sort((a, b) => a - b), [1, 2, 77]);
  await page.unrouteAll({ behavior: 'ignoreErrors' });
});

test('name and rights are changed, and nothing else is sent', async () => {
  const { id } = await newest();
  await db(instance, `UPDATE api_key SET expires_at = '2031-05-06 07:08:09' WHERE id = ${id}`);
  await page.reload();
  await board.button('Change: “Until spring”').click();
  await board.dialog.getByLabel('Name', { exact: true }).fill('Agency');
  await board.dialog.getByRole('radio', { name: 'Write and publish' }).check();
  const sent = page.waitForRequest((each) => each.method() === 'PATCH');
  await board.button('Save', board.dialog).click();
  assert.deepEqual((await sent).postDataJSON(), { name: 'Agency', scopes: ['read', 'write', 'publish'] });
  await row(/^Agency/).getByText('Read, Write, Publish').waitFor();
  assert.equal((await newest()).expires_at, '2031-05-06T07:08:09Z', 'to the second as it was');
});

test('revoking says what stops, asks, and cannot be taken back', async () => {
  await board.button('Revoke…: “Cron of the host”').click();
  await board.dialog.getByText('It was for: Scheduler.').waitFor();
  await board.dialog.getByText('scheduled tweets then wait').waitFor();
  await board.dialog.getByText(/It was last used on/).waitFor();
  await board.dialog.getByText('This can’t be undone.').waitFor();
  assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Cancel');
  await board.button('Revoke it').click();
  await board.notice('“Cron of the host” is revoked.').waitFor();
  await row(/^Cron of the host/).getByText('Revoked').waitFor();
  assert.equal(await row(/^Cron of the host/).getByRole('button').count(), 0);
});

test('a key that has expired is told from one that was revoked, and goes on when it may', async () => {
  await db(instance, 'UPDATE api_key SET expires_at = datetime(\'now\', \'-1 day\') WHERE name IN (\'Agency\', \'Cron of the host\')');
  await page.reload();
  await row(/^Agency/).getByText('Expired').waitFor();
  await row(/^Cron of the host/).getByText('Revoked').waitFor();
  await board.button('Change: “Agency”').click();
  await board.dialog.getByLabel('Until you revoke it').check();
  await board.button('Save', board.dialog).click();
  await row(/^Agency/).getByText('Works').waitFor();
});

test('the last key that may do everything stays, and why is said where it was asked', async () => {
  await board.button('Revoke…: key #1').click();
  await board.dialog.getByText('You’re using it yourself').waitFor();
  await board.button('Revoke it').click();
  await board.dialog.getByText('No other key that lasts may do everything.').waitFor();
  await page.keyboard.press('Escape');
  await board.button('Change: key #1').click();
  await board.dialog.getByText('You’re using this key.').waitFor();
  await board.dialog.getByRole('radio', { name: 'Read only' }).check();
  await board.button('Save', board.dialog).click();
  await board.dialog.getByText('No other key that lasts may do everything.').waitFor();
  assert.equal(await board.dialog.getByRole('radio', { name: 'Read only' }).isChecked(), true);
  await page.keyboard.press('Escape');
});

test('a key that is gone by then is told as not found', async () => {
  await board.button('Change: “Reports”').click();
  await db(instance, 'DELETE FROM api_key WHERE name = \'Reports\'');
  await board.dialog.getByLabel('Name', { exact: true }).fill('Numbers');
  await board.button('Save', board.dialog).click();
  await board.dialog.getByText('API key not found.').waitFor();
  await page.keyboard.press('Escape');
});

test('more than a page of keys is shown bit by bit', async () => {
  await db(instance, `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60)
    INSERT INTO api_key(key_hash, name, scopes) SELECT 'hash ' || i, 'Many ' || i, 'read' FROM n`);
  await page.reload();
  await page.locator('tr[data-key]').nth(49).waitFor();
  assert.equal(await page.locator('tr[data-key]').count(), 50);
  await board.button(/^Show more/).click();
  await row(/No name/).waitFor();
  assert.equal(await board.button(/^Show more/).count(), 0);
});

test('all of it is done without a mouse', async () => {
  await page.locator('h1').focus();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await board.dialog.waitFor();
  await page.keyboard.type('By keyboard');
  await page.keyboard.press('Tab');
  await page.keyboard.press('ArrowDown');
  assert.ok(await board.dialog.getByRole('radio', { name: 'Write and publish' }).isChecked());
  await page.keyboard.press('Enter');
  await board.dialog.getByText('it isn’t shown again').waitFor();
  await board.button('Done').click();
  await row(/^By keyboard/).getByText('Read, Write, Publish').waitFor();
  await page.keyboard.press('j');
  assert.match(await page.evaluate(() => document.activeElement.dataset.key), /^key \d+$/);
});

test('who revokes the key that is used here is asked for another', async () => {
  const { json: other } = await ask('POST', 'keys', { body: { name: 'Mine', scopes: ['admin'] } });
  await page.reload();
  await board.button(/^Show more/).click();
  await board.button('Revoke…: key #1').click();
  await board.button('Revoke it').click();
  await page.getByText('This key no longer works').waitFor();
  await page.getByLabel('API key', { exact: true }).fill(other.key);
  await page.keyboard.press('Enter');
  await row(/^Mine/).getByText('yours', { exact: true }).waitFor();
  board.assertQuiet();
});
