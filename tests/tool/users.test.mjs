// users.test.mjs - two users and one installation: the web server's and a
// person's, root's cron, and SHARED_GROUP.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  chmodSync, chownSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';

import { holdsNone } from '../support/checks.mjs';
import { request, startInstance } from '../support/instance.mjs';
import { isRoot, OTHER, Place, rights, WEB } from '../support/place.mjs';

const skip = isRoot ? false : 'only root can be other users';
const MEMBER = { ...OTHER, groups: [WEB.gid] };

let place;
beforeEach(() => { place = new Place(); });
afterEach(() => place.remove());

/** Every file and folder of the instance: [[path, rights]]. */
function all() {
  const out = execFileSync('find', [place.instanceDir], { encoding: 'utf8' });
  return out.trim().split('\n').map((path) => [path, rights(path)]);
}

/** Each is made by these rights: { mode, uid, gid }, as far as they are given. */
function allAre({ file, folder, ...owner }) {
  const list = all();
  assert.ok(list.length > 5, String(list));
  for (const [path, { mode, ...got }] of list) {
    const isFolder = /instance$|logs$|tmp$/.test(path);
    assert.equal(mode, isFolder ? folder : file, path);
    for (const [name, id] of Object.entries(owner)) assert.equal(got[name], id, `${path} ${name}`);
  }
}

/** Lets a user make the instance folder, and read the .env. */
function open({ uid, gid }, mode = 0o600) {
  chownSync(place.dir, uid, gid);
  chownSync(place.envFile, uid, gid);
  chmodSync(place.envFile, mode);
}

const works = async (how) => {
  const { status, raw } = await place.request('stats', '/api/v1/stats', how);
  assert.equal(status, 200, raw);
};

const ticks = async (how) => {
  const { code, err } = await place.tool(['tick'], how);
  assert.equal(code, 0, err);
};

test('what is made is for its owner alone; with SHARED_GROUP for the group, too', async () => {
  await place.begin();
  allAre({ file: '600', folder: '700' });
  rmSync(place.instanceDir, { recursive: true });
  place.configure({ SHARED_GROUP: '1' });
  await place.begin();
  allAre({ file: '660', folder: '2770' });
  assert.equal((await place.doctor()).checks.files.status, 'ok');
});

test('what conf/serve and its server make is for the group, too', async () => {
  const instance = await startInstance({ env: { SHARED_GROUP: '1' } });
  try {
    place.instanceDir = instance.instanceDir;
    await request(instance, 'GET', '/api/v1/stats');
    allAre({ file: '660', folder: '2770' });
  } finally { await instance.stop(); }
});

