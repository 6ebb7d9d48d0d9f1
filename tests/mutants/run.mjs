// run.mjs - breaks one line of lib/ at a time, and says which breaks no test
// notices: node tests/mutants/run.mjs [WORD…]
//
// tests/mutants/*.list hold the mutants. Each is a block of lines:
//
//   lib/base/clock.c
//   - the line as it is, or several that follow each other
//   + what stands there instead (nothing: the lines go)
//   = the tests that must notice: test_clock cgi/head http/late
//
// Lines are compared without indentation and comments, so that a mutant
// survives moves and rewording; one whose lines are not found once is an error,
// as is one that does not compile. A WORD picks the mutants whose list, file or
// tests contain it. All is built and run in a copy of what Git knows, so the
// working copy stays as it is. First the tests run without a mutant, then with
// each its own, until one fails.

import { spawnSync } from 'node:child_process';
import {
  cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const root = resolve(here, '../..');
const copy = mkdtempSync(join(tmpdir(), 'twitter-manager-mutants-'));
const BUILD = 'build/mutants';
const env = { ...process.env, BUILD, CFLAGS: '-O0' };
for (const name of ['MAKEFLAGS', 'MFLAGS', 'MAKELEVEL']) delete env[name];

function run(command, args, seconds) {
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd: copy, env, encoding: 'utf8', timeout: seconds * 1000, killSignal: 'SIGKILL',
    maxBuffer: 1 << 28,
  });
  return { ok: status === 0, output: stdout + stderr };
}

/** Whether TEST passes on what is there; it is built first. */
function passes(test) {
  const unit = test.startsWith('test_');
  const goal = unit ? `${BUILD}/tests/${test}` : 'all';
  const built = run('make', ['--no-print-directory', '-j2', `BUILD=${BUILD}`, goal], 600);
  if (!built.ok) throw new Error(`${goal} does not build: ${built.output.slice(-800)}`);
  return (unit ? run(`${BUILD}/tests/${test}`, [], 120)
    : run(process.execPath, ['--test', `tests/${test}.test.mjs`], 300)).ok;
}

function read(list) {
  return readFileSync(join(here, list), 'utf8').split(/\n(?:[ \t]*\n)+/).map((block) => {
    const lines = block.split('\n').filter((line) => line && !line.startsWith('#'));
    const part = (mark) => lines.filter((line) => line.startsWith(mark))
      .map((line) => line.slice(1).trim());
    return {
      area: list.replace('.list', ''), file: lines[0], from: part('-'), to: part('+'),
      tests: part('=').join(' ').split(/\s+/).filter(Boolean),
    };
  }).filter(({ file }) => file);
}

const bare = (line = '') => line.replace(/\/\*.*?\*\//g, '').trim();

/** The text of a mutant's file with its lines changed. */
function mutated({ file, from, to }, text) {
  const lines = text.split('\n');
  const places = lines.map((_, i) => i)
    .filter((i) => from.every((line, k) => bare(lines[i + k]) === bare(line)));
  if (!from.length || places.length !== 1) {
    throw new Error(`${file}: found ${places.length} times: ${from.join(' / ')}`);
  }
  lines.splice(places[0], from.length, ...to);
  return lines.join('\n');
}

function prepare() {
  const files = spawnSync('git', ['ls-files'], { cwd: root, encoding: 'utf8' }).stdout;
  for (const file of files.split('\n').filter(Boolean)) {
    mkdirSync(dirname(join(copy, file)), { recursive: true });
    cpSync(join(root, file), join(copy, file), { verbatimSymlinks: true });
  }
  symlinkSync(join(root, 'tests/node_modules'), join(copy, 'tests/node_modules'));
}

function tryOut(mutant) {
  const path = join(copy, mutant.file);
  const text = readFileSync(path, 'utf8');
  try {
    writeFileSync(path, mutated(mutant, text));
    const test = mutant.tests.find((each) => !passes(each));
    return { killed: Boolean(test), words: test ? `killed by ${test}` : 'SURVIVED' };
  } catch (fault) {
    return { killed: false, words: `ERROR: ${fault.message}` };
  } finally {
    writeFileSync(path, text);
  }
}

/** Refuses a list of which some mutants cannot be made, and names them. */
function checkAll(mutants) {
  const faults = mutants.flatMap((mutant) => {
    try {
      mutated(mutant, readFileSync(join(root, mutant.file), 'utf8'));
      return [];
    } catch (fault) {
      return [fault.message];
    }
  });
  if (faults.length) throw new Error(faults.join('\n'));
}

/** Runs the mutants that WORDS pick; how many were not killed. */
function main(picks) {
  const all = readdirSync(here).filter((name) => name.endsWith('.list')).sort().flatMap(read);
  const mutants = all.filter(({ area, file, tests }) => !picks.length
    || picks.some((word) => `${area} ${file} ${tests}`.includes(word)));
  const score = {};
  let bad = 0;
  checkAll(all);
  prepare();
  for (const test of new Set(mutants.flatMap(({ tests }) => tests))) {
    if (!passes(test)) throw new Error(`${test} fails without a mutant`);
  }
  for (const mutant of mutants) {
    const area = score[mutant.area] ??= { killed: 0, all: 0 };
    const { killed, words } = tryOut(mutant);
    area.all += 1;
    area.killed += killed;
    bad += !killed;
    console.log(`${words}: ${mutant.file}: ${mutant.from.join(' ')} => ${
      mutant.to.join(' ') || 'nothing'}`);
  }
  for (const [area, { killed, all }] of Object.entries(score)) {
    console.log(`${area.padEnd(10)} ${killed} of ${all} killed`);
  }
  return bad;
}

try {
  process.exitCode = main(process.argv.slice(2)) ? 1 : 0;
} catch (fault) {
  console.log(fault.message);
  process.exitCode = 1;
} finally {
  rmSync(copy, { recursive: true, force: true });
}
