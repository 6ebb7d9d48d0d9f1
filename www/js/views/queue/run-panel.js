// "Post all pending" as it is seen: a bar, numbers, and what could not go.
import { el, put } from '../../dom.js';
import { say } from '../../notice.js';
import { button, card, errorBox, moment, sentence } from '../../pieces.js';
import { address } from '../../router.js';
import { dismiss, isGoing, resume, run, runState, stop } from '../../run.js';
import { codeWords, words as shared } from '../../words.js';
import { words as all } from './words.js';

const words = all.run;

function bar({ posted, failed, remaining }) {
  const done = posted + failed;
  const whole = done + (remaining ?? 0);
  const node = el('progress', { class: 'progress', max: whole || 1, 'aria-label': words.bar });
  // Without a value it shows that something is going on.
  if (remaining !== null) node.value = done;
  return node;
}

function waiting({ heldBack, blocked }) {
  const lines = [
    ...blocked.map(({ account_id: id, code }) => [id, words.needs(codeWords(code))]),
    ...heldBack.map(({ account_id: id, until, code }) => [id, words.waits(codeWords(code)), until]),
  ];
  return lines.length > 0 && el('details', { class: 'fold' },
    el('summary', {}, words.blocked(lines.length)),
    el('ul', { class: 'stack tight' }, lines.slice(0, 20).map(([id, why, until]) => el('li', {},
      el('a', { href: address('accounts', { q: `#${id}` }) }, words.account(id)),
      ` ${why}`, until && [words.again, moment(until)]))));
}

const failureList = ({ failures }) => failures.length > 0 && el('details', { class: 'fold' },
  el('summary', {}, words.failed(failures.length)),
  el('ul', { class: 'stack tight' }, failures.map(({ tweet_id: id, error }) =>
    el('li', {}, `#${id}: ${sentence(error ?? shared.noReason)}`))));

function contents(state) {
  const { phase, posted, failed, remaining, error } = state;
  return [bar(state),
    el('p', {}, el('strong', {}, words.posted(posted)), failed > 0 && words.notPosted(failed),
      remaining === null ? '' : words.left(remaining), '.'),
    error && errorBox(error), failureList(state), phase !== 'going' && waiting(state),
    el('div', { class: 'row' },
      phase === 'going' && button(words.stop, stop),
      phase === 'left' && button(words.goOn, resume, { kind: 'main' }),
      !isGoing() && button(shared.buttons.close, dismiss, {
        kind: phase === 'ended' ? '' : 'quiet',
      }))];
}

/**
 * The panel, kept true until `signal`; `onmove` is called when tweets have
 * changed.
 */
export function runPanel(signal, onmove) {
  const node = el('div', {});
  let before = runState();
  function draw() {
    const state = runState();
    const phase = words.titles[state.phase];
    const focused = node.contains(document.activeElement);
    put(node, phase && card(phase, contents(state)));
    if (focused) node.querySelector('.row .button')?.focus();
    if (state.phase !== before.phase && phase && state.phase !== 'going') {
      say(words.said(phase, state));
    }
    if (state.posted + state.failed !== before.posted + before.failed) onmove();
    before = state;
  }
  run.addEventListener('change', draw, { signal });
  draw();
  return node;
}
