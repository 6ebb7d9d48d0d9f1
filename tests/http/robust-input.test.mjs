// Input that is wrong in itself: each gets its clear error and changes nothing.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';

import { each, isError, isJson } from '../support/checks.mjs';
import { db, rawRequest, request, startInstance } from '../support/instance.mjs';
import { addAccount } from '../support/link.mjs';

const JSON_TYPE = { 'Content-Type': 'application/json' };

let instance;
let account;

before(async () => {
  instance = await startInstance();
  account = await addAccount(instance, { username: 'robust' });
});
after(() => instance?.stop());

const post = (body, headers = JSON_TYPE) =>
  request(instance, 'POST', '/api/v1/tweet', { body, headers });
const rows = async () => (await db(instance, 'SELECT count(*) AS n FROM tweet'))[0].n;
const bytes = (...parts) => Buffer.concat(parts.map((part) => Buffer.from(part)));
const around = (...inside) => bytes(`{"account_id":${account},"text":"`, ...inside, '"}');

async function refused(bodies) {
  const before = await rows();
  await each(bodies, async (body) => {
    isError(await post(body), 400, undefined, String(body).slice(0, 60));
  });
  assert.equal(await rows(), before);
}

test('a good body passes, so that the others fail for their own reason', async () => {
  isJson(await post(around('fine')), 201);
});

test('invalid UTF-8 is refused', () => refused([
  around([0xff]), around([0xc0, 0xaf]), around([0xe0, 0x80, 0x80]), around([0xed, 0xa0, 0x80]),
  around([0xf5, 0x80, 0x80, 0x80]), around([0xf4, 0x90, 0x80, 0x80]), around([0xc3]),
  around([0x80]), around([0xe2, 0x82]), bytes('{"\xff', [0xff], '":1}'),
]));

test('lone surrogates and NUL are refused, raw and escaped', () => refused([
  around('\\ud800'), around('\\udc00x'), around('\\ud800\\u0041'), around('\\udc00\\ud800'),
  around('a\\u0000b'), around([0]), around('\\u0000'), bytes('{"a\\u0000":1}'),
]));

test('what is not JSON is refused', () => refused([
  '', ' ', 'x', '{', '}', '{"text"', `{"text":"x","account_id":${account}`, '[', '[]', '"x"', '1',
  'null', 'true', '{,}', "{'text':'x'}", '{text:"x"}', `{"text":"x","account_id":${account},}`,
  `{"text":"x","account_id":${account}} x`, `{"text":"x","account_id":${account}}{}`,
  `{"text":"x","account_id":0${account}}`, `{"text":"x","account_id":+${account}}`,
  `/* */{"text":"x","account_id":${account}}`, `{"text":"x","account_id":${account}}\u0000`,
  `\ufeff\ufeff{"text":"x","account_id":${account}}`, `{\ufeff"text":"x","account_id":${account}}`,
  bytes([0xef, 0xbb], `{"text":"x","account_id":${account}}`), around('\n'), around('\t'), around('\\x41'),
  around('\\u12'), around('\\'), `{"text":"x","account_id":NaN}`, `{"text":"x","account_id":.1}`,
  `{"text":"x","account_id":0x1}`, `{"text":"x","account_id":${account},"y":Infinity}`,
  `{"text":"x","account_id":${account},"y":tru}`, `{"text":"x","account_id":${account},"y":01}`,
]));

test('a byte-order mark before a body is skipped', async () => {
  const reply = await post(`\ufeff{"text":"with a mark","account_id":${account}}`);
  const { tweet_id: id } = isJson(reply, 201);
  const [{ content }] = await db(instance, `SELECT content FROM tweet WHERE id = ${id}`);
  assert.equal(content, 'with a mark');
});

test('a body in a Content-Encoding is refused with a word on it', async () => {
  const text = `{"text":"packed","account_id":${account}}`;
  const coded = (body, coding) => post(body, { ...JSON_TYPE, 'Content-Encoding': coding });
  await each([[gzipSync(text), 'gzip'], [deflateSync(text), 'deflate'], [brotliCompressSync(text), 'br'],
    [text, 'x-own'], [text, 'identity, gzip']], async ([body, coding]) => {
    const json = isError(await coded(body, coding), 415, 'unsupported_media_type');
    assert.ok(json.error.includes(coding), json.error);
    assert.match(json.hint, /uncompressed/);
  });
  for (const coding of ['identity', 'Identity']) isJson(await coded(text, coding), 201);
});

