// The API reference: Swagger UI over the description that this installation
// serves. Calls tried here go to this installation, with the key that the
// dashboard has, if it has one.

/* global SwaggerUIBundle */

import { BASES, here as baseHere, settle } from '../js/base.js';
import { getKey } from '../js/key.js';

const root = new URL('..', document.baseURI);
const place = document.querySelector('#reference');

function say(words) {
  const note = document.createElement('p');
  note.className = 'note';
  note.setAttribute('role', 'alert');
  note.textContent = words;
  place.replaceChildren(note);
}

function followScheme() {
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const apply = () => document.documentElement.classList.toggle('dark-mode', dark.matches);
  dark.addEventListener('change', apply);
  apply();
}

/** A path of the description as it is under this server: of programs in cgi-bin/, too. */
function placed(path) {
  const base = `/${baseHere()}`;
  if (base === '/api/v1/') return path;
  return path.startsWith('/api/v1/') ? path.replace('/api/v1/', base) : base + path.slice(1);
}

/** The description, from where the programs are. */
async function fetchDescription() {
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
  throw new Error(`it answered ${status}`);
}

/** The description as it is shown: calls go to where we are, by one kind of key. */
function here(description) {
  const { header } = description.components.securitySchemes;
  const paths = Object.fromEntries(Object.entries(description.paths)
    .map(([path, item]) => [placed(path), item]));
  return {
    ...description,
    paths,
    servers: [{ url: root.href.replace(/\/$/, ''), description: 'This installation' }],
    security: [{ header: [] }],
    components: { ...description.components, securitySchemes: { header } },
  };
}

function show(description) {
  const ui = SwaggerUIBundle({
    spec: here(description),
    domNode: place,
    deepLinking: true,
    docExpansion: 'list',
    defaultModelsExpandDepth: 0,
    displayRequestDuration: true,
    persistAuthorization: false,
    syntaxHighlight: { activated: false },
    validatorUrl: null,
    onComplete() {
      const key = getKey();
      if (key) ui.preauthorizeApiKey('header', key);
    },
  });
}

followScheme();
try {
  show(await fetchDescription());
} catch (fault) {
  say(`The API's description cannot be had: ${fault.message}.`);
}
