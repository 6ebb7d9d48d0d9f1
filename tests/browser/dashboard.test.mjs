// The dashboard as a person walks it, from the first run on, in mock mode.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

import { db, request, startInstance } from '../support/instance.mjs';
import { until } from '../support/checks.mjs';
import { startChromium } from './chromium.mjs';
import { Dashboard } from './dashboard.mjs';

const TEXT = 'Grüße 🎉👩‍💻 an alle, 東京からも: https://example.org/a/path?with=query and example.com/x';

// What the browser says of connections that a test cuts.
const CUT_OFF = /ERR_CONNECTION_REFUSED|ERR_CONNECTION_RESET|ERR_EMPTY_RESPONSE|NS_ERROR_(?:CONNECTION_REFUSED|NET_RESET|NET_INTERRUPT)/;

let [instance, chromium, board, page] = [];

before(async () => {
  instance = await startInstance({ env: { TWITTER_CLIENT_ID: 'an-app' } }); // or mock mode stays on
  chromium = await startChromium();
  board = await Dashboard.open(chromium, instance);
  ({ page } = board);
});

after(async () => {
  await chromium?.close();
  await instance?.stop();
});

async function link(username) {
  await board.go('Accounts');
  await board.button('Link an account').first().click();
  await page.getByLabel('Username').fill(username);
  await page.locator('#allow').click();
  await page.getByRole('link', { name: /Back to Twitter Manager/ }).click();
}

test('the first run asks for the key, and a wrong one is refused in words', async () => {
  await board.visit();
  await page.getByRole('heading', { name: 'Welcome to Twitter Manager' }).waitFor();
  assert.equal(await page.evaluate(() => document.activeElement.type), 'password');
  await page.getByLabel('API key', { exact: true }).fill('nonsense');
  await page.keyboard.press('Enter');
  await page.getByText('That’s not this server’s key').waitFor();
  await board.enter();
  assert.equal(await page.evaluate(() => localStorage.length), 0, 'kept for the tab only');
});

