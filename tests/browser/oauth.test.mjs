// Linking an account as a person walks it: a click on the consent page of the
// fake X or of mock mode, and whatever page of ours comes then.

import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';

import { unique } from '../support/checks.mjs';
import { startFakeX } from '../support/fake-x/index.mjs';
import { db, startInstance } from '../support/instance.mjs';
import { begin, linkMock } from '../support/link.mjs';
import { shoot, startChromium } from './chromium.mjs';

const TOKEN = { method: 'POST', path: '/2/oauth2/token' };
const EVIL = '<img src=x onerror=alert(1)><script>alert(2)</script>"\'&';

let [x, live, mock, chromium] = [];
let page;
let complaints;
let close;

before(async () => {
  x = await startFakeX();
  live = await startInstance({ fakeX: x });
  mock = await startInstance();
  chromium = await startChromium();
});

after(async () => {
  await chromium?.close();
  await live?.stop();
  await mock?.stop();
  await x?.close();
});

beforeEach(async () => {
  x.clearFaults();
  ({ page, complaints, close } = await chromium.open({ width: 720, height: 480 }));
});

afterEach(() => close());

/** A username as X allows it, of nobody else. */
const name = () => unique('p').slice(-15);

const person = () => x.addUser({ username: name() });

const title = () => page.textContent('h1');

const text = () => page.textContent('main');

/** A page of ours: strict headers, no script, and nothing to complain of. */
async function isOurs(reply, status, wanted) {
  assert.equal(reply.status(), status, await text());
  const headers = reply.headers();
  const policy = headers['content-security-policy'];
  assert.match(policy, /(^|; )default-src 'none'/);
  assert.match(policy, /frame-ancestors 'none'/);
  assert.doesNotMatch(policy, /unsafe|script-src/);
  assert.equal(headers['referrer-policy'], 'no-referrer');
  assert.equal(headers['x-content-type-options'], 'nosniff');
  assert.match(headers['cache-control'], /no-store/);
  assert.match(headers['content-type'], /^text\/html; *charset=utf-8$/i);
  assert.equal(await page.locator('script').count(), 0);
  assert.equal(await page.evaluate(() => [...document.querySelectorAll('*')]
    .some((element) => [...element.attributes].some(({ name: n }) => n.startsWith('on')))), false);
  assert.equal(await page.evaluate(() => getComputedStyle(document.querySelector('main')).boxSizing),
    'border-box', 'its style sheet is at work');
  assert.match(await title(), wanted);
  assert.deepEqual(complaints, []);
}

/** Coming back to a link that has worked: no failure to a person. */
async function isUsed(reply, { username }) {
  await isOurs(reply, 400, /^Already linked$/);
  assert.ok((await text()).includes(`This link was already used; @${username} is linked`));
  assert.doesNotMatch(await text(), /did not work/);
}

/** An error page: it says what, and leads on. */
async function isRefusal(reply, status, ...words) {
  await isOurs(reply, status, /did not work/);
  for (const word of words) assert.match(await text(), word);
  assert.ok(await page.locator('a').count() > 0, 'a way on');
}

/** Clicks a button and gives the page of ours that comes of it. */
async function click(button) {
  const [reply] = await Promise.all([
    page.waitForResponse((r) => new URL(r.url()).pathname === '/auth/callback'),
    page.click(button),
  ]);
  await page.waitForLoadState();
  return reply;
}

/** The person opens the link and decides on X's page. */
async function decide(url, user, button) {
  await page.goto(url);
  if (user) await page.check(`input[value="${user.id}"]`);
  return click(button);
}

async function start(instance = live, query = '') {
  return begin(instance, query);
}

const accounts = (instance, username) => db(instance,
  `SELECT id, status FROM twitter_account WHERE username = '${username}'`);

// On X's page

test('who allows it sees the account linked', async () => {
  const user = person();
  const reply = await decide((await start()).auth_url, user, '#allow');
  await isOurs(reply, 200, /linked/i);
  assert.match(await text(), new RegExp(`@${user.username}`));
  assert.equal((await accounts(live, user.username))[0].status, 'active');
  await shoot(page, 'linked');
  await page.click('a');
  assert.equal(new URL(page.url()).pathname, '/', 'the way back leads to the start page');
});

