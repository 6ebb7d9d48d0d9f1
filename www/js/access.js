// What the key that is used here may do, as the server said last.

let mine = null;

/** The key: { id, name, scopes, account_ids, expires_at, … }; null while nobody knows. */
export const ownKey = () => mine;

/** Takes what the server says of it; true where it may do something else than before. */
export function setOwnKey(key) {
  const rights = (each) => JSON.stringify([each?.id, each?.scopes, each?.account_ids]);
  const changed = rights(key) !== rights(mine);
  mine = key;
  return changed;
}

/** Whether the key is for some accounts only: what is about all of them it may not see. */
export const isConfined = () => Boolean(mine?.account_ids);

/** Whether a key with these scopes may do what needs this one. */
export const allows = (scopes, scope) => scopes.includes(scope) || scopes.includes('admin');

/** Whether the key may do what needs this scope. */
export const may = (scope) => mine !== null && allows(mine.scopes, scope);
