// What other processes of the host could see of our programs: what a crash
// leaves, their command line, and what is lifted from their environment.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  chmodSync, cpSync, mkdirSync, readdirSync, readFileSync, statSync,
} from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { cgiEnv } from '../support/cgi.mjs';
import { each, holdsNone, isJson, until } from '../support/checks.mjs';
import { asleep, Forged } from '../support/forged.mjs';
import { build } from '../support/paths.mjs';

const TWEET = '/api/v1/tweet';
let cgi;
before(async () => {
  cgi = new Forged();
  isJson(await cgi.run('stats', '/api/v1/stats'), 200);
});
after(() => cgi?.remove());

/** A program that waits for its body, for as long as `act` takes. */
async function waiting(act, how = {}) {
  let acted;
  const reply = await cgi.run('tweets', TWEET, {
    method: 'POST', stdin: 'open', env: { CONTENT_LENGTH: '10' }, ...how,
    started: (child) => {
      acted = asleep(child).then(() => act(child.pid)).finally(() => child.kill('SIGKILL'));
    },
  });
  await acted;
  return reply;
}

const limits = (pid) => /^Max core file size +(\S+) +(\S+)/m
  .exec(readFileSync(`/proc/${pid}/limits`, 'utf8')).slice(1);

// Kills a program that waits for its body; prints by which signal it ended, and
// whether the kernel says that it left a core.
const KILL = `import os, signal, subprocess, sys, time
p = subprocess.Popen(sys.argv[2:], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
time.sleep(0.5)
os.kill(p.pid, getattr(signal, 'SIG' + sys.argv[1]))
_, status = os.waitpid(p.pid, 0)
print(os.WIFSIGNALED(status) and os.WTERMSIG(status), os.WCOREDUMP(status))`;

test('no crash leaves a core file, however large one could be', async (t) => {
  const folder = join(cgi.dir, 'crash');
  mkdirSync(folder);
  const unlimited = ['sh', '-c', `ulimit -c unlimited; cd '${folder}'; exec "$@"`, 'sh'];
  const killed = (name, command, env = {}) => execFileSync('/usr/bin/python3',
    ['-c', KILL, name, ...unlimited, ...command],
    { env: { ...env, PATH: process.env.PATH }, cwd: folder, encoding: 'utf8' }).trim();
  const env = cgiEnv(cgi.settings, { method: 'POST', path: TWEET, env: { CONTENT_LENGTH: '10' } });
  for (const [name, number] of [['ABRT', 6], ['SEGV', 11]]) {
    assert.equal(killed(name, [join(build, 'cgi-bin/tweets')], env), `${number} False`);
    assert.deepEqual(readdirSync(folder), []);
  }
  if (!killed('ABRT', ['sleep', '9']).endsWith('True')) {
    t.diagnostic('this system makes no core files at all');
  }
});

test('nor does it go to a program that collects crashes', async () => {
  await waiting((pid) => assert.deepEqual(limits(pid), ['1', '1']));
});

test('where the limit is lower and fixed, the process cannot be dumped', async () => {
  const nobody = process.getuid() === 0
    ? ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', '--'] : [];
  const copy = join(cgi.dir, 'tweets');
  cpSync(join(build, 'cgi-bin/tweets'), copy);
  chmodSync(cgi.dir, 0o711);
  let seen;
  await cgi.run(copy, TWEET, {
    method: 'POST', stdin: 'open', env: { CONTENT_LENGTH: '10', INSTANCE_DIR: '/proc/none' },
    command: (list) => [...nobody, 'sh', '-c', 'ulimit -c 0; exec "$@"', 'sh', ...list],
    started: ({ pid }) => {
      // Of what can be dumped the files in /proc are its user's, else root's.
      seen = until(() => readFileSync(`/proc/${pid}/comm`, 'utf8') === 'tweets\n'
        && statSync(`/proc/${pid}/environ`).uid === 0, 'it is root\'s')
        .then(() => assert.deepEqual(limits(pid), ['0', '0']))
        .finally(() => process.kill(pid, 'SIGKILL'));
    },
  });
  await seen;
});

test('the command line holds no secret, wherever the key came', async () => {
  const { key } = cgi;
  await each([{ key }, { key: null, headers: { Authorization: `Bearer ${key}` } },
    { key: null, query: `api_key=${key}` }], async (more) => {
    await waiting((pid) => {
      holdsNone(readFileSync(`/proc/${pid}/cmdline`, 'latin1'),
        { key, fernet: cgi.settings.ENCRYPTION_KEY });
    }, more);
  });
});
