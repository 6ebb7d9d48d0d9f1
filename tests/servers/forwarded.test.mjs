// A client's X_Forwarded_For becomes the same variable as a proxy's
// X-Forwarded-For: whatever the server does with the two, the client's never
// counts.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { each } from '../support/checks.mjs';
import { rawRequest, startInstance } from '../support/instance.mjs';

const PROXY = '127.0.0.1'; // as which this test comes
const CLIENT = '192.0.2.7';
const CLAIMED = '6.6.6.6';

let instance;
before(async () => { instance = await startInstance({ env: { TRUSTED_PROXIES: PROXY } }); });
after(() => instance?.stop());

async function addressBy(...headers) {
  const lines = ['GET /api/v1/test HTTP/1.1', 'Host: a', 'Connection: close',
    `X-API-Key: ${instance.key}`, ...headers].map((line) => `${line}\r\n`);
  const { raw } = await rawRequest(instance, `${lines.join('')}\r\n`);
  const [, address] = /"address":"([^"]*)"/.exec(raw) ?? []; // it may come in chunks
  assert.ok(address, raw);
  return address;
}

// Caddy writes the header itself, with the address that it sees.
test('what the proxy says counts', async () => {
  const address = await addressBy(`X-Forwarded-For: ${CLAIMED}, ${CLIENT}`);
  assert.ok([CLIENT, PROXY].includes(address), address);
});

test('what a client says by another spelling does not', async () => {
  await each(['X_Forwarded_For', 'X_Forwarded-For', 'X-Forwarded_For', 'x_forwarded_for'],
    async (name) => {
      const [own, claimed] = [`X-Forwarded-For: ${CLIENT}`, `${name}: ${CLAIMED}`];
      for (const headers of [[own, claimed], [claimed, own]]) {
        const address = await addressBy(...headers);
        assert.ok([CLIENT, PROXY].includes(address), `${headers}: ${address}`);
      }
    });
});
