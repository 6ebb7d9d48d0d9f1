// Fernet by npm fernet, an implementation that is not ours.

import fernet from 'fernet';

/** A token for the text; the key is urlsafe base64 of 32 bytes. */
export function seal(key, text) {
  const token = new fernet.Token({ secret: new fernet.Secret(key) });
  return token.encode(text);
}

/** The text of a token, whatever its age; throws if it is not of this key. */
export function unseal(key, sealed) {
  const secret = new fernet.Secret(key);
  return new fernet.Token({ secret, token: sealed, ttl: 0 }).decode();
}
