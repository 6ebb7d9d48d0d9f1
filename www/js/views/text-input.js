// The text of a tweet with its length as X counts it, live.
import { debounced, el, newId, put } from '../dom.js';
import { count, number } from '../format.js';
import { countUrls, invalidReason, LENGTH_MAX, LENGTH_URL, weightedLength } from '../length/length.js';
import { say } from '../notice.js';
import { meter } from '../pieces.js';

const NEAR = 20;

/** What is to be known of a text: { length, urls, wrong }. */
export function judge(text) {
  const length = weightedLength(text);
  const urls = countUrls(text);
  const invalid = invalidReason(text);
  const wrong = length > LENGTH_MAX ? `${count(length - LENGTH_MAX, 'character')} over the limit.`
    : invalid && `The text ${invalid}.`;
  return { length, urls, wrong };
}

/**
 * { node, area, judge } of a text area; `onchange(text, judged)` is called for
 * each change.
 */
export function textInput({ value = '', label = 'Text', rows = 6, onchange = () => {} }) {
  const hint = newId('count');
  const area = el('textarea', {
    id: newId('text'), rows, value, 'aria-describedby': hint, spellcheck: 'true', dir: 'auto',
  });
  const output = el('div', { class: 'count', id: hint });
  const tell = debounced(900, (left) => {
    if (left <= NEAR) say(left < 0 ? `${number(-left)} too long` : `${number(left)} left`);
  });

  function draw() {
    const judged = judge(area.value);
    const left = LENGTH_MAX - judged.length;
    const kind = left < 0 ? 'bad' : left < NEAR ? 'warn' : '';
    const shown = area.value !== '' && judged.wrong;
    put(output,
      meter({ label: 'Length', value: judged.length / LENGTH_MAX, kind, text: `${judged.length} of ${LENGTH_MAX}` }),
      el('p', { class: 'row apart small' },
        el('span', { class: shown ? 'bad-text' : 'soft' }, shown
          || (judged.urls > 0 ? `${count(judged.urls, 'link')} ${judged.urls === 1 ? `counts as ${LENGTH_URL}` : `count as ${LENGTH_URL} each`}` : 'As X counts it')),
        el('span', { class: `length ${kind}` }, el('strong', {}, number(judged.length)), ` / ${LENGTH_MAX}`)));
    area.setAttribute('aria-invalid', Boolean(shown));
    tell(left);
    return judged;
  }

  area.addEventListener('input', () => onchange(area.value, draw()));
  draw();
  const node = el('div', { class: 'field' }, el('label', { for: area.id }, label), area, output);
  return { node, area, draw };
}
