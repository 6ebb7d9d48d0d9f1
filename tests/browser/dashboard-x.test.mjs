// The dashboard against X, which the fake plays: linking, failures, doubt.

import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';

import { db } from '../support/instance.mjs';
import { Poster, TWEETS } from '../support/poster.mjs';
import { startChromium } from './chromium.mjs';
import { Dashboard } from './dashboard.mjs';

let [poster, chromium, board, page] = [];

before(async () => {
  poster = await Poster.start();
  poster.x.addUser({ username: 'alice' });
  poster.x.addUser({ username: 'bob' });
  chromium = await startChromium();
  board = await Dashboard.open(chromium, poster.instance);
  ({ page } = board);
});

afterEach(() => poster.x.clearFaults());

after(async () => {
  await chromium?.close();
  await poster?.stop();
});

/** Consents on X's page as that person, and comes back. */
async function consentAs(username) {
  await page.getByRole('radio', { name: `@${username}` }).check();
  await page.locator('#allow').click();
  await page.getByRole('link', { name: /Back to Twitter Manager/ }).click();
}

async function compose(text) {
  await board.go('Compose');
  await page.getByLabel('Text', { exact: true }).fill(text);
  if (await page.getByLabel('@alice').count() > 0) await page.getByLabel('@alice').check();
}

test('an account is linked at X, and there is no mock banner', async () => {
  await board.enter();
  await board.button('Link an account').click();
  await consentAs('alice');
  await page.getByRole('rowheader', { name: /@alice/ }).waitFor();
  await page.getByText(/left$/).first().waitFor();
  assert.equal(await page.locator('#mock-strip').count(), 0);
});

test('linking again as another person is refused, and says so', async () => {
  await board.button('Relink @alice').click();
  await page.getByRole('radio', { name: '@bob' }).check();
  await page.locator('#allow').click();
  await page.getByText(/Log in on X as the account that you want to link/).waitFor();
  await page.getByRole('link', { name: /Back to Twitter Manager/ }).click();
  await page.getByRole('rowheader', { name: /@alice/ }).waitFor();
  assert.equal(await page.getByRole('rowheader').count(), 1);
});

test('a tweet that is posted has a link to it on X', async () => {
  await compose('Out it goes');
  await board.button('Post now').click();
  await board.dontWait();
  await board.notice('1 tweet posted.').waitFor();
  const [{ id }] = poster.x.posted('Out it goes');
  const out = page.getByRole('link', { name: /See it on X/ });
  assert.equal(await out.getAttribute('href'), `https://x.com/alice/status/${id}`);
  await board.go('Queue');
  await page.getByRole('button', { name: /^Details of tweet/ }).first().click();
  await board.dialog.getByRole('link', { name: /See it on X/ }).waitFor();
  await board.button('Close', board.dialog).click();
});

test('a refusal shows X’s own words, what to do, and the request', async () => {
  poster.x.fault({ match: TWEETS, problem: 'duplicate' });
  await compose('Said before');
  await board.button('Post now').click();
  await board.dontWait();
  await page.getByText('1 tweet wasn’t posted').waitFor();
  await page.getByText('You are not allowed to create a Tweet with duplicate content.').first().waitFor();
  await page.getByText(/request [\w-]+/).first().waitFor();
  await board.go('Queue');
  await page.getByRole('button', { name: /^Details of tweet/ }).first().click();
  await board.dialog.getByText('1 attempt').click();
  await board.dialog.locator('.attempt').getByText('duplicate content', { exact: false }).first().waitFor();
  await board.button('Close', board.dialog).click();
});

test('what X asked to wait with says when it goes out', async () => {
  poster.x.fault({ match: TWEETS, problem: 'rateLimit88', headers: { 'Retry-After': '600' } });
  await compose('Later, then');
  await board.button('Post now').click();
  await board.dontWait();
  await page.getByText(/It will be sent automatically after \d+:\d\d.*in \d+ minutes\./).first().waitFor();
  const [{ id }] = await db(poster.instance, 'SELECT id FROM tweet WHERE content = \'Later, then\' AND retry_at IS NOT NULL');
  await board.go('Queue');
  await page.locator(`[data-tweet="${id}"]`).getByText('Waiting for X').waitFor();
  await db(poster.instance, `DELETE FROM tweet WHERE id = ${id};
    UPDATE twitter_account SET hold_until = NULL, hold_code = NULL`);
});

test('an account whose grant has ended says so and is linked again', async () => {
  await compose('Not without a grant');
  poster.x.revoke(poster.x.state.user('alice'));
  await board.button('Post now').click();
  await board.dontWait();
  await page.getByText('1 tweet wasn’t posted').waitFor();
  await board.go('Overview');
  const needs = page.getByRole('region', { name: 'Accounts that need attention' });
  await needs.getByText('@alice').waitFor();
  await board.go('Accounts');
  await page.getByText('X has revoked access.').first().waitFor();
  await board.button('Link again: @alice').click();
  await consentAs('alice');
  await page.getByRole('cell', { name: 'Active' }).waitFor();
  await db(poster.instance, 'DELETE FROM tweet WHERE status = \'pending\'');
});

