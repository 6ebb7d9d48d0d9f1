// What is being written, kept on this device: it outlives Back, a reload and a
// closed tab.
import { recall, remember } from '../device.js';

const NAME = 'twitter-manager.compose';
/** Where requests are kept that had no answer. */
export const KEYS = 'twitter-manager.unanswered';

const none = {
  text: '', accounts: [], later: false, at: '',
  draft: null, // the server's: { id, account_id, text, scheduled_at }
};

// Where a browser refuses storage it lives as long as the page.
let kept = null;

/** { text, accounts, later, at, draft }. */
export function readKept() {
  return { ...none, ...(recall(NAME) ?? kept) };
}

/** Changes some of it. */
export function keep(some) {
  kept = { ...readKept(), ...some };
  remember(NAME, kept);
}

/** Forgets it, as when the device is given away. */
export function forgetKept() {
  kept = null;
  remember(NAME, null);
  remember(KEYS, null);
}
