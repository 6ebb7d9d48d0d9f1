// run.mjs - runs the tests and counts them: node tests/run.mjs check rest
//
// Arguments are "check" (what `make check` runs), "rest" (what `make check-all`
// runs besides), "release" (what is too long for each day) or names of rows
// below. Programs are those in the folder BUILD
// (build/release) unless a row names builds of its own. Ends with one line,
// "N passed, N failed", and fails when a test fails, a suite breaks off, or
// nothing ran.
//
// SERVER=apache runs what depends on the web server under that one, and counts
// apart what tests/servers/excused.mjs says it cannot pass.

import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

import { excusesFor } from './servers/excused.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const given = process.env.BUILD || 'build/release';
const server = process.env.SERVER || 'lighttpd';
const [debug, plain, clang, fuzzed, statics] = ['debug', 'plain', 'clang', 'fuzz', 'static']
  .map((kind) => `build/${kind}`);

// What the make above us was told is not for the makes below: a build's kind
// chooses its compiler and flags.
for (const name of ['MAKEFLAGS', 'MFLAGS', 'MAKELEVEL']) delete process.env[name];

/*
 * The table of suites; a new folder of tests is a row. `check` and `rest` are
 * the builds on which it runs there, as does `release`. `jobs` makes its
 * commands, by default one for each *.test.mjs in tests/NAME. `env` holds in
 * `rest`. A suite that is `alone` measures or disturbs, so nothing runs beside
 * it, and says figures. What depends on the web server is `served`: it alone is
 * run for a SERVER, and in `rest` and `release` under these others, too, in
 * `release` with static programs besides.
 */
const others = ['apache', 'nginx', 'busybox'];
const suites = [
  { name: 'style', check: [given], jobs: style },
  { name: 'unit', check: [given], rest: [debug, clang], jobs: programs },
  { name: 'crypto', check: [given], rest: [debug] },
  { name: 'net', check: [given], rest: [debug] },
  { name: 'cgi', check: [given], rest: [debug, statics] },
  {
    name: 'http', check: [given], rest: [debug, statics],
    served: { release: others },
  },
  { name: 'openapi', check: [given], rest: [debug] },
  {
    name: 'postman', check: [given], rest: [debug, statics], jobs: postman,
    served: { rest: others, release: others },
  },
  { name: 'servers', check: [given], rest: [statics], served: { rest: others, release: others } },
  { name: 'browser', check: [given], release: [debug] },
  { name: 'length', check: [given], rest: [given], env: { LENGTH_CASES: '20000' } },
  { name: 'serve', check: [given], rest: [statics] },
  { name: 'tool', check: [given], rest: [statics] },
  { name: 'dist', rest: [given] },
  { name: 'schedule', rest: [given] },
  { name: 'fault', rest: [given], alone: true },
  { name: 'valgrind', rest: [plain], jobs: valgrind },
  { name: 'analyze', rest: [given], jobs: scripts('../support/analyze.sh') },
  { name: 'fuzz', rest: [fuzzed], jobs: fuzz },
  { name: 'bench', rest: [given], alone: true },
  { name: 'release', release: [given], jobs: release, alone: true },
];
const notSuites = ['node_modules', 'support', 'style', 'mutants'];
const minutes = { check: 4, rest: 15, release: 120 }; // no job takes longer

const listed = (folder, pattern) => (existsSync(join(root, folder))
  ? readdirSync(join(root, folder)).filter((name) => pattern.test(name)).sort() : []);

// ---- the jobs of a suite: { name, command, node } ---------------------------

function files(suite) {
  return listed(`tests/${suite.name}`, /\.test\.mjs$/).map((file) => ({
    name: `${suite.name}/${file.replace('.test.mjs', '')}`,
    command: [process.execPath, '--test-reporter=tap', `tests/${suite.name}/${file}`],
    node: true,
  }));
}

function scripts(...names) {
  return (suite) => names.map((name) => join('tests', suite.name, name))
    .filter((path) => existsSync(join(root, path)))
    .map((path) => ({
      name: suite.name,
      command: path.endsWith('.mjs') ? [process.execPath, path] : [path],
    }));
}

