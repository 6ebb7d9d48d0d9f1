// Alerts by mail: what sendmail is given, and what becomes of a tick when it
// fails. Messages are read by Python's parser, which is not ours.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync }
  from 'node:fs';
import { afterEach, beforeEach, test } from 'node:test';
import { join } from 'node:path';

import { Bare } from '../support/bare.mjs';
import { holdsNone, isJson, isTime } from '../support/checks.mjs';
import { quote } from '../support/instance.mjs';

const PARSE = `
import email, email.policy, json, sys
m = email.message_from_binary_file(sys.stdin.buffer, policy=email.policy.default)
print(json.dumps({"headers": [[k, str(v)] for k, v in m.items()],
  "defects": [repr(d) for d in m.defects] + [repr(d) for v in m.values() for d in v.defects],
  "to": [a.addr_spec for a in m["To"].addresses], "date": m["Date"].datetime.timestamp(),
  "body": m.get_content()}))`;

const HEADERS = ['To', 'Subject', 'Date', 'Message-ID', 'Auto-Submitted', 'MIME-Version',
  'Content-Type', 'Content-Transfer-Encoding'];

let bare;
let box;

/** Makes a sendmail of these shell commands; what it is given lands in `box`. */
function sendmail(script = '') {
  const path = join(bare.dir, 'sendmail');
  writeFileSync(path, `#!/bin/sh
n=$$
printf '%s\\n' "$@" >'${box}/'$n.args
env >'${box}/'$n.env
${script}
cat >'${box}/'$n.part
mv '${box}/'$n.part '${box}/'$n.mail
`);
  chmodSync(path, 0o755);
  return path;
}

beforeEach(async () => {
  bare = new Bare({ env: { ALERT_EMAIL: 'ops@example.com' } });
  box = join(bare.dir, 'box');
  mkdirSync(box);
  bare.settings.SENDMAIL = sendmail();
  await bare.monitoring();
});
afterEach(() => bare.remove());

const files = (end) => readdirSync(box).filter((name) => name.endsWith(end))
  .map((name) => readFileSync(join(box, name)));

/** The mails that came since the last look, checked as every mail is. */
function mails() {
  const found = files('.mail').map((bytes) => {
    const text = bytes.toString();
    assert.ok(!text.includes('\r'), 'lines end in LF');
    for (const line of text.split('\n')) assert.ok(Buffer.byteLength(line) <= 998, line);
    const [head] = text.split('\n\n');
    for (const line of head.split('\n')) assert.match(line, /^[\t\x20-\x7e]{1,76}$/);
    const mail = JSON.parse(execFileSync('python3', ['-c', PARSE], { input: bytes }));
    assert.deepEqual(mail.defects, []);
    assert.deepEqual(mail.headers.map(([name]) => name), HEADERS, text);
    mail.header = Object.fromEntries(mail.headers);
    assert.equal(mail.header['Auto-Submitted'], 'auto-generated');
    assert.match(mail.header['Message-ID'], /^<[\w-]{20,}@[\w.-]+>$/);
    assert.ok(Math.abs(mail.date * 1000 - Date.now()) < 60_000, mail.header.Date);
    return mail;
  });
  rmSync(box, { recursive: true });
  mkdirSync(box);
  return found;
}

/** Accounts that need a person; each is an alert. */
const fail = (...names) => bare.db(names.map((name) => `INSERT INTO twitter_account(username,
  access_token, status, code) VALUES(${name}, 't', 'failed', 'needs_reauth');`).join('\n'));
const name = (text) => quote(text);
const ticks = async () => isJson(await bare.tick(), 200);
const list = async () => (await bare.get('/api/v1/monitoring/alerts')).json.alerts;

