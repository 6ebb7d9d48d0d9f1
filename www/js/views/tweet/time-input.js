// When a tweet is to go out: given in the person's zone, shown in UTC, too.
import { el, newId, put } from '../../dom.js';
import { ago, clock, dateTime, dateTimeUtc } from '../../format.js';
import { words as all } from './words.js';

const words = all.time;

const PASSES = 5000; // how often a time is compared with the clock

const two = (n) => String(n).padStart(2, '0');

/** A moment as a date-time field wants it, in the person's zone. */
export function localValue(date) {
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}T${
    two(date.getHours())}:${two(date.getMinutes())}`;
}

/** The next full hour that is at least half an hour away. */
function usual() {
  const date = new Date(Date.now() + 90 * 60_000);
  date.setMinutes(0, 0, 0);
  return date;
}

/** What a field's words come to; of an hour that a change of clocks repeats, the first. */
const momentOf = (words) => (words ? new Date(words) : null);

/**
 * { node, value(), wrong(), touched(), set() } of a field for a time; value() is
 * RFC 3339 in UTC, or null. A field that shows the `value` it began with stands
 * for that very moment, of which it cannot show all.
 */
export function timeInput({ value = null, label = words.label, onchange = () => {} } = {}) {
  const hint = newId('time');
  const input = el('input', {
    type: 'datetime-local', id: newId('at'), 'aria-describedby': hint, min: localValue(new Date()),
    value: localValue(value ? new Date(value) : usual()),
  });
  const shown = el('p', { class: 'hint', id: hint });
  let first = input.value;
  const touched = () => !value || input.value !== first;
  const moment = () => (touched() ? momentOf(input.value) : new Date(value));
  const wrong = () => {
    const at = moment();
    if (!at || Number.isNaN(at.getTime())) return words.missing;
    return at < Date.now() - 60_000 ? words.passed : '';
  };

  function draw() {
    const fault = wrong();
    input.setAttribute('aria-invalid', Boolean(fault && touched()));
    if (fault) return put(shown, el('span', { class: 'bad-text' }, fault));
    const iso = moment().toISOString();
    // A time that a change of the clocks skips is another one: say which.
    const skipped = touched() && localValue(moment()) !== input.value.slice(0, 16);
    const [here, utc] = [dateTime(iso), dateTimeUtc(iso)];
    return put(shown, here !== utc && [here, el('br', {})], `${utc}, ${ago(iso)}`,
      skipped && el('span', {}, words.skipped(clock(iso))));
  }

  // A time passes while the page is open, too.
  let fault = wrong();
  const watch = setInterval(() => {
    if (!input.isConnected) return clearInterval(watch);
    draw();
    if (wrong() !== fault) onchange();
    fault = wrong();
  }, PASSES);

  input.addEventListener('input', () => { draw(); onchange(); });
  draw();
  return {
    node: el('div', { class: 'field' }, el('label', { for: input.id }, label), input, shown),
    input,
    wrong,
    touched,
    value: () => (wrong() ? null : `${moment().toISOString().slice(0, 19)}Z`),
    /** Shows that moment, or, where it is none, the words of a field. */
    set({ iso = null, words = '' }) {
      value = iso;
      input.value = iso ? localValue(new Date(iso)) : words;
      first = input.value;
      draw();
    },
  };
}