function programs(suite, build) {
  return listed(`${build}/tests`, /^test_/).map((file) => ({
    name: `${suite.name}/${file}`, command: [join(resolve(root, build), 'tests', file)],
  }));
}

function style() {
  return ['check', 'programs'].map((name) => ({
    name: `style/${name}`, command: [`tests/style/${name}`],
  }));
}

function valgrind(suite, build) {
  const guard = ['valgrind', '--quiet', '--error-exitcode=99', '--leak-check=full',
    '--errors-for-leak-kinds=definite,indirect,possible'];
  return [...programs(suite, build).map((job) => (
    { ...job, command: [...guard, ...job.command] })), ...files(suite)];
}

function fuzz(suite, build) {
  return listed(`${build}/tests`, /^fuzz-/).map((file) => ({
    name: `fuzz/${file}`, command: ['tests/support/fuzz.sh', file.replace('fuzz-', '')],
  }));
}

function postman(suite) {
  return [...scripts('run.mjs')(suite), ...files(suite)];
}

function release(suite) {
  const debians = ['bookworm', 'trixie'].map((name) => ({
    name: `release/${name}`, command: ['tests/release/debian', name],
  }));
  const browsers = ['firefox', 'webkit'].map((name) => ({
    name: `release/${name}`, command: ['tests/release/browser', name], node: true,
  }));
  return [...files(suite), ...browsers, ...debians];
}

// ---- counting ---------------------------------------------------------------

/**
 * Takes what is excused under the job's server out of what failed. What is
 * excused and did not fail, has; gives the names of such.
 */
function excuse(job, output, counts) {
  const failures = [...output.matchAll(/^not ok (?:\d+ )?- (.*)$/gm)].map(([, name]) => name);
  counts.excused = 0;
  return Object.keys(excusesFor(job.env.SERVER, job.name)).filter((name) => {
    const times = failures.filter((each) => each === name || each.startsWith(`${name}: `)).length;
    counts.failed += times ? -times : 1;
    counts.excused += times;
    return times === 0;
  });
}

/** What the output of a job counts, or null if it says nothing of tests. */
function count(job, output) {
  const last = (pattern) => [...output.matchAll(pattern)].at(-1);
  const number = (word) => Number(last(new RegExp(`^# ${word} (\\d+)$`, 'gm'))?.[1] ?? NaN);
  if (job.node) {
    const [passed, failed] = [number('pass'), number('fail') + number('cancelled')];
    if (Number.isNaN(passed + failed)) return null;
    return { passed, failed, skipped: (number('skipped') || 0) + (number('todo') || 0) };
  }
  const line = last(/^(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$/gm);
  if (line) {
    return { passed: +line[1], failed: +line[2], skipped: +(line[3] ?? 0) };
  }
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for (const [, not, rest] of output.matchAll(/^(not )?ok\b(.*)$/gm)) {
    if (/#\s*skip/i.test(rest)) counts.skipped++;
    else counts[not ? 'failed' : 'passed']++;
  }
  return counts.passed + counts.failed + counts.skipped ? counts : null;
}

// ---- running ----------------------------------------------------------------

const total = { passed: 0, failed: 0, skipped: 0, excused: 0 };
const broken = [];
const running = new Set();

function endAll(signal) {
  for (const pid of running) {
    try { process.kill(-pid, signal); } catch { /* gone already */ }
  }
}
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => { endAll('SIGKILL'); process.exit(130); });
}