test('an alert is mailed once when it opens and once when it is over', async () => {
  await ticks();
  assert.deepEqual(mails(), []);
  await fail(name('anna'));
  for (let i = 0; i < 3; i += 1) await ticks();
  const args = files('.args').map(String);
  const env = String(files('.env'));
  const [mail, ...more] = mails();
  assert.deepEqual(more, []);
  assert.deepEqual(args, ['-i\n--\nops@example.com\n']);
  assert.deepEqual(mail.to, ['ops@example.com']);
  assert.equal(mail.header.Subject,
    "Twitter Manager: @anna: X has revoked access");
  assert.match(mail.body, /^\* @anna: X has revoked access$/m);
  assert.match(mail.body, /^ {2}What to do: Link the account again/m);
  assert.match(mail.body, /^ {2}Since: \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC$/m);
  assert.match(mail.body, /^Twitter Manager, http:\/\/localhost:5555\/$/m);
  const secrets = { key: bare.key, encryption: bare.encryptionKey };
  holdsNone(mail.body + env, secrets, 'the mail or its environment');
  assert.ok(!env.includes('HTTP_') && !env.includes('API_KEY'));
  isTime((await list())[0].mailed_at);
  await bare.db("UPDATE twitter_account SET status = 'active'");
  for (let i = 0; i < 3; i += 1) await ticks();
  const [over, ...others] = mails();
  assert.deepEqual(others, []);
  assert.match(over.header.Subject, /^Twitter Manager: over: @anna/);
  assert.match(over.body, /^\* Over: @anna.*\n {2}From .* to .* UTC$/m);
});

test('one mail tells of a thousand accounts', async () => {
  await fail(...Array.from({ length: 1000 }, (_, i) => name(`u${i}`)));
  await ticks();
  await ticks();
  const [mail, ...more] = mails();
  assert.deepEqual(more, []);
  assert.equal(mail.header.Subject, 'Twitter Manager: 1000 alerts, 0 of them over');
  assert.equal(mail.body.match(/^\* /gm).length, 50);
  assert.match(mail.body, /and 950 more/);
  assert.ok((await list()).every((alert) => alert.mailed_at));
});

test('every address of a list gets it, and none that is not in it', async () => {
  bare.settings.ALERT_EMAIL = ' a@example.com,b+c@sub.example.org ,d@localhost';
  await fail(name('anna'));
  await ticks();
  const args = files('.args').map(String);
  const wanted = ['a@example.com', 'b+c@sub.example.org', 'd@localhost'];
  assert.deepEqual(args, [`-i\n--\n${wanted.join('\n')}\n`]);
  assert.deepEqual(mails()[0].to, wanted);
});

const INVALID_UTF8 = "CAST(x'61ff62c3' AS TEXT)";
const NAMES = {
  'CR LF and a header': [name('x\r\nBcc: victim@example.com\r\n\r\nhello'),
    '@x  Bcc: victim@example.com    hello: '],
  'a lone LF': [name('x\nBcc: victim@example.com'), '@x Bcc: victim@example.com: '],
  'a folded header': [name('x\n\tcc: victim@example.com'), '@x  cc: victim@example.com: '],
  'NEL, LS and PS': [name('x\u0085y\u2028z\u2029Bcc: a@b'), '@x y z Bcc: a@b: '],
  'controls and DEL': [name('a\u0001b\u001bc\u007fd'), '@a b c d: '],
  'another script': [name('Ünïcödé_名前_😀'), '@Ünïcödé_名前_😀: '],
  'an encoded word': [name('=?utf-8?B?QmNjOiB4?='), '@=?utf-8?B?QmNjOiB4?=: '],
  'no UTF-8': [INVALID_UTF8, '@a\ufffdb\ufffd: '],
  'a dot on its own line': [name('x\n.\nQUIT'), '@x . QUIT: '],
  'a thousand bytes': [name('é'.repeat(500)), `@${'é'.repeat(80)}`],
};
for (const [what, [sql, shown]] of Object.entries(NAMES)) {
  test(`an account's name cannot reach the mail's headers: ${what}`, async () => {
    await fail(sql);
    await ticks();
    const args = files('.args').map(String);
    const [mail] = mails();
    assert.deepEqual(args, ['-i\n--\nops@example.com\n']);
    assert.deepEqual(mail.to, ['ops@example.com']);
    assert.ok(mail.header.Subject.startsWith(`Twitter Manager: ${shown}`.trimEnd()),
      mail.header.Subject);
    assert.ok(mail.body.includes(`* ${shown}`.trimEnd()), mail.body);
  });
}

