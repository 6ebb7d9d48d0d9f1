// A temporary folder and the settings of one instance in it.

import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

// Nobody listens there: a test that reaches for X by mistake fails at once.
const NOWHERE = 'http://127.0.0.1:9';

/** A Fernet key: 32 random bytes in base64url, padded. */
export const newFernetKey = () =>
  randomBytes(32).toString('base64').replaceAll('+', '-').replaceAll('/', '_');

export const newApiKey = () => randomBytes(24).toString('base64url');

export const newFolder = () => mkdtempSync(join(tmpdir(), 'twitter-manager-'));

export const removeFolder = (dir) =>
  rmSync(dir, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });

function towardsX({ fakeX, mock }) {
  if (!fakeX) {
    return {
      TWITTER_API_URL: NOWHERE,
      TWITTER_AUTHORIZE_URL: `${NOWHERE}/i/oauth2/authorize`,
      MOCK_MODE: mock === false ? '0' : '1',
    };
  }
  return {
    TWITTER_CLIENT_ID: fakeX.clientId,
    TWITTER_CLIENT_SECRET: fakeX.clientSecret ?? '',
    TWITTER_API_URL: fakeX.url,
    TWITTER_AUTHORIZE_URL: fakeX.authorizeUrl,
    MOCK_MODE: mock ? '1' : '0',
  };
}

// A sanitizer's options must reach the programs of its own build, and the
// server hands on only what PASS_ENV names.
function inherited() {
  const env = { PATH: process.env.PATH };
  const names = Object.keys(process.env).filter((name) => /^[A-Z]+SAN_OPTIONS$/.test(name));
  for (const name of names) env[name] = process.env[name];
  if (names.length > 0) env.PASS_ENV = names.join(' ');
  return env;
}

/**
 * The environment of an instance in `dir`: complete, so that no .env is read.
 * Mock mode unless `fakeX` is given; `env` has the last word, null removes.
 */
export function settingsFor(dir, { env = {}, fakeX, mock, port } = {}) {
  const all = {
    ...inherited(),
    API_KEY: newApiKey(),
    ENCRYPTION_KEY: newFernetKey(),
    HOST: '127.0.0.1',
    PORT: String(port ?? 5555),
    SCHEDULER: '0', // each test runs it when it wants to
    INSTANCE_DIR: join(dir, 'instance'),
    TWITTER_MANAGER_ENV: join(dir, '.env'),
    ...towardsX({ fakeX, mock }),
    ...env,
  };
  return Object.fromEntries(
    Object.entries(all).filter(([, value]) => value !== null && value !== undefined));
}
