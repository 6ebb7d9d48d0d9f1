// Alerts on the overview: a line a cause, however many accounts it strikes.
import { patch } from '../api.js';
import { el } from '../dom.js';
import { count, number } from '../format.js';
import { icon } from '../icons.js';
import { bad, good } from '../notice.js';
import { button, card, moment, sentence } from '../pieces.js';
import { address, refresh } from '../router.js';
import { causeWords } from '../words.js';

const A_DAY = 86_400_000;

/** Where what an alert tells of is seen: [words, address]. */
const PLACES = {
  account_failing: ['Show failed tweets', () => address('queue', { state: 'failed' })],
  account_unusable: ['Show accounts', () => address('accounts')],
  tweets_missed: ['Show them', () => address('queue', { state: 'held' })],
  tweets_rejected: ['Show them', () => address('queue', { state: 'failed' })],
  tweets_unconfirmed: ['Show them', () => address('queue', { state: 'unconfirmed' })],
};

function placeOf({ cause, account_id: account }, n) {
  if (account && n === 1) return el('a', { href: address('accounts', { q: `#${account}` }) }, 'Show the account');
  const [words, to] = PLACES[cause]
    ?? (account ? ['Show accounts', () => address('accounts', { show: 'needs' })] : []);
  return words && el('a', { href: to() }, words);
}

async function putAside(event, { id }, until) {
  const control = event.currentTarget;
  control.classList.add('busy');
  try {
    await patch(`monitoring/alerts/${id}`, { snoozed_until: until, whole_cause: true });
    good(until ? 'Put aside for a day.' : 'The alert is shown again.');
    await refresh();
  } catch (error) {
    bad(error);
  } finally {
    control.classList.remove('busy');
  }
}

const isAside = ({ snoozed_until: until }) => until !== null && new Date(until) > Date.now();

/** The alerts of a cause as a line: [{ … }] newest first, of which there are `n`. */
function line(alerts, n, aside) {
  const [newest] = alerts;
  const words = n === 1 ? sentence(newest.words) : causeWords(newest.cause, n) ?? `${sentence(newest.words)} And ${number(n - 1)} more.`;
  const day = () => new Date(Date.now() + A_DAY).toISOString();
  const place = placeOf(newest, n);
  return el('li', { class: `alert ${aside ? 'aside' : ''}`, 'data-key': `alert ${newest.id} ${aside}` },
    icon(aside ? 'clock' : 'warn'),
    el('div', { class: 'alert-text' }, el('p', { class: 'strong' }, words),
      newest.hint && !aside && el('p', {}, newest.hint),
      el('p', { class: 'small soft' },
        aside ? ['Put aside; it comes back ', moment(newest.snoozed_until)] : ['Since ', moment(alerts.at(-1).opened_at)],
        place && ' · ', place)),
    button(aside ? 'Show again' : 'Put aside for a day', (event) => putAside(event, newest, aside ? null : day()), {
      kind: 'quiet slim', 'aria-label': `${aside ? 'Show again' : 'Put aside for a day'}: ${words}`,
    }));
}

/** The card of all that is wrong; null when nothing is. */
export function alertLines({ alerts = [], alert_causes: causes = [] }) {
  const lines = (aside) => causes.map(({ cause, open, snoozed }) => {
    const some = alerts.filter((each) => each.cause === cause && isAside(each) === aside);
    const n = aside ? snoozed : open - snoozed;
    return some.length > 0 && n > 0 && line(some, n, aside);
  }).filter(Boolean);
  const [now, later] = [lines(false), lines(true)];
  if (now.length + later.length === 0) return null;
  return card(now.length > 0 ? count(now.length, 'alert') : 'No alerts',
    now.length > 0 && el('ul', { class: 'alerts' }, now),
    later.length > 0 && el('details', { class: 'fold' }, el('summary', {}, `${number(later.length)} put aside`),
      el('ul', { class: 'alerts' }, later)));
}
