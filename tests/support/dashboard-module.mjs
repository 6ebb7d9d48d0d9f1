// Modules of the dashboard for tests that run them in node.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { root } from './paths.mjs';

/** The address of a module of www/, which node would take for CommonJS by its name. */
export async function dashboardModule(folder, name, known = new Map()) {
  if (known.has(name)) return known.get(name);
  let source = readFileSync(join(root, folder, name), 'utf8');
  const imports = [...source.matchAll(/from '\.\/([a-z]+\.js)'/g)];
  for (const [whole, other] of imports) {
    source = source.replaceAll(whole, `from '${await dashboardModule(folder, other, known)}'`);
  }
  const url = `data:text/javascript;base64,${Buffer.from(source).toString('base64')}`;
  known.set(name, url);
  return url;
}
