// Apache's .htaccess files, where nobody can edit more than a folder: below
// another site, and on a host with hardly a module. Whatever SERVER is.

import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';

import { until } from '../support/checks.mjs';
import { freePort } from '../support/instance.mjs';
import { apacheBare, apacheSub } from '../support/servers/apache.mjs';
import { newFolder, removeFolder, settingsFor } from '../support/settings.mjs';

let instance;
let child;
beforeEach(async () => {
  const dir = newFolder();
  const port = await freePort();
  instance = { dir, port, settings: settingsFor(dir, { port, env: { INSTANCE_DIR: 'instance' } }) };
});
afterEach(async () => {
  await child?.stop();
  removeFolder(instance.dir);
});

async function start(server, base) {
  child = server.start(instance);
  const url = `http://127.0.0.1:${instance.port}${base}`;
  const health = () => fetch(`${url}/api/v1/health`).then(({ ok }) => ok, () => false);
  await until(health, 'health');
  return (path, headers = {}) => fetch(url + path, { headers, redirect: 'manual' });
}

test('it works in a folder below another site, with nothing to edit', async () => {
  const get = await start(apacheSub, '/tweets');
  const key = { 'X-API-Key': instance.settings.API_KEY };
  assert.match(await (await get('/api/v1/accounts', key)).text(), /^\{"accounts":\[\]/);
  assert.equal((await get('/api/v1/tweets/7', key)).status, 404);
  for (const path of ['/api', '/api/', '/api/v1/nothing', '/api/v1/nothing/7']) {
    const reply = await get(path);
    assert.equal(reply.status, 404, path);
    assert.equal((await reply.json()).code, 'not_found', path);
  }
  const page = await get('/');
  assert.equal(page.status, 200);
  assert.match(page.headers.get('content-security-policy'), /default-src 'none'/);
  assert.match((await get('/docs/')).headers.get('content-security-policy'), /img-src 'self' data:/);
  assert.equal((await get('/docs')).headers.get('location'), `http://127.0.0.1:${instance.port}/tweets/docs/`);
  for (const path of ['/.env', '/.htaccess', '/api/.htaccess', '/private/run/apache.conf']) {
    assert.ok((await get(path)).status >= 400, path);
  }
});

test('with hardly a module it works, and nothing private is handed out', async () => {
  const get = await start(apacheBare, '');
  const key = { 'X-API-Key': instance.settings.API_KEY };
  assert.equal((await get('/api/v1/stats', key)).status, 200);
  assert.equal((await get('/')).status, 200);
  assert.equal((await get('/css/base.css')).status, 200);
  for (const path of ['/.env', '/.htaccess', '/instance/twitter_manager.db',
    '/private/run/apache.conf', '/server.log', '/dump.sql', '/.git/config']) {
    assert.equal((await get(path)).status, 403, path);
  }
});
