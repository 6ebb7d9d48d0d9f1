// One thing done with many tweets at once.
import { post } from '../api.js';
import { confirm, openDialog } from '../dialog.js';
import { el, put } from '../dom.js';
import { count, number } from '../format.js';
import { bad, good } from '../notice.js';
import { button, sentence } from '../pieces.js';

const MOST = 500;
const ACTIONS = {
  post: { label: 'Post now', done: 'posted' },
  retry: { label: 'Retry', done: 'pending again' },
  release: { label: 'Release', done: 'released' },
  delete: { label: 'Delete …', done: 'deleted' },
};

function tellFailures(word, { done, results }) {
  const failures = results.filter(({ ok }) => !ok);
  return openDialog(`${count(failures.length, 'tweet')} could not be ${ACTIONS[word].done}`, (close) => ({
    body: [done > 0 && el('p', {}, `${count(done, 'tweet')} ${ACTIONS[word].done}.`),
      el('ul', { class: 'lines' }, failures.map(({ id, error, hint, reason }) => el('li', { class: 'stack tight line' },
        el('div', {}, el('p', { class: 'strong' }, `#${id}: ${sentence(error ?? 'no reason is known')}`),
          reason && el('p', {}, 'X says: ', el('q', {}, reason)), hint && el('p', { class: 'soft small' }, hint)))))],
    actions: [button('Close', () => close(), { kind: 'main', autofocus: true })],
  }));
}

const askDelete = (n) => confirm({
  title: `Delete ${count(n, 'tweet')}?`,
  body: [el('p', {}, 'They are deleted here. What is on X stays there. This cannot be undone.')],
  action: `Delete ${count(n, 'tweet')}`,
  danger: true,
});

async function doAll(word, ids, control) {
  if (word === 'delete' && !await askDelete(ids.length)) return false;
  control.classList.add('busy');
  try {
    const answer = await post('tweets/bulk', { ids, action: word });
    if (answer.failed > 0) await tellFailures(word, answer);
    else good(`${count(answer.done, 'tweet')} ${ACTIONS[word].done}.`);
    return true;
  } catch (error) {
    bad(error);
    return false;
  } finally {
    control.classList.remove('busy');
  }
}

/**
 * { node, draw } of the bar for those that are ticked; `chosen` is their set of
 * ids, `done` is called when something was done with them.
 */
export function bulkBar(chosen, done) {
  const node = el('div', { class: 'bulk', role: 'region', 'aria-label': 'With those ticked' });
  function draw() {
    node.hidden = chosen.size === 0;
    if (node.hidden) return;
    put(node, el('p', { role: 'status' }, el('strong', {}, number(chosen.size)), ' ticked',
      chosen.size > MOST && `: ${number(MOST)} is the most at once`),
    el('div', { class: 'row' }, Object.entries(ACTIONS).map(([word, { label }]) => button(label, async (event) => {
      if (await doAll(word, [...chosen], event.currentTarget)) done();
    }, { kind: word === 'delete' ? 'quiet no slim' : 'slim', disabled: chosen.size > MOST })),
    button('Untick all', () => done(), { kind: 'quiet slim' })));
  }
  draw();
  return { node, draw };
}
