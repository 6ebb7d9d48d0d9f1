// Overview: how it goes, and who needs a person.
import { get, isLeft, post } from '../api.js';
import { el } from '../dom.js';
import { count, number, percent } from '../format.js';
import { linkButton } from '../linking.js';
import { bad, good } from '../notice.js';
import {
  badge, box, button, buttonLink, card, empty, loading, moment, viewHead,
} from '../pieces.js';
import { renew } from '../renew.js';
import { address, refresh } from '../router.js';
import { isMock, readMonitoring } from '../store.js';
import { codeWords, tweetState } from '../words.js';
import { tryAgainButton } from './account-pause.js';
import { alertLines } from './alerts.js';
import { dailyChart, partsBar, successChart } from './charts.js';

const SPANS = [7, 30, 90];
const LISTED = 6;
const RELINKABLE = new Set(['needs_reauth', 'grant_lacks_scope', 'oauth1_unsupported', 'token_unreadable', 'account_not_active']);

const figure = (label, value, note, kind = '') => el('div', { class: `figure ${kind}` },
  el('dt', {}, label), el('dd', {}, el('span', { class: 'figure-value' }, value),
    note && el('span', { class: 'figure-note' }, note)));

function rateFigure(label, { attempted, posted, rate }) {
  if (!attempted) return figure(label, '–', 'nothing was sent');
  const kind = rate >= 0.95 ? '' : rate >= 0.8 ? 'warn' : 'bad';
  return figure(label, percent(rate), `${number(posted)} of ${count(attempted, 'tweet')}`, kind);
}

/** States of what did not go out at its time, or may not have. */
const STUCK = ['held', 'held_back', 'unknown', 'unconfirmed'];

const stuckLinks = (tweets) => STUCK.filter((state) => tweets[state] > 0).map((state, i) =>
  [i > 0 && ', ', el('a', { href: address('queue', { state }) }, tweetState(state).label)]);

function figures({ success, tweets, needs_person: needs }) {
  const waiting = ['pending', 'scheduled', 'due', 'sending'].reduce((sum, name) => sum + (tweets[name] ?? 0), 0);
  const stuck = STUCK.reduce((sum, name) => sum + (tweets[name] ?? 0), 0);
  return el('dl', { class: 'figures' },
    rateFigure('Success, 24 hours', success.day),
    rateFigure('Success, 7 days', success.week),
    figure('Waiting', number(waiting), tweets.scheduled ? `${number(tweets.scheduled)} with a time` : 'in the queue'),
    figure('Not sent as planned', number(stuck), stuck ? stuckLinks(tweets) : 'none', stuck ? 'warn' : ''),
    figure('Accounts that need attention', number(needs.length),
      needs.length ? el('a', { href: address('accounts', { show: 'needs' }) }, 'see which') : 'none', needs.length ? 'bad' : ''));
}

function needsList(needs) {
  if (needs.length === 0) {
    return card('Accounts that need attention', el('p', { class: 'soft' }, 'None: every account works or is paused by you.'));
  }
  return card('Accounts that need attention',
    el('ul', { class: 'lines' }, needs.slice(0, LISTED).map((need) => el('li', { class: 'line' },
      el('div', {}, el('p', { class: 'strong wrap' }, `@${need.username}`), el('p', { class: 'soft small' }, need.hint)),
      tryAgainButton({ ...need, id: need.account_id }, refresh) || RELINKABLE.has(need.code) && linkButton('Link again', {
        accountId: need.account_id, kind: 'slim', 'aria-label': `Link again: @${need.username}`,
      })))),
    needs.length > LISTED && el('p', {}, el('a', { href: address('accounts', { show: 'needs' }) },
      `All ${number(needs.length)} of them`)));
}

