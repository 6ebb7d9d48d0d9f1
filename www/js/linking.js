// Linking an account: to X's consent page, or our own in mock mode, and back.
import { get, isLeft } from './api.js';
import { el } from './dom.js';
import { openDialog } from './dialog.js';
import { bad } from './notice.js';
import { button, buttonLink } from './pieces.js';

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

/** A tab's key is known at one address only: say so before it is asked again. */
function explainReturn(authUrl, origin) {
  return openDialog('You will come back at another address', (close) => ({
    body: [
      el('p', {}, 'This page is at ', el('code', {}, location.origin),
        ', but the callback address that is set is at ', el('code', {}, origin),
        '. Linking works; the dashboard there will ask for the key again.'),
      el('p', { class: 'soft' }, 'TWITTER_CALLBACK_URL in the settings is that address. It must be the one '
        + 'that is registered in X’s developer portal.'),
    ],
    actions: [buttonLink(`Open the dashboard at ${origin}`, `${origin}/`, {}),
      button('Go on', () => { close(); leaveFor(authUrl); }, { kind: 'main' })],
  }));
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
    else await explainReturn(authUrl, origin);
  } catch (error) {
    if (!isLeft(error)) bad(error);
  } finally {
    control?.classList.remove('busy');
  }
}

/** A button that links an account, a new one or that one. */
export const linkButton = (label, { accountId, ...more } = {}) => button(label,
  (event) => link({ accountId, control: event.currentTarget }), more);
