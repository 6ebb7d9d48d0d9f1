// What every reply must be like, whatever the call.

import assert from 'node:assert/strict';

const RFC_3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;
const WORD = /^[a-z][a-z0-9_]*$/;

let count = 0;

/** A name no other test of this run has. */
export const unique = (stem = 'name') => `${stem}_${process.pid}_${count += 1}`;

export function isTime(value, name = 'time') {
  assert.equal(typeof value, 'string', name);
  assert.match(value, RFC_3339, name);
}

/** The headers that every reply of ours carries. */
export function hasCommonHeaders({ headers, status }, what = '') {
  const about = `${what} (${status})`;
  assert.ok(headers['x-request-id'], `${about}: X-Request-Id`);
  assert.match(headers['cache-control'] ?? '', /no-store/, `${about}: Cache-Control`);
  assert.equal(headers['x-content-type-options'], 'nosniff', about);
}

/** A JSON reply of this status; gives its JSON. */
export function isJson(reply, status, what = '') {
  assert.equal(reply.status, status, `${what} ${reply.text}`);
  assert.match(reply.headers['content-type'] ?? '', /^application\/json\b/, what);
  assert.notEqual(reply.json, undefined, `${what}: not JSON: ${reply.text}`);
  hasCommonHeaders(reply, what);
  return reply.json;
}

/** An error as the contract has it; `code` may be a word, words or nothing. */
export function isError(reply, status, code, what = '') {
  const statuses = [status].flat();
  assert.ok(statuses.includes(reply.status),
    `${what}: ${reply.status}, wanted ${statuses}: ${reply.text}`);
  const json = isJson(reply, reply.status, what);
  assert.equal(typeof json.error, 'string', what);
  assert.ok(json.error.length > 0, what);
  assert.match(json.code, WORD, what);
  assert.equal(typeof json.retryable, 'boolean', what);
  assert.equal(json.request_id, reply.headers['x-request-id'], what);
  if (code) assert.ok([code].flat().includes(json.code), `${what}: code ${json.code}`);
  if (json.errors) json.errors.forEach((entry) => isFault(entry, what));
  return json;
}

function isFault(entry, what) {
  assert.equal(typeof entry.pointer, 'string', what);
  assert.equal(typeof entry.detail, 'string', what);
}

/** 400 that names each of these members of the body. */
export function namesFaults(reply, ...pointers) {
  const { errors = [] } = isError(reply, 400, undefined, String(pointers));
  const named = errors.map((entry) => entry.pointer);
  for (const pointer of pointers) {
    assert.ok(named.includes(pointer), `${pointer} is not among ${named}`);
  }
}

/** An object with at least these members; gives it. */
export function hasMembers(object, ...names) {
  for (const name of names) {
    assert.ok(Object.hasOwn(object, name), `no member "${name}" in ${JSON.stringify(object)}`);
  }
  return object;
}

/** None of the secrets stands in the text, plain or percent-encoded. */
export function holdsNone(text, secrets, what = '') {
  for (const [name, secret] of Object.entries(secrets)) {
    assert.ok(secret && secret.length > 5, `no secret to look for: ${name}`);
    for (const form of new Set([secret, encodeURIComponent(secret)])) {
      assert.ok(!text.includes(form), `${what} shows ${name}`);
    }
  }
}

/** Runs a check on rows, so that a failing one names its row. */
export async function each(rows, check) {
  for (const row of rows) {
    try {
      await check(row);
    } catch (fault) {
      fault.message = `${JSON.stringify(row)?.slice(0, 200)}: ${fault.message}`;
      throw fault;
    }
  }
}

/** Waits until `check` gives something true; throws after `most` ms. */
export async function until(check, what, most = 10_000) {
  const deadline = Date.now() + most;
  while (!await check()) {
    if (Date.now() > deadline) throw new Error(`waited in vain: ${what}`);
    await new Promise((resolve) => { setTimeout(resolve, 10); });
  }
}
