// The setup page, as a bare program: what proves, who wins, what is left behind
// when it is ended at any moment, and what it refuses.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  chmodSync, chownSync, existsSync, mkdirSync, readdirSync, readFileSync,
  rmSync, statSync, symlinkSync, writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';

import { cgiEnv, runCgi } from '../support/cgi.mjs';
import { each, hasCommonHeaders, holdsNone, isError } from '../support/checks.mjs';
import { isWhole } from '../support/forged.mjs';
import { db } from '../support/instance.mjs';
import { addAccount } from '../support/link.mjs';
import { newFernetKey } from '../support/settings.mjs';
import { Site, textOf } from '../support/site.mjs';

const JSON_PLEASE = { Accept: 'application/json' };
const MARKER = /^twitter-manager-probe/;
const NOBODY = 65534;
const isRoot = process.getuid() === 0;

let site;
beforeEach(() => { site = new Site(); });
afterEach(() => site.remove());

const probes = () => [join(site.dir, '.twitter-manager-probe'),
  join(site.instanceDir, 'twitter-manager-probe.txt')];

/** A page of ours, with this status. */
function isPage(reply, status, ...words) {
  isWhole(reply);
  assert.equal(reply.status, status, reply.text);
  hasCommonHeaders(reply);
  assert.match(reply.headers['content-type'], /^text\/html/);
  assert.match(reply.headers['content-security-policy'], /default-src 'none'/);
  for (const word of words) assert.match(reply.text, word);
}

/** Keys that work were made, and they are those that were shown. */
async function isMade(reply) {
  isPage(reply, 200);
  assert.match(reply.key, /^[\w-]{43}$/);
  assert.equal(site.saved.API_KEY, reply.key);
  assert.match(site.saved.ENCRYPTION_KEY, /^[\w-]{43}=$/);
  assert.equal(await site.takes(reply.key), true);
  return reply.key;
}

async function ready() {
  await site.open();
  site.upload();
}

test('the page names a file that nobody can know before, and the folder for it', async () => {
  const reply = await site.open();
  isPage(reply, 200, /id="steps" hidden/, /js\/setup\.js/);
  assert.match(site.proof, /^twitter-manager-[0-9a-f]{32}\.txt$/);
  assert.equal(site.folder, site.dir);
  assert.ok(!reply.text.includes(site.cookie.split('=')[1]), 'the ticket stays in the cookie');
  assert.match(reply.headers['set-cookie'], /HttpOnly/);
  assert.match(reply.headers['set-cookie'], /SameSite=Lax/);
  for (const [env, secure] of [[{}, false], [{ HTTPS: 'off' }, false], [{ HTTPS: 'on' }, true],
    [{ REQUEST_SCHEME: 'https' }, true], [{ REQUEST_SCHEME: 'http' }, false]]) {
    const given = await site.visitor().open({ env });
    assert.equal(/; Secure/.test(given.headers['set-cookie']), secure, JSON.stringify(env));
  }
  const first = site.proof;
  assert.equal(reply.headers['cache-control'], 'no-store');
  isPage(await site.open(), 200);
  assert.equal(site.proof, first, 'a reload asks for the same file');
  const other = site.visitor();
  await other.open();
  assert.notEqual(other.proof, first, 'another browser for another');
});

test('probes and a closed instance folder are there before anything can be sent', async () => {
  await site.open();
  assert.equal(statSync(site.instanceDir).mode & 0o777, 0o700);
  assert.match(readFileSync(join(site.instanceDir, '.htaccess'), 'utf8'),
    /mod_authz_core[^]*Require all denied[^]*Deny from all/);
  for (const probe of probes()) assert.match(readFileSync(probe, 'utf8'), MARKER);
  assert.equal(existsSync(site.envFile), false);
});

test('a probe that was left empty is written anew, and an .htaccess of one\'s own is kept', async () => {
  await site.open();
  const own = join(site.instanceDir, '.htaccess');
  writeFileSync(own, 'Require all denied\n');
  for (const probe of probes()) writeFileSync(probe, '');
  await site.open();
  for (const probe of probes()) assert.match(readFileSync(probe, 'utf8'), MARKER);
  assert.equal(readFileSync(own, 'utf8'), 'Require all denied\n');
  writeFileSync(own, '');
  await site.open();
  assert.match(readFileSync(own, 'utf8'), /Deny from all/);
});

