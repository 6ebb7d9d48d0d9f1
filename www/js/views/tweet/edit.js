// Changing the text and the time of a tweet that is not out: only what was
// touched is sent.
import { patch } from '../../api.js';
import { surely } from '../../again.js';
import { el, put } from '../../dom.js';
import { dateTime } from '../../format.js';
import { box, button, errorBox } from '../../pieces.js';
import { judge, textInput } from './text-input.js';
import { timeInput } from './time-input.js';
import { words as all } from './words.js';

const words = all.edit;

function timeNote({ scheduled_at: at, state }) {
  if (!at || new Date(at) > Date.now()) return null;
  return box('calm', el('p', {}, words.passed(dateTime(at)),
    state === 'failed' ? words.passedFailed : words.passedWaiting));
}

/** { node, action, first } of the form; `done` is called once it is stored. */
export function editForm(tweet, done) {
  const text = textInput({ value: tweet.text, onchange: () => check() });
  const later = el('input', {
    type: 'checkbox', checked: Boolean(tweet.scheduled_at), onchange: () => check(),
  });
  const time = timeInput({ value: tweet.scheduled_at, onchange: () => check() });
  const said = el('div', { role: 'alert' });
  const action = button(words.save, store, { kind: 'main' });

  /** Without a word of what is as it was: a moment is not moved by being shown. */
  const changes = () => {
    const body = {};
    if (text.area.value !== tweet.text) body.text = text.area.value;
    if (later.checked !== Boolean(tweet.scheduled_at) || (later.checked && time.touched())) {
      body.scheduled_at = later.checked ? time.value() : null;
    }
    return body;
  };

  function check() {
    time.node.hidden = !later.checked;
    const body = changes();
    const isNew = body.text !== undefined || tweet.state === 'failed';
    const badText = isNew && judge(text.area.value).wrong;
    const badTime = later.checked && body.scheduled_at === null;
    action.disabled = Boolean(badText || badTime) || Object.keys(body).length === 0;
  }

  async function store() {
    action.classList.add('busy');
    const body = changes();
    try {
      await surely(() => patch(`tweets/${tweet.id}`, body),
        () => put(said, box('warn', el('p', {}, all.notSavedYet))));
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
    node: el('div', { class: 'stack' }, text.node, timeNote(tweet),
      el('label', { class: 'check' }, later, el('span', {}, words.later)), time.node, said),
  };
}
