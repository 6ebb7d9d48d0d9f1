// What `make dist ARCH=aarch64` makes, under qemu.

import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { archive, areStatic, keyIn, unpack } from '../dist/archive.mjs';
import { newFolder, removeFolder } from '../support/settings.mjs';

const missing = ['aarch64-linux-gnu-gcc', 'qemu-aarch64']
  .filter((tool) => spawnSync(tool, ['--version']).status !== 0);
const skip = (process.arch === 'arm64' && 'this machine makes its own, which tests/dist tries')
  || (missing.length > 0 && `no ${missing.join(', no ')}; conf/install-deps arm64 installs it`);

const run = (file, args, options = {}) => execFileSync(file, args, { encoding: 'utf8', ...options });
let top; let key;
const emulate = (program, args = [], env = {}) =>
  run('qemu-aarch64', [join(top, program), ...args], { cwd: '/', env });

before(() => {
  if (skip) return;
  top = newFolder();
  unpack(top, [], archive('build/static-aarch64'));
});
after(() => top && removeFolder(top));

test('the archive for arm64 holds static programs for that processor', { skip }, () => {
  areStatic(top, /Machine: +AArch64/);
});

test('its tool sets up, and makes a database', { skip }, () => {
  emulate('private/bin/twitter-manager', ['init']);
  key = keyIn(top);
  JSON.parse(emulate('private/bin/twitter-manager', ['tick', '--json']));
  assert.ok(existsSync(join(top, 'instance/twitter_manager.db')));
});

for (const path of ['health', 'stats', 'tweets', 'accounts', 'auth/twitter', 'openapi.json']) {
  test(`it answers ${path}`, { skip }, () => {
    const program = path.split('/')[0];
    const reply = emulate(`api/v1/${program}`, [], {
      REQUEST_METHOD: 'GET', SCRIPT_NAME: `/api/v1/${program}`, HTTP_X_API_KEY: key,
      ...(program !== path && { PATH_INFO: path.slice(program.length) }),
    });
    assert.match(reply, /^Status: 200 /);
    JSON.parse(reply.split('\r\n\r\n')[1]);
  });
}
