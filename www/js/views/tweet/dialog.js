// All that is known of a tweet, and what can be done with it.
import { get, post, remove } from '../../api.js';
import { confirm, openDialog } from '../../dialog.js';
import { el, put } from '../../dom.js';
import { ago, dateTime, dateTimeUtc } from '../../format.js';
import { bad, good } from '../../notice.js';
import { badge, box, button, errorBox, loading, moment, sentence } from '../../pieces.js';
import { go } from '../../router.js';
import { codeWords, ownerWords, tweetState, words as shared } from '../../words.js';
import { editForm } from './edit.js';
import { outLink, timelineLink } from './link.js';
import { sayAbsent, thereForm } from './resolve.js';
import { words as all } from './words.js';

export { sayAbsent } from './resolve.js';

const words = all.dialog;
const POSTABLE = new Set(['pending', 'scheduled', 'due', 'held', 'held_back']);
const EDITABLE = new Set([...POSTABLE, 'failed']);

const fact = (word, ...value) => [el('dt', {}, word), el('dd', {}, ...value)];

/** A time in the person's zone, with how long ago or until, and in UTC. */
const zones = (iso) => [`${dateTime(iso)}, ${ago(iso)}`,
  dateTime(iso) !== dateTimeUtc(iso)
    && [el('br', {}), el('span', { class: 'soft small' }, dateTimeUtc(iso))]];

function facts(tweet) {
  const { username, twitter_id: twitterId, retry_at: retryAt } = tweet;
  const { label, kind, means } = tweetState(tweet.state, retryAt);
  return el('dl', { class: 'facts' },
    fact(words.account, ownerWords(username)),
    fact(words.state, badge(label, kind), el('p', { class: 'soft small' }, means)),
    fact(words.written, moment(tweet.created_at)),
    tweet.scheduled_at && fact(words.planned, ...zones(tweet.scheduled_at)),
    retryAt && fact(words.retry, ...zones(retryAt)),
    tweet.posted_at && fact(words.posted, ...zones(tweet.posted_at)),
    twitterId && fact(words.onX, outLink(username, twitterId) ?? el('code', {}, twitterId)));
}

const xSays = (reason) => reason && el('p', {}, shared.xSays, el('q', {}, reason));

function trouble({ code, reason, hint, state }) {
  if (!code || state === 'posted') return null;
  return box(state === 'failed' ? 'bad' : 'warn',
    el('p', { class: 'strong' }, sentence(codeWords(code))),
    xSays(reason), hint && el('p', {}, hint));
}

function attempt({ sent_at: sent, ended_at: ended, outcome, http_status: http, code, reason,
  x_request_id: request }) {
  const came = outcome ? words.outcomes[outcome] ?? codeWords(outcome) : words.open;
  return el('li', { class: 'attempt' },
    el('p', { class: 'strong' }, came, http && words.http(http)),
    el('p', { class: 'small soft' }, words.sent(dateTime(sent)),
      ended && words.ended(dateTime(ended)), code && words.code(codeWords(code))),
    xSays(reason),
    request && el('p', { class: 'small soft' }, words.request, el('code', {}, request)));
}

const attemptsFold = ({ attempts }) => attempts.length > 0 && el('details', { class: 'fold' },
  el('summary', {}, words.attempts(attempts.length)),
  el('ol', { class: 'stack' }, attempts.map(attempt)));

/** X may have it: it is never sent again before a person or the timeline has said. */
const isDoubtful = ({ state }) => state === 'unknown' || state === 'unconfirmed';

/** Asks, and deletes; true when it is gone. */
export async function deleteTweet({ id, state }) {
  const sure = await confirm({
    title: words.askDelete(id), action: words.deleteIt, danger: true,
    work: () => remove(`tweets/${id}`),
    body: [el('p', {}, state === 'posted' ? words.deletePosted : words.deleteUnposted)],
  });
  if (sure) good(words.deleted(id));
  return Boolean(sure);
}

