// An example of each call of the API, in mock mode, and the rows it works on. A
// call that uses a row up takes another each time, so an example is made for
// the number of its run: from 0, below RUNS of the rows. Alerts are there once
// GET /api/v1/monitoring has been asked.
//
//   await db(path, `${fill(10_000)} ${exampleRows(20, key)}`);
//   const { program, method, path, query, body } = example('POST /api/v1/tweet', 7);

import { seal } from '../support/fernet.mjs';
import { quote } from '../support/instance.mjs';
import { ACCOUNTS, FIRST, numbers, text } from './fill.mjs';

/** Tweets of a call that takes several. */
export const SEVERAL = 10;

// Each use has test accounts of its own, one for each run: how their tweets are
// (columns' values), and how many tweets each has.
const PENDING = { status: "'pending'" };
const FAILED = { status: "'failed'", code: "'account_suspended'" };
const USES = {
  post: { tweets: 1, values: PENDING },
  pending: { tweets: SEVERAL, values: PENDING },
  bulk: { tweets: SEVERAL, values: PENDING },
  remove: { tweets: 1, values: PENDING },
  due: { tweets: 1, values: { ...PENDING, scheduled_at: "datetime('now', '-50 minutes')" } },
  release: {
    tweets: 1,
    values: { ...PENDING, scheduled_at: "datetime('now', '-2 days')", late: "'held'" },
  },
  resolve: { tweets: 1, values: { status: "'failed'", code: "'outcome_unknown'" } },
  retry: { tweets: SEVERAL, values: FAILED },
  cleanup: { tweets: SEVERAL, values: FAILED },
  removeAccount: { tweets: 0 },
  idle: { tweets: 0, account: 'inactive' },
};
const NAMES = Object.keys(USES);

const accountOf = (use, run) => ACCOUNTS + 1 + run * NAMES.length + NAMES.indexOf(use);
const tweetOf = (use, run, nth = 0) => (accountOf(use, run) - ACCOUNTS - 1) * SEVERAL + nth + 1;
const stateOf = (use, run) => `${use}-${run}-`.padEnd(43, 'a');

const keyOf = (run) => 1000 + run;

const STATES = ['api', 'form', 'page', 'mock'];

/** SQL of what all examples need, for so many runs of each. */
export function exampleRows(runs, encryptionKey) {
  const token = quote(seal(encryptionKey, 'mock_access'));
  const lines = [];
  for (const [use, { tweets, values, account = 'active' }] of Object.entries(USES)) {
    const id = `${accountOf(use, 0)} + (i - 1) * ${NAMES.length}`;
    lines.push(`${numbers(runs)} INSERT INTO twitter_account
      (id, username, x_user_id, access_token, status, mock)
      SELECT ${id}, '${use}_' || i, 'mock_${use}_' || i, ${token}, '${account}', 1 FROM n`);
    for (let nth = 0; nth < tweets; nth += 1) {
      const first = `(${id} - ${ACCOUNTS + 1}) * ${SEVERAL} + ${nth + 1}`;
      lines.push(`${numbers(runs)} INSERT INTO tweet
        (id, twitter_account_id, content, ${Object.keys(values)})
        SELECT ${first}, ${id}, ${text(first)}, ${Object.values(values)} FROM n`);
    }
  }
  lines.push(`${numbers(runs)} INSERT INTO api_key (id, key_hash, name, scopes)
    SELECT ${keyOf(0)} + i - 1, 'hash ' || i, 'Key ' || i, 'read' FROM n`);
  for (const use of STATES) {
    for (let run = 0; run < runs; run += 1) {
      lines.push(`INSERT INTO oauth_state (state, code_verifier, created_at, mock)
        VALUES ('${stateOf(use, run)}', '${'v'.repeat(43)}', datetime('now'), 1)`);
    }
  }
  return `BEGIN; ${lines.join(';\n')}; COMMIT;`;
}

const ids = (use, run) => Array.from({ length: SEVERAL }, (_, nth) => tweetOf(use, run, nth));
const back = (use, run) => ({ state: stateOf(use, run), code: `${use}_${run}` });

/** Whether a call works on what fill() makes, and can be made again and again. */
export const isPlain = (name) => name.startsWith('GET')
  && !/\/(tick|callback|mock)$/.test(name);

