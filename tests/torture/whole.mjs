// Whether a program sent a whole reply or none.

import assert from 'node:assert/strict';

const GAP = Buffer.from('\r\n\r\n');
const LAST_WORDS = ['internal_error', 'out_of_time'];
const PROMPT = 20_000; // ms; a request is ended by its own alarm soon after

function isBody(reply, body) {
  const [type] = (reply.headers['content-type'] ?? '').split(';');
  if (type === 'application/json') {
    assert.doesNotThrow(() => JSON.parse(body), 'the body is not JSON');
  } else {
    assert.equal(type, 'text/html');
    assert.match(body.toString(), /^<!doctype html>[\s\S]*<\/html>\n$/);
  }
}

/** Whether it sent one; throws if it was not whole, or the program crashed. */
export function isWhole(reply) {
  assert.equal(reply.signal, null, `ended by ${reply.signal} after ${reply.ms} ms`);
  assert.ok(reply.ms < PROMPT, `took ${reply.ms} ms`);
  assert.doesNotMatch(reply.stderr, /[Aa]ssert/);
  if (reply.bytes.length === 0) return false;
  const end = reply.bytes.indexOf(GAP);
  assert.ok(end > 0, `no headers: ${reply.raw}`);
  const body = reply.bytes.subarray(end + GAP.length);
  const length = reply.headers['content-length'];
  assert.match(reply.headers.status ?? '', /^\d{3} \w/);
  assert.ok(reply.headers['x-request-id'] !== undefined, 'no X-Request-Id');
  if (reply.status === 204 || reply.status === 304) {
    assert.equal(body.length, 0);
    return true;
  }
  if (length === undefined) {
    assert.equal(reply.status, 500, 'no Content-Length');
    assert.ok(LAST_WORDS.includes(JSON.parse(body).code), reply.raw);
  } else {
    assert.equal(Number(length), body.length, 'the body has another length');
  }
  isBody(reply, body);
  return true;
}
