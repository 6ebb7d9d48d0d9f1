// The API's description, and whether a reply is one that it allows.
//
// Every reply that http.mjs and cgi.mjs receive goes through `conform`, so each
// HTTP test checks the description, and the description each reply. What is
// wrong is thrown, with the call's name: then either the description
// (cgi-bin/openapi/openapi.json) is wrong or the program.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import Ajv from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

import { build } from './paths.mjs';

const file = join(build, 'obj', 'openapi.json');

/** The description of the build under test; null where a build has none. */
export const description = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null;

const METHODS = ['get', 'post', 'put', 'patch', 'delete'];

/** [{ name, path, method, operation }] of all calls. */
export const operations = Object.entries(description?.paths ?? {}).flatMap(([path, item]) =>
  METHODS.filter((method) => item[method]).map((method) => (
    { name: `${method.toUpperCase()} ${path}`, path, method, operation: item[method] })));

/** What a `$ref` of the description points at; anything else as it is. */
export function resolve(node) {
  if (!node?.$ref) return node;
  return node.$ref.split('/').slice(1).reduce((at, name) => at[name], description);
}

// ---- validation -------------------------------------------------------------

const ajv = new Ajv({ allErrors: true, strict: false, validateFormats: true });
addFormats(ajv);
if (description) ajv.addSchema({ $id: 'openapi', ...description });

const validators = new Map();

/** A schema of the description, compiled; its references are the document's. */
function validator(schema) {
  if (!validators.has(schema)) {
    const text = JSON.stringify(schema).replaceAll('"$ref":"#/', '"$ref":"openapi#/');
    validators.set(schema, ajv.compile(JSON.parse(text)));
  }
  return validators.get(schema);
}

/** What is wrong with the value, in words; an empty list: nothing. */
export function complaints(schema, value) {
  const validate = validator(schema);
  if (validate(value)) return [];
  return validate.errors.map(({ instancePath, message, params }) =>
    `${instancePath || '/'} ${message} ${JSON.stringify(params)}`);
}

// ---- which call it is -------------------------------------------------------

// A number from 1, as the programs read it.
const ID = '0*[1-9][0-9]{0,18}';
const patterns = Object.entries(description?.paths ?? {}).map(([path, item]) => ({
  path, item, pattern: new RegExp(`^${path.replaceAll('.', '\\.').replace('{id}', ID)}$`),
}));

function plain(target) {
  let path = target.split('?')[0];
  try { path = decodeURIComponent(path); } catch { return null; }
  if (/(^|\/)\.\.?(\/|$)/.test(path)) return null; // servers differ
  return path.replace(/\/{2,}/g, '/').replace(/(.)\/$/, '$1');
}

/** The path item for what was asked; undefined: there is none. */
const itemFor = (path) => patterns.find(({ pattern }) => pattern.test(path))?.item;

// ---- replies ----------------------------------------------------------------

/** Headers that a reply may have only where the description says so. */
const DECLARED = ['location', 'link', 'retry-after', 'idempotent-replayed', 'www-authenticate',
  'allow', 'etag'];

function headerFaults(declared, headers) {
  const named = Object.fromEntries(Object.entries(declared ?? {})
    .map(([name, header]) => [name.toLowerCase(), resolve(header)]));
  const faults = DECLARED.filter((name) => headers[name] !== undefined && !named[name])
    .map((name) => `the header ${name} is not described`);
  for (const [name, { schema, required }] of Object.entries(named)) {
    const text = headers[name];
    if (text === undefined) {
      if (required) faults.push(`the header ${name} is missing`);
      continue;
    }
    const value = schema.type === 'integer' ? Number(text) : text;
    faults.push(...complaints(schema, value).map((words) => `header ${name}: ${words}`));
  }
  return faults;
}

/** A code has its status and is retryable or not, whatever the call. */
function errorFaults(reply) {
  if (reply.status < 400 || !reply.json?.code) return [];
  const { code, retryable } = reply.json;
  const meaning = description.components.schemas.ErrorCode['x-codes'][code];
  if (!meaning) return [`the code ${code} is not described`];
  if (meaning.status !== reply.status) return [`${code} has the status ${meaning.status}`];
  return meaning.retryable === retryable ? [] : [`${code} is retryable: ${meaning.retryable}`];
}

