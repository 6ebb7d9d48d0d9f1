// The record as a file of comma-separated values, made in the browser from as
// many pages as there are.
import { get } from '../../api.js';
import { el } from '../../dom.js';

const PAGE = 50;
/** Changes in a file: 200 requests, well within the caller's rate. */
export const MOST = 10_000;

const COLUMNS = ['id', 'at', 'key_id', 'key_name', 'user', 'address', 'action', 'object',
  'object_id', 'before', 'after', 'request_id'];

/** What a spreadsheet takes for a formula, in whatever width. */
const FORMULA = /^\s*[=+\-@＝＋－＠\t\r\n|]/;

/** A value as a field (RFC 4180) that no spreadsheet calculates. */
export function csvField(value) {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number') return String(value);
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return `"${safe.replaceAll('"', '""')}"`;
}

/** The changes as a file, with a head; the mark at its start is for Excel. */
export function csvText(events) {
  const rows = [COLUMNS, ...events.map((event) => COLUMNS.map((name) => event[name]))];
  return `\uFEFF${rows.map((row) => `${row.map(csvField).join(',')}\r\n`).join('')}`;
}

/**
 * The newest changes that the filter lets through: { events, more: whether there
 * are older ones }. `step(n)` is called for each page.
 */
export async function readAll(filter, signal, step) {
  const events = [];
  let cursor = null;
  do {
    const page = await get('audit', { ...filter, limit: PAGE, cursor }, signal);
    events.push(...page.events);
    cursor = page.next_cursor;
    step(events.length);
  } while (cursor && events.length < MOST);
  return { events, more: cursor !== null };
}

/** Lets the browser keep a text as a file. */
export function download(name, text) {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/csv;charset=utf-8' }));
  const link = el('a', { href: url, download: name, hidden: true });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
