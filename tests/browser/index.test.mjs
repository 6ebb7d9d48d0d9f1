// The start page, which says what this is.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { startInstance } from '../support/instance.mjs';
import { shoot, startChromium } from './chromium.mjs';

let [instance, chromium] = [];

before(async () => {
  instance = await startInstance();
  chromium = await startChromium();
});

after(async () => {
  await chromium?.close();
  await instance?.stop();
});

for (const width of [390, 1440]) {
  for (const dark of [false, true]) {
    const where = `${width} px${dark ? ', dark' : ''}`;

    test(`it loads and fits at ${where}`, async () => {
      const { page, complaints, close } = await chromium.open({ width, height: 900, dark });
      try {
        const reply = await page.goto(`${instance.url}/`, { waitUntil: 'networkidle' });
        assert.equal(reply.status(), 200);
        assert.match(reply.headers()['content-security-policy'], /default-src 'none'/);
        assert.equal(reply.headers()['referrer-policy'], 'no-referrer');
        assert.match(await page.title(), /Twitter Manager/);
        assert.ok(await page.evaluate(() =>
          document.documentElement.scrollWidth <= window.innerWidth), 'nothing sticks out');
        await shoot(page, `index ${where}`);
        assert.deepEqual(complaints, []);
      } finally {
        await close();
      }
    });
  }
}
