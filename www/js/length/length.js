// The length of a tweet as X counts it, with the same answers as the server's:
// Latin and the like count 1, all else 2, an emoji 2, a URL 23.
import { emojiLength } from './emoji.js';
import { urlsOf } from './url.js';

/** The most that X takes from an account without Premium. */
export const LENGTH_MAX = 280;
/** What any URL counts. */
export const LENGTH_URL = 23;

const EMOJI = 2;
const INVALID = [
  [/\ufeff/, 'contains U+FEFF, a byte-order mark, which X rejects'],
  [/[\ufffe\uffff]/, 'contains U+FFFE or U+FFFF, which X rejects'],
  // eslint-disable-next-line no-control-regex
  [/[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]/, 'contains a control character'],
  [/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/,
    'contains an incomplete character'],
];

function weight(point) {
  const light = point <= 4351 || (point >= 8192 && point <= 8205)
    || (point >= 8208 && point <= 8223) || (point >= 8242 && point <= 8247);
  return light ? 1 : 2;
}

/** [from, to] of the first emoji from `from` on; null if there is none. */
function findEmoji(text, from) {
  for (let at = from; at < text.length; at++) {
    const n = emojiLength(text, at);
    if (n) return [at, at + n];
  }
  return null;
}

/** The length of a text as X counts it. */
export function weightedLength(given) {
  const text = given.normalize('NFC');
  const urls = urlsOf(text);
  let url = urls.next();
  let emoji = findEmoji(text, 0);
  let sum = 0;
  let at = 0;
  while (at < text.length) {
    while (!url.done && url.value[0] < at) url = urls.next();
    // From the left whether a URL covers them or not: one that begins within a
    // URL takes what it has from the next.
    while (emoji && emoji[0] < at) emoji = findEmoji(text, emoji[1]);
    if (!url.done && url.value[0] === at) {
      sum += LENGTH_URL;
      at = url.value[1];
    } else if (emoji && emoji[0] === at) {
      sum += EMOJI;
      at = emoji[1];
    } else {
      const point = text.codePointAt(at);
      sum += weight(point);
      at += point > 0xffff ? 2 : 1;
    }
  }
  return sum;
}

/** How many URLs there are in a text. */
export const countUrls = (text) => [...urlsOf(text.normalize('NFC'))].length;

/** Why a text can be no tweet whatever its length, after "the text …"; or ''. */
export function invalidReason(text) {
  if (/^[\p{White_Space}\p{Default_Ignorable_Code_Point}]*$/u.test(text)) {
    return text === '' ? 'is empty' : 'is blank';
  }
  return INVALID.find(([pattern]) => pattern.test(text))?.[1] ?? '';
}
