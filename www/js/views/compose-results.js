// How it went with each account's tweet.
import { el } from '../dom.js';
import { count, dateTime, dateTimeUtc } from '../format.js';
import { badge, button, buttonLink, card, errorText } from '../pieces.js';
import { address } from '../router.js';
import { tweetState } from '../words.js';
import { outLink } from './tweet-link.js';

function outcome({ tweetId, sent, error, doubtful }, { postNow, when }) {
  if (doubtful) return badge(tweetState('unknown').label, 'warn');
  if (error) return badge(tweetId ? 'Not posted' : 'Not saved', 'bad');
  if (postNow && sent) return badge('Posted', 'good');
  return when ? badge('Scheduled', 'accent') : badge('Not scheduled', '');
}

function titleOf(rows, { postNow, when }) {
  const failed = rows.filter(({ error, doubtful }) => error && !doubtful).length;
  if (failed > 0) return `${count(failed, 'tweet')} ${failed === 1 ? 'wasn’t' : 'weren’t'} ${postNow ? 'posted' : 'saved'}`;
  if (rows.some(({ doubtful }) => doubtful)) return 'Not confirmed yet';
  return postNow ? 'Posted' : when ? 'Scheduled' : 'Saved';
}

/** A card with a row for each account; `retry` sends the rest again. */
export function showResults(rows, { postNow, when, retry }) {
  const failed = rows.filter(({ error }) => error);
  const title = titleOf(rows, { postNow, when });
  const again = failed.some(({ tweetId, error, doubtful }) => !tweetId || (error.retryable && !doubtful));
  const node = card(title,
    when && el('p', {}, `${dateTime(when)} · ${dateTimeUtc(when)}`),
    el('ul', { class: 'lines' }, rows.map((row) => el('li', { class: 'line' },
      el('div', { class: 'stack tight' }, el('p', { class: 'strong wrap' }, `@${row.account.username}`),
        row.error && el('div', { class: 'small' }, errorText(row.error)),
        row.error && row.tweetId > 0 && el('p', { class: 'small soft' }, `It is in the queue as #${row.tweetId}.`)),
      el('div', { class: 'row' }, row.sent && outLink(row.account.username, row.sent.twitter_id), outcome(row, { postNow, when }))))),
    el('div', { class: 'row' }, again && button('Try again', retry, { kind: 'main' }),
      buttonLink('Show the queue', address('queue', {}))));
  node.classList.add(failed.length ? 'has-bad' : 'has-good');
  node.querySelector('h2').tabIndex = -1;
  return node;
}
