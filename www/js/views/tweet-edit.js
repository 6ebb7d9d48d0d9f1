// Changing the text and the time of a tweet that waits.
import { patch } from '../api.js';
import { el, put } from '../dom.js';
import { button, errorBox } from '../pieces.js';
import { judge, textInput } from './text-input.js';
import { timeInput } from './time-input.js';

/** { node, action, first } of the form; `done` is called once it is stored. */
export function editForm(tweet, done) {
  const text = textInput({ value: tweet.text, onchange: () => check() });
  const later = el('input', { type: 'checkbox', checked: Boolean(tweet.scheduled_at), onchange: () => check() });
  const time = timeInput({ value: tweet.scheduled_at, onchange: () => check() });
  const said = el('div', {});
  const action = button('Save', store, { kind: 'main' });

  const changes = () => {
    const body = {};
    if (text.area.value !== tweet.text) body.text = text.area.value;
    const at = later.checked ? time.value() : null;
    const same = at === null || !tweet.scheduled_at ? at === tweet.scheduled_at : new Date(at) - new Date(tweet.scheduled_at) === 0;
    if (!same) body.scheduled_at = at;
    return body;
  };

  function check() {
    time.node.hidden = !later.checked;
    const body = changes();
    action.disabled = Boolean(judge(text.area.value).wrong || (body.scheduled_at && later.checked && time.wrong()))
      || Object.keys(body).length === 0;
  }

  async function store() {
    action.classList.add('busy');
    try {
      await patch(`tweets/${tweet.id}`, changes());
      done();
    } catch (error) {
      put(said, errorBox(error));
    } finally {
      action.classList.remove('busy');
    }
  }

  check();
  return {
    first: text.area,
    action,
    node: el('div', { class: 'stack' }, text.node,
      el('label', { class: 'check' }, later, el('span', {}, 'Send it at a time')), time.node, said),
  };
}
