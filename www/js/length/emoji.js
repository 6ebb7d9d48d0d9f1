// Emoji, as X's expression for them knows them: an automaton of code points.
import { emojiStates } from './tables.js';

const TEXT_STYLE = 0xfe0e;
const ENDS = 1;
const ENDS_UNLESS_TEXT_STYLE = 2;

const states = emojiStates.split(' ').map((node) => {
  const [end, ...edges] = node.split(',').map((n) => parseInt(n, 36));
  return { end, edges };
});

function nextState(state, point) {
  const { edges } = states[state];
  for (let i = 0; i < edges.length && edges[i] <= point; i += 3) {
    if (point - edges[i] <= edges[i + 1]) return edges[i + 2];
  }
  return 0;
}

function ends(state, text, at) {
  const { end } = states[state];
  return end === ENDS
    || (end === ENDS_UNLESS_TEXT_STYLE && text.charCodeAt(at) !== TEXT_STYLE);
}

/**
 * Units of the emoji that begins at `at`, with its skin tone, joined parts and
 * selectors; 0 if none does.
 */
export function emojiLength(text, at) {
  // Digits begin keycaps, but two ASCII characters begin nothing.
  if (text.charCodeAt(at) < 0x80 && !(text.charCodeAt(at + 1) >= 0x80)) return 0;
  let found = 0;
  let state = 0;
  for (let i = at; i < text.length;) {
    const point = text.codePointAt(i);
    state = nextState(state, point);
    if (!state) break;
    i += point > 0xffff ? 2 : 1;
    if (ends(state, text, i)) found = i - at;
  }
  return found;
}
