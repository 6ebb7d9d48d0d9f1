// A person's word on a tweet of which nobody knows whether X has it.
import { post } from '../api.js';
import { el, newId, put } from '../dom.js';
import { button, errorBox, field } from '../pieces.js';

/** The id in what was pasted: a link to the tweet, or the id itself. */
const idIn = (text) => /(?:status(?:es)?\/)?(\d{1,19})(?:[/?#].*)?$/.exec(text.trim())?.[1] ?? '';

/** { node, action, first } of the form; `done(words)` is called once it is settled. */
export function resolveForm({ id, username }, done) {
  const name = newId('out');
  const yes = el('input', { type: 'radio', name, value: 'yes', onchange: () => check() });
  const no = el('input', { type: 'radio', name, value: 'no', onchange: () => check() });
  const where = el('input', { type: 'text', inputmode: 'url', autocomplete: 'off', oninput: () => check() });
  const whereField = field('Its link or id on X', where, 'Such as https://x.com/name/status/1234567890.');
  const said = el('div', {});
  const action = button('Settle it', settle, { kind: 'main' });

  function check() {
    whereField.hidden = !yes.checked;
    action.disabled = !(no.checked || (yes.checked && idIn(where.value)));
  }

  async function settle() {
    action.classList.add('busy');
    try {
      await post(`tweets/${id}/resolve`, yes.checked ? { posted: true, twitter_id: idIn(where.value) } : { posted: false });
      done(yes.checked ? `Tweet #${id} counts as posted.` : `Tweet #${id} is pending again.`);
    } catch (error) {
      put(said, errorBox(error));
    } finally {
      action.classList.remove('busy');
    }
  }

  check();
  return {
    first: yes,
    action,
    node: el('div', { class: 'stack' },
      el('p', {}, 'X gave no answer when this tweet was sent, so it may be out. ',
        el('a', {
          href: `https://x.com/${encodeURIComponent(username)}`, target: '_blank', rel: 'noopener noreferrer',
        }, `Look at @${username} on X`), ', then say:'),
      el('fieldset', { class: 'stack tight' }, el('legend', { class: 'unseen' }, 'Is it on X?'),
        el('label', { class: 'check' }, yes, el('span', {}, 'It is on X')),
        el('label', { class: 'check' }, no, el('span', {}, 'It is not on X: let it be sent again'))),
      whereField, said),
  };
}
