// Overview: how it goes, and who needs a person.
import { get, post } from '../api.js';
import { el, put } from '../dom.js';
import { count, number, percent } from '../format.js';
import { linkButton } from '../linking.js';
import { bad, good } from '../notice.js';
import {
  badge, box, button, buttonLink, card, empty, errorBox, loading, moment, sentence, viewHead,
} from '../pieces.js';
import { address, refresh, show as showAgain } from '../router.js';
import { isMock, readMonitoring } from '../store.js';
import { tweetState } from '../words.js';
import { dailyChart, partsBar, successChart } from './charts.js';

const SPANS = [7, 30, 90];
const LISTED = 6;
const RELINKABLE = new Set(['needs_reauth', 'oauth1_unsupported', 'token_unreadable', 'account_suspended', 'account_not_active']);

const figure = (label, value, note, kind = '') => el('div', { class: `figure ${kind}` },
  el('dt', {}, label), el('dd', {}, el('span', { class: 'figure-value' }, value),
    note && el('span', { class: 'figure-note' }, note)));

function rateFigure(label, { attempted, posted, rate }) {
  if (!attempted) return figure(label, '–', 'nothing was sent');
  const kind = rate >= 0.95 ? '' : rate >= 0.8 ? 'warn' : 'bad';
  return figure(label, percent(rate), `${number(posted)} of ${count(attempted, 'tweet')}`, kind);
}

/** Where those are that do not go by themselves. */
const stuckLinks = (tweets) => ['held', 'held_back', 'unknown'].filter((state) => tweets[state] > 0).map((state, i) =>
  [i > 0 && ', ', el('a', { href: address('queue', { state }) }, tweetState(state).label.toLowerCase())]);

function figures({ success, tweets, needs_person: needs }) {
  const waiting = ['pending', 'scheduled', 'due', 'sending'].reduce((sum, name) => sum + (tweets[name] ?? 0), 0);
  const stuck = (tweets.held ?? 0) + (tweets.held_back ?? 0) + (tweets.unknown ?? 0);
  return el('dl', { class: 'figures' },
    rateFigure('Success, 24 hours', success.day),
    rateFigure('Success, 7 days', success.week),
    figure('Waiting', number(waiting), tweets.scheduled ? `${number(tweets.scheduled)} with a time` : 'in the queue'),
    figure('Held or unknown', number(stuck), stuck ? stuckLinks(tweets) : 'none', stuck ? 'warn' : ''),
    figure('Accounts that need you', number(needs.length),
      needs.length ? el('a', { href: address('accounts', { show: 'needs' }) }, 'see which') : 'none', needs.length ? 'bad' : ''));
}

function alertBox(alert) {
  const where = alert.account_id
    ? el('a', { href: address('accounts', { q: `#${alert.account_id}` }) }, 'Show the account') : null;
  return el('li', {}, box('bad', el('p', { class: 'strong' }, sentence(alert.words)),
    alert.hint && el('p', {}, alert.hint),
    el('p', { class: 'small' }, 'Since ', moment(alert.opened_at), where && ' · ', where)));
}

function alertList(alerts) {
  if (alerts.length === 0) return null;
  return card(count(alerts.length, 'alert'),
    el('ul', { class: 'stack tight' }, alerts.slice(0, LISTED).map(alertBox)),
    alerts.length > LISTED && el('details', { class: 'fold' },
      el('summary', {}, `${number(alerts.length - LISTED)} more`),
      el('ul', { class: 'stack tight' }, alerts.slice(LISTED).map(alertBox))));
}

function needsList(needs) {
  if (needs.length === 0) {
    return card('Accounts that need you', el('p', { class: 'soft' }, 'None: every account works or is paused by you.'));
  }
  return card('Accounts that need you',
    el('ul', { class: 'lines' }, needs.slice(0, LISTED).map((need) => el('li', { class: 'line' },
      el('div', {}, el('p', { class: 'strong wrap' }, `@${need.username}`), el('p', { class: 'soft small' }, need.hint)),
      RELINKABLE.has(need.code) && linkButton('Link again', {
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
    el('p', { class: 'soft small' }, 'X’s tokens last two hours; the tick and each post renew them in time.'));
}

async function tickNow(event) {
  const control = event.currentTarget;
  control.classList.add('busy');
  try {
    const done = await post('tick', {}, { once: null });
    good(`The tick ran: ${number(done.posted)} posted, ${number(done.failed)} failed, ${number(done.remaining ?? 0)} to go.`);
    refresh();
  } catch (error) {
    bad(error);
  } finally {
    control.classList.remove('busy');
  }
}

function tickCard({ last_at: at, late, interval_minutes: interval, last }) {
  const words = at ? el('p', {}, 'Last ran ', moment(at), '. ',
    late ? badge('Late', 'bad') : badge('On time', 'good')) : el('p', {}, 'It has not run yet. ', late && badge('Late', 'bad'));
  return card('Tick', words,
    late && el('p', {}, `It should run at least every ${interval} minutes. Check the cron line: `
      + 'scheduled tweets wait for it.'),
    last?.error && box('warn', el('p', {}, `The last one ended with ${last.error}.`)),
    el('div', { class: 'row' }, button('Run it now', tickNow, { kind: 'slim' })));
}

function welcome() {
  const mock = isMock();
  return el('div', { class: 'stack' }, viewHead('Welcome'),
    empty('Link your first account',
      mock ? 'Mock mode is on, so the consent page is our own and nothing goes to X. Walk the whole way, then turn it off.'
        : 'You will be taken to X to allow this server to post for the account, and back.',
      linkButton('Link an account', { kind: 'main' }), buttonLink('Mock mode and settings', '#/settings')));
}

function dailyCards(days, span) {
  const choice = el('div', { class: 'segments', role: 'group', 'aria-label': 'Days shown' }, SPANS.map((each) =>
    el('a', { href: address('overview', { days: each }), 'aria-current': each === span ? 'true' : null }, `${each} days`)));
  return [card('Tweets a day', choice, dailyChart(days)), card('Success over time', successChart(days))];
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
    if (stats.accounts.total === 0) put(main, welcome());
    else draw(main, { all, daily, stats, span });
  };
  const again = () => load().catch((error) => { if (!signal.aborted) put(main, errorBox(error, showAgain)); });
  if (!main.querySelector('h1')) put(main, loading('the overview'));
  await load();
  return again;
}

function draw(main, { all, daily, stats, span }) {
  const head = viewHead('Overview', `${count(stats.accounts.total, 'account')}, ${count(stats.tweets.total, 'tweet')}`,
    buttonLink('Write a tweet', '#/compose', { kind: 'main' }));
  if (!all) {
    put(main, head, box('calm', el('p', {}, 'This server has no monitoring yet.')));
    return;
  }
  put(main, head, el('div', { class: 'stack' },
    alertList(all.alerts ?? []), figures(all),
    el('div', { class: 'columns wide-left' }, daily && dailyCards(daily.days, span)),
    el('div', { class: 'columns three' }, needsList(all.needs_person), tokensCard(all.tokens), tickCard(all.tick))));
}
