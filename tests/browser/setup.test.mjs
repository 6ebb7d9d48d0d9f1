// The first run as a person without a shell walks it, in a folder below the
// document root of a server that hides nothing; and the dashboard where programs
// are in cgi-bin/.

import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import {
  copyFileSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, test } from 'node:test';

import { until } from '../support/checks.mjs';
import { send } from '../support/http.mjs';
import { freePort } from '../support/instance.mjs';
import { build, root } from '../support/paths.mjs';
import { newFolder, removeFolder } from '../support/settings.mjs';
import { shoot, startChromium } from './chromium.mjs';
import { Dashboard } from './dashboard.mjs';

const LIGHTTPD = ['/usr/sbin/lighttpd', '/usr/bin/lighttpd'].find(existsSync) ?? 'lighttpd';

/** Puts programs at the ends of their URLs. */
const layTree = (site) => execFileSync(join(root, 'conf', 'make-site'),
  [join(build, 'cgi-bin'), join(build, 'www'), site]);

/** Puts them all into cgi-bin/. */
function layCgiBin(site) {
  mkdirSync(join(site, 'cgi-bin'));
  cpSync(join(build, 'cgi-bin'), join(site, 'cgi-bin'), { recursive: true });
  copyFileSync(join(build, 'cgi-bin', 'health'), join(site, 'cgi-bin', 'test'));
}

/** A host: /srv/public_html is served, and Twitter Manager is in it at /tm/. */
class Host {
  static async start(lay, { hidden = false } = {}) {
    const host = new Host();
    host.dir = newFolder();
    host.root = join(host.dir, 'public_html');
    host.site = join(host.root, 'tm');
    mkdirSync(host.site, { recursive: true });
    cpSync(join(build, 'www'), host.site, { recursive: true });
    lay(host.site);
    host.port = await freePort();
    host.url = `http://localhost:${host.port}/tm/`;
    writeFileSync(join(host.dir, 'lighttpd.conf'), host.config(hidden));
    host.child = spawn(LIGHTTPD, ['-D', '-f', join(host.dir, 'lighttpd.conf')], { stdio: 'ignore' });
    await until(async () => (await send(`http://127.0.0.1:${host.port}`, 'GET', '/tm/icon.svg')
      .catch(() => null))?.status === 200, 'the server');
    return host;
  }

  config(hidden) {
    return `
server.document-root = "${this.root}"
server.port = ${this.port}
server.bind = "127.0.0.1"
server.modules = ( "mod_indexfile", "mod_access", "mod_cgi", "mod_staticfile" )
index-file.names = ( "index.html" )
mimetype.assign = ( ".html" => "text/html", ".js" => "text/javascript", ".css" => "text/css",
  ".svg" => "image/svg+xml", "" => "text/plain" )
$HTTP["url"] =~ "/(?:api/v1|auth|cgi-bin)/[a-z]" { cgi.assign = ( "" => "" ) }
${hidden ? '$HTTP["url"] =~ "/(?:\\.|instance/)" { url.access-deny = ( "" ) }' : ''}
`;
  }

  async stop() {
    this.child.kill('SIGTERM');
    await new Promise((resolve) => { this.child.once('exit', resolve); });
    removeFolder(this.dir);
  }
}

let chromium;
let host;
let opened;
before(async () => { chromium = await startChromium(); });
after(() => chromium?.close());
beforeEach(async () => { opened = await chromium.open({ width: 720, height: 900 }); });
afterEach(async () => {
  await opened?.close();
  await host?.stop();
  host = null;
});

const shown = (selector) => opened.page.locator(selector).waitFor();
const text = (selector) => opened.page.locator(selector).innerText();

/** As a person does it with a file manager. */
async function upload() {
  writeFileSync(join(await text('#folder'), await text('#proof')), '');
}

