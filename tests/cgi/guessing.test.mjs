// Guessing keys: wrong ones from one address are soon refused at once, and a
// right one passes whatever others do. Whose address it is, by what the server
// and proxies say.

import assert from 'node:assert/strict';
import { after, beforeEach, test } from 'node:test';

import { each, isError, isJson } from '../support/checks.mjs';
import { Forged } from '../support/forged.mjs';
import { forgetLimits } from '../support/limits.mjs';
import { Site } from '../support/site.mjs';

const TEST = '/api/v1/test';
const GUESSES = 30;
const PROXY = '10.0.0.1';

const cgi = new Forged({ env: { TRUSTED_PROXIES: '10.0.0.0/8, 2001:db8:f::1' } });
const unlimited = new Forged({ env: { RATE_LIMIT_PER_MINUTE: '0' } });
after(() => [cgi, unlimited].forEach((each) => each.remove()));
beforeEach(() => [cgi, unlimited].forEach(forgetLimits));

const ask = (env, how, on = cgi) => on.run('health', TEST, { env, ...how });
const from = (address, how, on) => ask({ REMOTE_ADDR: address }, how, on);
const by = (forwarded, how) => ask({ REMOTE_ADDR: PROXY, HTTP_X_FORWARDED_FOR: forwarded }, how);
const wrong = { key: 'a-wrong-key' };

function isTooMuch(reply) {
  isError(reply, 429, 'too_many_requests');
  const wait = Number(reply.headers['retry-after']);
  assert.ok(wait >= 1 && wait <= 60, String(wait));
}

/** Guesses as often as one may. */
async function useUp(guess) {
  for (let n = 0; n < GUESSES; n += 1) isError(await guess(n), 401, 'invalid_api_key');
}

test('after 30 wrong keys a wrong one is 429, a right one passes, and others may be wrong', async () => {
  await useUp((n) => from('192.0.2.1', { key: `wrong-${n}` }));
  isTooMuch(await from('192.0.2.1', wrong));
  isJson(await from('192.0.2.1'), 200);
  isTooMuch(await from('192.0.2.1', wrong));
  isError(await from('192.0.2.2', wrong), 401);
});

test('a key counts as a guess in each of its ways, no key and no likeness of one do not', async () => {
  const ways = [wrong, { key: null, headers: { Authorization: 'Bearer wrong' } },
    { key: null, query: 'api_key=wrong' }];
  await useUp((n) => from('192.0.2.1', ways[n % 3]));
  for (const way of ways) isTooMuch(await from('192.0.2.1', way));
  for (const how of [{ key: null }, { key: '' }, { key: 'one, two' }]) {
    isError(await from('192.0.2.1', how), 401);
  }
});

test('guesses are counted though nobody is limited', async () => {
  await useUp(() => from('192.0.2.1', wrong, unlimited));
  isTooMuch(await from('192.0.2.1', wrong, unlimited));
  isJson(await from('192.0.2.1', {}, unlimited), 200);
});

test('a network of 64 bits is one address, and so is all that says none', async () => {
  await useUp((n) => from(`2001:db8:1:2:${n}::${n}`, wrong));
  isTooMuch(await from('2001:db8:1:2:ffff::1', wrong));
  isError(await from('2001:db8:1:3::1', wrong), 401);
  await useUp((n) => from(['', 'unix:', null][n % 3], wrong));
  isTooMuch(await from(null, wrong));
  isJson(await from(null), 200);
});

test('an address is the same in each of its spellings', async () => {
  const same = ['192.0.2.1', '::ffff:192.0.2.1', '::FFFF:192.0.2.1', '[::ffff:192.0.2.1]:80'];
  await useUp((n) => from(same[n % same.length], wrong));
  for (const address of same) isTooMuch(await from(address, wrong));
});

test('behind a named proxy each caller is his own', async () => {
  await useUp((n) => by(`6.6.6.${n}, 192.0.2.1, 10.0.0.2`, wrong));
  isTooMuch(await by('192.0.2.1', wrong));
  isTooMuch(await from('192.0.2.1', wrong));
  isError(await by('192.0.2.2', wrong), 401);
  isError(await from(PROXY, wrong), 401);
});

test('what a client says of itself does not count', async () => {
  await useUp((n) => ask({ REMOTE_ADDR: '192.0.2.1', HTTP_X_FORWARDED_FOR: `6.6.6.${n}` }, wrong));
  isTooMuch(await from('192.0.2.1', wrong));
});

test('of two headers neither counts: both have the proxy\'s address', async () => {
  const twice = (n, key) => cgi.run('health', TEST, {
    list: [...cgi.list(TEST, { key, env: { REMOTE_ADDR: PROXY, HTTP_X_FORWARDED_FOR: '192.0.2.1' } }),
      `HTTP_X_FORWARDED_FOR=6.6.6.${n}`],
  });
  await useUp((n) => twice(n, 'a-wrong-key'));
  isTooMuch(await twice(99, 'a-wrong-key'));
  isError(await from('192.0.2.1', wrong), 401);
  assert.equal((await twice(1, cgi.key)).json.address, PROXY);
});

test('whoever has a key sees which address he has, and whether a proxy has no name', async () => {
  await each([
    [{ REMOTE_ADDR: '192.0.2.1' }, '192.0.2.1', false],
    [{ REMOTE_ADDR: '2001:db8::1' }, '2001:db8::1', false],
    [{ REMOTE_ADDR: '' }, null, false],
    [{ REMOTE_ADDR: PROXY, HTTP_X_FORWARDED_FOR: '192.0.2.1' }, '192.0.2.1', false],
    [{ REMOTE_ADDR: '2001:db8:f::1', HTTP_X_FORWARDED_FOR: '[2001:db8::7]:80' }, '2001:db8::7', false],
    [{ REMOTE_ADDR: '192.0.2.9', HTTP_X_FORWARDED_FOR: '192.0.2.1' }, '192.0.2.9', true],
    [{ REMOTE_ADDR: '192.0.2.9', HTTP_X_FORWARDED_FOR: '192.0.2.9' }, '192.0.2.9', false],
  ], async ([env, address, unnamed]) => {
    const { json } = await ask(env);
    assert.equal(json.address, address);
    assert.equal(json.unnamed_proxy, unnamed);
  });
});

test('the setup page counts proofs that are not there, and makes keys for one that is', async () => {
  const site = new Site();
  try {
    await site.open();
    for (let n = 0; n < GUESSES; n += 1) assert.equal((await site.make()).status, 403);
    const refused = await site.make();
    assert.equal(refused.status, 429);
    assert.ok(refused.headers['retry-after']);
    site.upload();
    const made = await site.make();
    assert.equal(made.status, 200);
    assert.ok(made.key);
  } finally {
    site.remove();
  }
});