function bodyFaults(response, reply) {
  const type = (reply.headers['content-type'] ?? '').split(';')[0];
  if (!response.content && type === '' && reply.text === '') return []; // as of a 304
  const media = response.content?.[type];
  if (!media) return [`the type ${type} is not described`];
  const value = type === 'application/json' ? reply.json : reply.text;
  if (value === undefined) return ['the body is not JSON'];
  return complaints(media.schema, value);
}

const components = () => description.components.responses;

/** The response that a call should have been given; a string: why there is none. */
function responseFor(method, item, reply) {
  if (!item) {
    if (reply.status === 501) return components().NotImplemented;
    return [400, 404].includes(reply.status) ? null : 'a path that is not described';
  }
  const name = method === 'HEAD' ? 'get' : method.toLowerCase();
  const operation = item[name];
  if (operation && method === method.toUpperCase()) {
    return resolve(operation.responses[reply.status])
      ?? `the status ${reply.status} is not described`;
  }
  if (reply.status === 405) return components().MethodNotAllowed;
  if (reply.status === 501) return components().NotImplemented;
  return reply.status === 400 ? null : 'a method that is not described';
}

const seen = new Set();

/** Names of members that replies had, as "Schema.member". */
export const seenMembers = () => seen;

function note(schema, value, name) {
  if (value === null || typeof value !== 'object' || !schema) return;
  if (schema.$ref) {
    note(resolve(schema), value, schema.$ref.split('/').at(-1));
    return;
  }
  for (const part of schema.allOf ?? []) note(part, value, name);
  for (const part of [...schema.oneOf ?? [], ...schema.anyOf ?? []]) {
    if (complaints(part, value).length === 0) note(part, value, name);
  }
  if (Array.isArray(value)) {
    value.forEach((element) => note(schema.items, element, name));
    return;
  }
  for (const [member, part] of Object.entries(schema.properties ?? {})) {
    if (!Object.hasOwn(value, member)) continue;
    if (name) seen.add(`${name}.${member}`);
    note(part, value[member], `${name}.${member}`);
  }
}

function faultsOf(method, item, reply) {
  if (method === 'OPTIONS' && item) {
    return reply.status === 204 && reply.headers.allow ? [] : ['no 204 with Allow'];
  }
  const response = responseFor(method, item, reply);
  if (typeof response === 'string') return [response];
  const faults = [...headerFaults(response?.headers, reply.headers), ...errorFaults(reply)];
  if (method === 'HEAD') return faults;
  const { Error: anyError } = description.components.schemas;
  if (!response) return [...faults, ...complaints(anyError, reply.json)];
  faults.push(...bodyFaults(response, reply));
  if (faults.length === 0) note(response.content?.['application/json']?.schema, reply.json, '');
  return faults;
}

/**
 * Throws if the API answers so and its description does not allow it. Replies
 * that are not the API's own are not looked at: of other servers, of static
 * files, and what a web server says by itself.
 */
export function conform(method, target, reply) {
  const path = description && reply.headers['x-request-id'] ? plain(target) : null;
  if (!path || !/^\/(api|auth)(\/|$)/.test(path)) return reply;
  const faults = faultsOf(method, itemFor(path), reply);
  if (faults.length === 0) return reply;
  throw new Error(`${method} ${target} (${reply.status}) and its description in`
    + ` cgi-bin/openapi/openapi.json disagree:\n  ${faults.join('\n  ')}\n  ${reply.text}`);
}

/** The same for a program that was run with this environment. */
export function conformCgi(env, reply) {
  const variables = Array.isArray(env)
    ? Object.fromEntries(env.map((pair) => [pair.split('=')[0], pair.slice(pair.indexOf('=') + 1)]))
    : env;
  // A program may be run for a path that is another's.
  if (reply.exitCode !== 0 || reply.json?.code === 'not_found') return reply;
  const { REQUEST_METHOD: method, SCRIPT_NAME: script = '', PATH_INFO: rest = '' } = variables;
  conform(method, encodeURI(script + rest), { ...reply, text: reply.body });
  return reply;
}