const looks = () => new Dashboard({}, opened, host.url).violations(
  ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']);

/** Links an account on the mock consent page, and follows the way back home. */
async function linkAndComeBack(api, key) {
  const { page } = opened;
  const reply = await send(`http://127.0.0.1:${host.port}`, 'GET', `${api}auth/twitter`,
    { headers: { 'X-API-Key': key } });
  await page.goto(reply.json.auth_url);
  await page.click('#allow');
  await page.getByRole('heading', { name: 'Account linked' }).waitFor();
  await page.click('a.button');
  await page.waitForURL(host.url);
}

test('data that everybody could read stops it, until they are kept elsewhere', async () => {
  host = await Host.start(layTree);
  const { page } = opened;
  await page.goto(host.url);
  await page.waitForURL(`${host.url}api/v1/setup`);
  await shown('#exposed');
  assert.equal(await page.locator('#steps').isVisible(), false);
  assert.equal(await page.locator('#make').isVisible(), false);
  assert.deepEqual(await looks(), []);
  await shoot(page, 'setup-exposed');
  const words = await text('#exposed');
  assert.ok(words.includes(join(host.site, 'instance')));
  assert.match(words, /location ~ \/\\\. \{ deny all; \}/);
  // what the page says to do
  assert.ok(words.includes(`in the folder ${host.dir},`), words);
  writeFileSync(join(host.dir, '.env'), `${/INSTANCE_DIR=\S+/.exec(words)[0]}\n`);
  rmSync(join(host.site, 'instance'), { recursive: true });
  await page.reload();
  await shown('#steps');
  assert.equal(await text('#folder'), host.dir);
  await upload();
  await page.click('#make');
  await shown('#key');
  const saved = readFileSync(join(host.dir, '.env'), 'utf8');
  assert.ok(saved.includes(`API_KEY=${await text('#key')}\n`));
  assert.ok(existsSync(join(host.dir, 'twitter-manager-data', '.htaccess')));
  assert.equal(existsSync(join(host.site, 'instance')), false);
});

test('the first visit leads to the setup page, and from there to the dashboard', async () => {
  host = await Host.start(layTree, { hidden: true });
  const { page, complaints } = opened;
  await page.goto(host.url);
  await page.waitForURL(`${host.url}api/v1/setup`);
  await shown('#steps');
  assert.equal(await page.inputValue('#callback'), `${host.url}auth/callback`);
  assert.deepEqual(await looks(), []);
  await shoot(page, 'setup');
  const proof = await text('#proof');
  await page.click('#make');
  await shown('p[role=alert]');
  assert.match(await text('p[role=alert]'), /not in the folder/);
  assert.equal(await text('#proof'), proof, 'the same file is asked for');
  await shown('#steps');
  await upload();
  await page.click('#make');
  await shown('#key');
  assert.deepEqual(await looks(), []);
  await shoot(page, 'setup-made');
  const key = await text('#key');
  assert.ok(!page.url().includes(key));
  await page.click('a.button');
  await page.waitForURL(host.url);
  await page.getByLabel('API key', { exact: true }).fill(key);
  await page.getByRole('button', { name: 'Open the dashboard' }).click();
  await page.locator('#nav [aria-current]').waitFor();
  assert.equal((await page.goto(`${host.url}api/v1/setup`)).status(), 404);
  await page.click('a');
  await page.waitForURL(host.url);
  assert.deepEqual(complaints.filter((words) => !/ERR_ABORTED/.test(words)), []);
});

test('an account is linked in a folder below the document root', async () => {
  host = await Host.start(layTree, { hidden: true });
  const { page } = opened;
  await page.goto(`${host.url}api/v1/setup`);
  await shown('#steps');
  await upload();
  await page.click('#make');
  const key = await text('#key');
  await linkAndComeBack('/tm/api/v1/', key);
});

test('where the server is away during the check, it can be tried again', async () => {
  host = await Host.start(layTree, { hidden: true });
  const { page } = opened;
  await page.route('**/instance/*', (route) => route.abort());
  await page.goto(`${host.url}api/v1/setup`);
  await shown('#again');
  assert.equal(await page.locator('#steps').isVisible(), false);
  await page.unroute('**/instance/*');
  await page.click('#again button');
  await shown('#steps');
});

test('by hand it works without the script', async () => {
  host = await Host.start(layTree);
  const { page } = opened;
  await page.route('**/setup.js', (route) => route.abort());
  await page.goto(`${host.url}api/v1/setup`);
  await page.click('#slow a');
  await shown('#steps');
  const [link] = await page.locator('#probes a').evaluateAll((all) => all.map(({ href }) => href));
  assert.match(await page.evaluate(async (url) => (await fetch(url)).text(), link).catch(() => ''),
    /^$/, 'no script may fetch there');
  assert.match((await send(`http://127.0.0.1:${host.port}`, 'GET', new URL(link).pathname)).text,
    /twitter-manager-probe/);
  assert.deepEqual(await looks(), []);
  await shoot(page, 'setup-by-hand');
  await upload();
  await page.click('#make');
  assert.equal(await page.locator('#key').count(), 0, 'the box is not ticked');
  await page.check('input[type=checkbox]');
  await page.click('#make');
  await shown('#key');
});

test('a phone shows all of it, by night as by day', async () => {
  host = await Host.start(layTree, { hidden: true });
  for (const dark of [false, true]) {
    const phone = await chromium.open({ width: 390, height: 844, dark });
    try {
      await phone.page.goto(`${host.url}api/v1/setup`);
      await phone.page.locator('#steps').waitFor();
      const dashboard = new Dashboard({}, phone, host.url);
      assert.equal(await dashboard.sticksOut(), 0);
      assert.deepEqual(await dashboard.violations(), []);
      await shoot(phone.page, `setup-phone${dark ? '-night' : ''}`);
    } finally {
      await phone.close();
    }
  }
});

test('where programs are in cgi-bin/, all of it is found there', async () => {
  host = await Host.start(layCgiBin, { hidden: true });
  const { page } = opened;
  await page.goto(host.url);
  await page.waitForURL(`${host.url}cgi-bin/setup`);
  await shown('#steps');
  assert.equal(await page.inputValue('#callback'), `${host.url}cgi-bin/auth/callback`);
  await upload();
  await page.click('#make');
  const key = await text('#key');
  await page.click('a.button');
  await page.waitForURL(host.url);
  const asked = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  await page.getByLabel('API key', { exact: true }).fill(key);
  await page.getByRole('button', { name: 'Open the dashboard' }).click();
  await page.locator('#nav [aria-current]').waitFor();
  await page.reload();
  await page.locator('#nav [aria-current]').waitFor();
  assert.ok(asked.some((path) => path.startsWith('/tm/cgi-bin/')));
  assert.deepEqual(asked.filter((path) => path.includes('/api/v1/')), [], 'once found, it is kept');
  await linkAndComeBack('/tm/cgi-bin/', key);
});