test("nor can X's words", async () => {
  await bare.db(`INSERT INTO twitter_account(username, access_token, status, code, reason)
    VALUES('anna', 't', 'suspended', 'account_suspended', ${
  quote(`go\r\nBcc: victim@example.com\r\n\r\n${'long '.repeat(300)}`)})`);
  await ticks();
  const [mail] = mails();
  assert.match(mail.body, /X says: go {2}Bcc: victim@example.com/);
});

const FAILURES = {
  'it fails': ['exit 75', /exited with 75/],
  'it is killed': ['kill -9 $$', /ended by signal 9/],
  'it does not read': ['exec <&-; exit 1', /exited with 1/],
  'it cannot be run': [null, /cannot run .*sendmail: No such file/],
};
for (const [what, [script, words]] of Object.entries(FAILURES)) {
  test(`a tick does its work when sendmail is no good: ${what}`, async () => {
    if (script === null) rmSync(bare.settings.SENDMAIL);
    else sendmail(script);
    await fail(name('anna'));
    for (let i = 1; i <= 2; i += 1) {
      await ticks();
      assert.equal(bare.causes(/^alerts could not be mailed/).length, i);
    }
    assert.match(bare.causes(/^alerts could not be mailed/)[0], words);
    assert.deepEqual(mails(), []);
    assert.equal((await list())[0].mailed_at, null);
    sendmail();
    await ticks();
    await ticks();
    assert.equal(mails().length, 1);
    assert.ok((await list())[0].mailed_at);
  });
}

test('an alert that is over before it could be mailed is told as over', async () => {
  sendmail('exit 1');
  await fail(name('anna'));
  await ticks();
  mails();
  await bare.db("UPDATE twitter_account SET status = 'active'");
  sendmail();
  await ticks();
  await ticks();
  const [mail, ...more] = mails();
  assert.deepEqual(more, []);
  assert.match(mail.header.Subject, /over: @anna/);
});

test('a sendmail that hangs is ended with all that it started', async () => {
  sendmail(`sleep 60 & echo $! >'${box}/child'\nsleep 60`);
  await fail(name('anna'));
  const begun = Date.now();
  await ticks();
  assert.ok(Date.now() - begun < 12_000, 'took too long');
  assert.match(bare.causes(/^alerts could not be mailed/)[0], /took more than 5 seconds/);
  const child = Number(readFileSync(join(box, 'child')));
  const state = () => (existsSync(`/proc/${child}/stat`)
    ? readFileSync(`/proc/${child}/stat`, 'utf8').split(') ')[1][0] : 'gone');
  for (let i = 0; i < 100 && !['gone', 'Z'].includes(state()); i += 1) {
    await new Promise((done) => { setTimeout(done, 20); });
  }
  assert.ok(['gone', 'Z'].includes(state()), state());
});

test('what is no mail address is never handed on', async () => {
  await fail(name('anna'));
  const bad = ['nobody', '-oQ/tmp@x', 'a@b,-bs', 'a b@c', 'a@b@c', '@b', 'a@', 'a@b,', 'ä@b',
    'A <a@b>', 'a@b;c@d', '"a"@b'];
  for (const address of bad) {
    bare.settings.ALERT_EMAIL = address;
    const { status, json } = await bare.tick();
    assert.equal(status, 500, address);
    assert.equal(json.code, 'config_invalid', address);
    assert.match(json.error, /ALERT_EMAIL/);
  }
  assert.deepEqual(files('.args'), []);
});

