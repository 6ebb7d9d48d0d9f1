// Each member that the description has of a reply is in some reply: one that no
// program gives any more would otherwise stay described for ever. (That replies
// have no others, each HTTP test sees to.)

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { unique, until } from '../support/checks.mjs';
import { db, request } from '../support/instance.mjs';
import { callback } from '../support/link.mjs';
import { description, operations, seenMembers } from '../support/openapi.mjs';
import { Poster, TWEETS } from '../support/poster.mjs';
import { Site } from '../support/site.mjs';

let p;
before(async () => { p = await Poster.start(); });
after(() => p?.stop());

const ask = (method, path, options) => request(p.instance, method, path, options);
const get = (path) => ask('GET', path);
const statuses = new Map();

/** Notes that this call was answered so. */
async function sees(name, reply) {
  const { status } = await reply;
  if (!statuses.has(name)) statuses.set(name, new Set());
  statuses.get(name).add(status);
  return reply;
}

const call = (name, id, options) => {
  const [method, path] = name.split(' ');
  return sees(name, ask(method, path.replace('{id}', id) + (options?.query ?? ''), options));
};

async function linking() {
  const { json } = await call('GET /api/v1/auth/twitter');
  const back = await p.x.consent(json.auth_url, p.x.addUser({ username: unique('m') }));
  await sees('GET /auth/callback', callback(p.instance, back));
  const other = await get('/api/v1/auth/twitter');
  const { search } = new URL(await p.x.consent(other.json.auth_url,
    p.x.addUser({ username: unique('m') })));
  await call('GET /api/v1/auth/callback', 0, { query: search });
  await call('GET /api/v1/auth/callback', 0, { query: search }); // a reload
  const third = await get('/api/v1/auth/twitter');
  const query = new URL(await p.x.consent(third.json.auth_url,
    p.x.addUser({ username: unique('m') }))).searchParams;
  await call('POST /api/v1/auth/callback', 0, { body: Object.fromEntries(query) });
}

async function tweets() {
  const { tweet, id, text } = await p.ready();
  const body = { account_id: id, text };
  await call('POST /api/v1/tweet', 0, { body: { ...body, text: 'x'.repeat(281) } });
  await call('POST /api/v1/tweet', 0, { body });
  await call('POST /api/v1/tweet', 0, { body, query: '?dry_run=true' });
  await call('GET /api/v1/tweets', 0, { query: '?limit=1' });
  await call('PATCH /api/v1/tweets/{id}', tweet, { body: { text: unique('changed') } });
  await call('POST /api/v1/tweet/post/{id}', tweet);
  await call('GET /api/v1/tweets/{id}', tweet);
  return id;
}

async function troubles(account) {
  const refused = await p.ready();
  p.x.fault({ match: { ...TWEETS, user: refused.user }, problem: 'duplicate' });
  const limited = await p.ready();
  p.x.fault({ match: { ...TWEETS, user: limited.user }, problem: 'tooManyRequests' });
  const unlucky = await p.ready();
  p.x.fault({ match: { ...TWEETS, user: unlucky.user }, problem: 'tooManyRequests' });
  await call('POST /api/v1/tweet/post/{id}', unlucky.tweet);
  const ended = await p.ready();
  await db(p.instance, `UPDATE twitter_account SET status = 'failed', code = 'needs_reauth'
    WHERE id = ${ended.id}`);
  await call('POST /api/v1/tweets/post-pending', 0, { body: {} });
  await call('POST /api/v1/tweet/post/{id}', refused.tweet);
  await get(`/api/v1/tweets/${refused.tweet}`);
  const [good, bad] = [await p.queue(account, unique('bulk')), limited.tweet];
  const ids = [good, bad, 999_999];
  await call('POST /api/v1/tweets/bulk', 0, { body: { ids, action: 'post' } });
  await call('POST /api/v1/tweets/retry', 0, { body: {} });
  const doubt = await p.queue(account, unique('doubt'));
  await db(p.instance, `UPDATE tweet SET status = 'failed', code = 'outcome_unknown'
    WHERE id = ${doubt}`);
  const word = { posted: true, twitter_id: '17' };
  await call('POST /api/v1/tweets/{id}/resolve', doubt, { body: word });
  const held = await p.queue(account, unique('held'));
  await db(p.instance, `UPDATE tweet SET late = 'held' WHERE id = ${held}`);
  await call('POST /api/v1/tweets/{id}/release', held);
  await call('DELETE /api/v1/tweets/{id}', held);
  await call('POST /api/v1/tweets/cleanup', 0, { body: { statuses: ['failed'], dry_run: true } });
  await call('POST /api/v1/tweets/cleanup', 0, { body: { statuses: ['failed'] } });
}

