// One tweet as a row of the table, a card on a phone.
import { el } from '../../dom.js';
import { badge, button, moment } from '../../pieces.js';
import { ownerWords, tweetState } from '../../words.js';
import { outLink, timelineLink } from '../tweet/link.js';
import { menu } from './menu.js';
import { words as all } from './words.js';

const words = all.row;

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
  if (posted) return [words.posted, moment(posted)];
  if (!at) return [words.written, moment(created)];
  return [state === 'scheduled' || state === 'draft' ? words.planned : words.missed, moment(at)];
}

function actions(tweet, act) {
  const { id, state, username, twitter_id: out } = tweet;
  const [own, further] = ACTS[state] ?? [[], []];
  const label = (word) => words.acts[word];
  const named = (word) => ({ 'aria-label': words.act(label(word), id) });
  const does = (word) => (event) => act(word, tweet, event.currentTarget);
  const last = state === 'sending' ? ['copy'] : ['copy', 'delete'];
  return el('div', { class: 'row actions' },
    state === 'unconfirmed' && timelineLink(username), outLink(username, out),
    own.map((word) => button(label(word), does(word), { kind: 'slim', ...named(word) })),
    button(label('details'), does('details'), {
      kind: 'quiet slim', 'aria-label': words.details(id),
    }),
    menu(words.more(id),
      [...further, ...last].map((word) => [label(word), does(word), named(word)])));
}

/**
 * The row of a tweet. `chosen` says whether it is selected; `act(word, tweet,
 * control)` does what a button says; `choose(id, on)`.
 */
export function tweetRow(tweet, { chosen, act, choose }) {
  const { id, text, username, state, retry_at: retryAt } = tweet;
  const { label, kind, means } = tweetState(state, retryAt);
  const [, account, stateHead, whenHead, actionsHead] = all.columns;
  const box = el('input', {
    type: 'checkbox', checked: chosen, 'aria-label': all.select(id),
    onchange: () => choose(id, box.checked),
  });
  return el('tr', { 'data-tweet': id },
    el('td', { class: 'tick' }, box),
    el('td', { class: 'tweet-text' },
      el('p', { dir: 'auto' }, text), el('p', { class: 'soft small' }, `#${id}`)),
    cell(account, el('span', { class: 'wrap' }, ownerWords(username))),
    cell(stateHead, badge(label, kind, means)),
    cell(whenHead, el('span', { class: 'small' }, ...when(tweet))),
    cell(actionsHead, actions(tweet, act)));
}
