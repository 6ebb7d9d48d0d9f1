// Sending safely, as a person meets it: time to undo, only what the list shows,
// only what was touched, and nothing that is written gets lost.

import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';

import { until } from '../support/checks.mjs';
import { seal } from '../support/fernet.mjs';
import { db, quote, startInstance } from '../support/instance.mjs';
import { startChromium } from './chromium.mjs';
import { Dashboard } from './dashboard.mjs';

const ACCOUNTS = 40;
let [instance, chromium, board, page] = [];

before(async () => {
  instance = await startInstance();
  const token = quote(seal(instance.encryptionKey, 'at'));
  await db(instance, `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${ACCOUNTS})
    INSERT INTO twitter_account(username, access_token, status, mock) SELECT 'person_' || i, ${token}, 'active', 1 FROM n`);
  chromium = await startChromium();
});

after(async () => {
  await chromium?.close();
  await instance?.stop();
});

// Each test has a device of its own, in a zone where clocks change.
beforeEach(async () => {
  await board?.close();
  await db(instance, 'DELETE FROM tweet');
  board = await Dashboard.open(chromium, instance, { timezoneId: 'Europe/Berlin' });
  ({ page } = board);
});

/** Tweets in the queue: [{ content, … }]; their ids. */
async function write(...rows) {
  const ids = [];
  for (const row of rows) {
    const all = { twitter_account_id: 1, ...row };
    const [{ id }] = await db(instance, `INSERT INTO tweet(${Object.keys(all)}) VALUES(${Object.values(all).map(quote)}) RETURNING id`);
    ids.push(id);
  }
  return ids;
}

const tweets = () => db(instance, 'SELECT id, twitter_account_id AS account, content, status, draft, scheduled_at FROM tweet ORDER BY id');
const statusOf = async (id) => (await db(instance, `SELECT status FROM tweet WHERE id = ${id}`))[0]?.status;
const text = () => page.getByLabel('Text', { exact: true });
const account = (n) => page.getByRole('checkbox', { name: `@person_${n} test account`, exact: true });
const sending = () => page.locator('.sending');

/** What went to this path of the API from now on. */
function requestsTo(pattern) {
  const seen = [];
  page.on('request', (request) => { if (pattern.test(request.url()) && request.method() !== 'GET') seen.push(request.url()); });
  return seen;
}