test('without ALERT_EMAIL nothing is run, and old news is not told later', async () => {
  bare.settings.ALERT_EMAIL = '';
  await fail(name('anna'), name('otto'));
  await ticks();
  await bare.db("UPDATE twitter_account SET status = 'active' WHERE username = 'otto'");
  await ticks();
  assert.deepEqual(files('.args'), []);
  await bare.db(`UPDATE alert SET closed_at = datetime('now', '-2 days')
    WHERE closed_at IS NOT NULL`);
  bare.settings.ALERT_EMAIL = 'ops@example.com';
  await ticks();
  const [mail, ...more] = mails();
  assert.deepEqual(more, []);
  assert.match(mail.body, /@anna/);
  assert.doesNotMatch(mail.body, /@otto/);
});

test('a tick that does not come is mailed by the call that notices it', async () => {
  await ticks();
  await bare.db(`UPDATE kv SET value = json_set(value, '$.at', '2020-01-01T00:00:00Z')
    WHERE name = 'last_tick'`);
  for (let i = 0; i < 3; i += 1) assert.equal((await bare.monitoring()).tick.late, true);
  const [mail, ...more] = mails();
  assert.deepEqual(more, []);
  assert.match(mail.header.Subject, /the scheduler \(cron\) didn't run for \d+ days after 2020-01-01 00:00:00 UTC/);
  assert.match(mail.body, /What to do: Check that cron runs `twitter-manager tick`/);
});

test('ticks at the same time mail once', async () => {
  sendmail('sleep 0.3');
  await fail(name('anna'));
  await bare.db(`INSERT INTO kv(name, value) VALUES('last_tick',
    '{"at":"2020-01-01T00:00:00Z","error":null}')`);
  await Promise.all([...Array.from({ length: 3 }, () => bare.monitoring()),
    ...Array.from({ length: 3 }, () => bare.tick())]);
  await ticks();
  const told = mails().map(({ body }) => body).join('');
  for (const words of ['* @anna', "* the scheduler (cron) didn't run"]) {
    assert.equal(told.split(words).length, 2, `${words} in ${told}`);
  }
});

const putAside = async (id, until) => isJson(await bare.request('PATCH',
  `/api/v1/monitoring/alerts/${id}`, { body: { snoozed_until: until } }), 200);
const tomorrow = () => new Date(Date.now() + 86_400_000).toISOString();
const timeIsUp = () => bare.db("UPDATE alert SET snoozed_until = datetime('now')");

test('what is put aside is mailed again when its time is up and it is still wrong', async () => {
  await fail(name('anna'));
  await ticks();
  assert.equal(mails().length, 1);
  const [{ id }] = await list();
  await bare.db("UPDATE alert SET mailed_at = datetime('now', '-1 hour')");
  await putAside(id, tomorrow());
  await ticks();
  assert.deepEqual(mails(), []);
  await timeIsUp();
  for (let i = 0; i < 3; i += 1) await ticks();
  const [mail, ...more] = mails();
  assert.deepEqual(more, []);
  assert.match(mail.header.Subject, /^Twitter Manager: @anna/);
});

test('what is put aside before it could be mailed is not mailed until then', async () => {
  sendmail('exit 1');
  await fail(name('anna'));
  await ticks();
  mails();
  await putAside((await list())[0].id, tomorrow());
  sendmail();
  await ticks();
  assert.deepEqual(mails(), []);
  await timeIsUp();
  for (let i = 0; i < 3; i += 1) await ticks();
  assert.equal(mails().length, 1);
});

test('what is put aside and taken back is not mailed twice', async () => {
  await fail(name('anna'));
  await ticks();
  mails();
  const [{ id }] = await list();
  await putAside(id, tomorrow());
  await putAside(id, null);
  await ticks();
  assert.deepEqual(mails(), []);
});
