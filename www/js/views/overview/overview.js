// Overview: how it goes, and which accounts need attention.
import { get, post } from '../../api.js';
import { el } from '../../dom.js';
import { number, percent } from '../../format.js';
import { linkButton } from '../../linking.js';
import { bad, good } from '../../notice.js';
import {
  badge, box, button, buttonLink, card, empty, loading, moment, viewHead,
} from '../../pieces.js';
import { renew } from '../../renew.js';
import { address, refresh } from '../../router.js';
import { isMock, readMonitoring } from '../../store.js';
import {
  codeWords, stuckStates, tweetState, viewTitles, waitingStates, words as shared,
} from '../../words.js';
import { tryAgainButton } from '../account-pause.js';
import { alertLines } from './alerts.js';
import { dailyChart, partsBar, successChart } from './charts.js';
import { words } from './words.js';

const SPANS = [7, 30, 90];
const LISTED = 6;
const RELINKABLE = new Set(['needs_reauth', 'grant_lacks_scope', 'oauth1_unsupported',
  'token_unreadable', 'account_not_active']);

const figure = (label, value, note, kind = '') => el('div', { class: `figure ${kind}` },
  el('dt', {}, label), el('dd', {}, el('span', { class: 'figure-value' }, value),
    note && el('span', { class: 'figure-note' }, note)));

function rateFigure(label, { attempted, posted, rate }) {
  if (!attempted) return figure(label, '–', words.figures.nothing);
  const kind = rate >= 0.95 ? '' : rate >= 0.8 ? 'warn' : 'bad';
  return figure(label, percent(rate), words.figures.of(posted, attempted), kind);
}

const stuckLinks = (tweets) => stuckStates.filter((state) => tweets[state] > 0)
  .map((state, i) => [i > 0 && ', ',
    el('a', { href: address('queue', { state }) }, tweetState(state).label)]);

const needsAddress = () => address('accounts', { show: 'needs' });

function figures({ success, tweets, needs_person: needs }) {
  const { day, week, waiting, scheduled, queued, stuck, none, which } = words.figures;
  const sum = (states) => states.reduce((n, state) => n + (tweets[state] ?? 0), 0);
  const stuckNow = sum(stuckStates);
  const n = needs.length;
  return el('dl', { class: 'figures' },
    rateFigure(day, success.day),
    rateFigure(week, success.week),
    figure(waiting, number(sum(waitingStates)),
      tweets.scheduled ? scheduled(tweets.scheduled) : queued),
    figure(stuck, number(stuckNow), stuckNow ? stuckLinks(tweets) : none, stuckNow ? 'warn' : ''),
    figure(words.figures.needs, number(n),
      n ? el('a', { href: needsAddress() }, which) : none, n ? 'bad' : ''));
}

/** What helps with an account: trying again, or linking it again. */
function remedy(need) {
  const { code, username, account_id: id } = need;
  const again = tryAgainButton({ ...need, id }, refresh);
  if (again || !RELINKABLE.has(code)) return again;
  const { linkAgain, linkAgainOf } = shared.buttons;
  return linkButton(linkAgain, {
    accountId: id, kind: 'slim', 'aria-label': linkAgainOf(username),
  });
}

const needLine = (need) => el('li', { class: 'line' },
  el('div', {}, el('p', { class: 'strong wrap' }, `@${need.username}`),
    el('p', { class: 'soft small' }, need.hint)),
  remedy(need));

function needsList(needs) {
  const title = words.figures.needs;
  if (needs.length === 0) return card(title, el('p', { class: 'soft' }, words.needs.none));
  return card(title,
    el('ul', { class: 'lines' }, needs.slice(0, LISTED).map(needLine)),
    needs.length > LISTED
      && el('p', {}, el('a', { href: needsAddress() }, words.needs.all(needs.length))));
}

function tokensCard(t) {
  const { title, bar, hint, ...labels } = words.tokens;
  const parts = [
    { label: labels.expired, n: t.expired, kind: 'failed' },
    { label: labels.minutes, n: t.under_5_minutes, kind: 'warn' },
    { label: labels.hour, n: t.under_1_hour, kind: 'posted' },
    { label: labels.day, n: t.under_1_day, kind: 'posted two' },
    { label: labels.longer, n: t.longer, kind: 'posted three' },
    { label: labels.unknown, n: t.unknown, kind: 'none' },
    { label: labels.none, n: t.none, kind: 'none two' },
  ];
  if (parts.every(({ n }) => !n)) return null;
  return card(title, partsBar(bar, parts), el('p', { class: 'soft small' }, hint));
}

async function runNow(event) {
  const control = event.currentTarget;
  control.classList.add('busy');
  try {
    good(words.scheduler.ran(await post('tick', {}, { once: null })));
    refresh();
  } catch (error) {
    bad(error);
  } finally {
    control.classList.remove('busy');
  }
}

function schedulerCard({ last_at: at, late, interval_minutes: interval, last }) {
  const { title, last: ran, never, late: isLate, onTime, lateHint, failed, run } = words.scheduler;
  const lateBadge = late && badge(isLate, 'bad');
  return card(title,
    at ? el('p', {}, ran, moment(at), '. ', lateBadge || badge(onTime, 'good'))
      : el('p', {}, never, lateBadge),
    late && el('p', {}, lateHint(interval)),
    last?.error && box('warn', el('p', {}, failed(codeWords(last.error)))),
    el('div', { class: 'row' }, button(run, runNow, { kind: 'slim' })));
}

function welcome() {
  const { title, first, mock, live, settings } = words.welcome;
  return el('div', { class: 'stack' }, viewHead(title), empty(first, isMock() ? mock : live,
    linkButton(shared.buttons.link, { kind: 'main' }), buttonLink(settings, '#/settings')));
}

function dailyCards(days, span) {
  const { spans, span: label, daily, over } = words.charts;
  const link = (each) => el('a', {
    href: address('overview', { days: each }), 'aria-current': each === span ? 'true' : null,
  }, label(each));
  const choice = el('div', { class: 'segments', role: 'group', 'aria-label': spans },
    SPANS.map(link));
  const cards = [card(daily, choice, dailyChart(days)), card(over, successChart(days))];
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
  if (!main.querySelector('h1')) renew(main, loading(words.loading));
  await load();
  return load;
}

function draw(main, { all, daily, stats, span }) {
  const head = viewHead(viewTitles.overview, words.lead(stats),
    buttonLink(words.write, '#/compose', { kind: 'main' }));
  if (!all) {
    renew(main, head, box('calm', el('p', {}, words.noMonitoring)));
    return;
  }
  const { needs_person: needs, tokens, tick } = all;
  renew(main, head, el('div', { class: 'stack' }, figures(all), alertLines(all),
    el('div', { class: 'columns wide-left' }, daily && dailyCards(daily.days, span)),
    el('div', { class: 'columns three' },
      needsList(needs), tokensCard(tokens), schedulerCard(tick))));
}
