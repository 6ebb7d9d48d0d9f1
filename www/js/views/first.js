// The first run: asks for the API key, once.
import { call, isRefused } from '../api.js';
import { el, newId, put } from '../dom.js';
import { keepKey } from '../key.js';
import { errorBox, field } from '../pieces.js';

/** What is known of a refusal, in words for the form. */
function trouble(error, given) {
  if (!isRefused(error)) return errorBox(error);
  const node = el('p', { class: 'wrong', role: 'alert' }, given
    ? 'That is not the key of this server. You’ll find it as API_KEY in the server’s .env file.'
    : 'This key no longer works. Enter the current one.');
  return node;
}

/** Shows the form; calls `onKey` when a key works. */
export function showFirst(main, { refusal, onKey }) {
  document.title = 'Welcome · Twitter Manager';
  const hint = newId('hint');
  const said = el('div', {});
  const input = el('input', {
    type: 'password', autocomplete: 'current-password', required: true, autocapitalize: 'off',
    spellcheck: 'false', name: 'key',
  });
  const remember = el('input', { type: 'checkbox', name: 'remember' });
  const submit = el('button', { class: 'button main wide' }, 'Open the dashboard');

  async function check(event) {
    event.preventDefault();
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

  put(main, el('div', { class: 'first' },
    el('h1', { tabindex: -1 }, 'Welcome to Twitter Manager'),
    el('p', { class: 'lead' }, 'Manage all your X accounts from one queue. Every tweet is posted exactly once.'),
    el('form', { class: 'card', onsubmit: check },
      el('h2', {}, 'Your API key'),
      field('API key', input, 'You’ll find it as API_KEY in the server’s .env file.'),
      el('div', { class: 'field' },
        el('label', { class: 'check' }, remember, el('span', {}, 'Remember on this device')),
        el('p', { class: 'hint', id: hint }, 'Otherwise it is forgotten when this tab is closed.')),
      said, submit)));
  remember.setAttribute('aria-describedby', hint);
  if (refusal) put(said, trouble(refusal, false));
  input.focus();
}
