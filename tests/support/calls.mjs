// Every call of the API, read from its description: method, path, whether it
// needs a key, and a body that is well-formed. For tests that walk them all.

import { operations } from './openapi.mjs';

/** [{ method, path, open, body }] */
export const CALLS = Object.freeze(operations
  .filter(({ path }) => path !== '/auth/mock') // there in mock mode only
  .map(({ method, path, operation }) => ({
    method: method.toUpperCase(),
    path: path.replace('{id}', '1'),
    open: operation.security?.length === 0,
    body: operation.requestBody?.content['application/json'].example,
  })));

export const closedCalls = CALLS.filter((call) => !call.open);

/** { path: [methods] } of all calls, for Allow. */
export const methodsByPath = CALLS.reduce((paths, { method, path }) => {
  (paths[path] ??= []).push(method);
  return paths;
}, {});
