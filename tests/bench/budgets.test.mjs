// What each call costs a CGI program, in figures that repeat to the digit where
// times do not: instructions and page faults. budgets.mjs says what is allowed.

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { basename, join } from 'node:path';

import { operations } from '../support/openapi.mjs';
import { build, root } from '../support/paths.mjs';
import { BUDGETS } from './budgets.mjs';
import { TWEETS } from './fill.mjs';
import { counting, instructions, median, weighing, weight } from './measure.mjs';
import { Stage } from './stage.mjs';

const RUNS = 5; // where the kernel puts stack and heap makes a few faults more or fewer
const ELSEWHERE = 1.25; // what other compilers and libraries than Debian 12's may take more

const isDebian12 = /^VERSION_ID="12"$/m.test(readFileSync('/etc/os-release', 'utf8'));
const factor = isDebian12 ? 1 : ELSEWHERE;
const hasStatic = existsSync(join(root, 'build/static/cgi-bin'));
const others = basename(build) === 'static' || !hasStatic ? [] : ['static'];
const kinds = [basename(build), ...others];
const stages = new Map();

before(async () => {
  for (const kind of kinds) {
    stages.set(kind, await Stage.make(kind === basename(build) ? build : `build/${kind}`, TWEETS));
  }
});

after(() => stages.forEach((stage) => stage.remove()));

async function measured(stage, name) {
  const said = async (command) => {
    const { status, body, stderr } = await stage.run(name, command);
    assert.ok(status === 200 || status === 201, `${status} ${body}`);
    return stderr;
  };
  const taken = instructions(await said(counting));
  const faults = [];
  for (let i = 0; i < RUNS; i += 1) faults.push(weight(await said(weighing)).faults);
  return { millions: taken / 1e6, faults: median(faults) };
}

const figure = (millions) => millions.toFixed(millions < 10 ? 3 : 1);

/** What a call took in a build of a kind, in words, and which of it is too much. */
async function compared(kind, { name, budgets }) {
  const { millions, faults } = budgets[kind] ?? budgets.release;
  const took = await measured(stages.get(kind), name);
  const words = `${kind} ${figure(took.millions)} of ${millions} M, ${
    took.faults} of ${faults} faults`;
  const isWithin = took.millions <= millions * factor && took.faults <= faults * factor;
  return { words, over: isWithin ? [] : [words] };
}

test('every call of the API has a budget, and nothing else has', () => {
  assert.deepEqual(BUDGETS.map(({ name }) => name), operations.map(({ name }) => name));
});

test('static programs are measured, too',
  { skip: !hasStatic && 'there is no build/static' }, () => assert.ok(stages.has('static')));

for (const row of BUDGETS) {
  test(`${row.name} costs no more than it may`, async (t) => {
    const results = await Promise.all(kinds.map((kind) => compared(kind, row)));
    t.diagnostic(`${row.name}: ${results.map(({ words }) => words).join('; ')}`);
    assert.deepEqual(results.flatMap(({ over }) => over), []);
  });
}
