// When a tweet is to go out: given in the person's zone, shown in UTC, too.
import { el, newId, put } from '../dom.js';
import { ago, dateTime, dateTimeUtc, zone } from '../format.js';

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

/**
 * { node, value(), wrong() } of a field for a time; value() is RFC 3339 in UTC,
 * or null.
 */
export function timeInput({ value = null, label = 'Date and time', onchange = () => {} } = {}) {
  const hint = newId('time');
  const input = el('input', {
    type: 'datetime-local', id: newId('at'), 'aria-describedby': hint, min: localValue(new Date()),
    value: localValue(value ? new Date(value) : usual()),
  });
  const shown = el('p', { class: 'hint', id: hint });
  const moment = () => (input.value ? new Date(input.value) : null);
  const wrong = () => {
    const at = moment();
    if (!at || Number.isNaN(at.getTime())) return 'Please give a date and a time.';
    return at < Date.now() - 60_000 ? 'That time is over.' : '';
  };

  function draw() {
    const fault = wrong();
    input.setAttribute('aria-invalid', Boolean(fault));
    if (fault) return put(shown, el('span', { class: 'bad-text' }, fault));
    const iso = moment().toISOString();
    // A time that a change of the clocks skips is another one: say which.
    const skipped = localValue(moment()) !== input.value.slice(0, 16);
    return put(shown, zone !== 'UTC' && [`${dateTime(iso)} in ${zone}`, el('br', {})], `${dateTimeUtc(iso)}, ${ago(iso)}`,
      skipped && el('span', {}, '. The clocks change then: this is the moment it comes to.'));
  }

  input.addEventListener('input', () => { draw(); onchange(); });
  draw();
  return {
    node: el('div', { class: 'field' }, el('label', { for: input.id }, label), input, shown),
    input,
    wrong,
    value: () => (wrong() ? null : `${moment().toISOString().slice(0, 19)}Z`),
  };
}
