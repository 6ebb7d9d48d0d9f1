// What a check of a key costs tells nothing about the right one: a wrong key
// that begins as the right one does takes as many instructions as any other of
// its length, and one of another length only what hashing its own bytes takes.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { isError, isJson } from '../support/checks.mjs';
import { Forged } from '../support/forged.mjs';
import { counting, instructions } from './measure.mjs';

const PATH = '/api/v1/stats';
// A lookup by hash compares a byte or so more or fewer, whatever the key.
const NOISE = 200;
const HASH_BLOCK = 64; // SHA-256 works by these: an own key's length may show

let cgi;
before(async () => {
  cgi = new Forged();
  isJson(await cgi.run('stats', PATH), 200);
});
after(() => cgi?.remove());

/** Instructions of a request with a wrong key. */
async function cost(key) {
  const reply = await cgi.run('stats', PATH, {
    key, headers: { 'X-Request-Id': 'same' }, command: counting, env: { HOME: '/' },
  });
  isError({ ...reply, text: reply.body }, 401);
  return instructions(reply.stderr);
}

/** The right key up to byte `n`, then others, as long as `length`. */
const sharing = (n, length = cgi.key.length) => {
  const other = cgi.key[n] === 'A' ? 'B' : 'A';
  return cgi.key.slice(0, n) + other.repeat(length - n);
};

test('a wrong key costs the same, whatever part of the right one it has', async (t) => {
  const { length } = cgi.key;
  const keys = [0, 1, 8, 16, length - 2, length - 1].map((n) => sharing(n));
  const costs = [];
  for (const key of keys) costs.push(await cost(key));
  const spread = Math.max(...costs) - Math.min(...costs);
  t.diagnostic(`${Math.min(...costs)} instructions, ${spread} more at the most: ${costs.join(' ')}`);
  assert.ok(spread <= NOISE, `${spread}: ${costs}`);
  // Not even in the order of what is shared.
  const rising = costs.every((each, i) => i === 0 || each > costs[i - 1]);
  assert.ok(!rising, `each costs more than the one before: ${costs}`);
});

test("nor does the right key's length show", async (t) => {
  const { length } = cgi.key;
  const costs = [];
  for (const n of [length - 6, length - 1, length, length + 1, length + 6]) {
    assert.ok(n < HASH_BLOCK - 9);
    costs.push(await cost(sharing(0, n)));
  }
  // A byte more is copied and looked at; the right length is no step in that.
  const steps = costs.slice(1).map((each, i) => each - costs[i]);
  t.diagnostic(`steps of ${steps.join(', ')} instructions`);
  for (const step of steps) assert.ok(Math.abs(step) <= NOISE, `${costs}`);
});