describe("root's cron and the web server's user", { skip }, () => {
  test('what root makes first belongs to whom the folder belongs', async () => {
    open(WEB);
    await place.begin();
    allAre({ uid: WEB.uid, gid: WEB.gid, file: '600', folder: '700' });
    await works({ user: WEB });
    await ticks({ user: WEB });
    const { checks } = await place.doctor();
    assert.equal(checks.user.status, 'ok');
    assert.equal(checks.files.status, 'ok', checks.files.detail);
  });

  test('what root makes later does, too: a log, the locks, the log of the database', async () => {
    open(WEB);
    await place.begin({ user: WEB });
    rmSync(join(place.instanceDir, 'logs'), { recursive: true });
    rmSync(join(place.instanceDir, 'locks'));
    await place.db('PRAGMA wal_checkpoint(TRUNCATE)');
    rmSync(`${place.dbPath}-wal`, { force: true });
    rmSync(`${place.dbPath}-shm`, { force: true });
    await place.begin();
    allAre({ uid: WEB.uid, gid: WEB.gid, file: '600', folder: '700' });
    await works({ user: WEB });
  });

  test('root keeps what is in a folder of its own', async () => {
    await place.begin();
    allAre({ uid: 0, gid: 0, file: '600', folder: '700' });
  });

  test('root makes nothing through a link, and gives away nothing by one', async () => {
    open(WEB);
    await place.begin({ user: WEB });
    const aim = join(place.dir, 'aim');
    const locks = join(place.instanceDir, 'locks');
    rmSync(locks);
    symlinkSync(aim, locks);
    const { code } = await place.tool(['tick']);
    assert.notEqual(code, 0);
    assert.ok(!existsSync(aim));
  });

  test("files that are root's in another's folder are named, with the command", async () => {
    open(WEB);
    await place.begin({ user: WEB });
    chownSync(`${place.dbPath}-wal`, 0, 0);
    const { checks, code } = await place.doctor();
    assert.equal(code, 1);
    assert.equal(checks.files.status, 'fail');
    assert.match(checks.files.detail, /^1 of \d+ .*another user.*-wal/);
    const commands = checks.files.hint.split('\n').filter((line) => line.startsWith(' '));
    assert.ok(commands.length > 0);
    for (const line of commands) execFileSync('sh', ['-c', line]);
    assert.equal((await place.doctor()).checks.files.status, 'ok');
  });

  test("a .env that the web server's user cannot read is named, with the commands", async () => {
    open(WEB);
    await place.begin({ user: WEB });
    chownSync(place.envFile, 0, 0);
    const { checks } = await place.doctor();
    assert.equal(checks.env_file.status, 'fail');
    assert.match(checks.env_file.detail, /belongs to root, and www-data.* cannot read it/);
    for (const line of checks.env_file.hint.split('\n').filter((each) => each.startsWith(' '))) {
      execFileSync('sh', ['-c', line]);
    }
    assert.equal((await place.doctor()).checks.env_file.status, 'ok');
    await works({ user: WEB });
  });
});

describe('a user who may not', { skip }, () => {
  // Everything as it was, and words that help.
  async function refused(how, path) {
    const before = JSON.stringify(all());
    const { code, out, err } = await place.tool(['tick'], { user: OTHER, ...how });
    assert.notEqual(code, 0);
    assert.equal(out, '');
    assert.match(err, new RegExp(`${path} belongs to www-data; this is nobody`));
    assert.match(err, /^ +sudo -u www-data \/.*twitter-manager tick$/m);
    assert.match(err, /^ +curl .*-H "X-API-Key: \$API_KEY" http.*\/api\/v1\/tick$/m);
    assert.match(err, /SHARED_GROUP=1/);
    const { API_KEY, ENCRYPTION_KEY } = place.settings;
    holdsNone(err, { API_KEY, ENCRYPTION_KEY });
    assert.equal(JSON.stringify(all()), before);
    const report = await place.doctor([], { user: OTHER, ...how });
    assert.equal(report.checks.user.status, 'fail');
    assert.match(report.checks.user.detail, /belongs to www-data; this is nobody/);
    assert.match(report.checks.user.hint, /sudo -u www-data/);
    assert.equal(report.code, 1);
    assert.equal(JSON.stringify(all()), before);
    return report;
  }

  beforeEach(async () => {
    open(WEB);
    await place.begin({ user: WEB });
  });

  test('serve requests is told so in the reply, which names nobody', async () => {
    chmodSync(place.envFile, 0o644);
    const { status, json, raw } = await place.request('stats', '/api/v1/stats', { user: OTHER });
    assert.equal(status, 500);
    assert.equal(json.code, 'database_error');
    assert.match(json.hint, /twitter-manager doctor/);
    assert.doesNotMatch(raw, /www-data|nobody/);
  });

  test('read the .env is told whose it is', async () => {
    const { checks } = await refused({}, '\\.env');
    assert.equal(checks.settings.status, 'fail');
  });

  test('enter the instance folder is told whose it is', async () => {
    chmodSync(place.envFile, 0o644);
    await refused({}, 'instance');
  });

  test('write the database is told, before anything is opened', async () => {
    chmodSync(place.envFile, 0o644);
    chmodSync(place.instanceDir, 0o777);
    chmodSync(join(place.instanceDir, 'logs'), 0o777);
    chmodSync(place.dbPath, 0o644);
    await refused({}, 'twitter_manager\\.db');
  });

  test('enter the folder above is told, too', async () => {
    const inner = join(place.dir, 'inner');
    mkdirSync(inner, { mode: 0o700 });
    chownSync(inner, WEB.uid, WEB.gid);
    place.configure({ INSTANCE_DIR: join(inner, 'instance') });
    chmodSync(place.envFile, 0o644);
    const { code, err } = await place.tool(['tick'], { user: OTHER });
    assert.notEqual(code, 0);
    assert.match(err, /belongs to www-data; this is nobody/);
  });

  test('and who could, but would shut the other out, is warned', async () => {
    chmodSync(place.envFile, 0o644);
    execFileSync('chmod', ['-R', 'a+rwX', place.instanceDir]);
    const { checks } = await place.doctor([], { user: OTHER });
    assert.equal(checks.user.status, 'fail');
    assert.match(checks.user.detail, /would lock out www-data/);
  });
});

