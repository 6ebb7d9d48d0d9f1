// The API reference: Swagger UI over the description that this installation
// serves. Calls tried here go to this installation, with the key that the
// dashboard has, if it has one.

/* global SwaggerUIBundle */

import { getKey } from '../js/key.js';
import { fetchDescription, placed, root, say } from './description.js';
import { words } from './words.js';

const place = document.querySelector('#reference');

function followScheme() {
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const apply = () => document.documentElement.classList.toggle('dark-mode', dark.matches);
  dark.addEventListener('change', apply);
  apply();
}

/** The description as it is shown: calls go to where we are, by one kind of key. */
function here(description) {
  const { header } = description.components.securitySchemes;
  const paths = Object.fromEntries(Object.entries(description.paths)
    .map(([path, item]) => [placed(path), item]));
  return {
    ...description,
    paths,
    servers: [{ url: root.href.replace(/\/$/, ''), description: words.here }],
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
  say(place, fault);
}
