// stub.mjs - a build whose programs tell what they were given, and conf/serve
// running it: what the server does is seen apart from what our programs do.

import { spawn } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { freePort } from '../support/instance.mjs';
import { root } from '../support/paths.mjs';
import { newFolder, removeFolder } from '../support/settings.mjs';

const PROGRAMS = ['health', 'auth', 'accounts', 'tweets', 'publish', 'stats', 'mock-mode',
  'setup'];

// Servers give programs no PATH, so each tool has its place.
const TELL = `#!/bin/sh
printf 'Content-Type: text/plain\\n\\n'
case $QUERY_STRING in *slow*) /usr/bin/sleep 0.5 ;; esac
printf 'PROGRAM=%s\\0BODY=%s\\0' "\${0##*/}" "$(/usr/bin/wc -c)"
exec /usr/bin/env -0
`;

// The tool: init makes a .env, a tick notes when it came and with what.
const TOOL = `#!/bin/sh
here=\${TWITTER_MANAGER_ENV%/*}
case $1 in
init)
	echo "$1" >"$here/init-was-called"
	echo API_KEY=made-by-init >"$TWITTER_MANAGER_ENV"
	;;
tick)
	echo "$(date +%s.%N) $$ $* $INSTANCE_DIR" >>"$here/ticks"
	[ ! -e "$here/slow" ] || exec sleep 30
	[ ! -e "$here/wrong" ] || { echo 'tick: this went wrong' >&2; exit 75; }
	echo 'a line for a terminal'
	;;
esac
`;

function writeProgram(path, text) {
  writeFileSync(path, text);
  chmodSync(path, 0o755);
}

/** A folder with a build of stubs in it; `env` is the text of a .env, if any. */
export function makeStub({ env } = {}) {
  const dir = newFolder();
  const build = join(dir, 'build');
  mkdirSync(join(build, 'cgi-bin'), { recursive: true });
  mkdirSync(join(build, 'bin'));
  for (const name of PROGRAMS) writeProgram(join(build, 'cgi-bin', name), TELL);
  writeProgram(join(build, 'bin', 'twitter-manager'), TOOL);
  cpSync(join(root, 'www'), join(build, 'www'), { recursive: true });
  if (env !== undefined) writeFileSync(join(dir, '.env'), env);
  return { dir, build, envFile: join(dir, '.env'), remove: () => removeFolder(dir) };
}

/** conf/serve with that environment and no other: { output, ended, stop }. */
export function serve(stub, env = {}) {
  const child = spawn(join(root, 'conf', 'serve'), {
    cwd: stub.dir,
    env: {
      PATH: process.env.PATH, BUILD: stub.build, TWITTER_MANAGER_ENV: stub.envFile, ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const server = { child, output: '', code: null };
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => { server.output += text; });
  }
  server.ended = new Promise((done) => {
    child.once('close', (code, signal) => { server.code = signal ?? code; done(server.code); });
  });
  server.stop = (signal = 'SIGTERM') => { child.kill(signal); return server.ended; };
  return server;
}

/** Serves a stub while `use(url, server, stub)` runs, at a free port. */
export async function serving({ stub: given, env = {}, ...options }, use) {
  const stub = given ?? makeStub(options);
  const port = env.PORT ?? String(await freePort());
  const server = serve(stub, { PORT: port, ...env });
  try {
    while (!server.output.includes('server started')) {
      if (server.code !== null) throw new Error(`server ended: ${server.output}`);
      await sleep(20);
    }
    return await use(`http://127.0.0.1:${port}`, server, stub);
  } finally {
    await server.stop();
    stub.remove();
  }
}

/** What the program that answered was given: { PROGRAM, BODY, PATH_INFO … }. */
export function told(text) {
  return Object.fromEntries(text.split('\0').filter(Boolean).map((pair) => {
    const at = pair.indexOf('=');
    return [pair.slice(0, at), pair.slice(at + 1)];
  }));
}
