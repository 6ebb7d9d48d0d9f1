// fernet.test.mjs - our tokens against two implementations that others wrote:
// npm's fernet and Debian's python3-cryptography, both ways.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHmac, randomBytes, randomInt } from 'node:crypto';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const fernet = createRequire(import.meta.url)('fernet');
const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const build = resolve(root, process.env.BUILD ?? 'build/release');
const program = join(build, 'tests', 'fernet_tool');

const newKey = () => randomBytes(32).toString('base64url').padEnd(44, '=');
const hex = (text) => Buffer.from(text).toString('hex');

/** Runs our tool with KEYS over the lines; gives its lines. */
function ours(keys, lines) {
  const input = `${[keys, ...lines].join('\n')}\n`;
  const out = execFileSync(program, { input, maxBuffer: 1 << 28 });
  return out.toString().trimEnd().split('\n');
}

// Both keep to one line each way: "seal TIME HEX" and "open TOKEN", as ours.
const pythonProgram = `
import sys
from cryptography.fernet import Fernet, InvalidToken

def open_with(keys, token):
    for key in keys:
        try:
            return f"{key.extract_timestamp(token)} {key.decrypt(token).hex()}"
        except InvalidToken:
            pass
    return "refused"

lines = sys.stdin.read().split("\\n")[:-1]
keys = [Fernet(key) for key in lines[0].split(",")]
for line in lines[1:]:
    word, rest = line.split(" ", 1)
    if word == "seal":
        time, text = rest.split(" ")
        print(keys[0].encrypt_at_time(bytes.fromhex(text), int(time)).decode())
    else:
        print(open_with(keys, rest.encode()))
`;

function python(keys, lines) {
  const input = `${[keys, ...lines].join('\n')}\n`;
  const out = execFileSync('/usr/bin/python3', ['-c', pythonProgram],
    { input, maxBuffer: 1 << 28 });
  return out.toString().trimEnd().split('\n');
}

let hasPython = true;
try {
  execFileSync('/usr/bin/python3', ['-c', 'import cryptography'],
    { stdio: 'ignore' });
} catch {
  hasPython = false;
}
const withPython = { skip: hasPython ? false : 'python3-cryptography is missing' };

/** Texts of every length up to 70 and some long ones; some are not ASCII. */
function texts() {
  const list = ['', 'hello', 'ünï©ödé 🐦', 'x'.repeat(100000)];
  for (let n = 1; n <= 70; n++) {
    list.push(Array.from({ length: n },
      () => String.fromCharCode(randomInt(32, 127))).join(''));
  }
  return list;
}

test('npm opens what we seal', () => {
  const key = newKey();
  const list = texts();
  const tokens = ours(key, list.map((text) => `seal 1700000000 ${hex(text)}`));
  list.forEach((text, i) => {
    const token = new fernet.Token({ secret: new fernet.Secret(key),
      token: tokens[i], ttl: 0 });
    assert.equal(token.decode(), text);
    assert.equal(token.time.getTime(), 1700000000000);
  });
});

test('we open what npm seals', () => {
  const key = newKey();
  const list = texts();
  const tokens = list.map((text) => new fernet.Token({
    secret: new fernet.Secret(key), time: new Date(1600000000000),
  }).encode(text));
  const got = ours(key, tokens.map((token) => `open ${token}`));
  list.forEach((text, i) => assert.equal(got[i], `0 1600000000 ${hex(text)}`));
});

test('python opens what we seal', withPython, () => {
  const keys = [newKey(), newKey(), newKey()];
  const list = texts();
  const tokens = ours(`${keys[2]}, ${keys[0]}`,
    list.map((text) => `seal 1700000000 ${hex(text)}`));
  const got = python(keys.join(), tokens.map((token) => `open ${token}`));
  list.forEach((text, i) => assert.equal(got[i], `1700000000 ${hex(text)}`));
});

test('we open what python seals, bytes of any kind', withPython, () => {
  const keys = [newKey(), newKey(), newKey()];
  const list = Array.from({ length: 200 }, (_, n) => randomBytes(n));
  const tokens = python(`${keys[1]},${keys[0]}`,
    list.map((bytes) => `seal 1600000000 ${hex(bytes)}`));
  const got = ours(keys.join(), tokens.map((token) => `open ${token}`));
  list.forEach((bytes, i) => assert.equal(got[i], `1 1600000000 ${hex(bytes)}`));
});

/** The example of the spec with its bytes changed, signed anew or not. */
function damaged(key, change, sign) {
  const signing = Buffer.from(key, 'base64url').subarray(0, 16);
  let raw = Buffer.from(new fernet.Token({ secret: new fernet.Secret(key),
    time: new Date(1600000000000) }).encode('hello'), 'base64');
  raw = change(raw.subarray(0, -32), raw.subarray(-32));
  if (sign) {
    const mac = createHmac('sha256', signing).update(raw).digest();
    raw = Buffer.concat([raw, mac]);
  }
  const text = raw.toString('base64url');
  return text.padEnd(Math.ceil(text.length / 4) * 4, '=');
}

test('we and python refuse the same tokens', withPython, () => {
  const key = newKey();
  const list = [damaged(key, (raw) => raw, true)];
  for (let i = 0; i < 300; i++) {
    list.push(damaged(key, (raw) => { // any byte, signed
      raw[randomInt(raw.length)] ^= randomInt(1, 256);
      return raw;
    }, true));
    list.push(damaged(key, (raw, mac) => { // any byte, not signed
      const all = Buffer.concat([raw, mac]);
      all[randomInt(all.length)] ^= randomInt(1, 256);
      return all;
    }, false));
    list.push(damaged(key, (raw) => raw.subarray(0, randomInt(raw.length)), true));
    list.push(damaged(key,
      (raw) => Buffer.concat([raw, randomBytes(randomInt(1, 40))]), true));
  }
  const lines = list.map((token) => `open ${token}`);
  const mine = ours(key, lines).map((line) => line.replace(/^0 /, ''));
  const theirs = python(key, lines);
  assert.deepEqual(mine, theirs);
  assert.equal(mine[0], `1600000000 ${hex('hello')}`);
  assert.ok(mine.filter((line) => line === 'refused').length > 800);
});