test('who refuses is told that nothing was linked', async () => {
  const reply = await decide((await start()).auth_url, person(), '#deny');
  await isRefusal(reply, 400, /wasn't allowed/);
  await shoot(page, 'refused');
});

test('a reload does not link twice', async () => {
  const user = person();
  await decide((await start()).auth_url, user, '#allow');
  await isUsed(await page.reload(), user);
  assert.equal((await accounts(live, user.username)).length, 1);
  await shoot(page, 'used');
});

test('going back and allowing again is told that the link is used', async () => {
  const user = person();
  await decide((await start()).auth_url, user, '#allow');
  await page.goBack();
  await page.check(`input[value="${user.id}"]`);
  await isUsed(await click('#allow'), user);
  assert.equal((await accounts(live, user.username))[0].status, 'active');
});

test('who takes more than ten minutes is told so', async () => {
  const { auth_url: url, state } = await start();
  await db(live, `UPDATE oauth_state SET created_at = datetime('now', '-601 seconds')
    WHERE state = '${state}'`);
  await isRefusal(await decide(url, person(), '#allow'), 400, /expired/);
  await shoot(page, 'expired');
});

test('a link that nobody made is unknown', async () => {
  await isRefusal(await page.goto(`${live.url}/auth/callback?state=made-up&code=x`), 400, /unknown/);
});

test('a link without anything in it says what is missing', async () => {
  await isRefusal(await page.goto(`${live.url}/auth/callback`), 400, /missing/);
});

test('when X answers with a page of HTML the person may try again', async () => {
  x.fault({ match: TOKEN, html: true, times: Infinity });
  const reply = await decide((await start()).auth_url, person(), '#allow');
  await isRefusal(reply, 502, /X/, /again/);
  await shoot(page, 'html');
});

test('when X is gone the person is told so', async () => {
  const dead = await startFakeX();
  const instance = await startInstance({ fakeX: dead });
  try {
    const user = dead.addUser({ username: name() });
    const landed = await dead.consent((await start(instance)).auth_url, user);
    await dead.close();
    await isRefusal(await page.goto(landed), 502, /X/);
    await shoot(page, 'dead');
  } finally {
    await instance.stop();
  }
});

test('the consent of another person is refused when one account was asked for', async () => {
  const [user, stranger] = [person(), person()];
  await decide((await start()).auth_url, user, '#allow');
  const [{ id }] = await accounts(live, user.username);
  const { auth_url: url } = await start(live, `?account_id=${id}`);
  await isRefusal(await decide(url, stranger, '#allow'), 409, new RegExp(`@?${user.username}`));
  assert.deepEqual(await accounts(live, stranger.username), []);
  await shoot(page, 'wrong-account');
});

test('what comes from outside is shown and never run', async () => {
  const { state } = await start();
  const reply = await page.goto(`${live.url}/auth/callback?state=${state}&error=odd`
    + `&error_description=${encodeURIComponent(EVIL)}`);
  await isRefusal(reply, 400);
  assert.ok((await text()).includes(EVIL), await text());
  assert.equal(await page.locator('img').count(), 0);
  await shoot(page, 'escaped');
});

test('a username like a script is shown and never run', async () => {
  const hostile = x.addUser({ username: EVIL });
  const reply = await decide((await start()).auth_url, hostile, '#allow');
  await isOurs(reply, reply.status(), /./);
  assert.equal(await page.locator('img').count(), 0);
});

// On the page of mock mode

test('in mock mode a name is typed and allowed', async () => {
  const username = name();
  const reply = await page.goto((await start(mock)).auth_url);
  await isOurs(reply, 200, /Link a test account/);
  await shoot(page, 'mock');
  await page.fill('#name', username);
  await isOurs(await click('#allow'), 200, /linked/i);
  assert.match(await text(), new RegExp(`@${username}`));
  assert.equal((await accounts(mock, username))[0].status, 'active');
});

test('in mock mode Enter in the name allows', async () => {
  const username = name();
  await page.goto((await start(mock)).auth_url);
  await page.fill('#name', username);
  const [reply] = await Promise.all([page.waitForNavigation(), page.press('#name', 'Enter')]);
  await isOurs(reply, 200, /linked/i);
});

test('in mock mode refusing works as with X', async () => {
  await page.goto((await start(mock)).auth_url);
  await isRefusal(await click('#deny'), 400, /wasn't allowed/);
});

test('in mock mode a name that X would not give is not sent', async () => {
  const { auth_url: url, state } = await start(mock);
  await page.goto(url);
  await page.fill('#name', '<script>x');
  await page.click('#allow');
  assert.equal(page.url(), url);
  const reply = await page.goto(`${mock.url}/auth/callback?state=${state}&code=${
    encodeURIComponent('<script>alert(1)</script>')}`);
  await isOurs(reply, reply.status(), /./);
});

test('in mock mode another name is refused when one account was asked for', async () => {
  const { json } = await linkMock(mock, name());
  await page.goto((await start(mock, `?account_id=${json.account_id}`)).auth_url);
  await page.fill('#name', name());
  await isRefusal(await click('#allow'), 409);
});

test('the consent page of mock mode is not there without it', async () => {
  await isRefusal(await page.goto(`${live.url}/auth/mock?state=x`), 404, /No such path/);
});

// How it looks

for (const [what, size] of Object.entries({
  'a phone': { width: 390, height: 844 }, 'a phone at night': { width: 390, height: 844, dark: true },
  'a desk': { width: 1440, height: 900 }, 'a desk at night': { width: 1440, height: 900, dark: true },
})) {
  test(`the pages fit on ${what}`, async () => {
    const own = await chromium.open(size);
    try {
      await own.page.goto((await start(mock)).auth_url);
      await fits(own.page);
      await shoot(own.page, `mock ${what}`);
      await own.page.goto(`${mock.url}/auth/callback?state=${'long'.repeat(30)}&code=x`);
      await fits(own.page);
      await shoot(own.page, `unknown ${what}`);
      assert.deepEqual(own.complaints, []);
    } finally {
      await own.close();
    }
  });
}

/** Nothing sticks out to the side, and what is to be tapped is large enough. */
async function fits(shown) {
  const { wide, small } = await shown.evaluate(() => ({
    wide: document.documentElement.scrollWidth - window.innerWidth,
    small: [...document.querySelectorAll('button, input:not([type=hidden])')]
      .filter((element) => element.getBoundingClientRect().height < 40).length,
  }));
  assert.ok(wide <= 0, `${wide} pixels stick out`);
  assert.equal(small, 0, 'something is too small to tap');
}
