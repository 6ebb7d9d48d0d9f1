// "Post all pending" as it is seen: a bar, numbers, and what could not go.
import { el, put } from '../dom.js';
import { count, number } from '../format.js';
import { say } from '../notice.js';
import { button, card, errorBox, moment, sentence } from '../pieces.js';
import { address } from '../router.js';
import { dismiss, isGoing, resume, run, runState, stop } from '../run.js';
import { codeWords } from '../words.js';

const TITLES = {
  going: 'Posting what is pending', stopping: 'Stopping …', left: 'Posting was stopped', ended: 'Posting is done',
};

function bar({ posted, failed, remaining }) {
  const done = posted + failed;
  const whole = done + (remaining ?? 0);
  const node = el('progress', { class: 'progress', max: whole || 1, 'aria-label': 'Posted so far' });
  // Without a value it shows that something is going on.
  if (remaining !== null) node.value = done;
  return node;
}

function waiting({ heldBack, blocked }) {
  const lines = [
    ...blocked.map(({ account_id: id, code }) => [id, `needs attention: ${codeWords(code)}`]),
    ...heldBack.map(({ account_id: id, until, code }) => [id, `is waiting: ${codeWords(code)}`, until]),
  ];
  return lines.length > 0 && el('details', { class: 'fold' },
    el('summary', {}, `${count(lines.length, 'account')} could not send`),
    el('ul', { class: 'stack tight' }, lines.slice(0, 20).map(([id, words, until]) => el('li', {},
      el('a', { href: address('accounts', { q: `#${id}` }) }, `Account #${id}`), ` ${words}`, until && [', again ', moment(until)]))));
}

const failureList = ({ failures }) => failures.length > 0 && el('details', { class: 'fold' },
  el('summary', {}, `${count(failures.length, 'tweet')} not posted`),
  el('ul', { class: 'stack tight' }, failures.map(({ tweet_id: id, error }) =>
    el('li', {}, `#${id}: ${sentence(error ?? 'no reason is known')}`))));

function contents(state) {
  const { phase, posted, failed, remaining, error } = state;
  return [bar(state),
    el('p', {}, el('strong', {}, `${number(posted)} posted`), failed > 0 && `, ${number(failed)} not posted`,
      remaining === null ? '' : `, ${number(remaining)} to go`, '.'),
    error && errorBox(error), failureList(state), phase !== 'going' && waiting(state),
    el('div', { class: 'row' },
      phase === 'going' && button('Stop', stop),
      phase === 'left' && button('Go on', resume, { kind: 'main' }),
      !isGoing() && button('Close', dismiss, { kind: phase === 'ended' ? '' : 'quiet' }))];
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
    const phase = TITLES[state.phase];
    const focused = node.contains(document.activeElement);
    put(node, phase && card(phase, contents(state)));
    if (focused) node.querySelector('.row .button')?.focus();
    if (state.phase !== before.phase && phase && state.phase !== 'going') {
      say(`${phase}: ${state.posted} posted, ${state.failed} not posted.`);
    }
    if (state.posted + state.failed !== before.posted + before.failed) onmove();
    before = state;
  }
  run.addEventListener('change', draw, { signal });
  draw();
  return node;
}
