// Makes pictures of the running product for people to read beside the README:
// node tests/support/screenshots.mjs FOLDER
//
// Walks the dashboard by the links of its menu, on an installation with some
// weeks of use, and the API reference; on a wide screen and on a phone. WebP,
// for pictures that are committed are to be light.

import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { seedSome } from '../browser/dashboard-seed.mjs';
import { startChromium } from '../browser/chromium.mjs';
import { startInstance } from './instance.mjs';

const SCREENS = [
  { name: 'wide', width: 1440, height: 900 },
  { name: 'phone', width: 390, height: 844 },
];
const WANTED = ['overview', 'accounts', 'compose', 'queue'];
const TEXT = 'Good morning! The 7:42 to the harbour runs ten minutes late today. ☕️\n\n'
  + 'All departures: https://example.org/departures';
const QUALITY = 70;
const MOST = 400 * 1024; // bytes, all together

const folder = resolve(process.argv[2] ?? 'conf/pictures');
let bytes = 0;

async function shoot(page, name) {
  const session = await page.context().newCDPSession(page);
  const { data } = await session.send('Page.captureScreenshot',
    { format: 'webp', quality: QUALITY, captureBeyondViewport: false });
  const picture = Buffer.from(data, 'base64');
  writeFileSync(join(folder, `${name}.webp`), picture);
  bytes += picture.length;
  console.log(`${name}.webp  ${Math.round(picture.length / 1024)} KiB`);
}

/** Until nothing is loaded any more and nothing moves. */
async function settled(page) {
  await page.waitForLoadState('networkidle');
  await page.waitForFunction(() =>
    document.getAnimations().every(({ playState }) => playState !== 'running'));
}

/** A tweet half written, so that the view shows what it is for. */
async function write(page) {
  await page.locator('main textarea').first().fill(TEXT);
  await page.getByRole('checkbox', { name: /tram_delays/ }).check();
  await page.waitForTimeout(1000); // it asks for the price when nobody types any more
}

async function dashboard(page, instance, screen) {
  await page.addInitScript((key) => sessionStorage.setItem('twitter-manager.key', key),
    instance.key);
  await page.goto(`${instance.url}/`);
  const links = page.locator('#nav a[href^="#/"]');
  await links.first().waitFor({ state: 'attached' });
  const views = await links.evaluateAll((all) => all.map((link) => link.getAttribute('href')));
  for (const view of views) {
    const name = /^#\/([a-z]+)/.exec(view)[1];
    if (!WANTED.includes(name)) continue;
    await page.evaluate((hash) => { location.hash = hash; }, view);
    await settled(page);
    if (name === 'compose') await write(page);
    await settled(page);
    await shoot(page, `${name}-${screen.name}`);
  }
  const missing = WANTED.filter((name) => !views.includes(`#/${name}`));
  if (missing.length > 0) throw new Error(`the menu lacks ${missing}`);
}

async function reference(page, instance) {
  await page.goto(`${instance.url}/docs/`);
  await page.locator('.call').first().waitFor();
  await settled(page);
  await shoot(page, 'reference-wide');
}

const instance = await startInstance({ env: { TWITTER_CLIENT_ID: 'example' }, mock: false });
const chromium = await startChromium();
try {
  await seedSome(instance);
  mkdirSync(folder, { recursive: true });
  for (const old of readdirSync(folder)) rmSync(join(folder, old));
  for (const screen of SCREENS) {
    const { page, close } = await chromium.open(screen);
    await dashboard(page, instance, screen);
    if (screen.name === 'wide') await reference(page, instance);
    await close();
  }
} finally {
  await chromium.close();
  await instance.stop();
}
console.log(`${Math.round(bytes / 1024)} KiB together, in ${folder}`);
if (bytes > MOST) throw new Error(`that is more than ${MOST / 1024} KiB`);