/** The buttons that change a tweet of this state. */
function changesFor({ state, retryable }, { edit, release, send }) {
  const isFailed = state === 'failed';
  const isHeld = state === 'held';
  return [
    isFailed && retryable && button(words.retryUnchanged, send),
    POSTABLE.has(state) && !isHeld && button(words.post, send),
    EDITABLE.has(state) && button(isFailed ? words.correct : words.edit, edit, {
      kind: isHeld ? '' : 'main',
    }),
    isHeld && button(words.release, release, { kind: 'main' }),
  ];
}

/** The buttons below, by what may be done with the tweet. */
function actionsFor(tweet, acts) {
  const { id, state } = tweet;
  const { close, there, absent } = acts;
  const compose = (how, label, kind) => button(label, () => {
    close();
    go('compose', { [how]: id });
  }, { kind });
  const drop = async () => { if (await deleteTweet(tweet)) close(true); };
  return [
    button(words.delete, drop, { kind: 'quiet no', disabled: state === 'sending' }),
    compose('from', words.asNew, 'quiet'),
    state === 'draft' && compose('draft', words.edit, 'main'),
    changesFor(tweet, acts),
    isDoubtful(tweet) && [timelineLink(tweet.username), button(words.there, there),
      button(words.absent, absent)],
  ];
}

async function release(dialog, event) {
  const control = event.currentTarget;
  control.classList.add('busy');
  dialog.changed = true;
  try {
    await post(`tweets/${dialog.id}/release`);
    good(words.released(dialog.id));
    dialog.close();
  } catch (error) {
    await load(dialog);
    put(dialog.said, errorBox(error));
  } finally {
    control.classList.remove('busy');
  }
}

/** Something was done with the tweet: says so, and closes. */
function saved(dialog, said) {
  dialog.changed = true;
  good(said);
  dialog.close();
}

/** Shows a form in place of the tweet, with a way back. */
function showForm(dialog, form) {
  put(dialog.body, form.node);
  put(dialog.foot, button(shared.buttons.back, () => load(dialog)), form.action);
  form.first.focus();
}

/** What the buttons do. */
function actsFor(dialog, tweet) {
  const { id } = dialog;
  const done = words[tweet.state === 'failed' ? 'again' : 'changed'](id);
  return {
    edit: () => showForm(dialog, editForm(tweet, () => saved(dialog, done))),
    there: () => showForm(dialog, thereForm(tweet, (said) => saved(dialog, said))),
    absent: async () => { if (await sayAbsent(tweet)) saved(dialog, words.again(id)); },
    release: (event) => release(dialog, event),
    close: (was) => {
      dialog.changed ||= was;
      dialog.close();
    },
    send: () => {
      dialog.wanted = tweet;
      dialog.close();
    },
  };
}

async function load(dialog) {
  const { body, foot, said } = dialog;
  try {
    const tweet = await get(`tweets/${dialog.id}`);
    const acts = actsFor(dialog, tweet);
    const { first } = dialog;
    dialog.first = '';
    if (first === 'edit' && EDITABLE.has(tweet.state)) return acts.edit();
    if (first === 'there' && isDoubtful(tweet)) return acts.there();
    const text = el('p', { class: 'quoted', dir: 'auto' }, tweet.text);
    put(body, text, said, trouble(tweet), facts(tweet), attemptsFold(tweet));
    return put(foot, actionsFor(tweet, acts));
  } catch (error) {
    return put(body, errorBox(error, () => load(dialog)));
  }
}

/**
 * Shows a tweet; `first` is what is opened at once, "edit" or "there". Gives
 * true when something has changed. `send(tweet)` posts it once the dialog is
 * closed.
 */
export async function tweetDialog(id, { first = '', send }) {
  const dialog = {
    id, first, changed: false,
    wanted: null, // the tweet to be sent
    body: el('div', { class: 'stack' }, loading(words.loading)),
    foot: el('div', { class: 'row' }), said: el('div', {}),
  };
  await openDialog(words.title(id), (close, node) => {
    dialog.close = close;
    load(dialog).then(() => {
      if (node.open && !node.contains(document.activeElement)) node.querySelector('button').focus();
    }, bad);
    return { body: dialog.body, actions: dialog.foot };
  }, { wide: true });
  if (dialog.wanted) send(dialog.wanted);
  return dialog.changed;
}
