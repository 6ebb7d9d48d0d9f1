// Another user of the same machine: he reads, replaces and locks none of our
// files, whatever umask our server has, and whatever he has laid where we write.

import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import {
  chmodSync, chownSync, existsSync, lstatSync, mkdirSync, readFileSync, rmSync, statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';

import { each, holdsNone, isError } from '../support/checks.mjs';
import { root } from '../support/paths.mjs';
import { isRoot, OTHER, Place, WEB } from '../support/place.mjs';
import { Site } from '../support/site.mjs';

const skip = isRoot ? false : 'only root can be other users';
const VICTIM = 'the private words of another program\n';
const today = () => new Date().toISOString().slice(0, 10);

let place;
let victim;
beforeEach(() => {
  place = new Place();
  if (!isRoot) return;
  for (const path of [place.dir, place.envFile]) chownSync(path, WEB.uid, WEB.gid);
  victim = join(place.dir, 'victim');
  writeFileSync(victim, VICTIM, { mode: 0o600 });
  chownSync(victim, WEB.uid, WEB.gid);
});
afterEach(() => place.remove());

const as = ({ uid, gid }) => ['setpriv', `--reuid=${uid}`, `--regid=${gid}`, '--clear-groups', '--'];
const UMASK_0 = ['sh', '-c', 'umask 000; exec "$@"', 'sh'];

/** Runs Python as the other user; gives the lines that it prints. */
function other(script, ...args) {
  const [command, ...rest] = [...as(OTHER), '/usr/bin/python3', '-c', script, ...args];
  const out = execFileSync(command, rest, { encoding: 'utf8', cwd: '/', timeout: 20_000 });
  return out.split('\n').filter(Boolean);
}

// Tries all that a file or a folder could be used for; prints what worked.
const TRY_ALL = `
import fcntl, os, sys
def attempt(what, path, act):
    try:
        act()
    except OSError:
        return
    print(what, path)
def lock(path, flags, how):
    fd = os.open(path, flags)
    how(fd)
for path in sys.argv[1:]:
    attempt('read', path, lambda: open(path, 'rb').read(1))
    attempt('write', path, lambda: open(path, 'ab'))
    for flags in (os.O_RDONLY, os.O_RDWR):
        attempt('flock', path, lambda: lock(path, flags, lambda fd: fcntl.flock(fd, fcntl.LOCK_SH)))
        attempt('lock', path, lambda: lock(path, flags, lambda fd: fcntl.lockf(fd, fcntl.LOCK_SH)))
    attempt('list', path, lambda: os.listdir(path))
    attempt('lay', path, lambda: open(path + '/laid', 'w'))
    attempt('chmod', path, lambda: os.chmod(path, 0o666))
    attempt('truncate', path, lambda: os.truncate(path, 0))
    attempt('link', path, lambda: os.link(path, '/tmp/linked-%d' % os.getpid()))
    attempt('rename', path, lambda: os.rename(path, path + '.away'))
    attempt('unlink', path, lambda: os.unlink(path))`;

const filesOf = (folder) => execFileSync('find', [folder], { encoding: 'utf8' }).trim().split('\n');

describe('what our programs made', { skip }, () => {
  test('under a umask of 000 no other user can read, replace or lock', async () => {
    const how = { user: WEB, umask: 0 };
    assert.equal((await place.request('stats', '/api/v1/stats', how)).status, 200);
    const broken = { ...how, env: { ENCRYPTION_KEY: 'broken' } };
    isError({ ...await place.request('stats', '/api/v1/stats', broken), text: '' }, 500);
    const tick = await place.tool(['tick'], { user: WEB, before: [...as(WEB), ...UMASK_0] });
    assert.equal(tick.code, 0, tick.err);
    const made = filesOf(place.instanceDir);
    for (const name of ['twitter_manager.db', 'twitter_manager.db-wal', 'twitter_manager.db-shm',
      'twitter_manager.db-turn', 'locks', `logs/api-${today()}.log`, `logs/error-${today()}.log`]) {
      assert.ok(made.some((path) => path.endsWith(`/${name}`)), `${name} was not made`);
    }
    assert.deepEqual(other(TRY_ALL, ...made, place.envFile), []);
    // Nor while the folder itself is open to the curious.
    chmodSync(place.instanceDir, 0o755);
    assert.deepEqual(other(TRY_ALL, ...made.slice(1), place.envFile), []);
  });

  test('the .env of init is its own', async () => {
    rmSync(place.envFile);
    const { code, err } = await place.tool(['init'], { user: WEB, before: [...as(WEB), ...UMASK_0] });
    assert.equal(code, 0, err);
    assert.deepEqual(other(TRY_ALL, place.envFile), []);
  });

  test('the probe of the attempts finds what is open', () => {
    chmodSync(victim, 0o644);
    const [path] = [victim];
    assert.deepEqual(other(TRY_ALL, path).map((line) => line.split(' ')[0]),
      ['read', 'flock', 'lock', ...(readFileSync('/proc/sys/fs/protected_hardlinks', 'utf8')[0] === '0'
        ? ['link'] : [])]);
  });
});

// How something can be laid at a path: { kind: script }. Hard links are laid by
// root where the system refuses others to.
const LAY = `
import os, sys, socket
kind, path, victim = sys.argv[1:]
os.umask(0)
if kind == 'file': open(path, 'w')
if kind == 'symlink': os.symlink(victim, path)
if kind == 'dangling': os.symlink(path + '.aim', path)
if kind == 'fifo': os.mkfifo(path, 0o666)
if kind == 'folder': os.mkdir(path, 0o777)
if kind == 'socket': socket.socket(socket.AF_UNIX).bind(path)`;
const KINDS = ['file', 'symlink', 'dangling', 'fifo', 'folder', 'socket', 'hardlink'];

function lay(kind, path) {
  if (kind === 'hardlink') {
    execFileSync('ln', [victim, path]);
    return;
  }
  other(LAY, kind, path, victim);
}

/** Nothing has come to what is the victim's, or to what was laid. */
function isUntouched(kind, path, what) {
  assert.equal(readFileSync(victim, 'utf8'), VICTIM, what);
  assert.equal(statSync(victim).mode & 0o777, 0o600, what);
  assert.ok(!existsSync(`${path}.aim`), what);
  if (kind === 'file') assert.equal(readFileSync(path, 'utf8'), '', what);
}

const NAMES = ['twitter_manager.db', 'twitter_manager.db-wal', 'twitter_manager.db-shm',
  'twitter_manager.db-journal', 'twitter_manager.db-turn', 'locks', 'logs',
  ...['api', 'error', 'x'].map((kind) => `logs/${kind}-${today()}.log`)];

describe('what another user laid', { skip }, () => {
  test('into an instance folder that is open to all is not touched: nothing runs', async () => {
    for (const mode of [0o777, 0o1777]) {
      for (const name of NAMES) {
        for (const kind of KINDS.filter((one) => !(name === 'logs' && one === 'hardlink'))) {
          const path = join(place.instanceDir, name);
          const what = `${mode.toString(8)} ${name} ${kind}`;
          rmSync(place.instanceDir, { recursive: true, force: true });
          mkdirSync(place.instanceDir);
          chownSync(place.instanceDir, WEB.uid, WEB.gid);
          chmodSync(place.instanceDir, mode);
          if (name.includes('/')) other(LAY, 'folder', join(place.instanceDir, 'logs'), '');
          lay(kind, path);
          const reply = await place.request('stats', '/api/v1/stats', { user: WEB, timeout: 10_000 });
          assert.equal(reply.status, 500, what);
          assert.equal(reply.json.code, 'system_error', what);
          assert.match(reply.json.error, /every user of this machine/, what);
          isUntouched(kind, path, what);
        }
      }
    }
  });

  test('and the tool and doctor say which folder it is, and how to close it', async () => {
    await place.begin({ user: WEB });
    chmodSync(place.instanceDir, 0o777);
    const { code, err } = await place.tool(['tick'], { user: WEB });
    assert.notEqual(code, 0);
    assert.match(err, /every user of this machine may write to the instance folder/);
    const { checks } = await place.doctor([], { user: WEB });
    assert.equal(checks.files.status, 'fail');
    assert.match(checks.files.detail, /can be written to by every user \(.*instance\)/);
    execFileSync('sh', ['-c', checks.files.hint.trim()]);
    assert.equal((await place.doctor([], { user: WEB })).checks.files.status, 'ok');
    assert.equal((await place.request('stats', '/api/v1/stats', { user: WEB })).status, 200);
  });

  test('where the logs are open to all gets no line, and keeps no request waiting', async () => {
    await place.begin({ user: WEB });
    const logs = join(place.instanceDir, 'logs');
    chmodSync(place.instanceDir, 0o711);
    for (const name of ['api', 'error', 'x'].map((kind) => `${kind}-${today()}.log`)) {
      for (const kind of KINDS) {
        const path = join(logs, name);
        rmSync(logs, { recursive: true });
        mkdirSync(logs);
        chownSync(logs, WEB.uid, WEB.gid);
        chmodSync(logs, 0o777);
        lay(kind, path);
        const how = { user: WEB, timeout: 10_000 };
        assert.equal((await place.request('stats', '/api/v1/stats', how)).status, 200);
        await place.request('stats', '/api/v1/stats', { ...how, env: { ENCRYPTION_KEY: 'broken' } });
        isUntouched(kind, path, `${name} ${kind}`);
      }
    }
  });

  test('in place of the whole folder, in one that is like /tmp, is refused', async () => {
    const own = join(place.dir, 'own');
    mkdirSync(own);
    chownSync(own, WEB.uid, WEB.gid);
    chmodSync(own, 0o700);
    await each(['mkdir -m 777', 'mkdir -m 755', `ln -s ${own}`], async (command) => {
      rmSync(place.instanceDir, { recursive: true, force: true });
      chmodSync(place.dir, 0o1777);
      const [file, ...args] = [...as(OTHER), ...command.split(' '), place.instanceDir];
      execFileSync(file, args);
      for (const program of ['stats', 'accounts']) {
        const reply = await place.request(program, `/api/v1/${program}`, { user: WEB });
        assert.equal(reply.status, 500);
      }
      assert.notEqual((await place.tool(['tick'], { user: WEB })).code, 0);
      assert.deepEqual(filesOf(`${place.instanceDir}/`).map((path) => path.split('/').at(-1))
        .filter((name) => /\.db/.test(name)), []);
      const { checks } = await place.doctor([], { user: WEB });
      assert.ok([checks.user, checks.files].some(({ status }) => status === 'fail'));
    });
  });

  test('as a .env to be is refused by init, at once, and sees no key', async () => {
    await each([...KINDS, 'locked'], async (kind) => {
      const path = `${place.envFile}.new`;
      rmSync(place.envFile, { force: true });
      rmSync(path, { recursive: true, force: true });
      chmodSync(place.dir, 0o777);
      lay(kind === 'locked' ? 'file' : kind, path);
      const [python, ...held] = [...as(OTHER), '/usr/bin/python3', '-uc', `import fcntl, sys, time
f = open(sys.argv[1], 'a'); fcntl.flock(f, fcntl.LOCK_EX); print('held'); time.sleep(60)`, path];
      const holder = kind === 'locked' ? spawn(python, held) : null;
      if (holder) await new Promise((done) => { holder.stdout.once('data', done); });
      try {
        const { code, err } = await place.tool(['init'],
          { user: WEB, before: ['timeout', '10', ...as(WEB)] });
        assert.ok(![0, 124].includes(code), `${code} ${err}`);
        assert.match(err, /\.env\.new/);
        isUntouched(kind === 'locked' ? 'file' : kind, path, kind);
        assert.ok(!existsSync(place.envFile));
      } finally { holder?.kill('SIGKILL'); }
    });
  });

  test('as a .env is not filled with our keys', async () => {
    const { API_KEY, ENCRYPTION_KEY } = place.settings;
    const evil = join(place.dir, 'evil');
    mkdirSync(evil);
    chownSync(evil, OTHER.uid, OTHER.gid);
    chmodSync(evil, 0o755);
    writeFileSync(join(evil, '.env'), 'TWITTER_API_URL=http://127.0.0.1:9\n');
    chownSync(join(evil, '.env'), OTHER.uid, OTHER.gid);
    for (const user of [WEB, null]) {
      for (const how of [`cp ${evil}/.env`, `ln -s ${evil}/.env`]) {
        rmSync(place.envFile, { force: true });
        chmodSync(place.dir, 0o777);
        const [file, ...args] = [...as(OTHER), ...how.split(' '), place.envFile];
        execFileSync(file, args);
        const { code, err } = await place.tool(['init'], user ? { user } : {});
        assert.notEqual(code, 0, how);
        assert.match(err, /belongs to another user/);
        for (const path of filesOf(evil).slice(1)) {
          assert.doesNotMatch(readFileSync(path, 'utf8'), /_KEY=/);
          holdsNone(readFileSync(path, 'utf8'), { API_KEY, ENCRYPTION_KEY });
        }
      }
    }
  });

  test("for root's cron, by whom the folder belongs to, leads root nowhere", async () => {
    await place.begin({ user: WEB });
    const roots = join(place.dir, 'roots');
    writeFileSync(roots, VICTIM, { mode: 0o600 });
    for (const name of ['locks', `logs/api-${today()}.log`, `logs/error-${today()}.log`]) {
      for (const command of ['ln', 'ln -s']) {
        const path = join(place.instanceDir, name);
        rmSync(path, { force: true });
        const [file, ...args] = [...command.split(' '), roots, path];
        execFileSync(file, args);
        await place.tool(['tick']);
        await place.request('stats', '/api/v1/stats');
        await place.request('stats', '/api/v1/stats', { env: { ENCRYPTION_KEY: 'broken' } });
        assert.equal(readFileSync(roots, 'utf8'), VICTIM, `${command} ${name}`);
        assert.equal(statSync(roots).uid, 0);
        rmSync(path);
      }
    }
  });

  test('at the probes of the setup page is put aside, never written to', async () => {
    const site = new Site();
    try {
      chownSync(site.dir, WEB.uid, WEB.gid);
      const how = { command: (list) => [...as(WEB), ...list] };
      const probe = join(site.dir, '.twitter-manager-probe');
      for (const kind of KINDS.filter((name) => name !== 'folder')) {
        chmodSync(site.dir, 0o777);
        rmSync(probe, { force: true });
        lay(kind, probe);
        const reply = await site.open({ ...how, timeout: 10_000 });
        assert.equal(reply.status, 200, `${kind} ${reply.text}`);
        assert.ok(lstatSync(probe).isFile());
        assert.equal(statSync(probe).uid, WEB.uid);
        isUntouched(kind === 'file' ? '' : kind, probe, kind);
      }
      other(LAY, 'file', `${site.envFile}.new`, '');
      site.upload();
      const made = await site.make({}, how);
      assert.equal(made.status, 500);
      assert.match(made.text, /could show the keys to another user/);
      assert.equal(readFileSync(`${site.envFile}.new`, 'utf8'), '');
    } finally { site.remove(); }
  });

  test('into a folder that make run is to use keeps it from starting', () => {
    mkdirSync(place.instanceDir);
    chmodSync(place.instanceDir, 0o1777);
    other(LAY, 'symlink', join(place.instanceDir, 'serving'), victim);
    const { status, stderr } = spawnSync(join(root, 'conf/serve'), {
      encoding: 'utf8', timeout: 10_000,
      env: { ...process.env, ...place.process, INSTANCE_DIR: place.instanceDir, PORT: '9' },
    });
    assert.equal(status, 78);
    assert.match(stderr, /every user may write to INSTANCE_DIR: chmod o-w/);
    assert.equal(readFileSync(victim, 'utf8'), VICTIM);
  });
});
