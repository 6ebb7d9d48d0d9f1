// All that is known of a tweet, and what can be done with it.
import { get, post, remove } from '../api.js';
import { confirm, openDialog } from '../dialog.js';
import { el, put } from '../dom.js';
import { count, dateTime, dateTimeUtc } from '../format.js';
import { bad, good } from '../notice.js';
import { badge, box, button, errorBox, loading, moment, sentence } from '../pieces.js';
import { go } from '../router.js';
import { codeWords, ownerWords, tweetState } from '../words.js';
import { editForm } from './tweet-edit.js';
import { outLink, timelineLink } from './tweet-link.js';
import { sayAbsent, thereForm } from './tweet-resolve.js';

const POSTABLE = new Set(['pending', 'scheduled', 'due', 'held', 'held_back']);
const EDITABLE = new Set([...POSTABLE, 'failed']);

const fact = (word, ...value) => [el('dt', {}, word), el('dd', {}, ...value)];
const zones = (iso) => [dateTime(iso), el('br', {}), el('span', { class: 'soft small' }, dateTimeUtc(iso))];

function facts(tweet) {
  const { label, kind, means } = tweetState(tweet.state);
  return el('dl', { class: 'facts' },
    fact('Account', ownerWords(tweet.username)),
    fact('State', badge(label, kind), el('p', { class: 'soft small' }, means)),
    fact('Written', moment(tweet.created_at)),
    tweet.scheduled_at && fact('To go out', ...zones(tweet.scheduled_at)),
    tweet.retry_at && fact('Tried again', ...zones(tweet.retry_at)),
    tweet.posted_at && fact('Posted', ...zones(tweet.posted_at)),
    tweet.twitter_id && fact('On X', outLink(tweet.username, tweet.twitter_id) ?? el('code', {}, tweet.twitter_id)));
}

function trouble({ code, reason, hint, state }) {
  if (!code || state === 'posted') return null;
  return box(state === 'failed' ? 'bad' : 'warn', el('p', { class: 'strong' }, sentence(codeWords(code))),
    reason && el('p', {}, 'X says: ', el('q', {}, reason)), hint && el('p', {}, hint));
}

function attempt({ sent_at: sent, ended_at: ended, outcome, http_status: http, code, reason, x_request_id: request }) {
  return el('li', { class: 'attempt' },
    el('p', { class: 'strong' }, outcome ? codeWords(outcome) : 'not known yet', http ? `, HTTP ${http}` : ''),
    el('p', { class: 'small soft' }, `Sent ${dateTime(sent)}`, ended && `, ended ${dateTime(ended)}`,
      code && ` · ${codeWords(code)}`),
    reason && el('p', {}, 'X says: ', el('q', {}, reason)),
    request && el('p', { class: 'small soft' }, 'X’s request ', el('code', {}, request)));
}

const attemptsFold = ({ attempts }) => attempts.length > 0 && el('details', { class: 'fold' },
  el('summary', {}, count(attempts.length, 'attempt')),
  el('ol', { class: 'stack' }, attempts.map(attempt)));

/** X may have it: it is never sent again before a person or the timeline has said. */
const isDoubtful = ({ state }) => state === 'unknown' || state === 'unconfirmed';

/** Asks, and deletes; true when it is gone. */
export async function deleteTweet({ id, state }) {
  const sure = await confirm({
    title: `Delete tweet #${id}?`, action: 'Delete it', danger: true, work: () => remove(`tweets/${id}`),
    body: [el('p', {}, state === 'posted' ? 'It is deleted here and stays on X.' : 'It will not be posted. This cannot be undone.')],
  });
  if (sure) good(`Tweet #${id} is deleted.`);
  return Boolean(sure);
}

/** The buttons below, by what may be done with the tweet. */
function actionsFor(tweet, { close, edit, there, absent, release, send }) {
  const { id, state } = tweet;
  const doubtful = isDoubtful(tweet);
  const compose = (how, words, kind) => button(words, () => { close(); go('compose', { [how]: id }); }, { kind });
  return [
    button('Delete …', async () => { if (await deleteTweet(tweet)) close(true); }, { kind: 'quiet no', disabled: state === 'sending' }),
    compose('from', 'Use as new', 'quiet'),
    state === 'draft' && compose('draft', 'Edit', 'main'),
    state === 'failed' && tweet.retryable && button('Try again unchanged', send),
    POSTABLE.has(state) && state !== 'held' && button('Post now', send),
    EDITABLE.has(state) && button(state === 'failed' ? 'Edit and try again' : 'Edit', edit, { kind: state === 'held' ? '' : 'main' }),
    state === 'held' && button('Release', release, { kind: 'main' }),
    doubtful && [timelineLink(tweet.username), button('It is there', there), button('It is not there', absent)],
  ];
}

/**
 * Shows a tweet; `first` is what is opened at once, "edit" or "there". Gives
 * true when something has changed. `send(tweet)` posts it once the dialog is
 * closed.
 */
export async function tweetDialog(id, { first = '', send }) {
  let changed = false;
  let wanted = null;
  await openDialog(`Tweet #${id}`, (close, dialog) => {
    const body = el('div', { class: 'stack' }, loading('the tweet'));
    const foot = el('div', { class: 'row' });
    const said = el('div', {});

    async function release(event) {
      const control = event.currentTarget;
      control.classList.add('busy');
      changed = true;
      try {
        await post(`tweets/${id}/release`);
        good(`Tweet #${id} is released.`);
        close();
      } catch (error) {
        await load();
        put(said, errorBox(error));
      } finally {
        control.classList.remove('busy');
      }
    }

    function showForm(form) {
      put(body, form.node);
      put(foot, button('Back', () => load()), form.action);
      form.first.focus();
    }
    const saved = (words) => {
      changed = true;
      good(words);
      close();
    };

    async function load() {
      try {
        const tweet = await get(`tweets/${id}`);
        const refused = tweet.state === 'failed';
        const edit = () => showForm(editForm(tweet, () => saved(`Tweet #${id} is ${refused ? 'in the queue again' : 'changed'}.`)));
        const there = () => showForm(thereForm(tweet, saved));
        const absent = async () => { if (await sayAbsent(tweet)) saved(`Tweet #${id} is in the queue again.`); };
        const opened = { edit: EDITABLE.has(tweet.state) && edit, there: isDoubtful(tweet) && there }[first];
        first = '';
        if (opened) return opened();
        put(body, el('p', { class: 'quoted', dir: 'auto' }, tweet.text), said, trouble(tweet), facts(tweet), attemptsFold(tweet));
        return put(foot, actionsFor(tweet, {
          edit, there, absent, release, close: (was) => { changed ||= was; close(); },
          send: () => { wanted = tweet; close(); },
        }));
      } catch (error) {
        return put(body, errorBox(error, load));
      }
    }
    load().then(() => {
      if (dialog.open && !dialog.contains(document.activeElement)) dialog.querySelector('button').focus();
    }, bad);
    return { body, actions: foot };
  }, { wide: true });
  if (wanted) send(wanted);
  return changed;
}
