// Linking an account: to X's consent page, or our own in mock mode, and back.
import { get, isLeft } from './api.js';
import { bad } from './notice.js';
import { button } from './pieces.js';

const LINKING = 'twitter-manager.linking';

/** Where the consent page sends people back to. */
function returnOf(authUrl) {
  const url = new URL(authUrl);
  return new URL(url.searchParams.get('redirect_uri') ?? url).origin;
}

function leaveFor(authUrl) {
  try {
    sessionStorage.setItem(LINKING, '1');
  } catch { /* then they come back to the overview */ }
  location.assign(authUrl);
}

/**
 * Begins to link an account, or to link one again: then X must know the person
 * as that account, and another is refused.
 */
export async function link({ accountId, control } = {}) {
  control?.classList.add('busy');
  try {
    const { auth_url: authUrl } = await get('auth/twitter', { account_id: accountId });
    const origin = returnOf(authUrl);
    if (origin === location.origin) leaveFor(authUrl);
    else {
      // A tab's key is known at one address only: say so before it is asked again.
      const { explainReturn } = await import('./return-dialog.js');
      await explainReturn(origin, () => leaveFor(authUrl));
    }
  } catch (error) {
    if (!isLeft(error)) bad(error);
  } finally {
    control?.classList.remove('busy');
  }
}

/** A button that links an account, a new one or that one. */
export const linkButton = (label, { accountId, ...more } = {}) => button(label,
  (event) => link({ accountId, control: event.currentTarget }), more);
