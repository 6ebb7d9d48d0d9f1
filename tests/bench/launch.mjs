// What the archive's launcher and loader add to a request: GET /health from the
// archive beside the same program of the build.
//
//   make dist && node tests/bench/launch.mjs

import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';

import { build } from '../support/paths.mjs';

const ROUNDS = 20;
const TIMES = 20; // a round
const env = { REQUEST_METHOD: 'GET', SCRIPT_NAME: '/api/v1/health' };
const programs = {
  build: join(build, 'cgi-bin/health'),
  archive: join(build, 'dist/twitter-manager/api/v1/health'),
};

/** Milliseconds a run, in the best of many rounds that take turns. */
function milliseconds() {
  const best = { build: Infinity, archive: Infinity };
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, program] of Object.entries(programs)) {
      const start = process.hrtime.bigint();
      for (let i = 0; i < TIMES; i++) execFileSync(program, { env });
      best[name] = Math.min(best[name], Number(process.hrtime.bigint() - start) / 1e6 / TIMES);
    }
  }
  return best;
}

function faults(program) {
  const { stderr } = spawnSync('/usr/bin/time', ['-f', '%R', program], { env, encoding: 'utf8' });
  return Number(stderr.trim().split('\n').at(-1));
}

const time = milliseconds();
for (const [name, program] of Object.entries(programs)) {
  console.log(`${name.padEnd(8)} ${time[name].toFixed(2)} ms, ${faults(program)} page faults`);
}
