// The dashboard's main walk in WebKit: WebKitGTK's MiniBrowser under Xvfb, by
// WebDriver. Elements are found by what a person sees, and clicks and keys are
// the browser's own.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { until } from '../support/checks.mjs';
import { db, freePort, request, startInstance } from '../support/instance.mjs';

const ELEMENT = 'element-6066-11e4-a52e-4f735466cecf';
const LIBRARIES = '/usr/lib/x86_64-linux-gnu';
const TEXT = 'Grüße an alle, 東京からも: https://example.org/a/path?with=query'; // it types no emoji

/** The browser that comes with the driver. */
const browser = readdirSync(LIBRARIES).filter((name) => /^webkit(2)?gtk-/.test(name))
  .map((name) => join(LIBRARIES, name))
  .flatMap((folder) => readdirSync(folder).filter((name) => name === 'MiniBrowser')
    .map((name) => join(folder, name))).at(-1);

/** In the page: what is seen with this name, of those that `selector` finds. */
const seen = (selector, name) => {
  const label = (node) => node.getAttribute('aria-label')
    || [...node.labels ?? []].map((each) => each.textContent).join(' ') || node.textContent;
  return [...document.querySelectorAll(selector)].filter((node) => node.getClientRects().length > 0
    && new RegExp(name).test(label(node).replace(/\s+/g, ' ').trim())).at(-1);
};

class WebKit {
  async start() {
    const [port, display] = [await freePort(), `:${process.pid % 50_000 + 100}`];
    this.children = [
      spawn('Xvfb', [display, '-screen', '0', '1280x900x24', '-nolisten', 'tcp'], { stdio: 'ignore' }),
      spawn('WebKitWebDriver', [`--port=${port}`, '--host=127.0.0.1'],
        { stdio: 'ignore', env: { ...process.env, DISPLAY: display, GTK_THEME: 'Adwaita' } }),
    ];
    this.base = `http://127.0.0.1:${port}`;
    await until(() => this.call('GET', '/status').then(({ ready }) => ready, () => false), 'the driver');
    const made = await this.call('POST', '/session', {
      capabilities: { alwaysMatch: { 'webkitgtk:browserOptions': { binary: browser, args: ['--automation'] } } },
    });
    this.base += `/session/${made.sessionId}`;
    return made.capabilities;
  }

  async call(method, path, body) {
    const reply = await fetch(this.base + path, {
      method, body: body && JSON.stringify(body), headers: { 'Content-Type': 'application/json' },
    });
    const { value } = await reply.json();
    if (!reply.ok) throw new Error(`${method} ${path}: ${value.error}: ${value.message}`);
    return value;
  }

  visit(url) { return this.call('POST', '/url', { url }); }

  run(work, ...args) {
    return this.call('POST', '/execute/sync', { script: `return (${work})(...arguments)`, args });
  }

  /** The element, once it is seen. */
  async find(selector, name = '') {
    let found;
    await until(async () => {
      found = await this.run(seen, selector, name).catch(() => null);
      return found;
    }, `${selector} ${name}`, 15_000);
    return found[ELEMENT];
  }

  async click(selector, name) {
    const id = await this.find(selector, name);
    // It may move while the page is drawn, or be below a bar that stays.
    await until(() => this.run((node) => node.scrollIntoView({ block: 'center' }), { [ELEMENT]: id })
      .then(() => this.call('POST', `/element/${id}/click`, {}))
      .then(() => true, () => false), `a click on ${selector} ${name}`);
  }

  async type(selector, name, text) {
    const id = await this.find(selector, name);
    await this.call('POST', `/element/${id}/clear`, {});
    await this.call('POST', `/element/${id}/value`, { text });
  }

  go(view) { return this.click('#nav a', `^${view}`).then(() => this.find('h1', view)); }

  async stop() {
    await this.call('DELETE', '').catch(() => {});
    for (const child of this.children ?? []) child.kill();
  }
}

let instance;
const page = new WebKit();
before(async () => {
  instance = await startInstance();
  const { browserName, browserVersion } = await page.start();
  console.log(`# WebKit is that of ${browserName} ${browserVersion}`);
});
after(async () => {
  await page.stop();
  await instance?.stop();
});

test('the key is asked for, a wrong one refused, and the right one opens the dashboard', async () => {
  await page.visit(`http://localhost:${instance.port}/`);
  await page.type('input', '^API key', 'nonsense');
  await page.click('button', '^Open the dashboard');
  await page.find('[role=alert], .wrong, .error, p', 'key');
  await page.type('input', '^API key', instance.key);
  await page.click('button', '^Open the dashboard');
  await page.find('#nav a', '^Overview');
});

test('an account is linked by the consent page', async () => {
  await page.go('Accounts');
  await page.click('button', '^Link an account');
  await page.type('input', '^Username', 'walker');
  await page.click('#allow', '');
  await page.click('a', 'Back to Twitter Manager');
  await page.find('th, td, li', '@walker');
});

test('a tweet is written, counted as the server counts, and saved', async () => {
  await page.go('Compose');
  await page.type('textarea', '^Text', TEXT);
  const trial = await request(instance, 'POST', '/api/v1/tweet?dry_run=true', { body: { text: TEXT, account_id: 1 } });
  await page.find('.length strong', `^${trial.json.weighted_length}$`);
  await page.click('button', '^Save to queue');
  await until(async () => (await db(instance, 'SELECT content FROM tweet')).some(({ content }) => content === TEXT), 'the tweet');
});

test('the queue shows it, and its dialog opens and closes', async () => {
  await page.go('Queue');
  await page.find('tbody tr', 'Grüße an');
  await page.click('tbody button', 'Details');
  await page.find('dialog[open]', 'Grüße an');
  await page.call('POST', '/actions', { actions: [{ type: 'key', id: 'keys',
    actions: [{ type: 'keyDown', value: '\uE00C' }, { type: 'keyUp', value: '\uE00C' }] }] });
  await until(() => page.run(() => !document.querySelector('dialog[open]')), 'the dialog to close');
});

test('a reload keeps the key, and the other views are there', async () => {
  await page.call('POST', '/refresh', {});
  await page.find('tbody tr', 'Grüße an');
  for (const view of ['Settings', 'Overview']) await page.go(view);
  assert.equal(await page.run(() => document.documentElement.scrollWidth <= window.innerWidth), true);
});

test('the API reference names each call', async () => {
  await page.visit(`http://localhost:${instance.port}/docs/`);
  await until(() => page.run(() => document.querySelectorAll('.call, .opblock').length > 30), 'the calls', 15_000);
});
