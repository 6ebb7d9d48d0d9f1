// The first run: asks for the API key, once.
import { call, isRefused } from '../../api.js';
import { el, newId, put } from '../../dom.js';
import { keepKey } from '../../key.js';
import { errorBox, field } from '../../pieces.js';
import { words } from './words.js';

/** What is known of a refusal, in words for the form. */
const trouble = (error, given) => (isRefused(error)
  ? el('p', { class: 'wrong', role: 'alert' }, given ? words.wrong : words.changed)
  : errorBox(error));

/** What the form is made of; `submit` is its button. */
function newForm() {
  return {
    said: el('div', {}),
    input: el('input', {
      type: 'password', autocomplete: 'current-password', required: true, autocapitalize: 'off',
      spellcheck: 'false', name: 'key',
    }),
    remember: el('input', { type: 'checkbox', name: 'remember' }),
    submit: el('button', { class: 'button main wide' }, words.open),
  };
}

/** Tries the key that was given; keeps it when it works. */
async function check({ said, input, remember, submit }, onKey) {
  const key = input.value.trim();
  if (!key) return;
  submit.classList.add('busy');
  try {
    await call('GET', 'test', { key });
    keepKey(key, remember.checked);
    onKey();
  } catch (error) {
    input.setAttribute('aria-invalid', isRefused(error));
    put(said, trouble(error, true));
    input.select();
  } finally {
    submit.classList.remove('busy');
  }
}

/** Shows the form; calls `onKey` when a key works. */
export function showFirst(main, { refusal, onKey }) {
  const form = newForm();
  const { said, input, remember, submit } = form;
  const hint = newId('hint');
  const onsubmit = (event) => {
    event.preventDefault();
    check(form, onKey);
  };
  document.title = words.title;
  remember.setAttribute('aria-describedby', hint);
  put(main, el('div', { class: 'first' },
    el('h1', { tabindex: -1 }, words.welcome),
    el('p', { class: 'lead' }, words.lead),
    el('form', { class: 'card', onsubmit },
      el('h2', {}, words.yourKey),
      field(words.key, input, words.where),
      el('div', { class: 'field' },
        el('label', { class: 'check' }, remember, el('span', {}, words.remember)),
        el('p', { class: 'hint', id: hint }, words.forget)),
      said, submit)));
  if (refusal) put(said, trouble(refusal, false));
  input.focus();
}