describe('SHARED_GROUP and two users of one group', { skip }, () => {
  beforeEach(() => place.configure({ SHARED_GROUP: '1' }));

  const addAccount = (how) => place.request('mock-mode', '/api/v1/mock-mode',
    { ...how, method: 'POST', body: '{"enabled":true}' });

  test('both write: a request by one, a tick by the other, in either order', async () => {
    open(WEB, 0o640);
    await works({ user: WEB });
    await ticks({ user: MEMBER });
    assert.equal((await addAccount({ user: WEB })).status, 200);
    assert.equal((await addAccount({ user: MEMBER })).status, 200);
    await ticks({ user: WEB });
    await ticks({ user: MEMBER });
    allAre({ gid: WEB.gid, file: '660', folder: '2770' });
    assert.deepEqual(await place.db('PRAGMA journal_mode'), [{ journal_mode: 'wal' }]);
    for (const user of [WEB, MEMBER]) {
      const { checks } = await place.doctor([], { user });
      for (const name of ['user', 'env_file', 'files', 'schema']) {
        assert.equal(checks[name].status, 'ok', `${name}: ${checks[name].detail}`);
      }
    }
  });

  test("the log of the database, made anew by one, is the other's, too", async () => {
    open(WEB, 0o640);
    await works({ user: WEB });
    for (const user of [MEMBER, WEB]) {
      await place.db('PRAGMA wal_checkpoint(TRUNCATE)');
      rmSync(`${place.dbPath}-wal`, { force: true });
      rmSync(`${place.dbPath}-shm`, { force: true });
      await ticks({ user });
      assert.equal(rights(`${place.dbPath}-wal`).uid, user.uid);
      await works({ user: user === WEB ? MEMBER : WEB });
    }
  });

  test('files that were made before it are named, and its commands mend them', async () => {
    place.configure({ SHARED_GROUP: '0' });
    open(WEB);
    await place.begin({ user: WEB });
    place.configure({ SHARED_GROUP: '1' });
    open(WEB);
    const report = await place.doctor([], { user: WEB });
    assert.equal(report.checks.files.status, 'fail');
    assert.match(report.checks.files.detail, /not open to the group/);
    const commands = report.checks.files.hint.split('\n').filter((line) => line.startsWith(' '));
    assert.ok(commands.some((line) => line.includes('chmod 2770')));
    for (const line of commands) execFileSync('sh', ['-c', line]);
    await ticks({ user: MEMBER });
    await works({ user: WEB });
    allAre({ file: '660', folder: '2770' });
    assert.equal((await place.doctor([], { user: MEMBER })).checks.files.status, 'ok');
  });

  test('root beside them makes files that both can use', async () => {
    open(WEB, 0o640);
    await place.begin();
    allAre({ uid: WEB.uid, gid: WEB.gid, file: '660', folder: '2770' });
    await works({ user: WEB });
    await ticks({ user: MEMBER });
  });

  test('somebody outside the group stays out', async () => {
    open(WEB, 0o644);
    await place.begin({ user: WEB });
    const { code, err } = await place.tool(['tick'], { user: OTHER });
    assert.notEqual(code, 0);
    assert.match(err, /belongs to www-data; this is nobody/);
    assert.ok(readFileSync(place.dbPath).length > 0);
  });
});
