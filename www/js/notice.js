// Words about what has just happened: seen for a while, and read aloud.
import { el } from './dom.js';
import { icon } from './icons.js';
import { errorText } from './pieces.js';
import { words } from './words.js';

const SHOWN = 7000;
const MOST = 4;
const place = document.getElementById('notices');
const said = document.getElementById('said');

let silence = 0;

/** Reads a text aloud and shows nothing; the same words again only after a while. */
export function say(text) {
  clearTimeout(silence);
  silence = setTimeout(() => { said.textContent = ''; }, SHOWN);
  if (said.textContent !== text) said.textContent = text;
}

function show(kind, children, role) {
  const node = el('div', { class: `notice ${kind}`, role },
    icon(kind), el('div', { class: 'notice-text' }, ...children),
    el('button', {
      type: 'button', class: 'button bare', 'aria-label': words.buttons.dismiss,
      onclick: () => node.remove(),
    }, icon('close')));
  place.append(node);
  while (place.children.length > MOST) place.firstChild.remove();
  return node;
}

/** Something worked. */
export function good(text) {
  const node = show('good', [el('p', {}, text)]);
  setTimeout(() => node.remove(), SHOWN);
  say(text);
}

/** Something went wrong: stays until it is dismissed. */
export const bad = (error) => show('bad', errorText(error), 'alert');

/** Takes all away, as when the view is left. */
export const clear = () => place.replaceChildren();
