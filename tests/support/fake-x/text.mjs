// What X does to the text of a post between taking it and giving it back:
// NFC, every link behind t.co, and &, <, > as HTML entities.

import { createHash } from 'node:crypto';

const SCHEMELESS = '(?<![\\w@.$#/-])(?:[a-z0-9-]+\\.)+'
  + '(?:com|org|net|io|dev|info|edu|gov|co|de|uk|fr|jp)(?![\\w.-]*@)\\b';
const TAIL = '(?:[/?#][^\\s<>"]*)?';
const LINK = new RegExp(`(?:https?://[^\\s<>"/?#]+|${SCHEMELESS})${TAIL}`, 'giu');
const TRAILING = /[.,:;!?)'\]…]+$/u;
const COUNTED_LINK = 'x'.repeat(23);
const WHOLE_POST = 280;

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });
const graphemes = (text) => [...segmenter.segment(text)].map((s) => s.segment);

/** [{start, end, url}] in UTF-16 units, trailing punctuation left out. */
export function findLinks(text) {
  return [...text.matchAll(LINK)].map((found) => {
    const url = found[0].replace(TRAILING, '');
    return { start: found.index, end: found.index + url.length, url };
  });
}

export function escapeHtml(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}

/** A short link that is the same for the same address. */
export function shortLink(url) {
  const slug = createHash('sha256').update(url).digest('base64url')
    .replace(/[-_]/g, '0').slice(0, 10);
  return `https://t.co/${slug}`;
}

const withScheme = (url) => (/^https?:/i.test(url) ? url : `http://${url}`);

/** { text, entities } as reads show them. */
export function shown(raw) {
  const text = raw.normalize('NFC');
  const urls = [];
  let out = '';
  let at = 0;
  for (const link of findLinks(text)) {
    out += escapeHtml(text.slice(at, link.start));
    urls.push(urlEntity(link.url, out));
    out += urls.at(-1).url;
    at = link.end;
  }
  out += escapeHtml(text.slice(at));
  return { text: out, entities: urls.length > 0 ? { urls } : undefined };
}

// Entities count in code points, JavaScript in UTF-16 units.
function urlEntity(address, before) {
  const url = shortLink(address);
  const start = [...before].length;
  return {
    start,
    end: start + url.length,
    url,
    expanded_url: withScheme(address),
    display_url: address.replace(/^https?:\/\/(www\.)?/i, ''),
  };
}

/**
 * A stand-in for X's weighted length: graphemes, links counted as 23. Every
 * grapheme weighs at least 1, so nothing X would take is refused here; texts
 * of wide characters that X refuses may be taken.
 */
export function simpleLength(raw) {
  let text = raw.normalize('NFC');
  for (const link of findLinks(text).reverse()) {
    text = text.slice(0, link.start) + COUNTED_LINK + text.slice(link.end);
  }
  return graphemes(text).length;
}

/** Long posts are cut in `text`; the whole stands in `note_tweet`. */
export function cutLong(text, link) {
  const parts = graphemes(text);
  if (parts.length <= WHOLE_POST) return text;
  return `${parts.slice(0, WHOLE_POST - 1).join('')}… ${link}`;
}