async function watching() {
  const slow = await p.ready();
  const fault = p.x.fault({ match: { ...TWEETS, user: slow.user }, delay: 1000 });
  await db(p.instance,
    `UPDATE tweet SET scheduled_at = CURRENT_TIMESTAMP WHERE id = ${slow.tweet}`);
  const tick = call('POST /api/v1/tick');
  await until(() => fault.hits > 0, 'the tick');
  assert.equal((await call('GET /api/v1/tick')).json.busy, true);
  await tick;
  await call('GET /api/v1/monitoring');
  for (const path of ['health', 'health/libraries', 'openapi.json', 'test', 'stats', 'stats/daily',
    'rate-limits', 'monitoring/alerts']) await call(`GET /api/v1/${path}`);
  const { id: key } = (await call('POST /api/v1/keys', 0, {
    body: { name: 'Cron', scopes: ['tick'], expires_at: new Date(Date.now() + 9e6).toISOString() },
  })).json;
  await call('GET /api/v1/keys');
  const { json: { key: secret } } = await call('POST /api/v1/keys', 0, { body: { name: 'Y', scopes: ['tick'] } });
  await call('GET /api/v1/stats', 0, { key: secret });
  for (const method of ['GET', 'PATCH', 'DELETE']) {
    await call(`${method} /api/v1/keys/{id}`, key, method === 'PATCH' ? { body: { name: 'X' } } : {});
  }
  const [alert] = (await get('/api/v1/monitoring/alerts')).json.alerts;
  await call('PATCH /api/v1/monitoring/alerts/{id}', alert.id, { body: { snoozed_until: null } });
}

/** Each read that has a tag, by a caller that keeps whatever it was answered. */
async function again(tweet, account) {
  for (const { name, path, operation } of operations) {
    const id = path.includes('accounts') ? account : tweet;
    if (!operation.responses[304]) continue;
    await call(name, id, { headers: { 'If-None-Match': '*' } });
  }
}

async function accounts(account) {
  await again(await p.queue(account, unique('kept')), account);

  await call('GET /api/v1/accounts');
  await call('GET /api/v1/accounts/{id}', account);
  await call('PATCH /api/v1/accounts/{id}', account, { body: { status: 'inactive' } });
  await call('DELETE /api/v1/accounts/{id}', account);
  await call('POST /api/v1/accounts/cleanup', 0, { body: { dry_run: true } });
  await call('POST /api/v1/accounts/cleanup', 0, { body: {} });
}

async function mock() {
  await call('GET /api/v1/mock-mode');
  await call('POST /api/v1/mock-mode', 0, { body: { enabled: true } });
  const { json } = await get('/api/v1/auth/twitter');
  await call('GET /auth/mock', 0, { query: new URL(json.auth_url).search });
}

async function firstRun() {
  const site = new Site();
  try {
    await sees('GET /api/v1/setup', site.open());
    site.upload();
    await sees('POST /api/v1/setup', site.make());
  } finally {
    site.remove();
  }
}

/** "Schema.member" for each member of each schema that is written by hand. */
function described() {
  const names = [];
  const walk = (schema, name) => {
    if (!schema || typeof schema !== 'object' || schema.$ref) return;
    for (const part of [...schema.oneOf ?? [], ...schema.anyOf ?? []]) walk(part, name);
    walk(schema.items, name);
    for (const [member, part] of Object.entries(schema.properties ?? {})) {
      names.push(`${name}.${member}`);
      walk(part, `${name}.${member}`);
    }
  };
  for (const [name, schema] of Object.entries(description.components.schemas)) walk(schema, name);
  return names;
}

test('each success that is described is met, and each member with it', async () => {
  await linking();
  const account = await tweets();
  await troubles(account);
  await watching();
  await accounts(account);
  await mock();
  await firstRun();
  for (const { name, operation } of operations) {
    for (const status of Object.keys(operation.responses).filter((each) => each < 400)) {
      assert.ok(statuses.get(name)?.has(Number(status)), `${name} ${status} was not met`);
    }
  }
  const seen = seenMembers();
  assert.deepEqual(described().filter((name) => !seen.has(name)), []);
});