test('the same member twice is refused, at any depth', () => refused([
  `{"text":"a","text":"b","account_id":${account}}`,
  `{"text":"a","account_id":${account},"account_id":${account}}`,
  `{"text":"a","\\u0074ext":"b","account_id":${account}}`,
  `{"text":"a","account_id":${account},"more":{"x":1,"x":2}}`,
]));

test('numbers out of range are refused', () => refused([
  '{"text":"x","account_id":1e400}', '{"text":"x","account_id":-1e400}',
  '{"text":"x","account_id":9223372036854775808}', `{"text":"x","account_id":${'9'.repeat(400)}}`,
  '{"text":"x","account_id":9007199254740993.0}',
]));

test('deep nesting is refused and does not crash', async () => {
  const nested = (depth, open, close) =>
    `{"text":"x","account_id":${account},"deep":${open.repeat(depth)}1${close.repeat(depth)}}`;
  await refused([nested(20_000, '[', ']'), nested(8_000, '{"a":', '}'), '['.repeat(60_000)]);
});

test('names of members are told apart by case', () => refused([
  `{"Text":"x","account_id":${account}}`, `{"text":"x","ACCOUNT_ID":${account}}`,
]));

test('names like those of JavaScript do no harm', async () => {
  isJson(await post(`{"__proto__":{"a":1},"constructor":1,"text":"x","account_id":${account}}`), 201);
});

test('a body of 10 MB is refused and the connection stays sound', async () => {
  const before = await rows();
  isError(await post(Buffer.alloc(10_000_000, 0x20)), 413);
  assert.equal(await rows(), before);
  isJson(await request(instance, 'GET', '/api/v1/health'), 200);
});

const head = (length, more = '') => 'POST /api/v1/tweet HTTP/1.1\r\nHost: a\r\nConnection: close\r\n'
  + `X-API-Key: ${instance.key}\r\nContent-Type: application/json\r\n${length}${more}\r\n`;

test('a Content-Length that is no plain length is refused', async () => {
  const before = await rows();
  const body = around('length').toString();
  await each(['abc', '-5', '3, 4', '0x10', '1e3', '', '99999999999999999999999', '+5'],
    async (length) => {
      const reply = await rawRequest(instance, head(`Content-Length: ${length}\r\n`) + body,
        { timeout: 3000 });
      assert.ok([400, 411, 413].includes(reply.status), `${length}: ${reply.raw}`);
    });
  assert.equal(await rows(), before);
});

test('two lengths are refused', async () => {
  const body = around('two').toString();
  const reply = await rawRequest(instance,
    head(`Content-Length: ${body.length}\r\n`, `Content-Length: ${body.length - 1}\r\n`) + body);
  assert.equal(reply.status, 400, reply.raw);
});

test('a body shorter than its length changes nothing', async () => {
  const before = await rows();
  await rawRequest(instance, `${head('Content-Length: 500\r\n')}${around('short')}`,
    { timeout: 1000 });
  assert.equal(await rows(), before);
  isJson(await request(instance, 'GET', '/api/v1/health'), 200);
});

test('a POST with no length at all is refused or taken as empty', async () => {
  const reply = await rawRequest(instance, head(''));
  assert.ok([400, 411].includes(reply.status), reply.raw);
});

test('raw chunks are never taken for a body', async () => {
  const before = await rows();
  const body = around('chunk').toString();
  const chunked = `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`;
  const reply = await rawRequest(instance, head('Transfer-Encoding: chunked\r\n') + chunked);
  assert.ok([201, 411].includes(reply.status), reply.raw);
  assert.equal(await rows(), before + (reply.status === 201 ? 1 : 0));
});

test('SQL in any place is only text', async () => {
  const evil = "1; DROP TABLE tweet; --";
  for (const path of [`/api/v1/accounts/${encodeURIComponent(evil)}`,
    `/api/v1/tweets?status=${encodeURIComponent("' OR '1'='1")}`,
    `/api/v1/tweets?account_id=${encodeURIComponent(evil)}`]) {
    const { status } = await request(instance, 'GET', path);
    assert.ok([400, 404].includes(status), path);
  }
  isError(await post(`{"text":"x","account_id":"${evil}"}`), 400);
  assert.ok(await rows() > 0);
});

test('long header lines and many parameters do no harm', async () => {
  const many = Array.from({ length: 500 }, (_, i) => `p${i}=${i}`).join('&');
  isJson(await request(instance, 'GET', `/api/v1/stats?${many}`), 200);
  const { status } = await request(instance, 'GET', '/api/v1/stats',
    { headers: { 'X-Long': 'x'.repeat(6000) } });
  assert.equal(status, 200);
});
