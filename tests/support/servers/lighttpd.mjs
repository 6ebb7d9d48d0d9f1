// lighttpd: as `make run` runs it, and on the folder of the archive by the same
// configuration.

import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { build, root } from '../paths.mjs';
import { configured, launchAll, makeSite, runFolder, versionOf, write } from './common.mjs';

const STOPPING = 10_000;
const version = () => versionOf('lighttpd', ['-v'], /lighttpd\/([\d.]+)/);

/** SIGTERM to the server that was started here, then its end. */
async function stopServer(child) {
  child.kill('SIGTERM');
  const late = sleep(STOPPING, 'late', { ref: false });
  if (await Promise.race([child.ended, late]) === 'late') {
    child.kill('SIGKILL');
    await child.ended;
    throw new Error('the server did not stop within 10 s of SIGTERM');
  }
}

export const lighttpd = {
  version,
  start({ dir, settings }) {
    const log = openSync(join(dir, 'server.log'), 'a');
    const child = spawn(join(root, 'conf', 'serve'), {
      cwd: root, env: { BUILD: build, ...settings }, stdio: ['ignore', log, log],
    });
    closeSync(log);
    child.ended = new Promise((resolve) => {
      child.once('exit', (code, signal) => resolve(signal ?? code));
      child.once('error', resolve);
    });
    child.stop = () => stopServer(child);
    return child;
  },
};

export const lighttpdSite = {
  version,
  start(instance) {
    makeSite(instance);
    const run = runFolder(instance);
    mkdirSync(join(run, 'logs'), { recursive: true });
    mkdirSync(join(run, 'tmp'), { recursive: true });
    const file = write(run, 'lighttpd.conf', configured('lighttpd.conf', {
      'env.BUILD + "/cgi-bin"': `"${instance.dir}/api/v1"`,
      'env.BUILD + "/www"': `"${instance.dir}"`,
      'env.INSTANCE_DIR': `"${run}"`,
      'env.BIND': '"127.0.0.1"',
      '0 + env.PORT': String(instance.port),
      'include_shell "./lighttpd-settings"': '',
    }));
    return launchAll(instance, [['lighttpd', '-D', '-f', file]]);
  },
};
