// All that is known of a tweet, and what can be done with it.
import { get, post, remove } from '../api.js';
import { confirm, openDialog } from '../dialog.js';
import { el, put } from '../dom.js';
import { count, dateTime, dateTimeUtc } from '../format.js';
import { bad, good } from '../notice.js';
import { badge, box, button, errorBox, loading, moment, sentence } from '../pieces.js';
import { codeWords, tweetState } from '../words.js';
import { editForm } from './tweet-edit.js';
import { outLink } from './tweet-link.js';
import { resolveForm } from './tweet-resolve.js';

const EDITABLE = new Set(['pending', 'scheduled', 'due', 'held', 'held_back']);

const fact = (word, ...value) => [el('dt', {}, word), el('dd', {}, ...value)];
const zones = (iso) => [dateTime(iso), el('br', {}), el('span', { class: 'soft small' }, dateTimeUtc(iso))];

function facts(tweet) {
  const { label, kind, means } = tweetState(tweet.state);
  return el('dl', { class: 'facts' },
    fact('Account', `@${tweet.username}`),
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

const isDoubtful = ({ state, code }) => state === 'unknown'
  || (state === 'failed' && (!code || code === 'outcome_unknown'));

/** The buttons below, by what may be done with the tweet. */
function actionsFor(tweet, { work, close, edit }) {
  const { id, state } = tweet;
  const doubtful = isDoubtful(tweet);
  return [
    button('Delete …', async () => {
      const sure = await confirm({
        title: `Delete tweet #${id}?`, action: 'Delete it', danger: true, work: () => remove(`tweets/${id}`),
        body: [el('p', {}, state === 'posted' ? 'It is deleted here and stays on X.' : 'It will not be posted. This cannot be undone.')],
      });
      if (sure) {
        good(`Tweet #${id} is deleted.`);
        close(true);
      }
    }, { kind: 'quiet no', disabled: state === 'sending' }),
    EDITABLE.has(state) && button('Edit', edit),
    state === 'held' && button('Release', (event) => work(event, `tweets/${id}/release`, 'is released'), { kind: 'main' }),
    EDITABLE.has(state) && state !== 'held'
      && button('Post now', (event) => work(event, `tweet/post/${id}`, 'is posted'), { kind: 'main' }),
    state === 'failed' && !doubtful && tweet.retryable
      && button('Retry', (event) => work(event, `tweet/post/${id}`, 'is posted'), { kind: 'main' }),
  ];
}

/**
 * Shows a tweet; `resolve` opens the question at once. Gives true when
 * something has changed.
 */
export async function tweetDialog(id, { resolve = false } = {}) {
  let changed = false;
  await openDialog(`Tweet #${id}`, (close, dialog) => {
    const body = el('div', { class: 'stack' }, loading('the tweet'));
    const foot = el('div', { class: 'row' });
    const said = el('div', {});

    async function work(event, path, words) {
      const control = event.currentTarget;
      control.classList.add('busy');
      changed = true;
      try {
        await post(path);
        good(`Tweet #${id} ${words}.`);
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
        const edit = () => showForm(editForm(tweet, () => saved(`Tweet #${id} is changed.`)));
        const ask = () => showForm(resolveForm(tweet, (words) => saved(words)));
        if (resolve && isDoubtful(tweet)) {
          resolve = false;
          ask();
          return;
        }
        put(body, el('p', { class: 'quoted', dir: 'auto' }, tweet.text), said, trouble(tweet), facts(tweet), attemptsFold(tweet));
        put(foot, actionsFor(tweet, { work, edit, close: (was) => { changed ||= was; close(); } }),
          isDoubtful(tweet) && button('Resolve …', ask, { kind: 'main' }));
      } catch (error) {
        put(body, errorBox(error, load));
      }
    }
    load().then(() => {
      if (dialog.open && !dialog.contains(document.activeElement)) dialog.querySelector('button').focus();
    }, bad);
    return { body, actions: foot };
  }, { wide: true });
  return changed;
}