test('with the file in its place keys are made, shown once, and all is tidy', async () => {
  await ready();
  const reply = await site.make({ callback_url: 'https://x.example/tm/auth/callback' });
  const key = await isMade(reply);
  assert.equal(site.saved.TWITTER_CALLBACK_URL, 'https://x.example/tm/auth/callback');
  assert.equal(statSync(site.envFile).mode & 0o777, 0o600);
  assert.deepEqual(readdirSync(site.dir).sort(), ['.env', 'instance']);
  assert.equal(readdirSync(site.instanceDir).some((name) => name.includes('probe')), false);
  assert.ok(existsSync(join(site.instanceDir, '.htaccess')));
  assert.equal(reply.text.split(key).length, 2, 'once on the page');
  const { ENCRYPTION_KEY } = site.saved;
  holdsNone(site.logs, { key, ENCRYPTION_KEY, ticket: 'twitter_manager_setup=' }, 'a log');
  holdsNone(reply.text, { ENCRYPTION_KEY }, 'the page');
});

test('then the page is gone for good', async () => {
  await ready();
  await isMade(await site.make());
  const before = readFileSync(site.envFile, 'utf8');
  site.cookie = 'twitter_manager_setup=' + 'A'.repeat(43);
  writeFileSync(join(site.dir, site.proof), '');
  for (const reply of [await site.request('GET'), await site.make(),
    await site.make({ checked: '' }).then(() => site.make())]) {
    assert.equal(reply.status, 404);
    assert.equal(reply.headers['set-cookie'], undefined);
  }
  isError(await site.request('GET', { headers: JSON_PLEASE }), 404, 'not_found');
  assert.equal(readFileSync(site.envFile, 'utf8'), before);
  assert.equal(existsSync(probes()[0]), false);
});

test('keys in the environment count, too', async () => {
  Object.assign(site.settings, { API_KEY: 'given', ENCRYPTION_KEY: newFernetKey() });
  assert.equal((await site.request('GET')).status, 404);
  assert.equal((await site.make()).status, 404);
  assert.deepEqual(readdirSync(site.dir).filter((name) => name !== 'instance'), []);
});

test('without the file nothing is made, and the page comes again with the same name', async () => {
  await site.open();
  const reply = await site.make({ callback_url: 'https://x.example/auth/callback' });
  isPage(reply, 403, /not in the folder/);
  assert.equal(textOf(reply.text, 'proof'), site.proof);
  assert.match(reply.text, /value="https:\/\/x\.example\/auth\/callback"/);
  isError(await site.make({}, { headers: JSON_PLEASE }), 403, 'setup_unproven');
  assert.equal(site.saved, null);
  site.upload();
  await isMade(await site.make());
});

test('only a plain file proves', async () => {
  await site.open();
  const target = join(site.dir, 'there');
  writeFileSync(target, '');
  await each([
    () => symlinkSync(target, site.proofFile), () => symlinkSync('/etc/passwd', site.proofFile),
    () => mkdirSync(site.proofFile), () => execFileSync('mkfifo', [site.proofFile]),
  ], async (put) => {
    put();
    assert.equal((await site.make()).status, 403);
    rmSync(site.proofFile, { recursive: true });
  });
  assert.equal(site.saved, null);
});

test('a file that another visitor was asked for proves nothing', async () => {
  await ready();
  const other = site.visitor();
  assert.equal((await other.make()).status, 403);
  await other.open();
  assert.equal((await other.make()).status, 403);
  for (const cookie of ['', 'x', '../../etc/passwd', 'a'.repeat(42), `${'a'.repeat(42)}/`,
    'a'.repeat(4000)]) {
    other.cookie = `twitter_manager_setup=${cookie}`;
    assert.equal((await other.make()).status, 403, cookie.slice(0, 50));
  }
  assert.equal(site.saved, null);
  await isMade(await site.make());
});

test('a ticket in the URL or the form is not taken: somebody else may have made it', async () => {
  const thief = site.visitor();
  await thief.open();
  const ticket = thief.cookie.split('=')[1];
  const victim = site.visitor();
  const page = await victim.open({ query: `ticket=${ticket}` });
  assert.notEqual(textOf(page.text, 'proof'), thief.proof);
  const stray = site.visitor();
  const again = await stray.make({ ticket });
  assert.notEqual(textOf(again.text, 'proof'), thief.proof);
});

