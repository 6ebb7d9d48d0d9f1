// One tweet as a row of the table, a card on a phone.
import { el } from '../dom.js';
import { badge, button, menu, moment } from '../pieces.js';
import { ownerWords, tweetState } from '../words.js';
import { outLink, timelineLink } from './tweet-link.js';

const LABELS = {
  edit: 'Edit', correct: 'Edit and try again', release: 'Release', post: 'Post now', retry: 'Try again unchanged',
  there: 'It is there', absent: 'It is not there', copy: 'Use as new', delete: 'Delete …',
};

/** What can be done, by state: [the row's own buttons, what its menu has besides]. */
const ACTS = {
  draft: [['edit'], []],
  pending: [['edit'], ['post']],
  scheduled: [['edit'], ['post']],
  due: [['edit'], ['post']],
  held_back: [['edit'], ['post']],
  held: [['edit', 'release'], ['post']],
  failed: [['correct'], ['retry']],
  unconfirmed: [['there', 'absent'], []],
};

const cell = (label, ...children) => el('td', { 'data-label': label }, ...children);

function when({ state, scheduled_at: at, posted_at: posted, created_at: created }) {
  if (posted) return ['posted ', moment(posted)];
  if (at) return [state === 'scheduled' || state === 'draft' ? 'goes ' : 'was to go ', moment(at)];
  return ['written ', moment(created)];
}

function actions(tweet, act) {
  const { id, state, username, twitter_id: out } = tweet;
  const [own, further] = ACTS[state] ?? [[], []];
  const named = (word) => ({ 'aria-label': `${LABELS[word]}: tweet ${id}` });
  const does = (word) => (event) => act(word, tweet, event.currentTarget);
  const last = state === 'sending' ? ['copy'] : ['copy', 'delete'];
  return el('div', { class: 'row actions' },
    state === 'unconfirmed' && timelineLink(username), outLink(username, out),
    own.map((word) => button(LABELS[word], does(word), { kind: 'slim', ...named(word) })),
    button('Details', does('details'), { kind: 'quiet slim', 'aria-label': `Details of tweet ${id}` }),
    menu(`More for tweet ${id}`, [...further, ...last].map((word) => [LABELS[word], does(word), named(word)])));
}

/**
 * The row of a tweet. `chosen` says whether it is selected; `act(word, tweet,
 * control)` does what a button says; `choose(id, on)`.
 */
export function tweetRow(tweet, { chosen, act, choose }) {
  const { id, text, username, state } = tweet;
  const { label, kind, means } = tweetState(state);
  const box = el('input', {
    type: 'checkbox', checked: chosen, 'aria-label': `Select tweet ${id}`, onchange: () => choose(id, box.checked),
  });
  return el('tr', { 'data-tweet': id },
    el('td', { class: 'tick' }, box),
    el('td', { class: 'tweet-text' }, el('p', { dir: 'auto' }, text), el('p', { class: 'soft small' }, `#${id}`)),
    cell('Account', el('span', { class: 'wrap' }, ownerWords(username))),
    cell('State', badge(label, kind, means)),
    cell('When', el('span', { class: 'small' }, ...when(tweet))),
    cell('Actions', actions(tweet, act)));
}
