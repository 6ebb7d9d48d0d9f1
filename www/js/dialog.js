// Dialogs: the browser's own, which keep the focus and give it back.
import { el, newId, put } from './dom.js';
import { icon } from './icons.js';
import { button, errorBox } from './pieces.js';
import { words } from './words.js';

/**
 * Shows a dialog with a title and content; `fill(close)` makes the content and
 * the row of actions: { body, actions }. Gives what `close` was called with, or
 * undefined when it was dismissed.
 */
export function openDialog(title, fill, { wide = false } = {}) {
  return new Promise((resolve) => {
    const id = newId('dialog');
    let answer;
    const dialog = el('dialog', { class: wide ? 'dialog wide' : 'dialog', 'aria-labelledby': id });
    const close = (value) => {
      answer = value;
      dialog.close();
    };
    const { body, actions } = fill(close, dialog);
    put(dialog,
      el('div', { class: 'dialog-head' }, el('h2', { id }, title),
        el('button', {
          type: 'button', class: 'button bare', 'aria-label': words.buttons.close,
          onclick: () => close(),
        }, icon('close'))),
      el('div', { class: 'dialog-body' }, body),
      actions && el('div', { class: 'dialog-foot' }, actions));
    dialog.addEventListener('close', () => {
      dialog.remove();
      resolve(answer);
    });
    document.body.append(dialog);
    dialog.showModal();
    dialog.querySelector('[autofocus]')?.focus();
  });
}

/**
 * Asks before something is done: the focus is on the way back. With `work` the
 * dialog stays until that is through and shows its error. True when done.
 */
export function confirm({ title, body, action, danger = false, work }) {
  return openDialog(title, (close) => {
    const trouble = el('div', { 'aria-live': 'assertive' });
    const yes = button(action, async () => {
      if (!work) return close(true);
      yes.disabled = true;
      yes.classList.add('busy');
      put(trouble);
      try {
        await work();
        return close(true);
      } catch (error) {
        yes.disabled = false;
        yes.classList.remove('busy');
        return put(trouble, errorBox(error));
      }
    }, { kind: danger ? 'danger' : 'main' });
    return {
      body: [body, trouble],
      actions: [button(words.buttons.cancel, () => close(false), { autofocus: true }), yes],
    };
  });
}
