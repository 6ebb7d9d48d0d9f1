// One thing done with many tweets at once.
import { post } from '../api.js';
import { confirm, openDialog } from '../dialog.js';
import { el } from '../dom.js';
import { count, number } from '../format.js';
import { bad, good } from '../notice.js';
import { button, goesAgain, sentence } from '../pieces.js';
import { renew } from '../renew.js';
import { postTweets } from '../undo.js';

const MOST = 500;
const ACTIONS = {
  post: { label: 'Post now', done: 'posted' },
  retry: { label: 'Try again', done: 'put back into the queue' },
  release: { label: 'Release', done: 'released' },
  delete: { label: 'Delete …', done: 'deleted' },
};

function tellFailures(word, { done, results }) {
  const failures = results.filter(({ ok }) => !ok);
  const doubtful = failures.filter((each) => each.doubtful).length;
  const rest = failures.length - doubtful;
  const title = [rest > 0 && `${count(rest, 'tweet')} couldn’t be ${ACTIONS[word].done}`,
    doubtful > 0 && `${count(doubtful, 'tweet')} not confirmed yet`].filter(Boolean).join(', ');
  return openDialog(title, (close) => ({
    body: [done > 0 && el('p', {}, `${count(done, 'tweet')} ${ACTIONS[word].done}.`),
      el('ul', { class: 'lines' }, failures.map(({ id, error, hint, reason, retry_at: again }) => el('li', { class: 'stack tight line' },
        el('div', {}, el('p', { class: 'strong' }, `#${id}: ${sentence(error?.message ?? error ?? 'no reason is known')}`),
          again && el('p', {}, goesAgain(again)),
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

/** The answer of the server; null when the person thought better of it. */
async function ask(word, ids, control) {
  if (word === 'post') {
    const results = await postTweets(ids, { begin: () => control.classList.add('busy') });
    return results && { results, done: results.filter(({ ok }) => ok).length };
  }
  if (word === 'delete' && !await askDelete(ids.length)) return null;
  control.classList.add('busy');
  return post('tweets/bulk', { ids, action: word });
}

async function doAll(word, ids, control) {
  try {
    const answer = await ask(word, ids, control);
    if (!answer) return false;
    if (answer.done < ids.length) await tellFailures(word, answer);
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
 * { node, draw } of the bar for those that are selected; `chosen` is their set of
 * ids, `done` is called when something was done with them.
 */
export function bulkBar(chosen, done) {
  const node = el('div', { class: 'bulk', role: 'region', 'aria-label': 'With those selected' });
  function draw() {
    node.hidden = chosen.size === 0;
    if (node.hidden) return;
    renew(node, el('p', { role: 'status' }, el('strong', {}, number(chosen.size)), ' selected',
      chosen.size > MOST && `: ${number(MOST)} is the most at once`),
    el('div', { class: 'row' }, Object.entries(ACTIONS).map(([word, { label }]) => button(label, async (event) => {
      if (await doAll(word, [...chosen], event.currentTarget)) done();
    }, { kind: word === 'delete' ? 'quiet no slim' : 'slim', disabled: chosen.size > MOST })),
    button('Clear selection', () => done(), { kind: 'quiet slim' })));
  }
  draw();
  return { node, draw };
}
