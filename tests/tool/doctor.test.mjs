// doctor.test.mjs - `twitter-manager doctor`: each check of this machine and of
// the database is seen well, and seen ill when that very thing is broken.

import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import {
  chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';

import { each, holdsNone } from '../support/checks.mjs';
import { seal } from '../support/fernet.mjs';
import { gone, isRoot, Place } from '../support/place.mjs';
import { noPreload } from '../support/preload.mjs';
import { newFernetKey } from '../support/settings.mjs';

const cannotMount = () => {
  try {
    execFileSync('unshare', ['-m', 'mount', '-t', 'tmpfs', 'none', '/etc/ssl'], { stdio: 'ignore' });
    return existsSync('/etc/pki') || existsSync('/etc/ssl/cert.pem');
  } catch { return true; }
};
const noMounts = !isRoot || cannotMount()
  ? 'only root, where it may mount, can hide the system\'s file' : false;

let place;
beforeEach(async () => { place = await new Place().begin(); });
afterEach(() => place.remove());

const CHECKS = ['settings', 'user', 'env_file', 'files', 'programs', 'libraries', 'space', 'schema',
  'journal', 'tokens', 'oauth1', 'rows', 'server', 'exposed', 'key', 'authorization', 'wrong_key',
  'callback', 'tick', 'ca', 'clock'];
const OF_THE_SITE = ['server', 'exposed', 'key', 'authorization', 'wrong_key', 'callback', 'clock'];

/** The check says this of the place as it is now. */
async function says(name, status, detail, hint) {
  const report = await place.doctor();
  const got = report.checks[name];
  assert.equal(got.status, status, `${name}: ${JSON.stringify(got)}`);
  if (detail) assert.match(got.detail, detail);
  if (hint) assert.match(got.hint ?? '', hint);
  assert.equal(report.code, report.ok ? 0 : 1);
  if (status === 'fail') assert.equal(report.code, 1);
  return got;
}

/** Names, modes, sizes and times below a folder, to see that nothing was changed. */
const snapshot = (dir) => execFileSync('find', [dir, '-printf', '%P %m %s %T@\\n'],
  { encoding: 'utf8' }).split('\n').sort().join('\n');

test('all is well with what was just set up, and doctor changes nothing', async () => {
  const before = snapshot(place.dir);
  const report = await place.doctor();
  assert.deepEqual(Object.keys(report.checks), CHECKS);
  assert.match(report.version, /^\d/);
  for (const name of CHECKS.filter((each) => !OF_THE_SITE.includes(each))) {
    assert.equal(report.checks[name].status, 'ok', JSON.stringify(report.checks[name]));
  }
  assert.equal(report.ok, true);
  assert.equal(report.code, 0);
  assert.equal(snapshot(place.dir), before);
});

test('the report is text of 80 columns with every check, or JSON', async () => {
  const { out, code } = await place.tool(['doctor']);
  assert.equal(code, 0);
  for (const name of CHECKS) assert.match(out, new RegExp(`^(ok|warn|fail|skip) +${name}: `, 'm'));
  for (const line of out.split('\n')) {
    assert.ok([...line].length < 80 || /\S{60}|^ {7}/.test(line), line);
  }
  assert.match(out, /^\d+ ok, \d+ warnings, 0 failed, \d+ skipped$/m);
});

test('a wrong command line is a usage error that names what is wrong', async () => {
  await each([
    [['doctor', '--what'], /doctor: unknown option --what\n[^]*usage/],
    [['tick', '--bogus'], /tick: unknown option --bogus\n[^]*usage/],
    [['tick', '--jsonx'], /tick: unknown option --jsonx\n/],
    [['tick', '--js'], /tick: unknown option --js\n/],
    [['init', '-h'], /init: unknown option -h\n/],
    [['doctor', 'x'], /doctor: unknown argument x\n[^]*usage/],
    [['doctor', '--url'], /doctor: this option needs a value: --url\n[^]*usage/],
    [['doctor', '--json=1'], /doctor: this option has no value: --json\n[^]*usage/],
    [['doctor', '--url', 'ftp://x'], /--url wants/],
    [['doctors'], /unknown command: doctors\n[^]*usage/],
    [['--what'], /unknown option: --what\n[^]*usage/],
    [[], /^usage/],
  ], async ([args, wanted]) => {
    const { code, out, err } = await place.tool(args);
    assert.equal(code, 64);
    assert.equal(out, '');
    assert.match(err, wanted);
  });
});

test('--help works alone, after every command and beside whatever else', async () => {
  const { out: text } = await place.tool(['--help']);
  const commands = [...text.matchAll(/^ {2}([a-z]+( [a-z]+)?)(?: {2,})/gm)].map(([, name]) => name);
  assert.deepEqual(commands, ['init', 'tick', 'doctor', 'key create', 'key list', 'key revoke', 'version']);
  await each([...commands.map((name) => [...name.split(' '), '--help']), ['tick', '--json', '--help'],
    ['doctor', '--bogus', '--help'], ['nothing', '--help']], async (args) => {
    assert.deepEqual(await place.tool(args), { code: 0, out: text, err: '' });
  });
});

test('quiet, it says nothing while nothing fails', async () => {
  assert.deepEqual(await place.tool(['doctor', '--quiet']), { code: 0, out: '', err: '' });
  place.configure({ API_KEY: null });
  const { code, out } = await place.tool(['doctor', '--quiet']);
  assert.equal(code, 1);
  assert.match(out, /API_KEY is missing/);
});

test('no report holds a secret', async () => {
  const { out: plain } = await place.tool(['doctor']);
  place.configure({ MOCK_MODE: 'nonsense', TWITTER_CLIENT_SECRET: 'the-client-secret' });
  const { text } = await place.doctor();
  const { API_KEY, ENCRYPTION_KEY } = place.settings;
  for (const report of [plain, text]) {
    holdsNone(report, { API_KEY, ENCRYPTION_KEY, secret: 'the-client-secret' });
  }
});

test('settings: none, one missing, one that makes no sense, a key that is none', async () => {
  const { API_KEY, ENCRYPTION_KEY } = place.settings;
  place.configure({ API_KEY: null });
  await says('settings', 'fail', /API_KEY is missing/, /twitter-manager init/);
  place.configure({ API_KEY, MOCK_MODE: 'perhaps' });
  await says('settings', 'fail', /MOCK_MODE/);
  place.configure({ MOCK_MODE: '1', INSTANCE_DIR: 'C:\\data' });
  await says('settings', 'fail', /INSTANCE_DIR is a Windows path/);
  place.configure({ INSTANCE_DIR: place.instanceDir, ENCRYPTION_KEY: 'short' });
  await says('settings', 'fail', /ENCRYPTION_KEY: key 1/);
  await says('tokens', 'skip');
  place.configure({ ENCRYPTION_KEY });
  writeFileSync(place.envFile, 'this is no setting\n');
  await says('settings', 'fail', /line 1 of/);
  gone(place.envFile);
  const report = await place.doctor();
  assert.equal(report.code, 1);
  assert.equal(report.checks.settings.status, 'fail');
  assert.equal(report.checks.env_file.status, 'skip');
});

test('with nothing made yet, what is not there is no fault', async () => {
  const fresh = new Place();
  try {
    const report = await fresh.doctor();
    assert.equal(report.code, 0, report.text);
    assert.match(report.checks.schema.detail, /no database yet/);
    assert.ok(!existsSync(fresh.instanceDir), 'doctor makes no folder');
  } finally { fresh.remove(); }
});

test('env_file: others can read it, the group can, or a folder above keeps them out', async () => {
  chmodSync(place.envFile, 0o644);
  await says('env_file', 'fail', /every user/, /chmod 0600 .*\.env/);
  chmodSync(place.dir, 0o700);
  await says('env_file', 'warn', /would be open to all users if a folder above/);
  chmodSync(place.envFile, 0o640);
  await says('env_file', 'warn', /group/);
  chmodSync(place.envFile, 0o600);
  await says('env_file', 'ok');
});

test('files: others can read the database, or a folder keeps them out', async () => {
  chmodSync(place.dbPath, 0o644);
  await says('files', 'warn', /1 of \d+ .*open to more users/, /chmod -R u\+rwX,go= /);
  chmodSync(place.instanceDir, 0o711);
  await says('files', 'fail', /can be read by every user \(.*twitter_manager\.db\)/);
  execFileSync('sh', ['-c', (await place.doctor()).checks.files.hint.trim()]);
  await says('files', 'ok');
});

test('programs: every user can write to their folder', async () => {
  const folder = join(place.dir, 'bin');
  const tool = place.copied('bin', join(process.cwd(), process.env.BUILD ?? 'build/release',
    'bin/twitter-manager'));
  const run = () => JSON.parse(execFileSync(tool, ['doctor', '--json'],
    { env: place.process, encoding: 'utf8' })).checks.find(({ check }) => check === 'programs');
  assert.equal(run().status, 'ok');
  chmodSync(folder, 0o777);
  assert.equal(run().status, 'warn');
  assert.ok(run().hint.includes(`chmod o-w ${folder}`));
});

test('libraries: those of the system are kept up to date by it', async () => {
  await says('libraries', 'ok', /this system's|the newest on \d{4}-\d\d-\d\d/);
});

test('version: of the release and of the libraries, as text and as JSON', async () => {
  const { code, out } = await place.tool(['version', '--json']);
  assert.equal(code, 0);
  const { version, libraries, libraries_day: day } = JSON.parse(out);
  assert.ok(day === null || /^\d{4}-\d\d-\d\d$/.test(day));
  const text = (await place.tool(['version'])).out;
  assert.ok(text.startsWith(`twitter-manager ${version}\n`));
  for (const library of libraries) assert.ok(text.includes(`  ${library.name} ${library.version}\n`));
});

test('space: little is left, or next to nothing', { skip: noPreload }, async () => {
  const file = join(place.dir, 'free');
  place.preload('disk', { DISK_FILE: file });
  await each([['101', 'ok'], ['99', 'warn'], ['9', 'fail']], async ([mib, status]) => {
    writeFileSync(file, mib);
    await says('space', status, new RegExp(`${mib} MiB`));
  });
});

test('schema: an older database is named and not migrated, a newer one is named', async () => {
  await place.db('PRAGMA user_version = 1');
  const before = snapshot(place.instanceDir);
  await says('schema', 'warn', /version 1, .* is \d/);
  await says('tick', 'skip');
  await says('tokens', 'ok');
  assert.equal(snapshot(place.instanceDir), before);
  assert.deepEqual(await place.db('PRAGMA user_version'), [{ user_version: 1 }]);
  await place.db('PRAGMA user_version = 99');
  await says('schema', 'fail', /version 99/, /newer/);
  await says('tokens', 'skip');
});

test('schema: what is no database is told', async () => {
  writeFileSync(place.dbPath, 'this is text, and has been long enough for a header of SQLite '
    .repeat(20));
  gone(`${place.dbPath}-wal`);
  gone(`${place.dbPath}-shm`);
  await says('schema', 'fail', /not a database/);
});

test('a log that only a reader with rights to write could read is left alone', async () => {
  gone(`${place.dbPath}-shm`);
  const before = snapshot(place.instanceDir);
  await says('schema', 'warn', /-shm/, /next request or tick/);
  assert.equal(snapshot(place.instanceDir), before);
});

test('what is only in the log is seen', async () => {
  await place.db(`PRAGMA wal_autocheckpoint = 0;
    INSERT INTO twitter_account(username, access_token) VALUES('torn', 'no token')`);
  await says('tokens', 'fail', /@torn/);
});

test('a database that is in use can be looked at', async () => {
  const held = `import sqlite3, sys, time
c = sqlite3.connect(sys.argv[1], isolation_level=None)
c.execute("BEGIN IMMEDIATE"); c.execute("UPDATE kv SET value = value")
print("held", flush=True); time.sleep(20)`;
  const holder = spawn('python3', ['-c', held, place.dbPath],
    { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    await new Promise((resolve) => { holder.stdout.once('data', resolve); });
    await says('schema', 'ok');
    await says('tick', 'ok');
  } finally { holder.kill('SIGKILL'); }
});

test('journal: no log on a local disk, a log on a network one', { skip: noPreload }, async () => {
  await place.db('PRAGMA journal_mode = DELETE');
  await says('journal', 'warn', /DELETE/, /PRAGMA journal_mode = WAL/);
  place.preload('network', { NETWORK_DISK: '1' });
  await says('journal', 'ok', /network/);
  await place.db('PRAGMA journal_mode = WAL');
  await says('journal', 'fail', /WAL, which loses data/, /PRAGMA journal_mode = DELETE/);
});

test('tokens: those of another key are named by account', async () => {
  const good = seal(place.settings.ENCRYPTION_KEY, 'a token');
  const bad = seal(newFernetKey(), 'a token');
  await place.db(`INSERT INTO twitter_account(username, access_token, refresh_token)
    VALUES('fine', '${good}', '${good}')`);
  await says('tokens', 'ok', /all 1 accounts/);
  await place.db(`INSERT INTO twitter_account(username, access_token, refresh_token)
    VALUES('access', '${bad}', '${good}'), ('refresh', '${good}', '${bad}')`);
  await says('tokens', 'fail', /2 of 3 .*@access, @refresh$/, /ENCRYPTION_KEY/);
  const nothing = seal(place.settings.ENCRYPTION_KEY, '');
  await place.db(`INSERT INTO twitter_account(username, access_token, refresh_token)
    VALUES('nothing', '${nothing}', '${nothing}'), ('once', '${good}', '${nothing}')`);
  await says('tokens', 'fail', /3 of 5 .*@access, @refresh, @nothing$/);
});

test('oauth1: accounts of another program that need to be linked again', async () => {
  await place.db(`INSERT INTO twitter_account(username, access_token, access_token_secret)
    VALUES('old', 'x', 'y'), ('new', '', '')`);
  await says('oauth1', 'warn', /1 accounts .*@old$/, /[Ll]ink/);
  await says('tokens', 'ok', /all 1 accounts/);
});

const FOREIGN = `PRAGMA foreign_keys = OFF;
  INSERT INTO twitter_account(id, username, access_token, status, created_at) VALUES
    (1, 'good', '', 'active', '2026-01-01 00:00:00'), (2, 'paused', '', 'paused', CURRENT_TIMESTAMP),
    (3, CAST(x'61ff' AS TEXT), '', NULL, 1769846950), (4, 'late', '', 'inactive', '2026-01-31T08:09:10Z');
  INSERT INTO tweet(id, twitter_account_id, content, status) VALUES
    (1, 1, 'good', 'pending'), (2, 1, CAST(x'41ff' AS TEXT), 'pending'), (3, 1, '', 'pending'),
    (4, 1, CAST(x'410042' AS TEXT), 'pending'), (5, 1, 'queued elsewhere', 'queued'),
    (6, 1, 'no status', NULL), (7, 77, 'of nobody', 'pending'), (8, 77, 'of nobody', 'posted'),
    (9, 0, 'of none', 'pending'), (10, -3, 'of less', 'odd'), (11, 'x', 'of text', 'pending'),
    (12, 1, CAST(x'ff' AS TEXT), 'posted');
  INSERT INTO tweet(id, twitter_account_id, content, status, created_at, posted_at, scheduled_at)
    VALUES (20, 1, 'iso', 'posted', '2026-01-31T08:09:10Z', 1769846950, '2026-01-31 10:09:10+02:00'),
    (21, 1, 'garbage', 'posted', 'yesterday', '2026-02-30 00:00:00', x'ff'),
    (22, 1, 'later', 'pending', CURRENT_TIMESTAMP, NULL, 4102444800);
  UPDATE tally SET n = n + 5 WHERE owner = 1 AND kind LIKE 'posted%';
  INSERT INTO tally VALUES (4, 'posted posted 01 ', 1)`;

test('rows: those of another program are named, and mended when asked', async () => {
  await place.db(FOREIGN);
  const before = snapshot(place.dir);
  const { detail, hint } = await says('rows', 'warn');
  assert.equal(snapshot(place.dir), before);
  for (const part of ['tweets 2, 3, 4 have a text that cannot be sent',
    'tweets 5, 6, 10 have an unknown status',
    'tweets 7, 8, 9, 10, 11 belong to an account that does not exist',
    'tweets 20, 21, 22 have a time in another format',
    'accounts 2, 3, 4 have an unknown status, or a time in another format',
    'accounts 3 have a name that is not UTF-8',
    /accounts (0, )?1, 4 have more or fewer tweets than counted/]) assert.match(detail, new RegExp(part));
  assert.match(hint, /twitter-manager doctor --fix/);

  const fixed = await place.doctor(['--fix']);
  assert.deepEqual([fixed.checks.rows.status, fixed.ok], ['ok', true], JSON.stringify(fixed.checks.rows));
  assert.match(fixed.checks.rows.detail, /^\d+ rows of another program were repaired$/);
  await says('rows', 'ok', /all rows can be used/);

  const rows = await place.db(`SELECT id, twitter_account_id AS of, status, code, created_at, posted_at,
    scheduled_at, hex(content) AS text FROM tweet ORDER BY id`);
  const tweet = (id) => rows.find((row) => row.id === id);
  assert.equal(rows.length, 15); // none is lost
  for (const [id, code] of [[2, 'text_unreadable'], [3, 'text_invalid'], [4, 'text_unreadable'],
    [5, 'outcome_unknown'], [6, 'outcome_unknown'], [10, 'outcome_unknown']]) {
    assert.deepEqual([tweet(id).status, tweet(id).code], ['failed', code], id);
  }
  assert.deepEqual([tweet(2).text, tweet(12).text, tweet(12).status], ['41FF', 'FF', 'posted']);
  for (const id of [1, 7, 9, 11, 22]) assert.equal(tweet(id).status, 'pending', id);
  const { created_at: made, posted_at: out, scheduled_at: when } = tweet(20);
  assert.deepEqual([made, out, when], Array(3).fill('2026-01-31 08:09:10'));
  assert.deepEqual([tweet(21).created_at, tweet(21).posted_at, tweet(21).scheduled_at], [null, null, null]);
  assert.equal(tweet(22).scheduled_at, '2100-01-01 00:00:00');
  assert.deepEqual([tweet(7).of, tweet(8).of], [77, 77]);

  const accounts = await place.db('SELECT id, username, status, created_at FROM twitter_account');
  const account = (id) => accounts.find((row) => row.id === id);
  for (const row of rows) assert.ok(account(row.of), `${row.id} of ${row.of}`);
  assert.deepEqual([account(2).status, account(3).status, account(77).status],
    ['inactive', 'active', 'inactive']);
  assert.deepEqual([account(3).created_at, account(4).created_at], Array(2).fill('2026-01-31 08:09:10'));
  assert.match(account(3).username, /^not_named_yet_/);
  assert.deepEqual(await place.db(`SELECT owner, kind FROM tally WHERE owner >= 0 AND n <>
    (SELECT count(*) FROM tweet t WHERE t.kind = tally.kind
     AND (owner = 0 OR t.twitter_account_id = owner))`), []);
  assert.deepEqual(await place.db('PRAGMA foreign_key_check'), []);
});

test('rows: with nothing to mend nothing is changed, and more than a few are counted', async () => {
  await says('rows', 'ok', /all rows can be used/);
  assert.equal((await place.doctor(['--fix'])).checks.rows.detail, 'all rows can be used');
  await place.db(`INSERT INTO twitter_account(id, username, access_token) VALUES (1, 'a', '');
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 40)
    INSERT INTO tweet(id, twitter_account_id, content, status) SELECT i, 1, 'x', 'odd' FROM n`);
  await says('rows', 'warn', /^tweets 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 and 30 more have an unknown status/);
});

test('tick: never, lately, and too long ago', async () => {
  await says('tick', 'ok', /0 minutes ago/);
  await place.db(`UPDATE kv SET value = json_set(value, '$.at', '2026-01-01T00:00:00Z')
    WHERE name = 'last_tick'`);
  const { hint } = await says('tick', 'fail', /scheduler \(cron\) didn't run for/);
  assert.match(hint, /^ +\*\/15 \* \* \* \* \/.*twitter-manager tick/m);
  assert.match(hint, /curl .*X-API-Key: \$API_KEY.*\/api\/v1\/tick/);
  await place.db("DELETE FROM kv WHERE name = 'last_tick'");
  await says('tick', 'warn', /scheduler (\(cron\) )?has never run/);
});

test('ca: the file of CA_FILE, another, one without a certificate, one that is not there', async () => {
  await says('ca', 'ok', /\d+ certificate authorities/);
  const file = join(place.dir, 'ca.pem');
  place.configure({ CA_FILE: file });
  await says('ca', 'fail', /cannot read/, /CA_FILE/);
  writeFileSync(file, 'no certificates here\n');
  await says('ca', 'fail', /has no certificate/);
  const pem = readFileSync('/etc/ssl/certs/ca-certificates.crt', 'utf8');
  writeFileSync(file, pem.slice(0, pem.indexOf('-----END') + 25));
  await says('ca', 'ok', /ca\.pem has 1 cert/);
});

test('ca: the archive has its own, for systems that have none', { skip: noMounts }, async () => {
  const without = ['unshare', '-m', 'sh', '-c', 'mount -t tmpfs none /etc/ssl && exec "$@"', 'sh'];
  const none = await place.doctor([], { before: without });
  assert.equal(none.checks.ca.status, 'fail', none.checks.ca.detail);
  const inside = join(place.dir, 'private');
  mkdirSync(join(inside, 'lib'), { recursive: true });
  const pem = readFileSync('/etc/ssl/certs/ca-certificates.crt', 'utf8');
  writeFileSync(join(inside, 'lib', 'ca-certificates.crt'), pem);
  const own = await place.doctor([], { before: without, inside: true });
  assert.equal(own.checks.ca.status, 'ok');
  assert.match(own.checks.ca.detail, /private\/lib\/ca-certificates\.crt has \d+/);
  const both = await place.doctor([], { inside: true });
  assert.match(both.checks.ca.detail, /^\/etc\/ssl/);
});

test('the instance folder may have any name', async () => {
  const odd = join(place.dir, "o'dd ä?#%41 name");
  mkdirSync(odd);
  place.configure({ INSTANCE_DIR: odd.replaceAll("'", '') });
  place.instanceDir = odd.replaceAll("'", '');
  place.dbPath = join(place.instanceDir, 'twitter_manager.db');
  await place.begin();
  await says('schema', 'ok');
  await says('tick', 'ok');
  chmodSync(place.dbPath, 0o640);
  execFileSync('sh', ['-c', (await place.doctor()).checks.files.hint.trim()]);
  await says('files', 'ok');
});