test('of many who send it at once, one is shown the key, and it works', async () => {
  await ready();
  const replies = await Promise.all(Array.from({ length: 8 }, () => site.make()));
  const winners = replies.filter(({ status }) => status === 200);
  assert.equal(winners.length, 1, replies.map(({ status }) => status).join());
  await isMade(winners[0]);
  for (const reply of replies.filter((one) => one !== winners[0])) {
    assert.equal(reply.status, 404, reply.text);
    assert.equal(reply.key, undefined);
  }
  assert.deepEqual(readdirSync(site.dir).filter((name) => name !== 'instance'), ['.env']);
});

test('a wrong address is refused, and nothing is made', async () => {
  await ready();
  await each(['x', '/auth/callback', 'javascript:alert(1)', 'ftp://x/y', 'https://',
    'https://x/a b', 'https://x/a\nMOCK_MODE=0', 'https://x/"><script>', 'https://x/#a', '\u{1F600}'],
  async (callback) => {
    const reply = await site.make({ callback_url: callback });
    isPage(reply, 400, /callback_url/);
    assert.ok(!reply.text.includes('"><script>'));
  });
  assert.equal(site.saved, null);
});

test('who does not say that the check was made gets nothing', async () => {
  await ready();
  isPage(await site.request('POST', { body: 'callback_url=' }), 400, /checked/);
  isError(await site.request('POST', { body: '{}', type: 'application/json', headers: JSON_PLEASE }),
    400, 'invalid_input');
  assert.equal(site.saved, null);
  const reply = await site.request('POST', { body: '{"checked":"yes"}', type: 'application/json' });
  assert.equal(reply.status, 200);
});

test('a form that is no form is refused', async () => {
  await ready();
  await each(['checked=%', 'checked=%ff', 'checked=%00', 'checked=yes&checked=yes', '%zz=1'],
    async (body) => assert.equal((await site.request('POST', { body })).status, 400));
  assert.equal((await site.request('POST', { body: 'checked=yes', type: 'text/plain' })).status, 415);
  assert.equal((await site.request('POST', { body: `checked=yes&x=${'y'.repeat(70_000)}` })).status, 413);
  assert.equal(site.saved, null);
});

test('by hand there are links to open and a word to give, and no script', async () => {
  const reply = await site.open({ query: 'check=hand' });
  isPage(reply, 200, /type="checkbox"[^>]*required/);
  assert.doesNotMatch(reply.text, /<script|id="steps" hidden/);
  assert.doesNotMatch(reply.headers['content-security-policy'], /script-src/);
});

// What is there already

