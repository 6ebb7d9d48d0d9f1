// The text of a tweet with its length as X counts it, live.
import { debounced, el, newId, put } from '../../dom.js';
import { number } from '../../format.js';
import {
  countUrls, invalidReason, LENGTH_MAX, LENGTH_URL, weightedLength,
} from '../../length/length.js';
import { say } from '../../notice.js';
import { meter } from '../../pieces.js';
import { words as all } from './words.js';

const words = all.text;
const NEAR = 20;

/** What is to be known of a text: { length, urls, wrong }. */
export function judge(text) {
  const length = weightedLength(text);
  const urls = countUrls(text);
  const invalid = invalidReason(text);
  const wrong = length > LENGTH_MAX ? words.over(length - LENGTH_MAX)
    : invalid && words.invalid(invalid);
  return { length, urls, wrong };
}

const linkWords = ({ urls }) => (urls > 0 ? words.links(urls, LENGTH_URL) : words.counted);

/**
 * { node, area, draw } of a text area; `onchange(text, judged)` is called for
 * each change.
 */
export function textInput({ value = '', label = words.label, rows = 6, onchange = () => {} }) {
  const hint = newId('count');
  const area = el('textarea', {
    id: newId('text'), rows, value, 'aria-describedby': hint, spellcheck: 'true', dir: 'auto',
  });
  const output = el('div', { class: 'count', id: hint });
  const tell = debounced(900, (left) => {
    if (left <= NEAR) say(left < 0 ? words.tooLong(-left) : words.left(left));
  });

  function draw() {
    const judged = judge(area.value);
    const left = LENGTH_MAX - judged.length;
    const kind = left < 0 ? 'bad' : left < NEAR ? 'warn' : '';
    const shown = area.value !== '' && judged.wrong;
    put(output,
      meter({
        label: words.length, value: judged.length / LENGTH_MAX, kind,
        text: words.of(judged.length, LENGTH_MAX),
      }),
      el('p', { class: 'row apart small' },
        el('span', { class: shown ? 'bad-text' : 'soft' }, shown || linkWords(judged)),
        el('span', { class: `length ${kind}` },
          el('strong', {}, number(judged.length)), words.slash(LENGTH_MAX))));
    area.setAttribute('aria-invalid', Boolean(shown));
    tell(left);
    return judged;
  }

  area.addEventListener('input', () => onchange(area.value, draw()));
  draw();
  const node = el('div', { class: 'field' }, el('label', { for: area.id }, label), area, output);
  return { node, area, draw };
}
