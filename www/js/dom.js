// Elements from JavaScript: text is always text, never markup.

const SVG = 'http://www.w3.org/2000/svg';
const PROPERTIES = new Set(['value', 'checked', 'indeterminate', 'selected']);

function set(node, name, value) {
  if (value === false || value === null || value === undefined) return;
  if (name.startsWith('on')) node.addEventListener(name.slice(2), value);
  else if (PROPERTIES.has(name)) node[name] = value;
  else node.setAttribute(name, value === true ? '' : value);
}

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes ?? {})) set(node, name, value);
  add(node, ...children);
  return node;
}

/**
 * An element. Attributes named on… are listeners; those that are null, undefined
 * or false are left out. Children are nodes, texts, or lists of them.
 */
export const el = (tag, attributes, ...children) =>
  fill(document.createElement(tag), attributes, children);

/** The same for SVG. */
export const svg = (tag, attributes, ...children) =>
  fill(document.createElementNS(SVG, tag), attributes, children);

/** Appends children, skipping what is null, undefined or false. */
export function add(node, ...children) {
  for (const child of children.flat(3)) {
    if (child === null || child === undefined || child === false) continue;
    node.append(child);
  }
  return node;
}

/** Puts other children in place of those there are. */
export function put(node, ...children) {
  node.replaceChildren();
  return add(node, ...children);
}

let last = 0;
/** An id that no other element has. */
export const newId = (word = 'n') => `${word}-${++last}`;

/** Calls `later` once nothing has called for `ms`. */
export function debounced(ms, later) {
  let timer = 0;
  return (...args) => {
    clearTimeout(timer);
    timer = setTimeout(() => later(...args), ms);
  };
}

/** Waits; ends early, without a word, when the signal is aborted. */
export const pause = (ms, signal) => new Promise((done) => {
  const timer = setTimeout(done, ms);
  signal?.addEventListener('abort', () => { clearTimeout(timer); done(); }, { once: true });
});
