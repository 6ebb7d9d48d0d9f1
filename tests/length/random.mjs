// Random texts that come out the same for the same seed, put together from the
// pieces where counting can go wrong.

import { createRequire } from 'node:module';

import { parseExpression } from '../support/regexp-words.mjs';

const require = createRequire(import.meta.url);
const { regexen } = require('twitter-text');
const emojiExpression = require('twemoji-parser/dist/lib/regex.js').default;

const names = (expression) => expression.source.match(/^\(\?:\(\?:(.*)\)\(\?=/)[1].split('|');

/** All top-level domains that twitter-text knows. */
export const tlds = [...names(regexen.validGTLD), ...names(regexen.validCCTLD)];

/** All emoji that it knows, each sequence written out. */
export const emoji = parseExpression(emojiExpression.source)
  .map(({ units }) => String.fromCharCode(...units));

/** Numbers from 0 up to 1, the same for the same seed (mulberry32). */
export function randomOf(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 0x100000000;
  };
}

const WORDS = ['the', 'Go', 'a', 'l\'été', 'naïve', 'www', 'http', 'https', 'xn--', 'привет', 'СССР',
  'Ελλάδα', '日本語', '中国', '한국어', 'ประเทศไทย', 'हिन्दी', 'العربية', 'עברית', 'გამარჯობა', 'Ⴀ',
  '𝕏', '𠮷', 'foo', 'bar-baz', 'a_b', '_x', 'x_', '-', '1', '42', '1.5', 'e.g.', 'v2.0', 'don’t', '“so”',
  '…', '–', '—', 'ſ', 'K', 'İ', 'ı', 'ß', 'ẞ', 'Å', 'ﬁ', 'Ǆ', 'ɐ', 'Ɀ', 'ɫ', 'Ა', 'ᲀ', 'ϵ', 'ͅ'];
const SIGNS = [...' \t\n.,:;!?\'"`()[]{}<>|\\/@#$%^&*-_=+~', '://', '..', '()', '((', '))', '. ', ', ',
  '\u00a0', '\u0085', '\u1680', '\u180e', '\u2003', '\u2028', '\u202f', '\u3000', '\u200b', '\u200c',
  '\u200d', '\u200e', '\u200f', '\u202a', '\u202e', '\u2066', '\u2069', '\u061c', '\ufe0e', '\ufe0f',
  '\u20e3', '\ufeff', '\ufffe', '\uffff', '\u0007', '。', '．', '｡', '、',
  '！', '＠', '＃', '＄', '：', '／', '„', '«', '§', '©', '®', '™', '\u{e0067}', '\u{e007f}', '·'];
const MARKS = ['\u0300', '\u0301', '\u0308', '\u0316', '\u0323', '\u0327', '\u0338', '\u0345', '\u034f',
  '\u0483', '\u05b0', '\u05c1', '\u064b', '\u0653', '\u0654', '\u093c', '\u09be', '\u0bbe', '\u0e38',
  '\u0f71', '\u0f72', '\u1161', '\u1175', '\u11a8', '\u11c2', '\u20d2', '\u302a', '\u3099', '\u309a',
  '\u{1d165}', '\u{1d16e}', '\u{110ba}'];
const BASES = [...'aAeEiIoOuUcnsyYzZ<=>+', 'ᄀ', 'ᄒ', '가', '각', 'か', 'ハ', 'ω', 'Α', 'и', 'क', 'ড', 'ே', 'ا',
  'ש', 'Å', 'ǭ', 'ệ', '\u0958', '\u0344', '\u2126', '\u212b', '\u2000', '\u2329', '\uf900', '\ufb1d',
  '\u{1d157}', '\u{1d15e}', '\u{2f800}', '\u{11099}', '', ''];
const JOINTS = ['', '\u200d', '\ufe0f', '\ufe0e', '\u20e3', '🏻', '🏿', '♀️', '♂', '❤️', '💻', '👩', '👨',
  '👦', '🏳', '🏴', '🌈', '☠️', '🇦', '🇩', '🇪', '🧑', '🤝', '🫶', '🥹', '1', '#', '*', '↔', '☎', '✌', '☝'];
const PATH = ['a', 'b1', '/', '/x/', '-', '_', '.', ',', ';', '!', '*', '\'', '(', ')', '(a)', '(a(b)c)', '((b))',
  '(.)', '()', '%20', '~', '|', '@', '@a/', '&', '=', '#', '$', ':', '[', ']', '+', '–', 'é', 'ж', 'Ⱥ', '日',
  '😀', '?', '{', '"', ' ', 'e\u0301'];
const QUERY = ['?', '?', 'a', '=', '1', '&', '/', '.', ',', '#', '%', '(', ')', '!', '~', '|', '-', '_', 'é', '日',
  '[', '{'];
const SOUP = ['ab.comx/?-_:@#()', 'a.-_한é"', 'a.co/(!x)', 'htps:/.coA ', 'x.xn--a1 é', 'a.中国한co–', '\u{1f600}a.com-',
  '1#\ufe0f\u20e3\u200d👩💻.c', 't.co/?a!- '];

/** Makes the texts of one seed. */
export class Texts {
  constructor(seed) {
    this.random = randomOf(seed);
  }

  below(n) {
    return Math.floor(this.random() * n);
  }

  pick(list) {
    return list[this.below(list.length)];
  }

  chance(part) {
    return this.random() < part;
  }

  some(most, make) {
    return Array.from({ length: this.below(most + 1) }, make).join('');
  }

  anyCase(text) {
    return this.chance(0.15) ? text.toUpperCase() : text;
  }

  /** A character from anywhere that Unicode 11 had assigned for long. */
  character() {
    const [first, last] = this.pick([[0x20, 0x7e], [0xa1, 0x24f], [0x250, 0x377], [0x400, 0x52f],
      [0x1e00, 0x1eff], [0x2000, 0x206f], [0x2100, 0x27bf], [0x3000, 0x30ff], [0x4e00, 0x9fa5],
      [0xac00, 0xd7a3], [0xe000, 0xf8ff], [0xff01, 0xff9f], [0x1f300, 0x1f9ff], [0x20000, 0x2a6d6]]);
    return String.fromCodePoint(first + this.below(last - first + 1));
  }

  label() {
    const kind = this.below(14);
    if (kind < 5) return this.pick(['t', 'a', 'foo', 'example', 'x1', 'www', 'bar-baz', 'ab']);
    if (kind === 5) return this.pick(['a_b', '_a', 'a_', '-a', 'a-', 'a--b', '_', '-', '']);
    if (kind === 6) return this.pick(['münchen', 'é', 'пример', '例え', '한국', '😀', 'a😀b', 'ａ', 'a。b', '´']);
    if (kind === 7) return this.pick(['xn--bcher-kva', 'xn--', 'xn--a', 'XN--A-b', 'xn---']);
    if (kind === 8) return 'a'.repeat(58 + this.below(9));
    if (kind === 9) return `${this.pick(['é', '日', '日本', '한글', '😀', 'ж'])}`.repeat(1 + this.below(33));
    if (kind === 10) return `${'a'.repeat(this.below(60))}${this.pick(['é', '日', '😀'])}`;
    if (kind === 11) return this.pick(tlds);
    if (kind === 12) return this.pick(['com1', 'comé', 'com한', 'b.com1한b', 'co.uk한', 'x.com-']);
    return this.some(4, () => this.character()).replaceAll('.', '');
  }

  domain() {
    if (this.chance(0.08)) return this.pick(['t.co', 'T.co', 't.co', 'www.t.co', 't.com']);
    const labels = Array.from({ length: 1 + this.below(4) }, () => this.label());
    const end = this.chance(0.75) ? this.pick(tlds) : this.pick(['com', 'notatld', 'xn--p1ai', 'c', '中国', 'КОМ']);
    return [...labels, this.anyCase(end)].join('.');
  }

  path() {
    const slug = this.chance(0.2) ? 'aB1'.repeat(this.below(17)) : '';
    return `/${slug}${this.some(8, () => this.pick(PATH))}`;
  }

  url() {
    const scheme = this.pick(['', '', '', 'http://', 'https://', 'HTTPS://', 'Http://', 'ftp://', '//',
      'http:/', 'mailto:']);
    const user = this.chance(0.08) ? this.pick(['me@', 'user:pass@', 'a.b@', '@', 'x+y@']) : '';
    const port = this.chance(0.15) ? this.pick([':80', ':', ':8080', ':a', ':1a']) : '';
    const path = this.chance(0.5) ? this.path() : '';
    const query = this.chance(0.25) ? this.some(8, () => this.pick(QUERY)) : '';
    const long = this.chance(0.01) ? 'p'.repeat(4040 + this.below(80)) : '';
    return `${scheme}${user}${this.domain()}${port}${path}${long}${query}`;
  }

  emoji() {
    const one = this.pick(emoji);
    const kind = this.below(5);
    if (kind < 2) return one;
    if (kind === 2) return one + this.pick(JOINTS);
    if (kind === 3) return [...one].slice(0, 1 + this.below(4)).join('') + this.pick(JOINTS) + this.pick(JOINTS);
    return this.some(6, () => this.pick(JOINTS));
  }

  marked() {
    const kind = this.below(12);
    const marks = () => this.some(kind ? 4 : 40, () => this.pick(MARKS));
    return `${this.pick(BASES)}${marks()}`;
  }

  soup() {
    const letters = [...this.pick(SOUP)];
    return this.some(24, () => this.pick(letters));
  }

  piece() {
    const kind = this.below(20);
    if (kind < 6) return this.url();
    if (kind < 9) return this.pick(WORDS);
    if (kind < 13) return this.pick(SIGNS);
    if (kind < 15) return this.emoji();
    if (kind < 17) return this.soup();
    if (kind === 17) return this.marked();
    if (kind === 18) return `${this.pick(['@', '#', '$', '＠', '＃', 'a@', 'a.b@'])}${this.pick(WORDS)}`;
    return this.character();
  }

  text() {
    const joint = this.chance(0.5) ? ' ' : '';
    const text = Array.from({ length: 1 + this.below(9) }, () => this.piece()).join(joint);
    return Buffer.from(text.replaceAll('\0', '')).toString(); // whole pairs only
  }
}
