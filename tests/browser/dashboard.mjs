// The dashboard in a browser, as tests walk it: opened with or without the key,
// looked at by axe, and watched for complaints.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

// What a view that was left asked for is given up: that is no fault.
const GIVEN_UP = /net::ERR_ABORTED|NS_BINDING_ABORTED/;

export class Dashboard {
  /** A page of `chromium` that shows the dashboard of `instance`. */
  static async open(chromium, instance, { base, ...look } = {}) {
    const opened = await chromium.open({ height: 900, ...look });
    // The callback's address: the key that a tab keeps is for one address.
    const url = base ?? `http://localhost:${instance.port}/`;
    return new Dashboard(instance, opened, url);
  }

  constructor(instance, { page, complaints, close }, url) {
    Object.assign(this, { instance, page, all: complaints, close, url });
    page.setDefaultTimeout(8000);
  }

  /** Shows a view of the address: "queue?state=failed". */
  async visit(view = '') {
    await this.page.goto(`${this.url}${view && `#/${view}`}`);
  }

  /** Gives the key, and waits for the menu. */
  async enter(view = '', key = this.instance.key) {
    await this.visit(view);
    await this.page.getByLabel('API key', { exact: true }).fill(key);
    await this.page.getByRole('button', { name: 'Open the dashboard' }).click();
    await this.page.locator('#nav [aria-current]').waitFor();
  }

  /** Goes to a view by the menu and waits for its heading. */
  async go(name) {
    await this.page.locator('#nav').getByRole('link', { name }).click();
    await this.page.getByRole('heading', { level: 1 }).waitFor();
  }

  button(name, where = this.page) { return where.getByRole('button', { name, exact: typeof name === 'string' }); }

  /** The dialog that is open. */
  get dialog() { return this.page.locator('dialog[open]').last(); }

  /** Posts what counts down without waiting for the end. */
  dontWait() { return this.button('Don’t wait').click(); }

  /** Does what the menu of a tweet's row says. */
  async fromMenu(id, word) {
    await this.page.locator(`[data-tweet="${id}"] summary`).click();
    await this.button(`${word}: tweet ${id}`).click();
  }

  /** A word that came about what was done. */
  notice(text) { return this.page.locator('.notice').filter({ hasText: text }).first(); }

  /** What axe finds, in short; by all its rules, or only some. */
  async violations(only) {
    // A colour on its way to another would be neither; one whose element goes is over.
    await this.page.evaluate(() => Promise.all(document.getAnimations()
      .filter(({ effect }) => effect.getTiming().iterations < Infinity)
      .map((each) => each.finished.catch(() => {}))));
    if (!await this.page.evaluate(() => 'axe' in globalThis)) await this.page.evaluate(axe);
    const { violations } = await this.page.evaluate((runOnly) => globalThis.axe.run(document, { runOnly }),
      only ?? ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']);
    return violations.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map(({ html, any }) =>
      `${html.slice(0, 160)} ${any[0]?.message ?? ''}`).join(' | ')}`);
  }

  /** Whether anything sticks out sideways. */
  sticksOut() {
    return this.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  }

  /** Holds that nothing complained. */
  assertQuiet(also = /^$/) {
    const heard = this.all.filter((text) => !GIVEN_UP.test(text) && !also.test(text));
    assert.deepEqual(heard, []);
  }
}
