// Requests a second under lighttpd, with 4 clients: a list of 50 tweets of
// 10,000, beside a program that writes a constant, which is all that CGI allows
// on this machine. Only the ratio carries over to others.
//
//   make && node tests/bench/throughput.mjs [seconds a round]

import { execFileSync } from 'node:child_process';
import { cpSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

import { newFolder, removeFolder } from '../support/settings.mjs';

const CLIENTS = 4;
const ROUNDS = 3;
const seconds = Number(process.argv[2] ?? 5);

const CONSTANT = String.raw`
#include <unistd.h>
int main(void)
{
  static const char reply[] = "Status: 200 OK\r\nContent-Type: application/json\r\n"
    "Content-Length: 2\r\n\r\n{}";
  return write(1, reply, sizeof(reply) - 1) < 0;
}
`;

const root = fileURLToPath(new URL('../..', import.meta.url));
const build = resolve(root, process.env.BUILD ?? 'build/release');
const dir = newFolder();
const copy = join(dir, 'build');

// A copy of the build, in which the constant stands in for one program.
cpSync(build, copy, { recursive: true, filter: (path) => !/\/(obj|tests)$/.test(path) });
writeFileSync(join(dir, 'constant.c'), CONSTANT);
execFileSync('cc', ['-O2', '-static', join(dir, 'constant.c'), '-o',
  join(copy, 'cgi-bin', 'mock-mode')]);
process.env.BUILD = copy; // is read when this is loaded
const { db, startInstance } = await import('../support/instance.mjs');
const { FILL } = await import('./fill.mjs');

/** Whole requests a second, of as many clients as there are at once. */
async function rate(instance, path) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: CLIENTS });
  const end = Date.now() + seconds * 1000;
  let count = 0;
  const one = () => new Promise((resolve, reject) => {
    const headers = { 'X-API-Key': instance.key };
    http.get(`${instance.url}${path}`, { agent, headers }, (reply) => {
      if (reply.statusCode !== 200) reject(new Error(`${path}: ${reply.statusCode}`));
      reply.resume().on('end', resolve);
    }).on('error', reject);
  });
  await Promise.all(Array.from({ length: CLIENTS }, async () => {
    for (; Date.now() < end; count += 1) await one();
  }));
  agent.destroy();
  return count / seconds;
}

const PATHS = {
  'a constant, static program': '/api/v1/mock-mode',
  health: '/api/v1/health',
  'a list of 50 tweets of 10,000': '/api/v1/tweets',
};
const instance = await startInstance();
try {
  await db(instance, FILL);
  const best = new Map();
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [what, path] of Object.entries(PATHS)) {
      best.set(what, Math.max(best.get(what) ?? 0, await rate(instance, path)));
    }
  }
  const [floor] = best.values();
  for (const [what, figure] of best) {
    console.log(`${what.padEnd(32)} ${figure.toFixed(0).padStart(6)} a second  ${
      (figure / floor).toFixed(2)}`);
  }
} finally {
  await instance.stop();
  removeFolder(dir);
}
