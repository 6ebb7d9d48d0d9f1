// The path, however a server splits it (cgi-servers.md 13 and 4). An account
// that is not there has a code of its own, so the route was found.

import assert from 'node:assert/strict';
import { copyFileSync, linkSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';

import { each, isError, isJson } from '../support/checks.mjs';
import { Forged, isWhole } from '../support/forged.mjs';
import { build } from '../support/paths.mjs';

let cgi;
before(() => { cgi = new Forged(); });
after(() => cgi.remove());

const ask = async (program, script, info, { method = 'GET', ...env } = {}) =>
  isWhole(await cgi.run(program, '/', {
    method, env: { SCRIPT_NAME: script, PATH_INFO: info, ...env },
  }));

describe('the vectors of section 13', () => {
  const SEVENTH = [
    ['/api/v1/accounts', '/7'],
    ['/api/v1/accounts', '/7/'],
    ['/api/v1/accounts/7', null],
    ['/api/v1/accounts/7', ''],
    ['/cgi-bin/accounts.cgi', '/7'],
    ['/cgi-bin/accounts', '/7'],
    ['/accounts.cgi', '/7'],
    ['/ext/accounts.cgi', '/7'],
    ['/some/where/api/v1/accounts', '/7'],
    [null, '/api/v1/accounts/7'],
    ['/api/v1/accounts', '//7'],
    ['//api/v1//accounts/', '/7//'],
  ];

  test('lead to accounts/7', async () => {
    await each(SEVENTH, async ([script, info]) => {
      isError(await ask('accounts', script, info), 404, 'account_not_found');
    });
  });

  test('lead to accounts', async () => {
    await each([
      ['/api/v1/accounts', null], ['/api/v1/accounts', ''], ['/api/v1/accounts', '/'],
      ['/api/v1/accounts/', null], ['/cgi-bin/accounts.cgi', null], ['/accounts.cgi', '/'],
      ['/api/v1/accounts', '//'],
    ], async ([script, info]) => isJson(await ask('accounts', script, info), 200));
  });

  test('lead to one tweet to post', async () => {
    await each([
      ['/api/v1/tweet', '/post/3'], ['/api/v1/tweet/post', '/3'], ['/api/v1/tweet/post/3', null],
      ['/cgi-bin/publish.cgi', '/tweet/post/3'], ['/tweet.cgi', '/post/3'],
      ['/cgi-bin/publish', '/tweet/post/3'],
    ], async ([script, info]) => {
      isError(await ask('publish', script, info, { method: 'POST' }), 404, 'tweet_not_found');
    });
    isError(await ask('publish', '/publish.cgi', '/post/3', { method: 'POST' }), 404, 'not_found');
  });

  test('lead to the two callbacks', async () => {
    const page = [['/auth/callback', null], ['/auth', '/callback'], ['/cgi-bin/auth.cgi', '/callback'],
      ['/cgi-bin/auth', '/callback'], ['/auth/callback', '/']];
    await each(page, async ([script, info]) => {
      const reply = await ask('auth', script, info);
      assert.equal(reply.status, 400);
      assert.match(reply.headers['content-type'], /^text\/html/);
    });
    const api = [['/api/v1/auth/callback', null], ['/api/v1/auth', '/callback'],
      ['/cgi-bin/auth.cgi', '/api/v1/auth/callback']];
    await each(api, async ([script, info]) => {
      isError(await ask('auth', script, info), 400, 'missing_state');
    });
    await each([['/cgi-bin/auth.cgi', '/twitter'], ['/cgi-bin/auth', '/twitter'],
      ['/api/v1/auth', '/twitter']], async ([script, info]) => {
      isJson(await ask('auth', script, info), 200);
    });
  });

  test('that are no path of ours are 404', async () => {
    await each([
      ['/api/v1/accounts', '/7?a=b'], ['/api/v1/accounts', '/0'], ['/api/v1/accounts', '/x'],
      ['/api/v1/accounts', '/-7'], ['/api/v1/accounts', '/99999999999999999999'],
      ['/api/v1/accounts', '/7/tweets'], ['/api/v1/accountsX', null], ['/', null], [null, null],
      ['/api/v1/Accounts', null], ['/api/v1/tweets', null],
    ], async ([script, info]) => {
      const env = { QUERY_STRING: 'c=d' };
      isError(await ask('accounts', script, info, env), 404, 'not_found');
    });
  });

  test('that hide something are 400', async () => {
    await each([
      ['/api/v1/accounts', '/a\nb'], ['/api/v1/accounts', '/\r'], ['/api/v1/accounts', '/\x01'],
      ['/api/v1/accounts', '/\x7f'], ['/api/v1/accounts', '/../x'], ['/api/v1/accounts', '/..'],
      ['/api/v1/accounts', '/./7'], ['/api/v1/accounts/../accounts', '/7'],
      ['/api/v1/accounts', '/../../etc/passwd'],
    ], async ([script, info]) => isError(await ask('accounts', script, info), 400, 'bad_request'));
  });
});

describe('what section 4 leaves of percent-encoding', () => {
  test('is not decoded again', async () => {
    await each(['/%37', '/7%2F', '/a%2Fb', '/%2e%2e', '/a%zz', '/a%', '/a%252Fb', '/a%00b', '/a b+c',
      '/7%20', '/a/b'], async (info) => {
      isError(await ask('accounts', '/api/v1/accounts', info), 404, 'not_found');
    });
  });

  test('bytes that are no UTF-8 are 400', async () => {
    // Strings reach a program as UTF-8, so these go through a shell.
    await each(['\\377\\376', '\\303', '\\300\\257', '\\355\\240\\200'], async (octal) => {
      const reply = await cgi.run('accounts', '/', {
        env: { SCRIPT_NAME: '/api/v1/accounts' },
        command: (list) => ['/bin/sh', '-c',
          `PATH_INFO="/$(printf '${octal}')"; export PATH_INFO; exec "$@"`, 'sh', ...list],
      });
      isError(isWhole(reply), 400, 'bad_request');
    });
    isError(await ask('accounts', '/api/v1/accounts', '/é'), 404, 'not_found');
  });

  test('a long path is 404, and a very long one no crash', async () => {
    isError(await ask('accounts', '/api/v1/accounts', `/${'x'.repeat(8000)}`), 404);
    await each([70_000, 100_000], async (length) => {
      const path = `/${'x'.repeat(length)}`;
      isError(await ask('accounts', '/api/v1/accounts', path), 400, 'bad_request');
      isError(await ask('accounts', path, path), 400, 'bad_request');
    });
  });
});

// A server for which /api/v1/tweets is a file sends all below it there.
describe('what tweets hands over to its neighbour publish', () => {
  test('is every path of publish below /tweet and /tweets', async () => {
    await each([
      ['/api/v1/tweet', '/post/3'], ['/api/v1/tweet/post', '/3'], ['/api/v1/tweet/post/3', null],
      ['/cgi-bin/tweet.cgi', '/post/3'], ['/cgi-bin/tweets', '/tweet/post/3'],
      ['/sub/api/v1/tweet', '/post/3/'],
    ], async ([script, info]) => {
      isError(await ask('tweets', script, info, { method: 'POST' }), 404, 'tweet_not_found');
      const wrong = await ask('tweets', script, info);
      isError(wrong, 405, 'method_not_allowed');
      assert.equal(wrong.headers.allow, 'POST, OPTIONS');
    });
    for (const [script, info] of [['/api/v1/tweets', '/post-pending'], ['/cgi-bin/tweets', '/post-pending']]) {
      const reply = await cgi.run('tweets', '/', {
        method: 'POST', json: { limit: 1 }, env: { SCRIPT_NAME: script, PATH_INFO: info },
      });
      assert.equal(isJson(isWhole(reply), 200).remaining, 0);
    }
  });

  test('keeps the body, however large, and the key', async () => {
    const run = (json, more) => cgi.run('tweets', '/', {
      method: 'POST', json, env: { SCRIPT_NAME: '/api/v1/tweets', PATH_INFO: '/bulk' }, ...more,
    });
    const ids = Array.from({ length: 500 }, (_, i) => i + 1);
    const { results } = isJson(isWhole(await run({ ids, action: 'delete' })), 200);
    assert.deepEqual(results.map(({ id }) => id), ids);
    isError(isWhole(await run({ ids, action: 'x' })), 400, 'invalid_input');
    isError(isWhole(await run({ ids, action: 'x' }, { key: 'not this one' })), 401, 'invalid_api_key');
  });

  test('is said to be missing where publish is not there', async () => {
    const folder = join(cgi.dir, 'alone');
    mkdirSync(folder);
    copyFileSync(join(build, 'cgi-bin', 'tweets'), join(folder, 'tweets'));
    const reply = await cgi.run(join(folder, 'tweets'), '/', {
      method: 'POST', json: {}, env: { SCRIPT_NAME: '/api/v1/tweets', PATH_INFO: '/post-pending' },
    });
    isError(isWhole(reply), 500, 'system_error');
  });
});

test('REQUEST_URI, DOCUMENT_ROOT, PATH_TRANSLATED and SCRIPT_FILENAME mean nothing', async () => {
  await each([
    { REQUEST_URI: '/api/v1/accounts/../../etc' }, { REQUEST_URI: 'http://h:1/x?y' },
    { REQUEST_URI: null, DOCUMENT_ROOT: '/nowhere', PATH_TRANSLATED: '/etc/passwd' },
    { SCRIPT_FILENAME: '/other/tweets.cgi', SCRIPT_URI: 'x', SCRIPT_URL: 'y' },
  ], async (env) => {
    isError(await ask('accounts', '/api/v1/accounts', '/7', env), 404, 'account_not_found');
  });
});

test('a program under another name is the one that the URL names', async () => {
  const folder = join(build, 'renamed');
  mkdirSync(folder, { recursive: true });
  const other = join(folder, `x${process.pid}`);
  linkSync(join(build, 'cgi-bin', 'accounts'), other);
  try {
    isError(await ask(other, '/api/v1/accounts', '/7'), 404, 'account_not_found');
    isError(await ask(other, '/cgi-bin/accounts.cgi', '/7'), 404, 'account_not_found');
  } finally {
    rmSync(folder, { recursive: true });
  }
});
