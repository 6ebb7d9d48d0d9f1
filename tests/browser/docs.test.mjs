// The API reference: it is read, and a call is tried through it; and the one of
// ours, which stands in its place in a build without npm.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { request, startInstance } from '../support/instance.mjs';
import { linkMock } from '../support/link.mjs';
import { build, root } from '../support/paths.mjs';
import { newFolder, removeFolder } from '../support/settings.mjs';
import { shoot, startChromium } from './chromium.mjs';
import { Dashboard } from './dashboard.mjs';

let [instance, bare, chromium] = [];
const folders = [];

/** A build as this one, whose files are made anew, with the reference or not. */
function buildWith(reference) {
  const folder = newFolder();
  folders.push(folder);
  for (const name of ['bin', 'cgi-bin']) symlinkSync(join(build, name), join(folder, name));
  const make = (...args) => execFileSync(join(root, 'conf', 'make-www'), args);
  if (reference) make(join(folder, 'docs'));
  make(join(folder, 'docs'), join(folder, 'www'));
  return folder;
}

before(async () => {
  instance = await startInstance({ env: { BUILD: buildWith(true) } });
  bare = await startInstance({ env: { BUILD: buildWith(false) } });
  chromium = await startChromium();
});

after(async () => {
  await chromium?.close();
  await instance?.stop();
  await bare?.stop();
  folders.forEach(removeFolder);
});

/** Opens /docs/ there, and nothing must be complained of until the end. */
async function visit(on, how, check) {
  const { page, complaints, close } = await chromium.open(how);
  try {
    await page.goto(`${on.url}/docs/`, { waitUntil: 'networkidle' });
    await check(page);
    assert.deepEqual(complaints, []);
  } finally {
    await close();
  }
}

/** What sticks out of the page at its right. */
const stickingOut = (page) => page.evaluate(() => (
  document.documentElement.scrollWidth <= window.innerWidth ? []
    : [...document.querySelectorAll('body *')]
      .filter((element) => element.getBoundingClientRect().right > window.innerWidth)
      .map(({ tagName, className }) => `${tagName}.${className}`)));

const callOf = (page, id) => page.locator(`.opblock[id$="-${id}"]`);

async function namesEachCall(page) {
  const description = (await request(instance, 'GET', '/api/v1/openapi.json')).json;
  const wanted = Object.values(description.paths).flatMap((item) =>
    Object.values(item).map(({ operationId }) => operationId));
  await callOf(page, wanted.at(-1)).waitFor();
  assert.equal(await page.locator('.opblock').count(), wanted.length);
}

async function enterKey(page) {
  await page.locator('.authorize').first().click();
  await page.locator('#api_key_value').fill(instance.key);
  await page.locator('.auth-btn-wrapper .authorize').click();
  await page.locator('.btn-done').click();
}

/** Creates a tweet through the page; what it shows of the reply. */
async function tryIt(page, body, where) {
  const call = callOf(page, 'createTweet');
  await call.locator('.opblock-summary').click();
  await call.locator('.try-out__btn').click();
  await call.locator('textarea').first().fill(JSON.stringify(body));
  await shoot(page, `docs trying ${where}`);
  await call.locator('.execute').click();
  await call.locator('.live-responses-table').waitFor();
  await shoot(page, `docs tried ${where}`);
  return call.locator('.live-responses-table').textContent();
}

for (const [width, dark] of [[390, true], [1440, false]]) {
  const where = `${width} px${dark ? ', dark' : ''}`;

  test(`the reference names each call, and one can be tried, at ${where}`, async () => {
    const { json } = await linkMock(instance, `docs_${width}`);
    const body = { text: `From the reference, ${width}`, account_id: json.account_id };
    await visit(instance, { width, height: 900, dark }, async (page) => {
      await namesEachCall(page);
      await shoot(page, `docs ${where}`);
      await enterKey(page);
      assert.match(await tryIt(page, body, where), /201/);
      assert.deepEqual(await stickingOut(page), []);
    });
    const list = await request(instance, 'GET', `/api/v1/tweets?account_id=${json.account_id}`);
    assert.equal(list.json.tweets[0].text, body.text);
  });

  test(`without npm, /docs/ says of each call what it takes and answers, at ${where}`, () =>
    visit(bare, { width, height: 900, dark }, async (page) => {
      const { paths } = (await request(bare, 'GET', '/api/v1/openapi.json')).json;
      const calls = Object.entries(paths).flatMap(([path, item]) =>
        Object.entries(item).map(([method, call]) => ({ path, method, ...call })));
      await page.locator('.call').first().waitFor();
      assert.equal(await page.locator('.call').count(), calls.length);
      await shoot(page, `docs without ${where}`);
      for (const { operationId, path, method, parameters = [], responses } of calls) {
        const call = page.locator(`#${operationId}`);
        const head = await call.locator('summary').first().textContent();
        assert.ok(head.startsWith(`${method.toUpperCase()} ${path} `), head);
        await call.locator('summary').first().click();
        const text = await call.textContent();
        for (const word of [...parameters.map(({ name }) => name ?? ''), ...Object.keys(responses)]) {
          assert.ok(text.includes(word), `${operationId}: ${word}`);
        }
      }
      assert.deepEqual(await stickingOut(page), []);
      assert.deepEqual(await new Dashboard(bare, { page }, '').violations(), []);
    }));
}

test('members of bodies and replies are named, and an address opens its call', async () => {
  const { page, complaints, close } = await chromium.open({});
  try {
    await page.goto(`${bare.url}/docs/#createTweet`, { waitUntil: 'networkidle' });
    const call = page.locator('#createTweet');
    await call.getByRole('heading', { name: 'Body application/json' }).waitFor();
    const row = (name) => call.getByRole('row').filter({ has: page.getByText(name, { exact: true }) });
    assert.match(await row('text').first().textContent(), /string.*one of text, draft.*280/);
    assert.match(await row('account_id').first().textContent(), /integer or string.*required/);
    assert.match(await row('scheduled_at').first().textContent(), /time or null.*optional/);
    assert.match(await row('dry_run').first().textContent(), /query.*optional/);
    assert.match(await row('Idempotency-Key').first().textContent(), /header/);
    assert.match(await call.textContent(), /curl.*-X POST.*X-API-Key: \$key.*api\/v1\/tweet/s);
    await shoot(page, 'docs without, a call');
    const list = page.locator('#listTweets');
    await list.locator('summary').first().click();
    assert.match(await list.textContent(), /tweets\[\]\.created_at/);
    assert.equal(new URL(page.url()).hash, '#listTweets');
    assert.deepEqual(complaints, []);
  } finally {
    await close();
  }
});

test('the files for Postman and others can be downloaded, and are JSON', async () => {
  for (const on of [instance, bare]) {
    for (const [path, member] of [['docs/twitter-manager.postman_collection.json', 'item'],
      ['docs/twitter-manager.postman_environment.json', 'values'],
      ['api/v1/openapi.json', 'openapi']]) {
      const { status, json } = await request(on, 'GET', `/${path}`, { key: null });
      assert.equal(status, 200, path);
      assert.ok(json[member], path);
    }
    assert.equal((await request(on, 'GET', '/docs/reference.html')).status, 404);
  }
});
