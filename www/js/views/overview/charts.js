// Pictures of numbers: SVG drawn to the width there is, so that its text keeps
// its size, with the numbers as a table behind a fold.
import { el, newId, put, svg } from '../../dom.js';
import { day, number, percent } from '../../format.js';
import { words as all } from './words.js';

const words = all.charts;
const HEIGHT = 180;
const LEFT = 38;
const BOTTOM = 22;
const TOP = 8;
const GROUND = HEIGHT - BOTTOM;

/** A round number that is at least `n`, for the top of an axis. */
function roundUp(n) {
  if (n <= 4) return 4;
  const power = 10 ** Math.floor(Math.log10(n));
  return [1, 2, 4, 5, 10].map((step) => step * power).find((top) => top >= n);
}

function grid(width, marks) {
  return marks.map(({ share, text }) => {
    const y = GROUND - share * (GROUND - TOP);
    return [svg('line', { class: 'grid', x1: LEFT, x2: width, y1: y, y2: y }),
      svg('text', { class: 'axis', x: LEFT - 6, y: y + 4, 'text-anchor': 'end' }, text)];
  });
}

/** Dates below the picture, as many as there is room for. */
function dates(days, xOf, width) {
  const every = Math.max(1, Math.ceil(days.length / Math.max(2, Math.floor((width - LEFT) / 90))));
  return days.map(({ date }, i) => {
    if ((days.length - 1 - i) % every) return null;
    const last = i === days.length - 1;
    return svg('text', {
      class: 'axis', x: last ? width : xOf(i), y: HEIGHT - 5,
      'text-anchor': last ? 'end' : 'middle',
    }, day(date));
  });
}

/** Draws now and whenever the width changes, for as long as it is shown. */
function picture(title, text, draw) {
  const [titleId, textId] = [newId('title'), newId('text')];
  const node = svg('svg', {
    class: 'chart', role: 'img', 'aria-labelledby': `${titleId} ${textId}`, height: HEIGHT,
  });
  let drawn = 0;
  new ResizeObserver(([{ contentRect }]) => {
    const width = Math.floor(contentRect.width);
    if (width === drawn || width < LEFT + 20) return;
    drawn = width;
    node.setAttribute('viewBox', `0 0 ${width} ${HEIGHT}`);
    put(node, svg('title', { id: titleId }, title), svg('desc', { id: textId }, text), draw(width));
  }).observe(node);
  put(node, svg('title', { id: titleId }, title), svg('desc', { id: textId }, text));
  return node;
}

function numbersRow({ date, posted, failed }) {
  const cells = [number(posted), number(failed), percent(posted / (posted + failed))];
  return el('tr', {}, el('th', { scope: 'row' }, day(date)),
    cells.map((text) => el('td', { class: 'number' }, text)));
}

function numbersTable(days) {
  const rows = days.filter(({ posted, failed }) => posted + failed > 0).reverse();
  const heads = words.columns.map((word, i) =>
    el('th', { scope: 'col', class: i ? 'number' : null }, word));
  return el('details', { class: 'fold' }, el('summary', {}, words.numbers),
    rows.length === 0 ? el('p', { class: 'soft' }, words.noNumbers)
      : el('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': words.byDay },
        el('table', { class: 'table slim' }, el('thead', {}, el('tr', {}, heads)),
          el('tbody', {}, rows.map(numbersRow)))));
}

const legend = (entries) => el('ul', { class: 'legend' }, entries.map(([kind, text]) =>
  el('li', {}, el('span', { class: `dot ${kind}`, 'aria-hidden': 'true' }), text)));

/** The bars of a day, `x` its left edge and `step` its width. */
function dayBars({ date, posted, failed }, { x, step, top }) {
  const width = Math.max(1, Math.min(step * 0.7, 28));
  const tall = (n) => (n / top) * (GROUND - TOP);
  const bar = (kind, height, bottom) => height > 0 && svg('rect', {
    class: `bar ${kind}`, x: x + (step - width) / 2, y: bottom - height, width, height, rx: 1.5,
  });
  return svg('g', {}, svg('title', {}, words.day(day(date), posted, failed)),
    svg('rect', { class: 'hit', x, y: TOP, width: step, height: GROUND - TOP }),
    bar('posted', tall(posted), GROUND), bar('failed', tall(failed), GROUND - tall(posted) - 1));
}

/** Tweets a day, by outcome, as stacked bars. */
export function dailyChart(days) {
  const [posted, failed] = ['posted', 'failed'].map((name) =>
    days.reduce((sum, each) => sum + each[name], 0));
  const top = roundUp(Math.max(...days.map((each) => each.posted + each.failed)));
  const draw = (width) => {
    const step = (width - LEFT) / days.length;
    return [
      grid(width, [0, 0.5, 1].map((share) => ({ share, text: number(share * top) }))),
      days.map((each, i) => dayBars(each, { x: LEFT + i * step, step, top })),
      dates(days, (i) => LEFT + (i + 0.5) * step, width),
    ];
  };
  return el('figure', { class: 'stack tight' },
    legend([['posted', words.posted(posted)], ['failed', words.failed(failed)]]),
    picture(words.daily, words.sum(posted, failed, days.length), draw),
    numbersTable(days));
}

/** The share of tweets that went out, day by day; gaps where there were none. */
export function successChart(days) {
  const rates = days.map(({ posted, failed }) =>
    (posted + failed ? posted / (posted + failed) : null));
  const known = rates.filter((rate) => rate !== null);
  const draw = (width) => {
    const step = (width - LEFT) / days.length;
    const xOf = (i) => LEFT + (i + 0.5) * step;
    const yOf = (rate) => GROUND - rate * (GROUND - TOP);
    const points = rates.map((rate, i) => (rate === null ? null : `${xOf(i)},${yOf(rate)}`))
      .filter(Boolean);
    return [
      grid(width, [0, 0.5, 1].map((share) => ({ share, text: percent(share) }))),
      points.length > 1 && svg('polyline', { class: 'curve', points: points.join(' ') }),
      rates.map((rate, i) => rate !== null && svg('circle', {
        class: rate < 0.9 ? 'point failed' : 'point posted', cx: xOf(i), cy: yOf(rate), r: 3.5,
      }, svg('title', {}, words.rate(day(days[i].date), rate)))),
      dates(days, xOf, width),
    ];
  };
  const text = known.length === 0 ? words.empty
    : words.range(Math.min(...known), Math.max(...known), known.length);
  return el('figure', { class: 'stack tight' }, el('p', { class: 'soft small' }, text),
    picture(words.success, text, draw));
}

/**
 * Parts of a whole as one bar with its legend: [{ label, n, kind }]. Parts of 0
 * are left out.
 */
export function partsBar(title, parts) {
  const some = parts.filter(({ n }) => n > 0);
  const whole = some.reduce((sum, { n }) => sum + n, 0);
  const bar = el('div', {
    class: 'parts', role: 'img', 'aria-label': words.bar(title, some),
  }, some.map(({ n, kind }) => {
    const part = el('span', { class: `part ${kind}` });
    part.style.setProperty('flex-grow', n / whole);
    return part;
  }));
  return el('div', { class: 'stack tight' }, bar,
    legend(some.map(({ label, n, kind }) => [kind, `${number(n)} ${label}`])));
}
