// Runs the Postman collection against an instance of its own, twice in a row:
// whoever imports it will press "run" again. Each assertion counts as a test.

import { CALLS } from '../support/calls.mjs';
import { startInstance } from '../support/instance.mjs';
import { collection, runCollection, told } from './collection.mjs';

/** "GET /api/v1/tweets/1", whatever the id and the query. */
const plain = (method, path) => `${method} ${path.replace('{{base_url}}', '')
  .replace(/\?.*/, '').replace(/\/(\d+|\{\{\w+\}\})(?=\/|$)/g, '/1')}`;

function missing() {
  const there = new Set(collection().item.flatMap(({ item }) => item)
    .map(({ request }) => plain(request.method, request.url)));
  return CALLS.map(({ method, path }) => plain(method, path)).filter((call) => !there.has(call));
}

let [passed, failed] = [CALLS.length - missing().length, missing().length];
for (const call of missing()) {
  console.log(`not ok - ${call} is not in the collection`);
}
const all = collection().item.flatMap(({ item }) => item).length;
const instance = await startInstance();
try {
  for (const time of ['first', 'second']) {
    const { stats, failures } = await runCollection(instance);
    console.log(`# the ${time} time: ${stats.requests.total} requests`);
    for (const failure of failures) console.log(`not ok - ${told(failure)}`);
    // Scripts that break and requests without an answer are no assertions.
    passed += stats.assertions.total - stats.assertions.failed;
    failed += failures.length;
    if (stats.requests.total < all) {
      console.log(`not ok - ${all - stats.requests.total} requests were not sent`);
      failed++;
    }
  }
} finally {
  await instance.stop();
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
