// The API's description is sound OpenAPI 3.1, by a linter that others wrote, and
// as strict as we want it.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { createConfig, lintFromString } from '@redocly/openapi-core';

import { description, operations } from '../support/openapi.mjs';

// What recommended-strict asks for and we do not: a licence, and no fixed path
// beside {id} (ours are told apart: {id} is a number).
const RULES = {
  'info-license': 'off',
  'no-ambiguous-paths': 'off',
  'no-unused-components': 'off', // 405 and 501 are the answer to no operation
  'operation-operationId': 'error',
  'operation-summary': 'error',
  'operation-singular-tag': 'error',
  'operation-tag-defined': 'error',
  'tag-description': 'error',
  'no-invalid-media-type-examples': { severity: 'error', allowAdditionalProperties: false },
  'no-invalid-schema-examples': 'error',
  'no-invalid-parameter-examples': 'error',
  'path-not-include-query': 'error',
  'no-path-trailing-slash': 'error',
};

test('a linter has nothing to say', async () => {
  const config = await createConfig({ extends: ['recommended-strict'], rules: RULES });
  const problems = await lintFromString({
    source: JSON.stringify(description), absoluteRef: 'openapi.json', config,
  });
  const said = problems.map(({ ruleId, message, location }) =>
    `${ruleId} at ${location[0]?.pointer}: ${message}`);
  assert.deepEqual(said, []);
});

/** Every schema below `at`, with where it stands. */
function* schemasIn(node, at = '#') {
  if (node === null || typeof node !== 'object') return;
  if (at.endsWith('/example') || at.includes('/examples/')) return;
  yield [at, node];
  for (const [name, child] of Object.entries(node)) yield* schemasIn(child, `${at}/${name}`);
}

test('an object in a reply says which members it has, and has no others', () => {
  const open = [];
  const roots = [['components/schemas', description.components.schemas],
    ...operations.map(({ name, operation }) => [`${name} responses`, operation.responses])];
  for (const [name, root] of roots) {
    for (const [at, schema] of schemasIn(root, name)) {
      if (schema.type !== 'object' || at.includes('/openapi.json ')) continue;
      if (!Array.isArray(schema.required) || schema.additionalProperties !== false) open.push(at);
    }
  }
  assert.deepEqual(open, []);
});

test('every call has words, a tag, an answer with an example, and errors', () => {
  for (const { name, operation } of operations) {
    assert.ok(operation.summary && operation.operationId && operation.tags?.length === 1, name);
    const good = Object.entries(operation.responses).filter(([status]) => status < 400);
    assert.ok(good.length > 0, name);
    for (const [status, { content = {} }] of good) {
      for (const [type, media] of Object.entries(content)) {
        assert.ok(media.example !== undefined, `${name} ${status} ${type}`);
      }
    }
    assert.ok(operation.responses['400'], name);
    assert.ok(operation.responses['500'], name);
    assert.equal(operation.responses['401'] === undefined, operation.security?.length === 0, name);
    for (const parameter of operation.parameters ?? []) {
      assert.ok(parameter.$ref ?? parameter.description, `${name} ${parameter.name}`);
    }
  }
});
