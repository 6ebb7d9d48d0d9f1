// The API reference: Swagger UI over the description that this installation
// serves. Calls tried here go to this installation, with the key that the
// dashboard has, if it has one.

/* global SwaggerUIBundle */

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

/** The description as it is shown: calls go to where we are, by one kind of key. */
function here(description) {
  const { header } = description.components.securitySchemes;
  return {
    ...description,
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
  const reply = await fetch(new URL('api/v1/openapi.json', root));
  if (!reply.ok) throw new Error(`it answered ${reply.status}`);
  show(await reply.json());
} catch (fault) {
  say(`The API's description cannot be had: ${fault.message}.`);
}
