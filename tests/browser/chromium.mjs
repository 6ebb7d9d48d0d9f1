// Chromium for tests, which watches its pages: what their consoles complain of,
// what their Content-Security-Policy held back, dialogs that scripts opened.
//
//   const chromium = await startChromium();
//   const { page, complaints } = await chromium.open({ width: 390 });
//
// SCREENSHOTS=folder keeps a picture of each page that `shoot` is called for.

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { chromium, firefox } from 'playwright-core';

const PICTURES = process.env.SCREENSHOTS;
const ARGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync'];

// Of a page that is an error itself Chromium says this; it is no fault of it.
const ABOUT_STATUS = /^Failed to load resource: the server responded with a status of \d+/;

// What was still under way when its page was left, an icon on a slow machine;
// who wants to know what a page asks for looks at the answers.
const GIVEN_UP = 'net::ERR_ABORTED';

function watch(page) {
  const complaints = [];
  page.on('console', (message) => {
    const text = message.text();
    const harmless = !['error', 'warning'].includes(message.type()) || ABOUT_STATUS.test(text);
    if (!harmless) complaints.push(`${message.type()}: ${text}`);
  });
  page.on('pageerror', (fault) => complaints.push(`script: ${fault.message}`));
  page.on('requestfailed', (request) => {
    const { errorText } = request.failure() ?? {};
    if (errorText !== GIVEN_UP) complaints.push(`no ${request.url()}: ${errorText}`);
  });
  page.on('dialog', async (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    await dialog.dismiss();
  });
  return complaints;
}

const tellViolations = () => {
  document.addEventListener('securitypolicyviolation', (event) => {
    console.error(`held back: ${event.violatedDirective} ${event.blockedURI}`);
  });
};

/** Debian's Firefox, by WebDriver BiDi, if BROWSER asks for it; else Chromium. */
const launch = () => (process.env.BROWSER === 'firefox'
  ? firefox.launch({ executablePath: '/usr/bin/firefox-esr', channel: 'moz-firefox', headless: true })
  : chromium.launch({
    executablePath: process.env.CHROMIUM || '/usr/bin/chromium', headless: true, args: ARGS,
  }));

/** A browser with a profile of its own; `close()` it. */
export async function startChromium() {
  const browser = await launch();
  return {
    /** A page in a new context: nothing is shared with other pages. */
    async open({ width = 1280, height = 800, dark = false, ...more } = {}) {
      const context = await browser.newContext({
        viewport: { width, height }, colorScheme: dark ? 'dark' : 'light', locale: 'en', ...more,
      });
      const page = await context.newPage();
      page.setDefaultTimeout(15_000);
      await page.addInitScript(tellViolations);
      return { page, complaints: watch(page), close: () => context.close() };
    },
    close: () => browser.close(),
  };
}

/** Keeps a picture of the page, if asked for. */
export async function shoot(page, name) {
  if (!PICTURES) return;
  mkdirSync(PICTURES, { recursive: true });
  await page.screenshot({ path: join(PICTURES, `${name}.png`), fullPage: true });
}
