// Runs the fake alone:
//   node tests/support/fake-x/main.mjs --port 8080 [--host 127.0.0.1]
//     [--client-id ID] [--client-secret SECRET | --public]
//     [--redirect-uri URI]… [--user NAME]… [--key FILE --cert FILE]
// Prints its address, then plays until SIGINT or SIGTERM. Steered under /_fake/.

import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

import { startFakeX } from './index.mjs';

const text = { type: 'string' };
const many = { type: 'string', multiple: true, default: [] };

const { values } = parseArgs({
  options: {
    port: { ...text, default: '0' },
    host: { ...text, default: '127.0.0.1' },
    'client-id': { ...text, default: 'test-client' },
    'client-secret': { ...text, default: 'test-secret' },
    public: { type: 'boolean', default: false },
    'redirect-uri': many,
    user: many,
    key: text,
    cert: text,
  },
});

const file = (path) => (path ? readFileSync(path) : undefined);

const x = await startFakeX({
  port: Number(values.port),
  host: values.host,
  clientId: values['client-id'],
  clientSecret: values.public ? null : values['client-secret'],
  redirectUris: values['redirect-uri'],
  key: file(values.key),
  cert: file(values.cert),
});
for (const username of values.user) x.addUser({ username });

console.log(x.url);

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, async () => {
    await x.close();
    process.exit(0);
  });
}