test('a .env that is there keeps its lines, and empty keys in it count as none', async () => {
  writeFileSync(site.envFile, '# mine\nAPI_KEY=\nENCRYPTION_KEY=\nMOCK_MODE=1\nLATE_POLICY=post',
    { mode: 0o640 });
  await ready();
  const reply = await site.make();
  await isMade(reply);
  const text = readFileSync(site.envFile, 'utf8');
  assert.match(text, /^# mine\nAPI_KEY=\nENCRYPTION_KEY=\nMOCK_MODE=1\nLATE_POLICY=post\n#/);
  assert.equal(statSync(site.envFile).mode & 0o777, 0o640);
});

test('a .env that others could read is closed to them', async () => {
  writeFileSync(site.envFile, 'MOCK_MODE=1\n');
  chmodSync(site.envFile, 0o644);
  await ready();
  await isMade(await site.make());
  assert.equal(statSync(site.envFile).mode & 0o007, 0);
});

test('where one key is set, only the other is made', async () => {
  writeFileSync(site.envFile, 'API_KEY=my-own\n');
  await ready();
  const reply = await site.make();
  isPage(reply, 200, /the one that you set/);
  assert.equal(reply.key, undefined);
  assert.equal(site.saved.API_KEY, 'my-own');
  assert.equal(await site.takes('my-own'), true);
});

test('a .env that cannot be read or understood is a fault, and never no keys', async () => {
  const put = [
    () => writeFileSync(site.envFile, 'API_KEY=x\nthis is no setting\n'),
    () => mkdirSync(site.envFile),
    () => symlinkSync(join(site.dir, 'gone'), site.envFile),
    () => writeFileSync(site.envFile, `API_KEY=${'x'.repeat(70_000)}\n`),
    () => writeFileSync(site.envFile, 'LOG_RETENTION_DAYS=x\n'),
  ];
  await each(put, async (make) => {
    make();
    for (const reply of [await site.request('GET', { headers: JSON_PLEASE }),
      await site.make({}, { headers: JSON_PLEASE })]) {
      isError(reply, 500, 'config_invalid');
    }
    rmSync(site.envFile, { recursive: true });
  });
  assert.deepEqual(readdirSync(site.dir).filter((name) => name.startsWith('.env')), []);
});

test('over a database with tokens no keys are made, and what to put back is said', async () => {
  const encryptionKey = newFernetKey();
  const settings = { ...site.settings, API_KEY: 'k', ENCRYPTION_KEY: encryptionKey };
  const made = await runCgi('stats', { env: cgiEnv(settings, { path: '/api/v1/stats', key: 'k' }) });
  assert.equal(made.status, 200);
  await addAccount({ dbPath: site.dbPath, encryptionKey }, { username: 'someone' });
  for (const method of ['GET', 'POST']) {
    const reply = await site.request(method, method === 'POST' ? { body: 'checked=yes' } : {});
    isPage(reply, 500, /ENCRYPTION_KEY/, /restore the one that encrypted them/, /copy of \.env/);
  }
  assert.equal(site.saved, null);
  // with the key put back only an API key is missing
  site.settings.ENCRYPTION_KEY = encryptionKey;
  await ready();
  const reply = await site.make();
  assert.equal(await site.takes(reply.key), true);
  assert.equal(site.saved.ENCRYPTION_KEY, undefined);
  assert.equal((await db(site.dbPath, 'SELECT count(*) AS n FROM twitter_account'))[0].n, 1);
});

test('a database without accounts is no hindrance', async () => {
  const settings = { ...site.settings, API_KEY: 'k', ENCRYPTION_KEY: newFernetKey() };
  await runCgi('stats', { env: cgiEnv(settings, { path: '/api/v1/stats', key: 'k' }) });
  await ready();
  await isMade(await site.make());
});

// Where things lie

test('with no .env at all keys and data go to the site\'s home, and not where the server stands', async () => {
  const home = join(site.dir, 'public_html');
  const program = join(home, 'api', 'v1', 'setup');
  mkdirSync(join(home, 'api', 'v1'), { recursive: true });
  execFileSync('cp', [join(process.env.BUILD ?? 'build/release', 'cgi-bin', 'setup'), program]);
  const env = { TWITTER_MANAGER_ENV: null, INSTANCE_DIR: null };
  const page = await site.open({ program, env });
  assert.equal(site.folder, home);
  assert.match(page.text, /href="\.\.\/\.\.\/\.twitter-manager-probe"/);
  assert.match(page.text, /href="\.\.\/\.\.\/instance\/twitter-manager-probe\.txt"/);
  assert.match(page.text, new RegExp(`${site.dir}</code>, with this line`), 'where it would be safe');
  site.upload();
  const reply = await site.make({}, { program, env });
  assert.equal(reply.status, 200);
  site.envFile = join(home, '.env');
  assert.equal(site.saved.API_KEY, reply.key);
  assert.equal(statSync(join(home, 'instance')).mode & 0o777, 0o700);
  assert.equal((await site.request('GET', { program, env })).status, 404);
});

test('a .env above with INSTANCE_DIR takes keys and data out of reach', async () => {
  const home = join(site.dir, 'public_html');
  const program = join(home, 'cgi-bin', 'setup');
  mkdirSync(join(home, 'cgi-bin'), { recursive: true });
  execFileSync('cp', [join(process.env.BUILD ?? 'build/release', 'cgi-bin', 'setup'), program]);
  writeFileSync(site.envFile, 'INSTANCE_DIR=twitter-manager-data\n');
  const how = {
    program, path: '/cgi-bin/setup', env: { TWITTER_MANAGER_ENV: null, INSTANCE_DIR: null },
  };
  const page = await site.open(how);
  assert.equal(site.folder, site.dir);
  assert.doesNotMatch(page.text, /href="[^"]*probe/, 'nothing of it is below the home');
  assert.match(page.text, /src="\.\.\/js\/setup\.js"/);
  site.upload();
  const reply = await site.make({}, how);
  assert.equal(site.saved.API_KEY, reply.key);
  assert.ok(existsSync(join(site.dir, 'twitter-manager-data', '.htaccess')));
  assert.deepEqual(readdirSync(home), ['cgi-bin']);
});

// What goes wrong

const asNobody = isRoot ? { command: (list) => ['setpriv', `--reuid=${NOBODY}`,
  `--regid=${NOBODY}`, '--clear-groups', ...list] } : {};

