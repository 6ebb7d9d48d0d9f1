// A person settles a tweet that could not be confirmed: it is on X, or it is not.
import { post } from '../../api.js';
import { confirm } from '../../dialog.js';
import { el, put } from '../../dom.js';
import { button, errorBox, field } from '../../pieces.js';
import { timelineLink } from './link.js';
import { words as all } from './words.js';

const words = all.resolve;

/** The id in what was pasted: a link to the tweet, or the id itself. */
const idIn = (text) => /(?:status(?:es)?\/)?(\d{1,19})(?:[/?#].*)?$/.exec(text.trim())?.[1] ?? '';

/** { node, action, first } of the form for one that is there; `done(words)` once it is settled. */
export function thereForm({ id, username }, done) {
  const where = el('input', {
    type: 'text', inputmode: 'url', autocomplete: 'off', oninput: () => check(),
  });
  const said = el('div', {});
  const action = button(words.there, settle, { kind: 'main' });
  const check = () => { action.disabled = !idIn(where.value); };

  async function settle() {
    action.classList.add('busy');
    try {
      await post(`tweets/${id}/resolve`, { posted: true, twitter_id: idIn(where.value) });
      done(words.counted(id));
    } catch (error) {
      put(said, errorBox(error));
    } finally {
      action.classList.remove('busy');
    }
  }

  check();
  return {
    first: where,
    action,
    node: el('div', { class: 'stack' }, el('p', {}, words.find, timelineLink(username)),
      field(words.where, where, words.example), said),
  };
}

/** Asks whether it is surely not there, and puts it back into the queue; true when done. */
export const sayAbsent = ({ id, username }) => confirm({
  title: words.askAbsent(id), action: words.absent,
  work: () => post(`tweets/${id}/resolve`, { posted: false }),
  body: [el('p', {}, words.twice, timelineLink(username))],
});