test('a row offers Edit first; Post now is in its menu and can be undone', async () => {
  const [id] = await write({ content: 'think twice' });
  await board.enter('queue');
  const asked = requestsTo(/\/tweet\/post\//);
  assert.equal(await page.locator('tbody .actions button').first().textContent(), 'Edit');
  await board.fromMenu(id, 'Post now');
  await sending().getByText('Posting 1 tweet in').waitFor();
  assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Undo');
  await page.keyboard.press('Enter');
  await sending().waitFor({ state: 'hidden' });
  assert.deepEqual(asked, []);
  assert.equal(await statusOf(id), 'pending');
  board.assertQuiet();
});

test('after ten seconds it goes, whatever view is looked at', async () => {
  await page.clock.install();
  const [id] = await write({ content: 'off it goes' });
  await board.enter('queue');
  await board.fromMenu(id, 'Post now');
  await board.go('Overview');
  await page.clock.fastForward(8000);
  assert.equal(await statusOf(id), 'pending');
  await sending().getByText(/in [12] s/).waitFor();
  await page.clock.fastForward(3000);
  await board.notice(`Tweet #${id} is posted.`).waitFor();
  assert.equal(await statusOf(id), 'posted');
});

test('leaving the page meanwhile is asked about, and posts nothing unless that was agreed to', async () => {
  const [one, two] = await write({ content: 'one' }, { content: 'two' });
  await board.enter('queue');
  page.removeAllListeners('dialog');
  const dialogs = [];
  page.on('dialog', (dialog) => { dialogs.push(dialog.type()); dialog.accept(); });

  await board.fromMenu(one, 'Post now');
  await page.reload();
  await board.notice('1 tweet not posted because you left the page.').waitFor();
  assert.deepEqual(dialogs, ['beforeunload']);
  assert.equal(await statusOf(one), 'pending');

  await board.fromMenu(two, 'Post now');
  await sending().getByLabel('Post even if I leave this page').check();
  await page.reload();
  await until(async () => await statusOf(two) === 'posted', 'it is sent on the way out');
  assert.deepEqual(dialogs, ['beforeunload'], 'who has agreed is not asked');
  assert.equal(await statusOf(one), 'pending');
});

test('the device may ask each time, or post at once', async () => {
  const [one, two] = await write({ content: 'one' }, { content: 'two' });
  await board.enter('settings');
  await page.getByLabel('Ask each time').check();
  await board.go('Queue');
  await board.fromMenu(one, 'Post now');
  await board.button('Cancel', board.dialog).click();
  assert.equal(await statusOf(one), 'pending');
  await board.fromMenu(one, 'Post now');
  await board.button('Post', board.dialog).click();
  await board.notice(`Tweet #${one} is posted.`).waitFor();
  await board.go('Settings');
  await page.getByLabel('Post at once', { exact: true }).check();
  await board.go('Queue');
  await board.fromMenu(two, 'Post now');
  await board.notice(`Tweet #${two} is posted.`).waitFor();
  board.assertQuiet();
});

test('many that are selected wait together', async () => {
  await write({ content: 'one' }, { content: 'two' }, { content: 'three' });
  await board.enter('queue');
  await page.getByLabel('Select all on this page').check();
  await board.button('Post now', page.locator('.bulk')).click();
  await sending().getByText('Posting 3 tweets in').waitFor();
  await board.button('Undo').click();
  assert.ok((await tweets()).every(({ status }) => status === 'pending'));
  await board.button('Post now', page.locator('.bulk')).click();
  await board.dontWait();
  await board.notice('3 tweets posted.').waitFor();
  assert.ok((await tweets()).every(({ status }) => status === 'posted'));
});

test('“Post all pending” posts what the list shows, and nothing else', async () => {
  const [a, b, c] = await write({ content: 'apples' }, { content: 'apples and pears' }, { content: 'pears' });
  await write({ content: 'apples, one day', draft: 1 });
  await board.enter('queue?q=apples');
  await board.button('Post all pending…').click();
  await board.dialog.getByText('2 tweets from 1 account: @person_1').waitFor();
  await board.dialog.getByText('Only what the list shows: with the words “apples”.').waitFor();
  await board.dialog.getByText('$0.03').waitFor();
  await board.button('Post them', board.dialog).click();
  await page.getByRole('heading', { name: 'Posting is done' }).waitFor();
  assert.deepEqual(await Promise.all([a, b, c].map(statusOf)), ['posted', 'posted', 'pending']);
  assert.deepEqual((await tweets()).filter(({ draft }) => draft).map(({ status }) => status), ['pending']);
});

test('a filter that matches nothing posts nothing', async () => {
  const [id] = await write({ content: 'still here' });
  const asked = [];
  await board.enter('queue?q=no+such+words');
  page.on('request', (request) => { if (/post-pending|bulk/.test(request.url())) asked.push(request.url()); });
  await page.getByText('No tweets match your filters').waitFor();
  const all = board.button('Post all pending…');
  assert.ok(await all.isDisabled());
  await page.getByLabel('Search').fill('');
  await page.getByRole('row', { name: /still here/ }).waitFor();
  assert.ok(await all.isEnabled());
  await page.getByLabel('Account', { exact: true }).fill('nobody_like_this');
  await page.keyboard.press('Tab');
  await page.getByText('No account is called @nobody_like_this.').waitFor();
  await page.getByText('No account has this name').waitFor();
  assert.ok(await all.isDisabled());
  await page.getByLabel('Account', { exact: true }).fill('@person_2');
  await page.keyboard.press('Tab');
  await page.getByText('No tweets match your filters').waitFor();
  assert.ok(await all.isDisabled());
  assert.deepEqual(asked, []);
  assert.equal(await statusOf(id), 'pending');
});

test('more than twenty are posted only when their number is typed', async () => {
  await write(...Array.from({ length: 21 }, (_, i) => ({ content: `number ${i}`, twitter_account_id: 1 + i % 5 })));
  await board.enter('queue?account=1');
  await board.button('Post all pending…').click();
  await board.dialog.getByText('5 tweets from 1 account').waitFor();
  assert.ok(await board.button('Post them', board.dialog).isEnabled());
  await board.button('Cancel', board.dialog).click();
  await board.visit('queue');
  await page.getByText('1–21 of 21').waitFor();
  await board.button('Post all pending…').click();
  await board.dialog.getByText('21 tweets from 5 accounts: @person_').waitFor();
  const yes = board.button('Post them', board.dialog);
  await board.dialog.getByLabel('To continue, type 21').fill('2');
  assert.ok(await yes.isDisabled());
  await board.dialog.getByLabel('To continue, type 21').fill('21');
  assert.ok(await yes.isEnabled());
});

test('the text of a tweet whose time has passed is corrected, and its time stays', async () => {
  const [id] = await write({ content: 'a mistkae', scheduled_at: '2026-01-02 03:04:05', late: 'held' });
  await board.enter('queue?state=held');
  await board.button(`Edit: tweet ${id}`).click();
  await board.dialog.getByText(/has passed\. Unless you set another, it stays as it is/).waitFor();
  const save = board.button('Save', board.dialog);
  assert.ok(await save.isDisabled(), 'nothing has changed yet');
  await board.dialog.getByLabel('Text', { exact: true }).fill('a mistake');
  const [request] = await Promise.all([page.waitForRequest((one) => one.method() === 'PATCH'), save.click()]);
  assert.deepEqual(request.postDataJSON(), { text: 'a mistake' });
  await board.notice('is changed').waitFor();
  const [tweet] = await tweets();
  assert.equal(tweet.content, 'a mistake');
  assert.equal(tweet.scheduled_at, '2026-01-02 03:04:05');
});

test('in the hour that a change of clocks repeats, and to the second, a time stays the moment it was', async () => {
  // 02:30 in Berlin, twice.
  for (const at of ['2031-10-26 00:30:27', '2031-10-26 01:30:27']) {
    const [id] = await write({ content: 'old clock', scheduled_at: at });
    await board.enter(`queue?q=%23${id}`).catch(() => board.visit(`queue?q=%23${id}`));
    await board.button(`Edit: tweet ${id}`).click();
    assert.equal(await board.dialog.getByLabel('Date and time').inputValue(), '2031-10-26T02:30');
    await board.dialog.getByLabel('Text', { exact: true }).fill('new clock');
    await board.button('Save', board.dialog).click();
    await board.notice(`Tweet #${id} is changed`).waitFor();
    assert.equal((await tweets()).find((each) => each.id === id).scheduled_at, at);
  }
});

test('a tweet that X rejected is corrected, or used as new', async () => {
  const [id] = await write({ content: 'said before', status: 'failed', code: 'duplicate_content' });
  await board.enter('queue');
  await page.getByRole('row', { name: /said before/ }).getByText('Rejected').waitFor();
  await board.button(`Edit and try again: tweet ${id}`).click();
  assert.ok(await board.button('Save', board.dialog).isDisabled());
  await board.dialog.getByLabel('Text', { exact: true }).fill('said in other words');
  await board.button('Save', board.dialog).click();
  await board.notice(`Tweet #${id} is in the queue again`).waitFor();
  assert.equal(await statusOf(id), 'pending');
  await board.fromMenu(id, 'Use as new');
  await page.waitForFunction(() => document.querySelector('textarea')?.value === 'said in other words');
  await page.getByText('1 account selected.').waitFor();
  assert.equal((await tweets()).length, 1, 'it is another tweet only once it is saved');
});

test('a tweet that is not confirmed can be said not to be there, after a question', async () => {
  const [id] = await write({ content: 'who knows', status: 'failed', code: 'outcome_unknown' });
  await board.enter('queue?state=unconfirmed');
  await board.button(`It’s not on X: tweet ${id}`).click();
  await board.dialog.getByText('it would be there twice').waitFor();
  await board.button('It’s not on X', board.dialog).click();
  await board.notice(`Tweet #${id} is in the queue again`).waitFor();
  assert.equal(await statusOf(id), 'pending');
});

test('a posted tweet says when it was posted; a cursor that is none shows page 1', async () => {
  await write({ content: 'long out', status: 'posted', twitter_id: '123', created_at: '2026-01-01 00:00:00', posted_at: '2026-01-02 00:00:00' });
  await board.enter('queue?trail=nonsense');
  await page.getByRole('row', { name: /long out/ }).getByText(/^posted /).waitFor();
  await page.getByText('1–1 of 1').waitFor();
  assert.match(page.url(), /#\/queue$/);
});

test('what is written is kept on the device and, as one draft, on the server', async () => {
  await board.enter('compose');
  await account(27).check();
  await text().fill('half a th');
  await page.getByText('Saved as a draft.').waitFor();
  await text().pressSequentially('ought');
  await until(async () => (await tweets())[0]?.content === 'half a thought', 'the draft follows');
  const [{ id, ...draft }] = await tweets();
  assert.deepEqual(draft, { account: 27, content: 'half a thought', status: 'pending', draft: 1, scheduled_at: null });
  await page.getByLabel('Schedule for later').check();
  await page.getByLabel('Date and time').fill('2031-07-01T09:30');

  // A closed tab, and another one.
  const other = await page.context().newPage();
  await page.close();
  page = board.page = other;
  await board.enter('compose');
  assert.equal(await text().inputValue(), 'half a thought');
  assert.ok(await account(27).isChecked());
  assert.equal(await page.getByLabel('Date and time').inputValue(), '2031-07-01T09:30');
  await board.button('Schedule').click();
  await board.notice('1 tweet scheduled').waitFor();
  assert.deepEqual(await tweets(), [{
    id, account: 27, content: 'half a thought', status: 'pending', draft: 0, scheduled_at: '2031-07-01 07:30:00',
  }], 'the draft has become the tweet');
});

test('a draft whose making had no answer is not made twice', async () => {
  await board.enter('compose');
  await account(28).check();
  let cut = 0;
  await page.route('**/api/v1/tweet', async (route) => {
    if (++cut > 1) return route.continue();
    await route.fetch();
    return route.abort('connectionreset');
  });
  await text().fill('lost on');
  await until(() => cut === 1, 'it is cut');
  await text().fill('lost on the way');
  await until(async () => (await tweets()).some(({ content }) => content === 'lost on the way'), 'it is saved', 20_000);
  assert.deepEqual((await tweets()).map(({ content, draft }) => [content, draft]), [['lost on the way', 1]]);
});

test('drafts are listed, opened and deleted', async () => {
  const [one, two] = await write({ content: 'the first idea', draft: 1 }, { content: 'the second idea', draft: 1, twitter_account_id: 2 });
  await board.enter('compose');
  await board.button(`Open draft ${one}`).click();
  await page.waitForFunction(() => document.querySelector('textarea').value === 'the first idea');
  assert.ok(await account(1).isChecked());
  await text().fill('the first idea, better');
  await until(async () => (await tweets())[0].content === 'the first idea, better', 'it is changed');
  await board.button(`Delete draft ${two}`).click();
  await board.notice('The draft is deleted.').waitFor();
  assert.deepEqual((await tweets()).map(({ id }) => id), [one]);
  await board.go('Queue');
  await page.getByRole('row', { name: /the first idea/ }).getByText('Draft').waitFor();
  await board.button(`Edit: tweet ${one}`).click();
  await page.waitForFunction(() => document.querySelector('textarea')?.value === 'the first idea, better');
  assert.equal((await tweets()).length, 1);
});

test('Ctrl+Enter sends from compose, and Undo brings the text back as a draft', async () => {
  await board.enter('compose');
  await account(23).check();
  await account(24).check();
  await text().fill('too soon');
  await page.keyboard.press('Control+Enter');
  await sending().getByText('Posting 2 tweets in').waitFor();
  assert.equal(await text().inputValue(), '');
  await board.button('Undo').click();
  await board.notice('Not posted. It is a draft again.').waitFor();
  assert.equal(await text().inputValue(), 'too soon');
  await page.getByText('2 accounts selected.').waitFor();
  const rows = await tweets();
  assert.deepEqual(rows.map(({ content, draft, status }) => [content, draft, status]), [['too soon', 1, 'pending']]);
  await text().focus();
  await page.keyboard.press('Control+Enter');
  await board.dontWait();
  await board.notice('2 tweets posted.').waitFor();
  const sent = await tweets();
  assert.deepEqual(sent.map(({ status, draft }) => [status, draft]), [['posted', 0], ['posted', 0]]);
  assert.ok(sent.some(({ id }) => id === rows[0].id), 'the draft has become one of them');
});

test('what is saved while the server is away is saved once it is back, once', async () => {
  await board.enter('compose');
  await account(25).check();
  await text().fill('through the storm');
  instance.child.kill('SIGTERM');
  await instance.child.ended;
  await board.button('Save to queue').click();
  await page.getByText('Not saved yet: the server can’t be reached.').waitFor();
  await instance.start();
  await board.notice('1 tweet saved.').waitFor({ timeout: 30_000 });
  assert.deepEqual((await tweets()).map(({ content, draft }) => [content, draft]), [['through the storm', 0]]);
  assert.equal(await text().inputValue(), '');
});

test('from the text to the main button it is five presses of Tab at most', async () => {
  await board.enter('compose');
  await account(29).check();
  await text().fill('with many accounts');
  let presses = 0;
  const at = () => page.evaluate(() => document.activeElement.textContent);
  while (await at() !== 'Post now' && presses < 10) {
    await page.keyboard.press('Tab');
    presses += 1;
  }
  assert.ok(presses <= 5, `${presses} presses`);
  await text().focus();
  for (let i = 0; i < 3; i += 1) await page.keyboard.press('Tab');
  const first = await page.evaluate(() => document.activeElement.value);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Space');
  assert.notEqual(await page.evaluate(() => document.activeElement.value), first);
  await page.getByText('2 accounts selected.').waitFor();
});

test('on paper the queue is its rows', async () => {
  await write({ content: 'in ink' });
  await board.enter('queue');
  await page.emulateMedia({ media: 'print' });
  await page.getByRole('row', { name: /in ink/ }).waitFor();
  for (const gone of ['#nav', '.toolbar', '.tweets .actions', '.head .row']) {
    assert.equal(await page.locator(gone).first().isVisible(), false, gone);
  }
  assert.ok(await page.getByRole('columnheader', { name: 'State' }).isVisible(), 'as a table');
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
  assert.equal(await page.evaluate(() => getComputedStyle(document.body).color), 'rgb(23, 33, 44)', 'dark on light');
  assert.match(await page.evaluate(() => getComputedStyle(document.querySelector('tbody time'), '::after').content), /UTC/);
});
