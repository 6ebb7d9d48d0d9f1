// Each parameter of each call is read as it is described: what its schema does
// not allow is refused with its name, and what it allows is not.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { isError } from '../support/checks.mjs';
import { request, startInstance } from '../support/instance.mjs';
import { complaints, operations, resolve } from '../support/openapi.mjs';

let instance;
before(async () => { instance = await startInstance(); });
after(() => instance?.stop());

const BIG = '9'.repeat(30);
const CANDIDATES = [
  true, 'x', '', 'null', '0', '1', '-1', 0, 1, -1, 1.5, 100_001, 99_999_999, BIG, {},
  [], [0], [1], ['x'], ['failed'], Array.from({ length: 501 }, (_, i) => i + 1),
  'pending', 'failed', 'active', 'delete', 'true', 'x'.repeat(70_000),
  '2026-01-31', '2026-02-30T00:00:00Z', '2036-01-31T09:00:00+01:00',
];

/** [{ name, operation, in, schema }] of all parameters but those of paths. */
function* parameters() {
  for (const { name: call, path, method, operation } of operations) {
    for (const each of operation.parameters ?? []) {
      const { in: where, name, schema } = resolve(each);
      if (where === 'query') yield { call, path, method, where, name, schema };
    }
    const body = operation.requestBody?.content['application/json'].schema;
    for (const [name, schema] of Object.entries(body?.properties ?? {})) {
      yield { call, path, method, where: 'body', name, schema, required: body.required };
    }
  }
}

/**
 * Whether the schema allows it; null: not to be asked. In a query all is text,
 * what is empty counts as not given, and a server may refuse what is long. A
 * number that is text has the bounds of one.
 */
function fits(schema, value, where) {
  if (where === 'query' && (typeof value !== 'string' || value === '' || value.length > 2000)) {
    return null;
  }
  const isNumber = [schema.type].flat().includes('integer');
  if (isNumber && typeof value === 'string') {
    return /^[0-9]{1,18}$/.test(value) && complaints(schema, Number(value)).length === 0;
  }
  return complaints(schema, value).length === 0;
}

/** Whether the schema has no word on this: two readings of a time are allowed. */
const undecided = (schema, value) => schema.format === 'date-time' && typeof value === 'string'
  && /^\d{4}-/.test(value) && value.length < 20;

async function refused({ path, method, where, name }, value) {
  const target = path.replace('{id}', '999999');
  const query = where === 'query' ? `?${name}=${encodeURIComponent(value)}` : '';
  const body = where === 'body' ? { [name]: value } : undefined;
  const reply = await request(instance, method.toUpperCase(), target + query,
    { body, headers: { Accept: 'application/json' } }); // of pages, too
  if (reply.status === 413) return true;
  if (reply.status !== 400) return false;
  const json = reply.json ?? {};
  return (json.errors ?? []).some(({ pointer }) => pointer === `/${name}`);
}

for (const parameter of parameters()) {
  const { call, where, name, schema } = parameter;
  if (call.includes('/auth/callback') && where === 'query') continue; // also in the body's place
  test(`${call} takes ${name} in its ${where} as described`, async () => {
    for (const value of CANDIDATES) {
      const good = fits(schema, value, where);
      if (good === null || undecided(schema, value)) continue;
      // What the handler itself has to say (a text's length, a time past, a cursor of another
      // list) is no fault of the kind.
      if (good && name === 'cursor' && schema.type === 'string') continue;
      if (good && /^(text|scheduled_at|snoozed_until|twitter_id|statuses|enabled)$/.test(name)) continue;
      const what = `${name}: ${JSON.stringify(value).slice(0, 60)}`;
      assert.equal(await refused(parameter, value), !good, what);
    }
  });
}

test('a parameter that must be there is missed', async () => {
  for (const { name, path, method, operation } of operations) {
    const { required: always = [], anyOf: ways = [] } = operation.requestBody
      ?.content['application/json'].schema ?? {};
    const required = [...always, ...ways.slice(0, 1).flatMap((way) => way.required)];
    if (required.length === 0) continue;
    const reply = await request(instance, method.toUpperCase(), path.replace('{id}', '999999'),
      { body: {} });
    const { errors } = isError(reply, 400, 'invalid_input', name);
    assert.deepEqual(errors.map(({ pointer }) => pointer).sort(),
      required.map((member) => `/${member}`).sort(), name);
  }
});
