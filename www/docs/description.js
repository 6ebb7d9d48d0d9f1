// The API's description, as this installation serves it.

import { BASES, from, here as baseHere, settle } from '../js/base.js';
import { words } from './words.js';

export const root = from('..');

/** A path of the description as it is under this server: of programs in cgi-bin/, too. */
export function placed(path) {
  const base = `/${baseHere()}`;
  if (base === '/api/v1/') return path;
  return path.startsWith('/api/v1/') ? path.replace('/api/v1/', base) : base + path.slice(1);
}

/** The description, from where the programs are. */
export async function fetchDescription() {
  let status;
  for (const base of [baseHere(), ...BASES.filter((one) => one !== baseHere())]) {
    const url = new URL(`${base}openapi.json`, root);
    const reply = await fetch(url);
    status ??= reply.status;
    const json = reply.ok ? await reply.json().catch(() => null) : null;
    if (!json?.paths) continue;
    settle(base);
    document.querySelector('a[href$="openapi.json"]').href = url.href;
    return json;
  }
  throw new Error(words.answered(status));
}

/** Says in the page's place why there is nothing else. */
export function say(place, fault) {
  const note = document.createElement('p');
  note.className = 'note';
  note.setAttribute('role', 'alert');
  note.textContent = words.failed(fault.message);
  place.replaceChildren(note);
}
