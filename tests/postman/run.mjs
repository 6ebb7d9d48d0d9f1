// Runs the Postman collection against an instance of its own, twice in a row:
// whoever imports it will press "run" again. Each assertion counts as a test.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import newman from 'newman';

import { CALLS } from '../support/calls.mjs';
import { wirePath } from '../support/http.mjs';
import { startInstance } from '../support/instance.mjs';

const folder = fileURLToPath(new URL('.', import.meta.url));
const file = (name) => join(folder, `twitter-manager.postman_${name}.json`);

/** The collection, with paths as the server under test knows them. */
function served() {
  const collection = JSON.parse(readFileSync(file('collection'), 'utf8'));
  for (const { request } of collection.item.flatMap(({ item }) => item)) {
    request.url = request.url.replace(/^\{\{base_url\}\}(.*)/, (_, path) => `{{base_url}}${wirePath(path)}`);
  }
  return collection;
}

function run(instance) {
  return new Promise((resolve, reject) => {
    newman.run({
      collection: served(),
      environment: file('environment'),
      envVar: [{ key: 'base_url', value: instance.url }, { key: 'api_key', value: instance.key }],
      reporters: [],
      timeoutRequest: 30_000,
    }, (fault, summary) => (fault ? reject(fault) : resolve(summary.run)));
  });
}

const told = ({ source, error }) =>
  `not ok - ${source?.name ?? 'collection'}: ${error.test ?? error.name}: ${error.message}`;

/** "GET /api/v1/tweets/1", whatever the id and the query. */
const plain = (method, path) => `${method} ${path.replace('{{base_url}}', '')
  .replace(/\?.*/, '').replace(/\/(\d+|\{\{\w+\}\})(?=\/|$)/g, '/1')}`;

function missing() {
  const { item } = JSON.parse(readFileSync(file('collection'), 'utf8'));
  const there = new Set(item.flatMap((folderOf) => folderOf.item)
    .map(({ request }) => plain(request.method, request.url)));
  return CALLS.map(({ method, path }) => plain(method, path)).filter((call) => !there.has(call));
}

let [passed, failed] = [CALLS.length - missing().length, missing().length];
for (const call of missing()) {
  console.log(`not ok - ${call} is not in the collection`);
}
const instance = await startInstance();
try {
  for (const time of ['first', 'second']) {
    const { stats, failures } = await run(instance);
    console.log(`# the ${time} time: ${stats.requests.total} requests`);
    for (const failure of failures) console.log(told(failure));
    // Scripts that break and requests without an answer are no assertions.
    passed += stats.assertions.total - stats.assertions.failed;
    failed += failures.length;
  }
} finally {
  await instance.stop();
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
