// HEAD changes nothing, on every path that GET knows: link scanners, monitors
// and previews send it unasked.

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';

import { Forged } from '../support/forged.mjs';
import { addAccount } from '../support/link.mjs';
import { ROUTES } from '../support/routes.mjs';
import { Site } from '../support/site.mjs';

let cgi;
let state;
before(async () => {
  cgi = new Forged();
  await cgi.post('mock-mode', '/api/v1/mock-mode', { enabled: true });
  ({ json: { state } } = await cgi.run('auth', '/api/v1/auth/twitter'));
  const id = await addAccount({ ...cgi, encryptionKey: cgi.settings.ENCRYPTION_KEY },
    { username: 'waits' });
  // Due, and so long that a tick is missed: GET would post or raise an alert.
  await cgi.db(`UPDATE twitter_account SET mock = 1 WHERE id = ${id};
    INSERT INTO tweet(twitter_account_id, content, scheduled_at) VALUES
    (${id}, 'now', datetime('now', '-1 minutes')), (${id}, 'then', datetime('now', '-1 days'))`);
});
after(() => cgi.remove());

const query = ({ pattern }) => (pattern.includes('auth/callback') || pattern === '/auth/mock'
  ? `state=${state}&code=mock_user` : '');
const ask = (route, method) => cgi.run(route.program, route.path, { method, query: query(route) });

/** All rows there are. */
async function content() {
  const tables = await cgi.db("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY 1");
  return Promise.all(tables.map(async ({ name }) => [name, await cgi.db(`SELECT * FROM ${name}`)]));
}

describe('HEAD', () => {
  const readable = ROUTES.filter(({ method, path }) => method === 'GET' && path !== '/api/v1/setup');
  for (const route of readable) {
    test(`on ${route.pattern} changes no row`, async () => {
      const before1 = await content();
      const head = await ask(route, 'HEAD');
      assert.deepEqual(await content(), before1);
      assert.equal(head.body, '');
      assert.equal(head.exitCode, 0, head.stderr);
    });
  }

  test('is answered as GET is, which does act', async () => {
    const acting = ['/api/v1/monitoring', '/auth/callback', '/api/v1/auth/twitter', '/api/v1/tick'];
    for (const path of acting) {
      const route = readable.find((one) => one.path === path);
      const head = await ask(route, 'HEAD');
      const before1 = await content();
      const get = await ask(route, 'GET');
      assert.notDeepEqual(await content(), before1, `${path} would have changed something`);
      assert.deepEqual([head.status, get.status], [200, 200], path);
      assert.equal(head.headers['content-type'], get.headers['content-type'], path);
    }
  });

  test('needs the key where GET does', async () => {
    const reply = await cgi.run('publish', '/api/v1/tick', { method: 'HEAD', key: 'wrong' });
    assert.equal(reply.status, 401);
  });
});

test('HEAD on the setup page makes no file, and tells whether there is one', async () => {
  const site = new Site();
  try {
    const head = await site.request('HEAD');
    assert.equal(head.status, 200, head.raw);
    assert.match(head.headers['content-type'], /^text\/html/);
    for (const probe of ['.twitter-manager-probe', 'instance/twitter-manager-probe.txt']) {
      assert.equal(existsSync(join(site.dir, probe)), false, probe);
    }
    assert.equal(head.headers['set-cookie'], undefined);
    const done = await cgi.run('setup', '/api/v1/setup', { method: 'HEAD', key: null });
    assert.equal(done.status, 404);
  } finally { site.remove(); }
});