const query = (fields) => new URLSearchParams(fields).toString();
const soon = () => new Date(Date.now() + 86_400_000).toISOString();

// What a call needs beyond its path; `id` is that of its path.
const EXAMPLES = {
  'GET /api/v1/auth/callback': (run) => ({ query: query(back('api', run)) }),
  'POST /api/v1/auth/callback': (run) => ({ body: back('form', run) }),
  'GET /auth/callback': (run) => ({ query: query(back('page', run)) }),
  'GET /auth/mock': () => ({ query: query({ state: stateOf('mock', 0) }) }),
  'POST /api/v1/mock-mode': () => ({ body: { enabled: true } }),
  'GET /api/v1/accounts/{id}': () => ({ id: 7 }),
  'PATCH /api/v1/accounts/{id}': (run) => (
    { id: accountOf('removeAccount', 0), body: { status: run % 2 ? 'active' : 'inactive' } }),
  'DELETE /api/v1/accounts/{id}': (run) => ({ id: accountOf('removeAccount', run) }),
  'POST /api/v1/accounts/cleanup': () => ({ body: { statuses: ['inactive'] } }),
  'POST /api/v1/tweet': (run) => ({ body: { account_id: 7, text: `A tweet that is new, ${run}` } }),
  'GET /api/v1/tweets/{id}': () => ({ id: FIRST + 500 }),
  'PATCH /api/v1/tweets/{id}': (run) => (
    { id: tweetOf('remove', 0), body: { text: `Another text, ${run}`, scheduled_at: soon() } }),
  'DELETE /api/v1/tweets/{id}': (run) => ({ id: tweetOf('remove', run) }),
  'POST /api/v1/tweets/cleanup': (run) => (
    { body: { statuses: ['failed'], account_id: accountOf('cleanup', run) } }),
  'POST /api/v1/tweets/{id}/release': (run) => ({ id: tweetOf('release', run) }),
  'POST /api/v1/tweets/{id}/resolve': (run) => (
    { id: tweetOf('resolve', run), body: { posted: true, twitter_id: String(1_900_000_000_000_000 + run) } }),
  'POST /api/v1/tweets/retry': (run) => (
    { body: { account_id: accountOf('retry', run), code: 'account_suspended' } }),
  'POST /api/v1/tweets/bulk': (run) => ({ body: { ids: ids('bulk', run), action: 'delete' } }),
  'POST /api/v1/tweet/post/{id}': (run) => ({ id: tweetOf('post', run), body: '' }),
  'POST /api/v1/tweets/post-pending': (run) => (
    { body: { account_id: accountOf('pending', run), limit: SEVERAL } }),
  'POST /api/v1/tick': () => ({ body: '' }),
  'POST /api/v1/keys': (run) => ({ body: { name: `Key ${run}`, scopes: ['read'] } }),
  'GET /api/v1/keys/{id}': () => ({ id: 1 }),
  'PATCH /api/v1/keys/{id}': (run) => ({ id: keyOf(0), body: { name: `Key ${run}` } }),
  'DELETE /api/v1/keys/{id}': (run) => ({ id: keyOf(run) }),
  'PATCH /api/v1/monitoring/alerts/{id}': () => ({ id: 1, body: { snoozed_until: soon() } }),
};

// Longer paths first: the program that answers a path.
const PROGRAMS = [
  [/^\/api\/v1\/(tweet\/post|tweets\/(post-pending|bulk)|tick)/, 'publish'],
  [/^\/api\/v1\/tweets?\b/, 'tweets'],
  [/^\/(api\/v1\/)?auth\b/, 'auth'],
  [/^\/api\/v1\/(accounts|stats|monitoring|keys|rate-limits|mock-mode|setup)\b/, null],
  [/^/, 'health'],
];

function programOf(path) {
  const [pattern, name] = PROGRAMS.find(([start]) => start.test(path));
  return name ?? pattern.exec(path)[1];
}

/** The call of a name as in the API's description, such as "GET /api/v1/tweets". */
export function example(name, run = 0) {
  const [method, pattern] = name.split(' ');
  const { id, body, query: asked = '' } = EXAMPLES[name]?.(run) ?? {};
  const path = pattern.replace('{id}', id);
  return {
    name, method, path, query: asked, program: programOf(path),
    body: typeof body === 'object' ? JSON.stringify(body) : body,
  };
}
