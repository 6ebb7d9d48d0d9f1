// One tweet as a row of the table, a card on a phone.
import { el } from '../dom.js';
import { badge, button, moment } from '../pieces.js';
import { tweetState } from '../words.js';

/** What a row's own button does, by state. */
const ACTS = {
  pending: 'post', scheduled: 'post', due: 'post', held_back: 'post', held: 'release', failed: 'retry', unknown: 'resolve',
};
const LABELS = { post: 'Post now', release: 'Release', retry: 'Retry', resolve: 'Resolve …' };

const cell = (label, ...children) => el('td', { 'data-label': label }, ...children);

function when({ state, scheduled_at: at, created_at: created }) {
  if (at && state !== 'posted') return [state === 'scheduled' ? 'goes ' : 'was to go ', moment(at)];
  return ['written ', moment(created)];
}

/**
 * The row of a tweet. `chosen` says whether it is ticked; `act(word, tweet,
 * control)` does post, release, retry, resolve or details; `choose(id, on)`.
 */
export function tweetRow(tweet, { chosen, act, choose }) {
  const { id, text, username, state } = tweet;
  const { label, kind, means } = tweetState(state);
  const word = ACTS[state];
  const box = el('input', {
    type: 'checkbox', checked: chosen, 'aria-label': `Choose tweet ${id}`, onchange: () => choose(id, box.checked),
  });
  return el('tr', { 'data-tweet': id },
    el('td', { class: 'tick' }, box),
    el('td', { class: 'tweet-text' }, el('p', { dir: 'auto' }, text), el('p', { class: 'soft small' }, `#${id}`)),
    cell('Account', el('span', { class: 'wrap' }, `@${username}`)),
    cell('State', badge(label, kind, means)),
    cell('When', el('span', { class: 'small' }, ...when(tweet))),
    cell('Actions', el('div', { class: 'row actions' },
      word && button(LABELS[word], (event) => act(word, tweet, event.currentTarget), {
        kind: 'slim', 'aria-label': `${LABELS[word]}: tweet ${id}`,
      }),
      button('Details', (event) => act('details', tweet, event.currentTarget), {
        kind: 'quiet slim', 'aria-label': `Details of tweet ${id}`,
      }))));
}
