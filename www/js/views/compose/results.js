// How it went with each account's tweet.
import { el } from '../../dom.js';
import { dateTime, dateTimeUtc } from '../../format.js';
import { badge, button, buttonLink, card, errorText } from '../../pieces.js';
import { address } from '../../router.js';
import { tweetState, words as shared } from '../../words.js';
import { outLink } from '../tweet/link.js';
import { words as all } from './words.js';

const words = all.results;

function outcome({ tweetId, sent, error, doubtful }, { postNow, when }) {
  if (doubtful) return badge(tweetState('unknown').label, 'warn');
  if (error) return badge(tweetId ? words.notPosted : words.notSaved, 'bad');
  if (postNow && sent) return badge(words.posted, 'good');
  return when ? badge(words.scheduled, 'accent') : badge(tweetState('pending').label, '');
}

function titleOf(rows, { postNow, when }) {
  const failed = rows.filter(({ error, doubtful }) => error && !doubtful).length;
  if (failed > 0) return words.failed(failed, postNow ? words.didPost : words.didSave);
  if (rows.some(({ doubtful }) => doubtful)) return words.doubtful;
  if (postNow) return words.posted;
  return when ? words.scheduled : words.saved;
}

/** The time of `when` in the person's zone and, where that is another, in UTC. */
const bothZones = (when) => [...new Set([dateTime(when), dateTimeUtc(when)])].join(' · ');

function line(row, plan) {
  const { account: { username }, error, tweetId, sent } = row;
  return el('li', { class: 'line' },
    el('div', { class: 'stack tight' }, el('p', { class: 'strong wrap' }, `@${username}`),
      error && el('div', { class: 'small' }, errorText(error)),
      error && tweetId > 0 && el('p', { class: 'small soft' }, words.queued(tweetId))),
    el('div', { class: 'row' }, sent && outLink(username, sent.twitter_id), outcome(row, plan)));
}

/** A card with a row for each account; `retry` sends the rest again. */
export function showResults(rows, { retry, ...plan }) {
  const { when } = plan;
  const failed = rows.filter(({ error }) => error);
  const again = failed.some(({ tweetId, error, doubtful }) =>
    !tweetId || (error.retryable && !doubtful));
  const node = card(titleOf(rows, plan), when && el('p', {}, bothZones(when)),
    el('ul', { class: 'lines' }, rows.map((row) => line(row, plan))),
    el('div', { class: 'row' },
      again && button(shared.buttons.tryAgain, retry, { kind: 'main' }),
      buttonLink(words.queue, address('queue', {}))));
  node.classList.add(failed.length ? 'has-bad' : 'has-good');
  node.querySelector('h2').tabIndex = -1;
  return node;
}
