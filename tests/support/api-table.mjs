// api-table.mjs - puts the table of all calls into conf/API.md, as the API's
// description has them: node tests/support/api-table.mjs, after make.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { operations, resolve } from './openapi.mjs';
import { root } from './paths.mjs';

const HEAD = '| call | | query, {body} |\n|---|---|---|\n';

/** What a call takes: parameters of the query, then the body's members in braces. */
function takes({ parameters = [], requestBody }) {
  const query = parameters.map(resolve).filter((one) => one.in === 'query')
    .map(({ name }) => `\`${name}\``);
  const schema = resolve(requestBody?.content['application/json'].schema);
  const members = Object.keys(schema?.properties ?? {});
  return [...query, ...(members.length ? [`\`{${members.join(', ')}}\``] : [])].join(', ');
}

const row = ({ method, path, operation }) =>
  `| ${operation.security?.length === 0 ? '○ ' : ''}\`${method.toUpperCase()} ${path}\` | ${
    operation.summary} | ${takes(operation)} |\n`;

/** The page with the table that it should have. */
export function withTable(page) {
  const start = page.indexOf('| call |');
  const end = page.indexOf('\n\n', start) + 1;
  return page.slice(0, start) + HEAD + operations.map(row).join('') + page.slice(end);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const file = join(root, 'conf/API.md');
  writeFileSync(file, withTable(readFileSync(file, 'utf8')));
}