test('it says that mock mode is on and leads to linking the first account', async () => {
  await page.getByText('nothing is sent to X.').first().waitFor();
  await page.getByText('Link your first account').waitFor();
  await board.button('Link an account').click();
  await page.getByLabel('Username').fill('first_one');
  await page.locator('#allow').click();
  await page.getByRole('link', { name: /Back to Twitter Manager/ }).click();
  // The key is still known, and the accounts are what they want to see.
  await page.getByRole('rowheader', { name: /@first_one/ }).waitFor();
  assert.match(page.url(), /#\/accounts$/);
});

test('the length of a text is the server’s, and its price is shown', async () => {
  await board.go('Compose');
  await page.getByLabel('Text', { exact: true }).fill(TEXT);
  const shown = Number(await page.locator('.length strong').textContent());
  const trial = await request(instance, 'POST', '/api/v1/tweet?dry_run=true', { body: { text: TEXT, account_id: 1 } });
  assert.equal(shown, trial.json.weighted_length);
  await page.getByText('2 links count as 23 each').waitFor();
  await page.getByText(`$${trial.json.price.usd.toFixed(2)}`).waitFor();
});

test('what is too long cannot be sent', async () => {
  await page.getByLabel('Text', { exact: true }).fill('あ'.repeat(141));
  await page.getByText('2 characters over the limit.').first().waitFor();
  assert.ok(await board.button('Post now').isDisabled());
  assert.ok(await board.button('Save to queue').isDisabled());
});

test('a tweet is posted at once', async () => {
  await page.getByLabel('Text', { exact: true }).fill(TEXT);
  await board.button('Post now').click();
  await page.locator('.sending').getByText('Posting 1 tweet in').waitFor();
  await board.dontWait();
  await board.notice('1 tweet posted.').waitFor();
  const [tweet] = await db(instance, 'SELECT content, status, twitter_id FROM tweet ORDER BY id DESC LIMIT 1');
  assert.equal(tweet.content, TEXT);
  assert.match(tweet.twitter_id, /^mock_/);
  assert.equal(await page.getByLabel('Text', { exact: true }).inputValue(), '');
});

test('a tweet is scheduled in the person’s zone, with UTC beside', async () => {
  await page.getByLabel('Text', { exact: true }).fill('Later');
  await page.getByLabel('Schedule for later').check();
  await page.getByLabel('Date and time').fill('2031-07-01T09:30');
  await page.getByText(/UTC, in/).waitFor();
  await board.button('Schedule').click();
  await board.notice('1 tweet scheduled').waitFor();
  const [tweet] = await db(instance, 'SELECT scheduled_at FROM tweet ORDER BY id DESC LIMIT 1');
  const wanted = await page.evaluate(() => new Date('2031-07-01T09:30').toISOString().slice(0, 19).replace('T', ' '));
  assert.equal(tweet.scheduled_at, wanted);
});

test('the main button goes on meaning what it meant, through another view and a reload', async () => {
  for (const leave of [() => board.go('Queue').then(() => board.go('Compose')), () => page.reload()]) {
    await leave();
    await board.button('Schedule').waitFor();
    assert.equal(await page.getByLabel('Date and time').inputValue(), '2031-07-01T09:30');
    assert.equal(await board.button('Post now').count(), 0);
  }
  await page.getByLabel('Schedule for later').uncheck();
  await board.button('Post now').waitFor();
});

test('the same text on several accounts is warned of', async () => {
  await link('second_one');
  await page.getByRole('rowheader', { name: /@second_one/ }).waitFor();
  await board.go('Compose');
  await page.getByLabel('@second_one').check();
  await page.getByLabel('@first_one').check();
  await page.getByLabel('Text', { exact: true }).fill('Hello from both');
  await page.getByText('The same text on 2 accounts').waitFor();
  await page.getByText(/2 × \$/).waitFor();
  await board.button('Save to queue').click();
  await board.notice('2 tweets saved.').waitFor();
});

const noBodies = process.env.BROWSER === 'firefox' && 'WebDriver BiDi does not tell the body of a request';

test('an answer that is lost on the way makes no second tweet', { skip: noBodies }, async () => {
  await page.getByLabel('Text', { exact: true }).fill('Only once');
  let cut = 0;
  await page.route('**/api/v1/tweet', async (route) => {
    if (++cut > 2) return route.continue();
    await route.fetch();
    return route.abort('connectionreset');
  });
  await board.button('Save to queue').click();
  await page.getByText('Not saved yet: the server can’t be reached.').waitFor();
  await until(() => cut === 4, 'both are asked for again');
  await page.getByText('Not saved yet').waitFor({ state: 'detached' });
  await page.unroute('**/api/v1/tweet');
  const rows = await db(instance, 'SELECT id FROM tweet WHERE content = \'Only once\'');
  assert.equal(rows.length, 2, 'one for each account');
  await db(instance, 'DELETE FROM tweet WHERE content = \'Only once\'');
});

test('what is written while a tweet is saved stays; what was saved does not come back', async () => {
  const area = page.getByLabel('Text', { exact: true });
  for (const leaves of [false, true]) {
    await area.fill('On its way');
    let left = 2; // a tweet for each account
    await page.route('**/api/v1/tweet', async (route) => {
      await sleep(500);
      return route.continue();
    });
    const answered = page.waitForResponse((r) => r.url().endsWith('/tweet') && --left === 0);
    await board.button('Save to queue').click();
    if (leaves) await board.go('Queue');
    else await area.fill('The next one');
    await (await answered).finished();
    await sleep(200); // what the page makes of it
    if (leaves) await board.go('Compose');
    assert.equal(await area.inputValue(), leaves ? '' : 'The next one');
    await page.unroute('**/api/v1/tweet');
  }
  await db(instance, 'DELETE FROM tweet WHERE content = \'On its way\'');
});

test('a draft outlives a look at another view', async () => {
  await page.getByLabel('Text', { exact: true }).fill('Half a thou');
  await board.go('Queue');
  await board.go('Compose');
  assert.equal(await page.getByLabel('Text', { exact: true }).inputValue(), 'Half a thou');
  const drafts = async () => (await db(instance, 'SELECT content FROM tweet WHERE draft = 1')).map(({ content }) => content);
  await until(async () => (await drafts()).includes('Half a thou'), 'it is on the server');
  assert.deepEqual(await drafts(), ['Half a thou'], 'one, and none of what was sent');
  await page.getByLabel('Text', { exact: true }).fill('');
  await until(async () => (await drafts()).length === 0, 'with its text the draft is gone');
});

test('the queue shows, filters and finds tweets, and changes one', async () => {
  await board.go('Queue');
  await page.locator('.chips').getByRole('link', { name: /^Scheduled/ }).click();
  await page.getByText('1–1 of 1', { exact: true }).waitFor();
  await page.getByRole('button', { name: /^Details of tweet/ }).click();
  await board.button('Edit', board.dialog).click();
  await board.dialog.getByLabel('Text', { exact: true }).fill('Later, and better');
  await board.button('Save', board.dialog).click();
  await board.notice('is changed').waitFor();
  await page.locator('.chips').getByRole('link', { name: /^All/ }).click();
  await page.locator('.chips [aria-current]').filter({ hasText: 'All' }).waitFor();
  await page.getByLabel('Search').fill('better');
  await page.getByText('1–1 of 1', { exact: true }).waitFor();
  await page.getByLabel('Search').fill('');
  await page.getByText('1–4 of 4', { exact: true }).waitFor();
});

test('all pending are posted, with a bar; it can be stopped, left and gone on with', async () => {
  await db(instance, `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 700)
    INSERT INTO tweet(twitter_account_id, content) SELECT 1 + i % 2, 'many ' || i FROM n`);
  await page.reload();
  // Slow enough for a person to stop it.
  await page.route('**/post-pending', async (route) => { await sleep(400); await route.continue(); });
  await board.button('Post all pending…').click();
  await board.dialog.getByText('702 tweets').first().waitFor();
  await board.dialog.getByText('2 accounts: @').waitFor();
  await board.dialog.getByText('$10.53').waitFor();
  assert.ok(await board.button('Post them', board.dialog).isDisabled(), 'the number is to be typed');
  await board.dialog.getByLabel('To continue, type 702').fill('702');
  await board.button('Post them', board.dialog).click();
  await page.getByRole('progressbar').waitFor();
  await board.button('Stop').click();
  await page.getByRole('heading', { name: 'Posting was stopped' }).waitFor();
  const [{ n }] = await db(instance, 'SELECT count(*) AS n FROM tweet WHERE status = \'pending\'');
  assert.ok(n > 0, 'some are left');
  await page.unroute('**/post-pending');
  await page.reload();
  await page.getByRole('heading', { name: 'Posting was stopped' }).waitFor();
  await board.button('Continue').click();
  await board.go('Overview');
  await board.go('Queue');
  await page.getByRole('heading', { name: 'Posting is done' }).waitFor({ timeout: 60_000 });
  const rows = await db(instance, 'SELECT scheduled_at IS NULL AS now, count(*) AS n FROM tweet WHERE status = \'pending\' GROUP BY 1');
  assert.deepEqual(rows, [{ now: 0, n: 1 }], 'the scheduled one stays');
  await page.getByText('702 posted', { exact: true }).waitFor();
  await board.button('Close').click();
});

test('pages are turned back and forth', async () => {
  await page.getByText('1–50 of 704').waitFor();
  await page.getByRole('link', { name: 'Older' }).click();
  await page.getByText('51–100 of 704').waitFor();
  await page.getByRole('link', { name: 'Older' }).click();
  await page.getByText('101–150 of 704').waitFor();
  await page.goBack();
  await page.getByText('51–100 of 704').waitFor();
  await page.getByRole('link', { name: 'Newer' }).click();
  await page.getByText('1–50 of 704').waitFor();
});

test('many are deleted at once, after a question', async () => {
  await page.getByLabel('Select all on this page').check();
  await page.getByText('50 selected').waitFor();
  await board.button('Delete…', page.locator('.bulk')).click();
  assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Cancel');
  await board.button('Delete 50 tweets', board.dialog).click();
  await board.notice('50 tweets deleted.').waitFor();
  await page.getByText('1–50 of 654').waitFor();
});

test('an account is paused and goes on', async () => {
  await board.go('Accounts');
  await board.button('Pause @second_one').click();
  await board.notice('@second_one is paused').waitFor();
  const show = () => db(instance, 'SELECT status FROM twitter_account WHERE username = \'second_one\'');
  assert.deepEqual(await show(), [{ status: 'inactive' }]);
  await board.button('Resume @second_one').click();
  await board.notice('is active again').waitFor();
  assert.deepEqual(await show(), [{ status: 'active' }]);
});

test('cleaning up says what would go, and only that goes', async () => {
  await db(instance, `INSERT INTO twitter_account(username, access_token, status, mock) VALUES('lost', 'x', 'failed', 1);
    INSERT INTO tweet(twitter_account_id, content) SELECT id, 'of the lost' FROM twitter_account WHERE username = 'lost'`);
  await page.reload();
  await board.button('Clean up…').click();
  await board.dialog.getByLabel(/^Needs linking/).check();
  await board.dialog.getByText('1 account and 1 tweet would be deleted:').waitFor();
  await board.button('Delete 1 account and 1 tweet', board.dialog).click();
  await board.notice('1 account and 1 tweet deleted.').waitFor();
  const names = await db(instance, 'SELECT username FROM twitter_account ORDER BY id');
  assert.deepEqual(names.map(({ username }) => username), ['first_one', 'second_one']);
});

test('deleting an account says how many tweets go with it; Esc keeps it', async () => {
  await board.button('Delete @second_one…').click();
  await board.dialog.getByText(/Its \d+ tweets here will be deleted too/).waitFor();
  await page.keyboard.press('Escape');
  await page.locator('dialog').waitFor({ state: 'detached' });
  assert.equal((await db(instance, 'SELECT id FROM twitter_account')).length, 2);
});

test('mock mode is turned off and on, and the banner follows', async () => {
  await board.go('Settings');
  await board.button('Turn mock mode off…').click();
  await board.button('Turn it off', board.dialog).click();
  await board.notice('Mock mode is off').waitFor();
  assert.equal(await page.locator('#mock-strip').count(), 0);
  await board.button('Turn mock mode on').click();
  await page.locator('#mock-strip').waitFor();
});

test('Settings may be left while they are fetched again', async () => {
  await board.go('Settings');
  let asked;
  const arrived = new Promise((done) => { asked = done; });
  await page.route(/\/health$/, (route) => { asked(route); });
  await board.button('Turn mock mode off…').click();
  await board.button('Turn it off', board.dialog).click();
  const route = await arrived;
  await board.go('Queue');
  await page.getByText(/of 654$/).waitFor();
  await route.abort().catch(() => {}); // it was given up
  await page.unroute(/\/health$/);
  await board.go('Settings');
  await board.button('Turn mock mode on').click();
  await page.locator('#mock-strip').waitFor();
  board.assertQuiet(CUT_OFF);
});

test('a server that goes and comes back is told of, and the view is fetched anew', async () => {
  await board.go('Queue');
  await board.go('Overview');
  instance.child.kill('SIGTERM');
  await instance.child.ended;
  await board.go('Queue');
  await page.getByText('The server can’t be reached.').first().waitFor();
  await instance.start();
  await board.notice('The server is back.').waitFor({ timeout: 30_000 });
  await page.getByText(/of 654$/).waitFor();
  assert.equal(await page.locator('.strip.bad').count(), 0);
});

test('a key that stops working leads back to the form', async () => {
  const was = instance.key;
  await instance.restart({ API_KEY: 'quite-another-key-for-this-server' });
  await board.go('Accounts').catch(() => {});
  await page.getByText('This key no longer works').waitFor();
  await page.getByLabel('Remember on this device').check();
  await page.getByLabel('API key', { exact: true }).fill(instance.key);
  await page.keyboard.press('Enter');
  await page.getByRole('rowheader', { name: /@first_one/ }).waitFor();
  assert.notEqual(was, instance.key);
  assert.deepEqual(await page.evaluate(() => Object.keys(sessionStorage).filter((name) => name.endsWith('key'))), []);
  await board.go('Settings');
  await board.button('Forget the key').click();
  await page.getByRole('heading', { name: 'Welcome to Twitter Manager' }).waitFor();
  assert.equal(await page.evaluate(() => Object.keys(localStorage).filter((name) => name.endsWith('key')).length), 0);
});

test('nothing complained on the way', () => {
  board.assertQuiet(CUT_OFF);
});
