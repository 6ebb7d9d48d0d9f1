// Pausing an account, and letting it go on.
import { patch } from '../api.js';
import { bad, good } from '../notice.js';
import { button } from '../pieces.js';
import { forgetAccounts } from '../store.js';
import { words } from '../words.js';

/** Pauses an account or lets it go on. */
export async function pauseAccount({ id, username }, paused, reload) {
  try {
    await patch(`accounts/${id}`, { status: paused ? 'inactive' : 'active' });
    forgetAccounts();
    good(paused ? words.accounts.paused(username) : words.accounts.active(username));
    reload();
  } catch (error) {
    bad(error);
  }
}

// X locks and unlocks these; no new link is needed.
const UNLOCKABLE = new Set(['account_locked', 'account_suspended', 'account_held_back']);

/** A button that makes an account active again once it is unlocked on X; or false. */
export const tryAgainButton = ({ id, username, code }, reload) => UNLOCKABLE.has(code)
  && button(words.buttons.tryAgain, () => pauseAccount({ id, username }, false, reload), {
    kind: 'slim', 'aria-label': words.accounts.tryAgain(username),
  });