test('a folder that the server cannot write into is named, with its user and what to do', async () => {
  chmodSync(site.dir, 0o555);
  const reply = await site.open(asNobody);
  isPage(reply, 500, /cannot write/, /Permission denied/, /permissions/, /775/, /change the permissions back/);
  assert.ok(reply.text.includes(site.dir));
  assert.ok(reply.text.includes(isRoot ? 'nobody' : execFileSync('id', ['-un'], { encoding: 'utf8' }).trim()));
  chmodSync(site.dir, 0o777);
  assert.deepEqual(readdirSync(site.dir), []);
  isPage(await site.open(asNobody), 200);
  site.upload();
  const made = await site.make({}, asNobody);
  isPage(made, 200, /change them back now/);
  assert.equal(site.saved.API_KEY, made.key);
  if (isRoot) assert.ok(textOf(made.text, 'lines').includes(site.saved.ENCRYPTION_KEY));
});

test('a file that cannot be taken away is named', { skip: !isRoot }, async () => {
  await site.open();
  site.upload();
  chmodSync(site.dir, 0o1777); // as in /tmp: only the owner removes
  for (const name of [site.instanceDir, ...probes()]) chownSync(name, NOBODY, NOBODY);
  for (const name of readdirSync(site.instanceDir)) {
    execFileSync('chown', ['-R', `${NOBODY}`, join(site.instanceDir, name)]);
  }
  chownSync(site.proofFile, 0, 0);
  const made = await site.make({}, asNobody);
  isPage(made, 200, /we couldn't remove it/);
  assert.ok(made.text.includes(site.proof));
});

const NO_LEAKS = { ASAN_OPTIONS: 'detect_leaks=0' }; // not to be found under strace
const inject = (what) => ({
  env: NO_LEAKS,
  command: (list) => ['strace', '-f', '-qq', '-o', '/dev/null', '-e', `inject=${what}`, ...list],
});

test('where there is no room for a probe, the page says so and asks for nothing', async () => {
  const reply = await site.open(inject('write:error=ENOSPC:when=1'));
  isPage(reply, 500, /no space left/, /disk_full/);
  assert.equal(site.proof, undefined);
  assert.equal(existsSync(probes()[0]), false);
  isPage(await site.open(), 200);
});

test('on a full disk nothing is half made, and the next try works', async () => {
  await ready();
  await each(['fsync:error=ENOSPC', 'ftruncate:error=EDQUOT', 'rename:error=ENOSPC'],
    async (what) => {
      const reply = await site.make({}, { ...inject(what), headers: JSON_PLEASE });
      isError(reply, 500, 'disk_full');
      assert.equal(site.saved, null);
      assert.equal(existsSync(`${site.envFile}.new`), false);
    });
  await isMade(await site.make());
});

/** Names of the system calls of one making that works, in their order. */
function callsOf(trace) {
  return readFileSync(trace, 'utf8').split('\n')
    .map((line) => /^(\d+ +)?(\w+)\(/.exec(line)?.[2]).filter(Boolean);
}

test('killed at any call, it leaves whole keys or none, and the way stays open', async () => {
  const trace = join(site.dir, 'trace');
  await ready();
  await site.make({}, { env: NO_LEAKS, command: (list) => ['strace', '-o', trace, ...list] });
  const calls = callsOf(trace);
  rmSync(trace);
  const watched = ['openat', 'flock', 'ftruncate', 'write', 'fchmod', 'fsync', 'rename', 'unlink'];
  const moments = watched.flatMap((name) => Array.from(
    { length: calls.filter((call) => call === name).length }, (_, i) => [name, i + 1]));
  assert.ok(moments.some(([name]) => name === 'rename'));
  let whole = 0;
  for (const [name, nth] of moments) {
    const one = new Site();
    try {
      await one.open();
      one.upload();
      const reply = await one.make({}, inject(`${name}:signal=KILL:when=${nth}`));
      const { saved } = one;
      if (saved) {
        whole += 1;
        assert.equal(await one.takes(saved.API_KEY), true, `${name} ${nth}`);
        assert.match(saved.ENCRYPTION_KEY, /=$/, `${name} ${nth}`);
      } else {
        assert.equal(reply.key, undefined);
        const again = await one.make();
        assert.equal(again.key, one.saved.API_KEY, `${name} ${nth}: ${again.text}`);
        assert.equal(existsSync(`${one.envFile}.new`), false);
      }
    } finally {
      one.remove();
    }
  }
  assert.ok(whole > 0 && whole < moments.length);
});

test('health says to whoever asks that keys are missing, until there are some', async () => {
  const setup = async () => (await site.request('GET', { program: 'health', path: '/api/v1/health' }))
    .headers['x-setup'];
  assert.equal(await setup(), 'required');
  await ready();
  await isMade(await site.make());
  assert.equal(await setup(), undefined);
});
