// The floors: a CGI program that writes a constant, linked statically with
// glibc and with musl. Nothing that is one process a request costs less.

import { execFileSync } from 'node:child_process';
import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { startInstance } from '../support/instance.mjs';
import { root } from '../support/paths.mjs';
import { newFolder, removeFolder } from '../support/settings.mjs';
import { load } from './load.mjs';

const CONSTANT = String.raw`
#include <unistd.h>
int main(void)
{
  static const char reply[] = "Status: 200 OK\r\nContent-Type: application/json\r\n"
    "Content-Length: 2\r\n\r\n{}";
  return write(1, reply, sizeof(reply) - 1) < 0;
}
`;

// Each linked by a compiler, and for whom it stands in where it is served.
const FLOORS = {
  glibc: { compiler: 'gcc', program: 'mock-mode' },
  musl: { compiler: 'musl-gcc', program: 'rate-limits' },
};

/** Makes them: { glibc: file, musl: file, remove }. */
export function makeFloors() {
  const dir = newFolder();
  const source = join(dir, 'constant.c');
  writeFileSync(source, CONSTANT);
  const files = Object.entries(FLOORS).map(([name, { compiler }]) => {
    execFileSync(compiler, ['-O2', '-static', source, '-o', join(dir, name)]);
    return [name, join(dir, name)];
  });
  return { ...Object.fromEntries(files), remove: () => removeFolder(dir) };
}

/** What lighttpd serves of each: { glibc, musl }, as load() tells it. */
export async function servedFloors(floors, seconds) {
  const dir = newFolder();
  const copy = join(dir, 'build');
  cpSync(join(root, 'build/release'), copy,
    { recursive: true, filter: (path) => !/\/(obj|tests)$/.test(path) });
  for (const [name, { program }] of Object.entries(FLOORS)) {
    cpSync(floors[name], join(copy, 'cgi-bin', program));
  }
  const instance = await startInstance({ env: { BUILD: copy } });
  const result = {};
  try {
    for (const [name, { program }] of Object.entries(FLOORS)) {
      const call = { method: 'GET', path: `/api/v1/${program}` };
      result[name] = await load(instance, () => call, { seconds });
    }
  } finally {
    await instance.stop();
    removeFolder(dir);
  }
  return result;
}