/** Runs a job in a process group of its own; gives its output and its end. */
function execute(job) {
  return new Promise((done) => {
    const [program, ...args] = job.command;
    const child = spawn(program, args, {
      cwd: root, detached: true, stdio: ['ignore', 'pipe', 'pipe'], env: job.env,
    });
    const chunks = [];
    let why = '';
    const end = (reason) => {
      clearTimeout(timer);
      try { process.kill(-child.pid, 'SIGKILL'); } catch { /* none is left */ }
      running.delete(child.pid);
      done({ output: Buffer.concat(chunks).toString(), why: why || reason });
    };
    const timer = setTimeout(() => {
      why = `took more than ${job.minutes} minutes`;
      try { process.kill(-child.pid, 'SIGKILL'); } catch { /* just ended */ }
    }, job.minutes * 60_000);
    if (child.pid) running.add(child.pid);
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk) => chunks.push(chunk));
    }
    child.on('error', (error) => end(String(error)));
    // What a job left behind may hold the pipes: it goes with the job.
    child.on('exit', () => setTimeout(() => {
      try { process.kill(-child.pid, 'SIGKILL'); } catch { /* none is left */ }
    }, 500).unref());
    child.on('close', (code, signal) => end(signal ? `ended by ${signal}`
      : code ? `exited with ${code}` : ''));
  });
}

