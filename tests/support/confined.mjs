// Two instances for tests of keys confined to accounts: in one there is an
// account more. A key that is not for it must be answered the same by both.

import { createHash } from 'node:crypto';

import { quote, db, request, startInstance } from './instance.mjs';

/** Accounts by name: two that keys are for, and one that they are not for. */
export const OWN = 41;
export const SECOND = 78_003;
export const OTHER = 77_001;
export const MISSING = 555_555;

const NAMES = { [OWN]: 'own_one', [SECOND]: 'own_two', [OTHER]: 'zz_hidden' };

const PAST = '2026-03-01 10:00:00';
const kinds = [
  { status: 'pending' },
  { status: 'pending', scheduled_at: '2027-02-01 10:00:00' },
  { status: 'pending', scheduled_at: '2026-02-01 10:00:00', late: 'held' },
  { status: 'pending', scheduled_at: '2026-02-02 10:00:00' },
  { status: 'pending', draft: 1 },
  { status: 'pending', retry_at: '2099-01-01 00:00:00', code: 'rate_limited' },
  { status: 'posted', posted_at: PAST, twitter_id: 900_000 },
  { status: 'posted', posted_at: '2026-03-02 10:00:00', twitter_id: 910_000 },
  { status: 'failed', code: 'tweet_refused', reason: 'X says no to NAME' },
  { status: 'failed', code: 'x_unavailable' },
  { status: 'failed', code: 'outcome_unknown' },
];

/** Ids of an account's tweets, one of each kind; the same in every instance. */
export const tweetsOf = (account) => kinds.map((_, i) => account * 10 + i);

/** A text that a pending tweet of OTHER has, and that anybody may write. */
export const COMMON = 'everybody writes this';

const textOf = (account, kind) =>
  (account === OTHER && kind === 0 ? COMMON : `${NAMES[account]} writes ${kind}`);

/** As similar texts are found (lib/app/similar.c). */
const hashOf = (text) => createHash('sha256').update(text).digest('hex').slice(0, 32);

/** What no reply to a key that is not for OTHER may hold. */
export const SECRETS = ['zz_hidden', String(OTHER), ...tweetsOf(OTHER).map(String), '987654'];

function rowsOf(account) {
  const columns = ['scheduled_at', 'late', 'draft', 'retry_at', 'code', 'reason', 'posted_at'];
  return kinds.map((kind, i) => {
    // each account has its own time: a tag must not end by another's
    const own = { ...kind, ...(i === 1 && { scheduled_at: `2027-02-01 10:00:${10 + (account % 7)}` }) };
    const values = columns.map((name) => own[name] ?? null)
      .map((value) => (typeof value === 'string' ? value.replace('NAME', NAMES[account]) : value));
    const twitterId = kind.twitter_id ? `${account === OTHER ? 987_654 : account}${kind.twitter_id}` : null;
    return `INSERT INTO tweet (id, twitter_account_id, content, status, twitter_id, created_at,
      text_hash, ${columns}) VALUES (${[account * 10 + i, account, textOf(account, i), kind.status,
    twitterId, PAST, hashOf(textOf(account, i)), ...values].map(quote).join(', ')});`;
  }).join('\n');
}

const accountRow = (id) => `INSERT INTO twitter_account (id, username, access_token, mock, created_at)
  VALUES (${id}, '${NAMES[id]}', 'x', 1, '${PAST}');
  INSERT INTO rate VALUES (${id}, 'tweets_15min', 100, ${id % 97}, '2099-01-01 00:00:00', 3);`;

/** Fills an instance; without `other`, OTHER was there once and is gone. */
async function fill(instance, other) {
  await db(instance, `BEGIN;
    ${[OWN, OTHER, SECOND].map((id) => accountRow(id) + rowsOf(id)).join('\n')}
    INSERT INTO rate VALUES (0, 'tweets_24h', 500, 77, '2099-01-01 00:00:00', 9);
    ${other ? '' : `DELETE FROM tweet WHERE twitter_account_id = ${OTHER};
    DELETE FROM rate WHERE owner IN (0, ${OTHER}); DELETE FROM twitter_account WHERE id = ${OTHER};`}
    COMMIT;`);
}

/** [with the other account, without it], each running. */
export async function startPair(options) {
  const pair = [await startInstance(options), await startInstance(options)];
  await fill(pair[0], true);
  await fill(pair[1], false);
  return pair;
}

/** A key of an instance, made by its own. */
export async function makeKey(instance, fields) {
  const reply = await request(instance, 'POST', '/api/v1/keys',
    { body: { name: 'A key', ...fields } });
  if (reply.status !== 201) throw new Error(`keys: ${reply.status} ${reply.text}`);
  return reply.json.key;
}