function tokensCard(t) {
  const parts = [
    { label: 'ended', n: t.expired, kind: 'failed' },
    { label: 'end within 5 minutes', n: t.under_5_minutes, kind: 'warn' },
    { label: 'end within an hour', n: t.under_1_hour, kind: 'posted' },
    { label: 'end within a day', n: t.under_1_day, kind: 'posted two' },
    { label: 'longer', n: t.longer, kind: 'posted three' },
    { label: 'not known', n: t.unknown, kind: 'none' },
    { label: 'need none', n: t.none, kind: 'none two' },
  ];
  if (parts.every(({ n }) => !n)) return null;
  return card('Tokens', partsBar('Tokens by time to their end', parts),
    el('p', { class: 'soft small' }, 'X’s tokens last two hours; the scheduler and each post renew them in time.'));
}

async function runNow(event) {
  const control = event.currentTarget;
  control.classList.add('busy');
  try {
    const done = await post('tick', {}, { once: null });
    good(`The scheduler ran: ${number(done.posted)} posted, ${number(done.failed)} failed, ${number(done.remaining ?? 0)} to go.`);
    refresh();
  } catch (error) {
    bad(error);
  } finally {
    control.classList.remove('busy');
  }
}

function schedulerCard({ last_at: at, late, interval_minutes: interval, last }) {
  const words = at ? el('p', {}, 'Last ran ', moment(at), '. ',
    late ? badge('Late', 'bad') : badge('On time', 'good')) : el('p', {}, 'It has not run yet. ', late && badge('Late', 'bad'));
  return card('Scheduler (cron)', words,
    late && el('p', {}, `It should run at least every ${interval} minutes: scheduled tweets wait for it. `
      + 'Check that cron runs “twitter-manager tick”; “make run” runs it for you.'),
    last?.error && box('warn', el('p', {}, `The last run ended with an error: ${codeWords(last.error)}.`)),
    el('div', { class: 'row' }, button('Run it now', runNow, { kind: 'slim' })));
}

function welcome() {
  const mock = isMock();
  return el('div', { class: 'stack' }, viewHead('Welcome'),
    empty('Link your first account',
      mock ? 'Mock mode is on, so the consent page is our own and nothing goes to X. Try everything end to end, then turn it off.'
        : 'You will be taken to X to allow this server to post for the account, and back.',
      linkButton('Link an account', { kind: 'main' }), buttonLink('Mock mode and settings', '#/settings')));
}

function dailyCards(days, span) {
  const choice = el('div', { class: 'segments', role: 'group', 'aria-label': 'Days shown' }, SPANS.map((each) =>
    el('a', { href: address('overview', { days: each }), 'aria-current': each === span ? 'true' : null }, `${each} days`)));
  const cards = [card('Tweets a day', choice, dailyChart(days)), card('Success over time', successChart(days))];
  // A picture draws itself once it is shown: the same numbers leave it alone.
  for (const each of cards) each.dataset.version = JSON.stringify(days);
  return cards;
}

/** Shows the view. */
export async function show(main, { query, signal }) {
  const span = SPANS.find((each) => String(each) === query.get('days')) ?? 30;
  const load = async () => {
    const [all, daily, stats] = await Promise.all([readMonitoring(signal),
      get('stats/daily', { days: span }, signal).catch((error) => {
        if (error.status === 404) return null;
        throw error;
      }), get('stats', {}, signal)]);
    if (signal.aborted) return;
    if (stats.accounts.total === 0) renew(main, welcome());
    else draw(main, { all, daily, stats, span });
  };
  if (!main.querySelector('h1')) renew(main, loading('the overview'));
  await load();
  return ({ quiet } = {}) => load().catch((error) => {
    if (quiet) throw error;
    if (!isLeft(error)) bad(error);
  });
}

function draw(main, { all, daily, stats, span }) {
  const head = viewHead('Overview', `${count(stats.accounts.total, 'account')}, ${count(stats.tweets.total, 'tweet')}`,
    buttonLink('Write a tweet', '#/compose', { kind: 'main' }));
  if (!all) {
    renew(main, head, box('calm', el('p', {}, 'This server has no monitoring yet.')));
    return;
  }
  renew(main, head, el('div', { class: 'stack' }, figures(all), alertLines(all),
    el('div', { class: 'columns wide-left' }, daily && dailyCards(daily.days, span)),
    el('div', { class: 'columns three' }, needsList(all.needs_person), tokensCard(all.tokens), schedulerCard(all.tick))));
}
