// The key that was made, shown this once, and for a web cron the address with it.
import { addressOf } from '../../base.js';
import { openDialog } from '../../dialog.js';
import { el, newId } from '../../dom.js';
import { say } from '../../notice.js';
import { box, button } from '../../pieces.js';
import { keyName } from '../../words.js';
import { words as all } from './words.js';

const words = all.made;

/** Copies what a field holds: true where the browser lets a page do that. */
async function copy(input) {
  input.select();
  try {
    await navigator.clipboard.writeText(input.value);
    return true;
  } catch {
    // There is no such thing where a page comes over plain HTTP.
    return document.execCommand('copy');
  }
}

/** A secret with a button that copies it; `oncopy` is called when it was. */
function secret(label, value, copyLabel, hint, oncopy) {
  const id = newId('secret');
  const input = el('input', {
    id, type: 'text', readonly: true, value, spellcheck: 'false', autocomplete: 'off',
    class: 'secret', 'aria-describedby': `${id}-said`, onfocus: () => input.select(),
  });
  const said = el('p', { class: 'hint', id: `${id}-said` }, hint);
  const control = button(copyLabel, async () => {
    const done = await copy(input);
    said.textContent = done ? words.copied : words.copyByHand;
    say(said.textContent);
    if (done) oncopy();
  }, { kind: 'main' });
  return el('div', { class: 'field' }, el('label', { for: id }, label),
    el('div', { class: 'row secret-row' }, input, control), said);
}

/** The address that runs the scheduler with this key. */
function tickAddress(key) {
  const url = addressOf('tick');
  url.searchParams.set('api_key', key);
  return url.href;
}

/** Shows the key; Esc does not take it away before it has been copied. */
export function showMade(made) {
  const { key, scopes } = made;
  const isTick = scopes.length === 1 && scopes[0] === 'tick';
  return openDialog(words.title(keyName(made)), (close, dialog) => {
    let copied = false;
    const oncopy = () => { copied = true; };
    dialog.addEventListener('cancel', (event) => { if (!copied) event.preventDefault(); });
    return {
      body: [box('warn', el('p', { class: 'strong' }, words.once)),
        isTick && secret(words.url, tickAddress(key), words.copyUrl, words.urlHint, oncopy),
        secret(words.key, key, words.copyKey, '', oncopy)],
      actions: [button(words.done, () => close())],
    };
  }, { wide: true });
}
