// The dialog that shows the keys, and turns them off on this device.
import { openDialog } from './dialog.js';
import { el } from './dom.js';

const words = {
  title: 'Keyboard shortcuts', heed: 'Use these shortcuts on this device',
  keys: [['/', 'Search'], ['n', 'Write a tweet'], ['j', 'Next item in the list'],
    ['k', 'Previous item in the list'], ['Ctrl + Enter', 'Post or save the tweet you’re writing'],
    ['?', 'Show these shortcuts']],
};

/** Shows it; `heeded` is whether the keys work now, `heed(on)` changes that. */
export const showKeys = (heeded, heed) => openDialog(words.title, () => ({
  body: [
    el('dl', { class: 'keys' }, words.keys.map(([key, does]) => [
      el('dt', {}, el('kbd', {}, key)), el('dd', {}, does)])),
    el('label', { class: 'check' }, el('input', {
      type: 'checkbox', checked: heeded, onchange: ({ target }) => heed(target.checked),
    }), el('span', {}, words.heed)),
  ],
}));
