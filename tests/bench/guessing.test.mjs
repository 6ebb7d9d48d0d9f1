// What whoever tries out keys can learn from how long it takes, and what others
// notice of it.

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';

import { isError, isJson } from '../support/checks.mjs';
import { Forged } from '../support/forged.mjs';
import { request, startInstance } from '../support/instance.mjs';
import { counting, instructions, median } from './measure.mjs';

const TEST = '/api/v1/test';
const WRONG = Number(process.env.WRONG_KEYS ?? 10_000);
const GUESSERS = 3;
const NOISE = 1.1;

const anyKey = () => randomBytes(24).toString('base64url');

async function timed(times, ask) {
  const start = process.hrtime.bigint();
  const reply = await ask();
  times.push(Number(process.hrtime.bigint() - start) / 1e6);
  return reply;
}

test('while one guesses thousands of keys, a right one works and no wrong one takes longer', async (t) => {
  const instance = await startInstance();
  const [right, wrong] = [[], []];
  const refusals = { 401: 0, 429: 0 };
  try {
    const guess = async () => {
      while (wrong.length < WRONG) {
        const reply = await timed(wrong, () => request(instance, 'GET', TEST, { key: anyKey() }));
        isError(reply, [401, 429]);
        refusals[reply.status] += 1;
      }
    };
    const work = async () => {
      while (wrong.length < WRONG) {
        isJson(await timed(right, () => request(instance, 'GET', TEST)), 200);
        await new Promise((done) => { setTimeout(done, 20); }); // as often as a key may
      }
    };
    await Promise.all([...Array.from({ length: GUESSERS }, guess), work()]);
  } finally {
    await instance.stop();
  }
  const words = `a wrong key took ${median(wrong).toFixed(2)} ms, a right one ${
    median(right).toFixed(2)} ms; ${refusals[401]} of ${wrong.length} wrong ones were looked at`;
  t.diagnostic(words);
  assert.ok(median(wrong) <= median(right) * NOISE, words);
  assert.ok(refusals[429] > refusals[401], words);
});

test('a key that is nearly right takes as many instructions as any other', async (t) => {
  const cgi = new Forged();
  try {
    const { key } = cgi;
    await cgi.run('health', TEST); // the database is there
    const taken = async (wrong) => {
      const reply = await cgi.run('health', TEST, { key: wrong, command: counting });
      isError(reply, 401);
      return instructions(reply.stderr);
    };
    const other = (at) => key.slice(0, at) + (key[at] === 'x' ? 'y' : 'x') + key.slice(at + 1);
    const any = [];
    const near = [];
    for (let n = 0; n < 5; n += 1) {
      any.push(await taken(anyKey()));
      near.push(await taken(other(key.length - 1 - n)));
    }
    const words = `any ${median(any)}, nearly right ${median(near)} instructions`;
    t.diagnostic(words);
    assert.ok(Math.abs(median(any) - median(near)) < median(any) / 500, words);
  } finally {
    cgi.remove();
  }
});