const status = async () => (await db(poster.instance,
  'SELECT status, code FROM twitter_account WHERE username = \'alice\''))[0];

test('an account that X has locked is shown as Locked, and tried again', async () => {
  poster.x.fault({ match: TWEETS, problem: 'locked326' });
  await compose('Behind a lock');
  await board.button('Post now').click();
  await board.dontWait();
  await page.getByText(/temporarily locked/).first().waitFor();
  await board.go('Accounts');
  const row = page.locator('tr[data-account]').filter({ hasText: '@alice' });
  await row.getByText('Locked', { exact: true }).waitFor();
  await page.getByText('Unlock it on X, then press Try again').waitFor();
  assert.deepEqual(await status(), { status: 'suspended', code: 'account_locked' });
  await board.button('Clean up…').click();
  await board.dialog.getByLabel(/^Suspended/).check();
  await board.dialog.getByText('No accounts would be deleted.').waitFor();
  await board.dialog.getByLabel(/^Also those locked by X \(1\)/).check();
  await board.dialog.getByText(/^1 account and .* would be deleted/).waitFor();
  await board.button('Cancel', board.dialog).click();
  assert.deepEqual(await board.violations(), []);
  await board.button('Try again: @alice').click();
  await board.notice('@alice is active again').waitFor();
  await row.getByText('Active', { exact: true }).waitFor();
  assert.deepEqual(await status(), { status: 'active', code: null });
});

test('an account that X holds back says until when, and can be tried before', async () => {
  poster.x.fault({ match: TWEETS, problem: 'automated226' });
  await compose('Like a machine');
  await board.button('Post now').click();
  await board.dontWait();
  await page.getByText(/looks like it might be automated/).first().waitFor();
  await board.go('Accounts');
  await page.getByText(/X refuses this account’s tweets for now/).waitFor();
  await board.button('Try again: @alice').click();
  await board.notice('@alice is active again').waitFor();
  await page.getByText(/X refuses this account’s tweets for now/).waitFor({ state: 'detached' });
  await db(poster.instance, 'DELETE FROM tweet WHERE status = \'pending\'');
});

test('an account that X has locked says so, and goes on by Try again', async () => {
  await db(poster.instance, `UPDATE twitter_account SET status = 'suspended', code = 'account_locked' WHERE username = 'alice'`);
  await board.go('Overview');
  const needs = page.getByRole('region', { name: 'Accounts that need attention' });
  await board.button('Try again: @alice', needs).waitFor();
  await board.go('Accounts');
  await page.getByRole('cell', { name: 'Locked', exact: true }).waitFor();
  await page.getByText('X has locked this account.').waitFor();
  await board.button('Try again: @alice').click();
  await page.getByRole('cell', { name: 'Active' }).waitFor();
  const [{ status }] = await db(poster.instance, "SELECT status FROM twitter_account WHERE username = 'alice'");
  assert.equal(status, 'active');
});

test('a tweet of which nobody knows is settled by a person', async () => {
  const [{ id }] = await db(poster.instance, `INSERT INTO tweet(twitter_account_id, content, status, code)
    VALUES(1, 'Did it go?', 'failed', 'outcome_unknown') RETURNING id`);
  await board.go('Queue');
  const row = page.getByRole('row', { name: /Did it go/ });
  await row.getByText('Not confirmed').waitFor();
  assert.equal(await row.getByRole('link', { name: /Look at X’s timeline/ }).getAttribute('href'), 'https://x.com/alice');
  await board.button(`It’s not on X: tweet ${id}`).waitFor();
  assert.equal(await row.getByText(/Retry|Try again/).count(), 0, 'never sent again unasked');
  await board.button(`It’s on X: tweet ${id}`).click();
  assert.ok(await board.button('It’s on X', board.dialog).isDisabled());
  await board.dialog.getByLabel('Its link or id on X').fill('https://x.com/alice/status/1888888888888888888?s=20');
  await board.button('It’s on X', board.dialog).click();
  await board.notice('counts as posted').waitFor();
  const [tweet] = await db(poster.instance, `SELECT status, twitter_id FROM tweet WHERE id = ${id}`);
  assert.deepEqual(tweet, { status: 'posted', twitter_id: '1888888888888888888' });
});

test('a cut answer leaves the tweet unknown, which the queue shows', async () => {
  poster.x.fault({ match: TWEETS, cut: 'after-processing' });
  await compose('Cut off');
  await board.button('Post now').click();
  await board.dontWait();
  await page.getByText(/Not confirmed yet|tweet posted/).first().waitFor();
  await board.go('Queue');
  await page.getByRole('row', { name: /Cut off/ }).getByText('Checking with X').waitFor();
  await page.getByRole('row', { name: /Cut off/ }).getByRole('button', { name: /^Details/ }).click();
  await board.button('It’s not on X', board.dialog).waitFor();
  await page.keyboard.press('Escape');
});

test('nothing complained on the way', () => board.assertQuiet());
