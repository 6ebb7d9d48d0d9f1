// Draws again what is shown already: what comes out the same stays the same node,
// with the focus, the scroll position, the ticks and the open folds in it.
import { add } from './dom.js';

/** Rows and the like, which stay or are replaced as one, are known by one of these. */
const NAMES = ['data-tweet', 'data-account', 'data-key'];
/** What has listeners or draws itself is replaced as one, too. */
const WHOLE = 'a, button, input, select, textarea, svg, time';

function keyOf(node) {
  const name = node.nodeType === Node.ELEMENT_NODE && NAMES.find((each) => node.hasAttribute(each));
  return name ? `${name} ${node.getAttribute(name)}` : '';
}

/** What stands for `was` in `node`, a newer edition of what held it. */
function counterpart(node, held, was) {
  if (was === held) return node;
  const label = was.getAttribute('aria-label');
  const alike = (each) => (label ? each.getAttribute('aria-label') === label
    : each.textContent === was.textContent);
  return [...node.querySelectorAll(was.nodeName)].find(alike) ?? null;
}

function openFolds(from, to) {
  const folds = [...to.querySelectorAll('details')];
  [...from.querySelectorAll('details')].forEach((fold, i) => {
    if (fold.open && folds[i]) folds[i].open = true;
  });
}

function replace(have, next) {
  const at = have.contains(document.activeElement) ? document.activeElement : null;
  if (have.nodeType === Node.ELEMENT_NODE) openFolds(have, next);
  have.replaceWith(next);
  if (at) (counterpart(next, have, at) ?? next).focus?.({ preventScroll: true });
}

/** Gives `have` the attributes of `next`; whether a fold is open is the person's. */
function sameAttributes(have, next) {
  for (const { name } of [...have.attributes]) {
    if (!next.hasAttribute(name) && name !== 'open') have.removeAttribute(name);
  }
  for (const { name, value } of next.attributes) {
    if (have.getAttribute(name) !== value) have.setAttribute(name, value);
  }
}

function merge(have, next) {
  // A row that keys lead to has got a tabindex from there.
  if (have.hasAttribute?.('tabindex') && !next.hasAttribute('tabindex')) next.tabIndex = -1;
  const version = have.dataset?.version;
  if (have.isEqualNode(next) || (version && version === next.dataset.version)) return;
  if (have.nodeType !== Node.ELEMENT_NODE || keyOf(have) || have.matches(WHOLE)) {
    replace(have, next);
    return;
  }
  sameAttributes(have, next);
  renewFrom(have, next);
}

function renewFrom(node, fresh) {
  const next = [...fresh.childNodes];
  const wanted = new Set(next.map(keyOf));
  const known = new Map([...node.childNodes].map((child) => [keyOf(child), child]));
  let at = node.firstChild;
  for (const child of next) {
    const key = keyOf(child);
    while (at && keyOf(at) && !wanted.has(keyOf(at))) {
      const gone = at;
      at = at.nextSibling;
      gone.remove();
    }
    const have = key ? known.get(key)
      : at && !keyOf(at) && at.nodeName === child.nodeName ? at : null;
    if (!have) {
      node.insertBefore(child, at);
      continue;
    }
    if (have === at) at = at.nextSibling;
    else node.insertBefore(have, at);
    merge(have, child);
  }
  while (at) {
    const gone = at;
    at = at.nextSibling;
    gone.remove();
  }
}

/** Puts these children in place of those there are, as far as they differ. */
export function renew(node, ...children) {
  renewFrom(node, add(document.createDocumentFragment(), ...children));
  return node;
}
