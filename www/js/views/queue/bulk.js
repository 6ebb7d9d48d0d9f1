// One thing done with many tweets at once.
import { post } from '../../api.js';
import { confirm, openDialog } from '../../dialog.js';
import { el } from '../../dom.js';
import { number } from '../../format.js';
import { bad, good } from '../../notice.js';
import { button, sentence } from '../../pieces.js';
import { renew } from '../../renew.js';
import { postTweets } from '../../undo.js';
import { words as shared } from '../../words.js';
import { words as all } from './words.js';

const words = all.bulk;
const MOST = 500;

const failureLine = ({ id, error, hint, reason, retry_at: again }) =>
  el('li', { class: 'stack tight line' }, el('div', {},
    el('p', { class: 'strong' }, `#${id}: ${sentence(error?.message ?? error ?? shared.noReason)}`),
    again && el('p', {}, shared.sentAfter(again)),
    reason && el('p', {}, shared.xSays, el('q', {}, reason)),
    hint && el('p', { class: 'soft small' }, hint)));

function tellFailures(word, { done, results }) {
  const failures = results.filter(({ ok }) => !ok);
  const doubtful = failures.filter((each) => each.doubtful).length;
  const rest = failures.length - doubtful;
  const title = [rest > 0 && words.failed(word, rest), doubtful > 0 && words.doubtful(doubtful)]
    .filter(Boolean).join(', ');
  return openDialog(title, (close) => ({
    body: [done > 0 && el('p', {}, words.done(word, done)),
      el('ul', { class: 'lines' }, failures.map(failureLine))],
    actions: [button(shared.buttons.close, () => close(), { kind: 'main', autofocus: true })],
  }));
}

const askDelete = (n) => confirm({
  title: words.askDelete(n), body: [el('p', {}, words.deleteMeans)],
  action: words.delete(n), danger: true,
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
    else good(words.done(word, answer.done));
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
  const node = el('div', { class: 'bulk', role: 'region', 'aria-label': words.region });
  const actButton = ([word, label]) => button(label, async (event) => {
    if (await doAll(word, [...chosen], event.currentTarget)) done();
  }, { kind: word === 'delete' ? 'quiet no slim' : 'slim', disabled: chosen.size > MOST });
  function draw() {
    node.hidden = chosen.size === 0;
    if (node.hidden) return;
    renew(node, el('p', { role: 'status' }, el('strong', {}, number(chosen.size)), words.selected,
      chosen.size > MOST && words.tooMany(MOST)),
    el('div', { class: 'row' }, Object.entries(words.acts).map(actButton),
      button(words.clear, () => done(), { kind: 'quiet slim' })));
  }
  draw();
  return { node, draw };
}
