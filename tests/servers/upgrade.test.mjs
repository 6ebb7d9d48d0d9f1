// A browser that has seen one release sees the next one as it is: other contents
// have another validator, even of the same size and the same release.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

import { request, startInstance } from '../support/instance.mjs';
import { linkMock } from '../support/link.mjs';
import { build, root } from '../support/paths.mjs';
import { server, serverName } from '../support/servers/index.mjs';
import { newFolder, removeFolder } from '../support/settings.mjs';

const WORDS = ['www/js/words.js', 'www/css/base.css', 'www/icon.svg'];
const LOOKS_AGAIN = 2500; // a server may keep for a second what it knows of a file
const RELEASED = 1_790_000_000;

let [instance, source, served] = [];
let released = RELEASED;

/** Makes what is served from `source`, into the build that is served. */
function make(www) {
  const env = { ...process.env, SOURCE_DATE_EPOCH: String(released) };
  execFileSync(join(source, 'conf', 'make-www'), [join(source, 'docs'), www], { env });
}

/** Puts what was made where the server looks: a copy over the older one. */
function unpack() {
  if (served === instance.dir) {
    const made = join(source, 'made');
    make(made);
    execFileSync('cp', ['-Rp', `${made}/.`, served]);
  } else {
    make(served);
  }
}

/** One text of a file becomes another of its length. */
function change(path, [from, to]) {
  const file = join(source, path);
  writeFileSync(file, readFileSync(file, 'utf8').replaceAll(from, to));
}

before(async () => {
  source = newFolder();
  for (const name of ['conf', 'www']) cpSync(join(root, name), join(source, name), { recursive: true });
  for (const path of WORDS) {
    const file = join(source, path);
    writeFileSync(file, readFileSync(file, 'utf8').replace(/\n$/, path.endsWith('.svg') ? '<!--1-->\n' : '/*1*/\n'));
  }
  const folder = join(source, 'build');
  mkdirSync(folder);
  for (const name of ['bin', 'cgi-bin']) symlinkSync(join(build, name), join(folder, name));
  make(join(folder, 'www'));
  instance = await startInstance({ env: { BUILD: folder } });
  served = serverName() === 'lighttpd' ? join(folder, 'www') : instance.dir;
  unpack();
});
after(async () => {
  await instance?.stop();
  removeFolder(source);
});

const get = (path, headers = {}) => request(instance, 'GET', path, { key: null, headers });
const staticOf = ({ text }) => /static\/[0-9a-f]+\//.exec(text)[0];

const asked = ({ headers }) => ({
  ...(headers.etag && { 'If-None-Match': headers.etag }),
  ...(headers['last-modified'] && { 'If-Modified-Since': headers['last-modified'] }),
});

test('after an upgrade every file that changed comes anew, and what did not is not sent', async () => {
  const paths = ['/', ...WORDS.map((path) => path.replace('www', ''))];
  const old = await Promise.all(paths.map((path) => get(path)));
  for (const path of WORDS) change(path, path.endsWith('.svg') ? ['<!--1-->', '<!--2-->'] : ['/*1*/', '/*2*/']);
  if (server.asksDates) released += 3600;
  unpack();
  await sleep(LOOKS_AGAIN);
  for (const [i, path] of paths.entries()) {
    const reply = await get(path, asked(old[i]));
    assert.equal(reply.status, 200, path);
    assert.notEqual(reply.text, old[i].text, path);
    assert.equal(reply.text.length, old[i].text.length, `${path} has its size`);
    if (reply.headers.etag) assert.notEqual(reply.headers.etag, old[i].headers.etag);
    // A server that looks at the date alone may say 304 of what is the same.
    assert.ok([200, 304].includes((await get(path, asked(reply))).status), path);
  }
  const [was, is] = [staticOf(old[0]), staticOf(await get('/'))];
  assert.notEqual(was, is);
  for (const name of ['main.js', 'main.css', 'queue.js']) {
    assert.equal((await get(`/${is}${name}`)).status, 200, name);
  }
});

test('a file that did not change is not sent again', async () => {
  const path = `/${staticOf(await get('/'))}main.js`;
  assert.equal((await get(path, asked(await get(path)))).status, 304);
});

test('the page is asked for each time; what has its own name is kept, if it is there', { skip: server.noHeaders }, async () => {
  const page = await get('/');
  assert.equal(page.headers['cache-control'], 'no-cache');
  const at = staticOf(page);
  const seconds = (reply) => Number(/max-age=(\d+)/.exec(reply.headers['cache-control'])?.[1] ?? 0);
  for (const name of ['main.js', 'main.css']) {
    const reply = await get(`/${at}${name}`);
    assert.equal(seconds(reply), 31_536_000, name);
    assert.match(reply.headers['content-security-policy'], /default-src 'none'/);
    assert.equal(reply.headers['x-content-type-options'], 'nosniff');
  }
  for (const path of [`/${at}gone.js`, '/static/000000000000/main.js']) {
    const reply = await get(path);
    assert.ok([403, 404].includes(reply.status), path);
    assert.equal(seconds(reply), 0, path);
  }
});

test('texts are compressed for those who can read that', { skip: server.noCompression }, async () => {
  const at = staticOf(await get('/'));
  const fetched = (path, encoding) =>
    fetch(instance.url + path, { headers: { 'Accept-Encoding': encoding } });
  for (const path of ['/', `/${at}main.js`, `/${at}main.css`, '/api/v1/openapi.json']) {
    const [packed, plain] = [await fetched(path, 'gzip'), await fetched(path, 'identity')];
    assert.equal(packed.status, 200, path);
    assert.equal(packed.headers.get('content-encoding'), 'gzip', path);
    assert.match(packed.headers.get('vary') ?? '', /accept-encoding/i, path);
    assert.equal(plain.headers.get('content-encoding'), null, path);
    assert.equal(await packed.text(), await plain.text());
  }
});

test('a compressed list is known again by its tag', { skip: server.noCompression }, async () => {
  const ask = (headers) => fetch(`${instance.url}/api/v1/accounts`,
    { headers: { 'X-API-Key': instance.key, 'Accept-Encoding': 'gzip', ...headers } });
  const { json } = await linkMock(instance, `tagged_${'x'.repeat(8)}`);
  const first = await ask();
  assert.equal((await first.json()).accounts[0].id, json.account_id);
  const tag = first.headers.get('etag');
  assert.ok(tag);
  assert.equal((await ask({ 'If-None-Match': tag })).status, 304, tag);
  await linkMock(instance, 'another');
  const next = await ask({ 'If-None-Match': tag });
  assert.equal(next.status, 200, tag);
  assert.equal((await next.json()).total, 2);
});
