// A person's word on a tweet that could not be confirmed: it is on X, or it is not.
import { post } from '../api.js';
import { confirm } from '../dialog.js';
import { el, put } from '../dom.js';
import { button, errorBox, field } from '../pieces.js';
import { timelineLink } from './tweet-link.js';

/** The id in what was pasted: a link to the tweet, or the id itself. */
const idIn = (text) => /(?:status(?:es)?\/)?(\d{1,19})(?:[/?#].*)?$/.exec(text.trim())?.[1] ?? '';

/** { node, action, first } of the form for one that is there; `done(words)` is called once it is settled. */
export function thereForm({ id, username }, done) {
  const where = el('input', { type: 'text', inputmode: 'url', autocomplete: 'off', oninput: () => check() });
  const said = el('div', {});
  const action = button('It is there', settle, { kind: 'main' });
  const check = () => { action.disabled = !idIn(where.value); };

  async function settle() {
    action.classList.add('busy');
    try {
      await post(`tweets/${id}/resolve`, { posted: true, twitter_id: idIn(where.value) });
      done(`Tweet #${id} counts as posted.`);
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
    node: el('div', { class: 'stack' },
      el('p', {}, 'Find the tweet on the timeline and paste its link here. ', timelineLink(username)),
      field('Its link or id on X', where, 'Such as https://x.com/name/status/1234567890.'), said),
  };
}

/** Asks whether it is surely not there, and puts it back into the queue; true when done. */
export const sayAbsent = ({ id, username }) => confirm({
  title: `Tweet #${id} is not on X?`, action: 'It is not there',
  work: () => post(`tweets/${id}/resolve`, { posted: false }),
  body: [el('p', {}, 'It goes back to the queue and may then be posted. If it is on X after all, it would be there twice. ',
    timelineLink(username))],
});