/** The output of a failed job without what node says of tests that passed. */
function telling(output) {
  return output.replaceAll(
    /^( *)# Subtest: .*\n\1ok .*\n\1  ---\n(?:\1  .*\n)*?\1  \.\.\.\n/gm, '').trimEnd();
}

/**
 * Runs a job of a sanitized build with a folder for what sanitizers report:
 * programs that a server starts have no other way to be heard.
 */
async function watched(job) {
  const folder = mkdtempSync(join(tmpdir(), 'sanitizer-'));
  const options = `print_stacktrace=1:log_path=${folder}/report`;
  const env = { ...job.env, ASAN_OPTIONS: options, UBSAN_OPTIONS: options };
  const { output, why } = await execute({ ...job, env });
  const reports = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
  rmSync(folder, { recursive: true });
  return { output: [output, ...reports].join('\n'), why, reports: reports.length };
}

/** What was skipped, and why: nothing is left out in silence. */
const skips = (output) => [...output.matchAll(/^ *ok\b(?: \d+)?(?: -)? (.*?) # (?:skip|todo)\b:? *(.*)$/gim)]
  .map(([, name, why]) => `      skipped: ${name}${why && ` (${why})`}\n`).join('');

/** What tests that measure have to say even when they pass. */
const figures = (output) => [...output.matchAll(/^# (?!Subtest: )(.* .* .*)$/gm)]
  .map(([, line]) => `      ${line}\n`).join('');

async function run(job) {
  const start = Date.now();
  const sanitized = job.env.BUILD.endsWith('debug');
  const { output, why, reports = 0 } = await (sanitized ? watched : execute)(job);
  const counts = count(job, output) ?? { passed: 0, failed: 0, skipped: 0 };
  const unneeded = excuse(job, output, counts);
  const none = counts.passed + counts.failed + counts.skipped + counts.excused === 0;
  const fault = (reports && `${reports} reports of sanitizers`)
    || (why && !counts.failed && !(counts.excused && why === 'exited with 1') && why)
    || (none && 'ran no test');
  if (fault) counts.failed++;
  for (const word of Object.keys(total)) total[word] += counts[word];
  const bad = counts.failed > 0;
  const seconds = ((Date.now() - start) / 1000).toFixed(1);
  console.log(`${bad ? 'FAIL' : 'ok  '}  ${job.title.padEnd(36)} ${
    String(counts.passed).padStart(5)} passed${bad ? `, ${counts.failed} failed` : ''
  }${counts.excused ? `, ${counts.excused} excused` : ''
  }${counts.skipped ? `, ${counts.skipped} skipped` : ''}  ${seconds} s`);
  process.stdout.write(skips(output));
  if (job.alone && !bad) process.stdout.write(figures(output));
  if (bad) {
    broken.push(job.title);
    console.log(`---- ${job.title}: ${job.command.join(' ')}\n${telling(output)}${
      unneeded.map((name) => `\nexcused, but did not fail: ${name}`).join('')}${
      fault ? `\n${fault}` : ''}\n----`);
  }
}

/** As many jobs at a time as there are processors; lone ones by themselves. */
async function runAll(jobs) {
  const waiting = jobs.filter((job) => !job.alone);
  const worker = async () => {
    while (waiting.length) await run(waiting.shift());
  };
  await Promise.all(Array.from({ length: Math.max(2, cpus().length) }, worker));
  for (const job of jobs.filter((each) => each.alone)) await run(job);
}

/** Makes what a build consists of; a build that fails counts as a failure. */
function make(build) {
  // there is no cmocka for static programs
  const goals = { [fuzzed]: ['fuzzers'], [statics]: ['all', 'test-tools'] }[build] ?? ['all', 'tests'];
  const { status, stdout, stderr } = spawnSync('make', ['--no-print-directory',
    `-j${cpus().length}`, `BUILD=${build}`, 'WERROR=1', ...goals],
  { cwd: root, encoding: 'utf8' });
  if (status === 0) return true;
  console.log(`FAIL  ${build} does not build\n${stdout}${stderr}`);
  broken.push(`make BUILD=${build}`);
  total.failed++;
  return false;
}

/** The rows that a word of the command line asks for, with where they run. */
function asked(word) {
  if (word in minutes) {
    const served = suites.filter((suite) => suite.served)
      .flatMap((suite) => (server === 'lighttpd' ? suite.served[word] ?? [] : [server])
        .map((under) => ({
          suite, builds: word === 'release' ? [given, statics] : [given], when: 'check', under,
        })));
    if (server !== 'lighttpd') return served;
    return [...suites.filter((suite) => suite[word])
      .map((suite) => ({ suite, builds: suite[word], when: word })), ...served];
  }
  const suite = suites.find((each) => each.name === word);
  if (!suite) throw new Error(`no suite is called ${word}`);
  const when = Object.keys(minutes).find((each) => suite[each]);
  return [{ suite, builds: when === 'check' ? [given] : suite[when], when }];
}

try {
  await import('./support/servers/index.mjs').then(({ serverName }) => serverName());
  const deps = server === 'lighttpd' ? { status: 0 }
    : spawnSync('conf/install-deps', ['server', server], { cwd: root, stdio: 'inherit' });
  if (deps.status !== 0) throw new Error(`no packages for ${server}`);
} catch (fault) {
  console.log(`${fault.message}\n0 passed, 1 failed`);
  process.exit(1);
}

for (const { name } of readdirSync(join(root, 'tests'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && !notSuites.includes(entry.name))) {
  if (process.argv.includes('check') && !suites.some((suite) => suite.name === name)) {
    console.log(`FAIL  tests/${name} has no row in tests/run.mjs`);
    broken.push(`tests/${name}`);
    total.failed++;
  }
}

const built = new Map([[given, true]]);
const start = Date.now();
for (const word of process.argv.slice(2)) {
  const jobs = [];
  for (const { suite, builds, when, under = server } of asked(word)) {
    for (const build of builds) {
      if (!built.has(build)) built.set(build, make(build));
      if (!built.get(build)) continue;
      for (const job of (suite.jobs ?? files)(suite, build)) {
        jobs.push({
          ...job,
          title: [job.name, build !== given && `(${build.replace('build/', '')})`,
            under !== 'lighttpd' && `(${under})`].filter(Boolean).join(' '),
          alone: suite.alone,
          minutes: minutes[when],
          env: {
            ...process.env, BUILD: build, SERVER: under, CMOCKA_MESSAGE_OUTPUT: 'TAP',
            ...(when === 'rest' ? suite.env : {}),
          },
        });
      }
    }
  }
  await runAll(jobs);
}

const seconds = Math.round((Date.now() - start) / 1000);
console.log(`\n${Math.floor(seconds / 60)} min ${seconds % 60} s${
  broken.length ? `; failed: ${broken.join(', ')}` : ''}`);
if (total.excused) console.log(`${total.excused} excused, see tests/servers/excused.mjs`);
console.log(`${total.passed} passed, ${total.failed} failed${
  total.skipped ? `, ${total.skipped} skipped` : ''}`);
process.exitCode = total.failed || !total.passed ? 1 : 0;
