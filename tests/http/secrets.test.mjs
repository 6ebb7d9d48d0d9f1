// Secrets are planted wherever one can come from, every kind of call is made,
// those that fail included, and then everything that was written or answered is
// searched for them.

import assert from 'node:assert/strict';
import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { holdsNone, isError, isJson } from '../support/checks.mjs';
import { startFakeX } from '../support/fake-x/index.mjs';
import { send } from '../support/http.mjs';
import { db, request, startInstance } from '../support/instance.mjs';
import { addGranted, begin, callback, queue } from '../support/link.mjs';

const WRONG = { header: 'wrong-in-header-4711', bearer: 'wrong-in-bearer-4712', query: 'wrong-in-query-4713' };
const STATS = '/api/v1/stats';

let [x, instance] = [];
const secrets = { ...WRONG };
const replies = [];
const planted = (name, value) => { secrets[name] = value; return value; };

before(async () => {
  x = await startFakeX();
  instance = await startInstance({ fakeX: x, env: { ALERT_EMAIL: 'ops@example.com', ALERT_AFTER: '1' } });
  const sendmail = join(instance.dir, 'sendmail');
  writeFileSync(sendmail, `#!/bin/sh\n{ env; echo "$@"; cat; } >>'${instance.dir}/child'\n`);
  chmodSync(sendmail, 0o755);
  await instance.restart({ SENDMAIL: sendmail });
  planted('key', instance.key);
  planted('encryption key', instance.encryptionKey);
  planted('client secret', x.clientSecret);
});
after(async () => {
  await instance?.stop();
  await x?.close();
});

/** A call, whose reply is kept to be searched. */
async function ask(method, path, how) {
  const reply = await request(instance, method, path, how);
  replies.push(`${JSON.stringify(reply.headers)} ${reply.text}`);
  return reply;
}

/** All that was written to files: [[path, text]]. */
function files(folder) {
  return readdirSync(folder).map((name) => join(folder, name)).flatMap((path) => {
    if (statSync(path).isDirectory()) return files(path);
    return statSync(path).isFile() ? [[path, readFileSync(path, 'latin1')]] : [];
  });
}

test('keys are shown nowhere, however they come, right or wrong', async () => {
  const { key } = instance;
  const keys = [[key, 200], ...Object.values(WRONG).map((wrong) => [wrong, 401])];
  for (const [each, status] of keys) {
    for (const how of [{ headers: { 'X-API-Key': each } }, { headers: { Authorization: `Bearer ${each}` } }]) {
      assert.equal((await ask('GET', STATS, { key: null, ...how })).status, status);
    }
    assert.equal((await ask('GET', `${STATS}?a=1&api_key=${each}&b=2`, { key: null })).status, status);
    await ask('GET', `${STATS}?%61pi_key=${each}`, { key: null });
    await ask('GET', `/api/v1/nothing?api_key=${each}`, { key: null });
    await ask('GET', `/api/v1/tweets?limit=1&api_key=${each}&status=${each}`, { key: null });
    await ask('GET', '/api/v1/tweets', { key: null, headers: { Authorization: `Basic ${each}`, Cookie: `k=${each}` } });
    await ask('POST', '/api/v1/tweet', { body: `{"text": "${each}", `, key });
  }
  const made = await request(instance, 'POST', '/api/v1/keys', { body: { name: 'web', scopes: ['read'] } });
  planted('a made key', isJson(made, 201).key);
  assert.equal((await ask('GET', STATS, { key: made.json.key })).status, 200);
  isError(await ask('POST', '/api/v1/tweet', { key: made.json.key, body: {} }), 403);
  isJson(await ask('DELETE', `/api/v1/keys/${made.json.id}`), 200);
  isError(await ask('GET', `${STATS}?api_key=${made.json.key}`, { key: null }), 401);
});

test('states, codes and client secrets of linking are shown nowhere', async () => {
  x.addUser({ username: 'linked' });
  const { auth_url: url, state } = await begin(instance);
  planted('state', state);
  const back = new URL(await x.consent(url, 'linked'));
  planted('code', back.searchParams.get('code'));
  isJson(await callback(instance, back.href), 200);
  replies.push((await callback(instance, back.href, { headers: { Accept: 'text/html' } })).text);
  const second = await begin(instance);
  planted('second state', second.state);
  const code = planted('refused code', 'code-that-x-refuses-4714');
  x.fault({ match: { path: '/2/oauth2/token' }, status: 400,
    body: JSON.stringify({ error: 'invalid_grant', error_description: `no ${code} ${x.clientSecret}` }) });
  replies.push((await send(instance.url, 'GET',
    `/auth/callback?code=${code}&state=${second.state}`)).text);
  replies.push((await ask('POST', '/api/v1/auth/callback',
    { key: null, body: { code, state: second.state } })).text);
});

test('tokens are shown nowhere, though X gives them back in its errors', async () => {
  const { id, user, grant } = await addGranted(instance, x, 'echoed');
  planted('access token', grant.access_token);
  planted('refresh token', grant.refresh_token);
  const echo = `Bearer ${grant.access_token} and ${grant.refresh_token} of ${x.clientSecret}`;
  for (const status of [400, 403, 500, 429]) {
    const body = JSON.stringify({ title: echo, detail: echo, errors: [{ message: echo }] });
    x.fault({ match: { path: '/2/tweets', user }, status, body });
    const tweet = await queue(instance, id, `echoed ${status}`);
    const reply = await ask('POST', `/api/v1/tweet/post/${tweet}`);
    assert.ok(reply.status >= 400, reply.text);
    await ask('GET', `/api/v1/tweets/${tweet}`);
    await db(instance, 'UPDATE twitter_account SET hold_until = NULL').catch(() => {});
  }
});

test('nor are any by a scheduler that fails, or by what it starts', async () => {
  await db(instance, `UPDATE twitter_account SET status = 'failed', code = 'needs_reauth'`);
  isJson(await ask('POST', '/api/v1/tick'), 200);
  await ask('GET', '/api/v1/monitoring');
  const child = readFileSync(join(instance.dir, 'child'), 'utf8');
  assert.match(child, /^PATH=/m);
  assert.deepEqual(child.split('\n').map((line) => /^(\w+)=/.exec(line)?.[1]).filter(Boolean).sort()
    .filter((name) => !['LC_ALL', 'PATH', 'PWD', 'SHLVL', '_', 'OLDPWD'].includes(name)), []);
  holdsNone(child, secrets, 'what sendmail was given');
});

test('nor are any by a database that fails', async () => {
  await db(instance, 'ALTER TABLE tweet RENAME TO away');
  isError(await ask('GET', `/api/v1/tweets?api_key=${instance.key}`), 500);
  isError(await ask('POST', '/api/v1/tweet', { body: { account_id: 1, text: 'x' } }), 500);
  await db(instance, 'ALTER TABLE away RENAME TO tweet');
});

test('no reply, log or file holds one', () => {
  for (const reply of replies) holdsNone(reply, secrets, reply);
  holdsNone(instance.serverLog(), secrets, "the server's log");
  const all = files(instance.instanceDir);
  for (const kind of ['api', 'x', 'error', 'access']) {
    assert.ok(all.some(([path]) => path.includes(`/logs/${kind}`)) || kind === 'access', kind);
  }
  const { state, 'second state': second, ...lasting } = secrets;
  assert.ok(state && second);
  for (const [path, text] of all) {
    // A state stands in the database while it may still be used.
    holdsNone(text, /\.db/.test(path) ? lasting : secrets, path);
  }
});
