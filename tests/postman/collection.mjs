// The Postman collection, and newman to run it against an instance.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import newman from 'newman';

import { wirePath } from '../support/http.mjs';

const folder = fileURLToPath(new URL('.', import.meta.url));
const file = (name) => join(folder, `twitter-manager.postman_${name}.json`);

export const collection = () => JSON.parse(readFileSync(file('collection'), 'utf8'));

/** The collection, with paths as the server under test knows them. */
function served() {
  const whole = collection();
  for (const { request } of whole.item.flatMap(({ item }) => item)) {
    request.url = request.url.replace(/^\{\{base_url\}\}(.*)/, (_, path) => `{{base_url}}${wirePath(path)}`);
  }
  return whole;
}

/**
 * What newman says of a run: { stats, failures, … }. `only` is the one folder
 * to run, `left` the variables that an earlier run has left behind.
 */
export function runCollection(instance, { only, left = {} } = {}) {
  const whole = served();
  for (const variable of whole.variable) {
    variable.value = left[variable.key] ?? variable.value;
  }
  return new Promise((resolve, reject) => {
    newman.run({
      collection: whole,
      environment: file('environment'),
      envVar: [{ key: 'base_url', value: instance.url }, { key: 'api_key', value: instance.key }],
      folder: only,
      reporters: [],
      timeoutRequest: 30_000,
    }, (fault, summary) => (fault ? reject(fault) : resolve(summary.run)));
  });
}

export const told = ({ source, error }) =>
  `${source?.name ?? 'collection'}: ${error.test ?? error.name}: ${error.message}`;
