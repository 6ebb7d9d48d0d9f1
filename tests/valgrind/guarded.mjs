// One request to a program as bare CGI, under valgrind's memcheck.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { cgiEnv, runCgi } from '../support/cgi.mjs';
import { root } from '../support/paths.mjs';

const FOUND = 99;
const MEMCHECK = ['valgrind', '--quiet', `--error-exitcode=${FOUND}`, '--leak-check=full',
  '--errors-for-leak-kinds=definite', '--show-leak-kinds=definite', '--num-callers=30'];

// Which program answers which path is said once, to the server.
const ALIASES = [...readFileSync(join(root, 'conf/lighttpd.conf'), 'utf8')
  .matchAll(/alias\.url = \( "([^"]+)" => var\.programs \+ "\/([^"]+)" \)/g)]
  .map(([, script, program]) => ({ script, program }));

function answering(path) {
  const found = ALIASES.find(({ script }) => path === script || path.startsWith(`${script}/`));
  assert.ok(found, `conf/lighttpd.conf has no program for ${path}`);
  return found;
}

/** The reply to { method, path, body, … } as cgiEnv takes it; valgrind is content. */
export async function guarded(settings, { method = 'GET', path, body, ...rest }) {
  const [plain, query = ''] = path.split('?');
  const { script, program } = answering(plain);
  const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
  const env = cgiEnv(settings, { method, path: plain, query, script, body: text, ...rest });
  const reply = await runCgi(program, {
    env, body: text, timeout: 120_000, command: (list) => [...MEMCHECK, ...list],
  });
  const about = `${method} ${path}: ${reply.status} ${reply.body.slice(0, 300)}`;
  assert.doesNotMatch(reply.stderr, /^==\d+==/m, `${about}\n${reply.stderr}`);
  assert.equal(reply.exitCode, 0, `${about}\n${reply.stderr}`);
  assert.ok(reply.status, about);
  return reply;
}
