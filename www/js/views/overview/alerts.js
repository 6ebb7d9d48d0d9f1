// Alerts on the overview: a line a cause, however many accounts it strikes.
import { patch } from '../../api.js';
import { el } from '../../dom.js';
import { icon } from '../../icons.js';
import { bad, good } from '../../notice.js';
import { button, card, moment, sentence } from '../../pieces.js';
import { address, refresh } from '../../router.js';
import { causeWords } from '../../words.js';
import { words as all } from './words.js';

const words = all.alerts;
const A_DAY = 86_400_000;

/** Where what an alert tells of is seen: [words, address]. */
const PLACES = {
  account_failing: [words.failedTweets, () => address('queue', { state: 'failed' })],
  account_unusable: [words.accounts, () => address('accounts')],
  tweets_missed: [words.show, () => address('queue', { state: 'held' })],
  tweets_rejected: [words.show, () => address('queue', { state: 'failed' })],
  tweets_unconfirmed: [words.show, () => address('queue', { state: 'unconfirmed' })],
};

function placeOf({ cause, account_id: account }, n) {
  if (account && n === 1) {
    return el('a', { href: address('accounts', { q: `#${account}` }) }, words.account);
  }
  const [label, to] = PLACES[cause]
    ?? (account ? [words.accounts, () => address('accounts', { show: 'needs' })] : []);
  return label && el('a', { href: to() }, label);
}

async function snooze(event, { id }, until) {
  const control = event.currentTarget;
  control.classList.add('busy');
  try {
    await patch(`monitoring/alerts/${id}`, { snoozed_until: until, whole_cause: true });
    good(until ? words.snoozed : words.woken);
    await refresh();
  } catch (error) {
    bad(error);
  } finally {
    control.classList.remove('busy');
  }
}

const isSnoozed = ({ snoozed_until: until }) => until !== null && new Date(until) > Date.now();

/** What `n` alerts of a cause say, by the newest. */
function lineWords(newest, n) {
  if (n === 1) return sentence(newest.words);
  return causeWords(newest.cause, n) ?? sentence(newest.words) + words.more(n - 1);
}

/** The alerts of a cause as a line: [{ … }] newest first, of which there are `n`. */
function line(alerts, n, snoozed) {
  const [newest] = alerts;
  const said = lineWords(newest, n);
  const place = placeOf(newest, n);
  const label = snoozed ? words.wake : words.snooze;
  const until = () => (snoozed ? null : new Date(Date.now() + A_DAY).toISOString());
  return el('li', {
    class: `alert ${snoozed ? 'aside' : ''}`, 'data-key': `alert ${newest.id} ${snoozed}`,
  }, icon(snoozed ? 'clock' : 'warn'),
  el('div', { class: 'alert-text' }, el('p', { class: 'strong' }, said),
    newest.hint && !snoozed && el('p', {}, newest.hint),
    el('p', { class: 'small soft' },
      snoozed ? words.back : words.since,
      moment(snoozed ? newest.snoozed_until : alerts.at(-1).opened_at),
      place && ' · ', place)),
  button(label, (event) => snooze(event, newest, until()), {
    kind: 'quiet slim', 'aria-label': words.act(label, said),
  }));
}

/** The card of all that is wrong; null when nothing is. */
export function alertLines({ alerts = [], alert_causes: causes = [] }) {
  const lines = (wanted) => causes.map(({ cause, open, snoozed }) => {
    const some = alerts.filter((each) => each.cause === cause && isSnoozed(each) === wanted);
    const n = wanted ? snoozed : open - snoozed;
    return some.length > 0 && n > 0 && line(some, n, wanted);
  }).filter(Boolean);
  const [now, later] = [lines(false), lines(true)];
  if (now.length + later.length === 0) return null;
  return card(now.length > 0 ? words.title(now.length) : words.none,
    now.length > 0 && el('ul', { class: 'alerts' }, now),
    later.length > 0 && el('details', { class: 'fold' },
      el('summary', {}, words.count(later.length)), el('ul', { class: 'alerts' }, later)));
}
