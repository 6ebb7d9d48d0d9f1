// dashboard.test.mjs - the dashboard's count of a tweet's length against
// twitter-text's own, over the same texts as the server's.

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';

import { dashboardModule } from '../support/dashboard-module.mjs';
import { corners } from './corners.mjs';
import { emoji, Texts, tlds } from './random.mjs';

const { extractUrlsWithIndices, hasInvalidCharacters, parseTweet, regexen } =
  createRequire(import.meta.url)('twitter-text');
const cases = Number(process.env.LENGTH_CASES ?? 3000);
const seed = Number(process.env.LENGTH_SEED ?? 1);

const known = new Map();
const { invalidReason, weightedLength } =
  await import(await dashboardModule('www/js/length', 'length.js', known));
const { urlsOf } = await import(await dashboardModule('www/js/length', 'url.js', known));

/** Half a pair at a URL's end makes it whole, as the server's does. */
function spanOf(text, { url, indices: [start] }) {
  const end = start + url.length;
  const cut = /^[\ud800-\udbff][\udc00-\udfff]$/.test(text.slice(end - 1, end + 1)) ? end + 1 : end;
  return `${start}-${cut}`;
}

function wanted(text) {
  regexen.extractUrl.lastIndex = 0; // it keeps its place when it throws
  const { weightedLength: length } = parseTweet(text);
  // eslint-disable-next-line no-control-regex
  const control = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]/.test(text);
  const bad = hasInvalidCharacters(text) || control
    || /^[\p{White_Space}\p{Default_Ignorable_Code_Point}]*$/u.test(text);
  const urls = extractUrlsWithIndices(text).map((url) => spanOf(text, url));
  return [length, bad ? 'bad' : 'ok', ...urls].join(' ');
}

function ours(text) {
  const urls = [...urlsOf(text)].map(([from, to]) =>
    spanOf(text, { url: text.slice(from, to), indices: [from] }));
  return [weightedLength(text), invalidReason(text) ? 'bad' : 'ok', ...urls].join(' ');
}

function compare(texts) {
  const differ = texts.map((text) => ({ text, ours: ours(text), theirs: wanted(text) }))
    .filter((row) => row.ours !== row.theirs);
  assert.deepEqual(differ.slice(0, 5), [], `${differ.length} of ${texts.length} differ`);
}

for (const [name, texts] of Object.entries(corners)) {
  test(`the dashboard counts as twitter-text: ${name}`, () => compare(texts));
}

test('the dashboard counts each top-level domain as twitter-text', () => {
  compare(tlds.flatMap((tld) => [
    `foo.${tld}`, `http://foo.${tld}/x`, `foo.${tld.toUpperCase()}`, `foo.${tld}a`, `foo.${tld}é`,
    `foo.${tld}-`, `foo.${tld}.notatld`, `http://${tld}`, `${tld}.com`, `foo.com.${tld} x`, `한.${tld}/x`,
  ]));
});

test('the dashboard counts each emoji as twitter-text, whatever follows', () => {
  const after = ['', ' ', 'a', '\ufe0e', '\ufe0f', '\u200d', '\u20e3', '🏽', '\u200d♀', '\u200d♀\ufe0f'];
  compare(emoji.flatMap((one) => after.map((next) => one + next)));
});

test(`the dashboard counts ${cases} random texts as twitter-text (seed ${seed})`, () => {
  const source = new Texts(seed);
  const texts = Array.from({ length: cases }, () => source.text());
  compare(texts.filter((text) => {
    try {
      return wanted(text) !== '';
    } catch (fault) {
      // Its punycode counts past 2^31 in labels of some thousand characters.
      if (fault instanceof RangeError) return false;
      throw fault;
    }
  }));
});

test('the dashboard calls a text of invisible characters blank', () => {
  for (const text of ['\u200b', '\u2060\u00ad \u{e0041}', '\u3164', '\uffa0\u115f', '\u180e\ufe0f']) {
    assert.equal(invalidReason(text), 'is blank', JSON.stringify(text));
    assert.equal(invalidReason(`${text}x`), '', JSON.stringify(text));
  }
});

test('a long text is counted in no time', () => {
  const start = performance.now();
  for (const text of ['a.'.repeat(3e4), `${'a-'.repeat(3e4)}.com`, '😀'.repeat(3e4), 'http://'.repeat(1e4)]) {
    weightedLength(text);
  }
  assert.ok(performance.now() - start < 2000);
});
