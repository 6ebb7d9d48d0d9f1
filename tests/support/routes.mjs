// The route tables of cgi-bin/*.c and the parameters that their rows name, read
// off the source, so that a new row is tested with no more ado.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { root } from './paths.mjs';

const PARAMS = /static const struct param (\w+)\[\] = \{(.*?)\};/g;
const PARAM = /(\w+)_IN\(\s*(QUERY|BODY|EITHER),\s*"(\w+)",\s*(OPTIONAL|REQUIRED)/g;
const ROUTE = /ROUTE(_BARE)?(_FLAGS)?\(\s*([\w |]+),\s*(\w+),\s*"([^"]+)",\s*(\w+)([^()]*)\)/g;

function paramsIn(text) {
  return Object.fromEntries([...text.matchAll(PARAMS)].map(([, name, rows]) => [
    name,
    [...rows.matchAll(PARAM)].map(([, kind, from, param, need]) => (
      { name: param, kind, from, required: need === 'REQUIRED' })),
  ]));
}

function routesIn(file) {
  const text = readFileSync(join(root, 'cgi-bin', file), 'utf8').replace(/\s+/g, ' ');
  const params = paramsIn(text);
  const program = file.replace(/\.c$/, '').replaceAll('_', '-');
  return [...text.matchAll(ROUTE)].map(([, bare, , scopes, method, path, , rest]) => {
    const words = rest.split(/[,|]/).map((word) => word.trim()).filter(Boolean);
    const table = bare ? undefined : words.shift();
    if (table && !params[table]) throw new Error(`${file}: no table ${table}`);
    return {
      program, method, pattern: path, path: path.replace('{id}', '1'), params: params[table] ?? [],
      open: scopes === 'SCOPE_OPEN', page: words.includes('ROUTE_PAGE'),
    };
  });
}

/** Every row: { program, method, pattern, path, params, open, page }. */
export const ROUTES = readdirSync(join(root, 'cgi-bin')).filter((name) => name.endsWith('.c'))
  .sort().flatMap(routesIn);

/** { path: [methods] } as Allow should have them. */
export const allowed = (path) => {
  const own = ROUTES.filter((route) => route.path === path).map(({ method }) => method);
  return [...own, ...(own.includes('GET') ? ['HEAD'] : []), 'OPTIONS'].sort();
};
