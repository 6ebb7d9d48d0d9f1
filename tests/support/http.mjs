// Requests as they are written: no path is tidied, no header added unasked.

import http from 'node:http';
import net from 'node:net';

import { conform } from './openapi.mjs';
import { server } from './servers/index.mjs';

function parse(text) {
  try { return JSON.parse(text); } catch { return undefined; }
}

function encode(body) {
  if (body === undefined || typeof body === 'string' || Buffer.isBuffer(body)) {
    return { bytes: body, type: {} };
  }
  return { bytes: JSON.stringify(body), type: { 'Content-Type': 'application/json' } };
}

/** The path that the server under test knows a path of the API by. */
export const wirePath = server?.wirePath ?? ((path) => path);

/** The first line of a raw request, so changed. */
function wireBytes(bytes) {
  if (!server?.wirePath) return bytes;
  const text = Buffer.from(bytes).toString('latin1').replace(/^(\w+ )(\S+)/,
    (all, method, path) => method + wirePath(path));
  return Buffer.from(text, 'latin1');
}

/**
 * One request on its own connection: { status, headers, text, json }.
 * An object as body is sent as JSON; text and bytes go as they are. A reply of
 * ours that the API's description does not allow is thrown.
 */
export function send(base, method, path, { body, headers = {}, timeout = 30_000 } = {}) {
  const { bytes, type } = encode(body);
  const { hostname, port } = new URL(base);
  const length = bytes === undefined ? {} : { 'Content-Length': Buffer.byteLength(bytes) };
  return new Promise((resolve, reject) => {
    const request = http.request({
      hostname, port, method, path: wirePath(path), agent: false, timeout,
      headers: { ...type, ...length, ...headers },
    }, (reply) => {
      const chunks = [];
      reply.on('data', (chunk) => chunks.push(chunk));
      reply.on('error', reject);
      reply.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        const { statusCode: status, headers: given } = reply;
        try {
          resolve(conform(method, path, { status, headers: given, text, json: parse(text) }));
        } catch (fault) { reject(fault); }
      });
    });
    request.on('timeout', () => request.destroy(new Error(`no answer: ${method} ${path}`)));
    request.on('error', reject);
    request.end(bytes);
  });
}

/** Writes bytes to the server and gives all it says until it closes. */
export function sendRaw(base, bytes, { timeout = 10_000 } = {}) {
  const { hostname, port } = new URL(base);
  return new Promise((resolve, reject) => {
    const chunks = [];
    const socket = net.connect({ host: hostname, port });
    socket.setTimeout(timeout, () => socket.destroy());
    socket.on('error', (fault) => (chunks.length ? undefined : reject(fault)));
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('close', () => resolve(parseRaw(Buffer.concat(chunks).toString('utf8'))));
    socket.write(wireBytes(bytes));
  });
}

function parseRaw(raw) {
  const [head, ...rest] = raw.split('\r\n\r\n');
  const text = rest.join('\r\n\r\n');
  const status = Number(/^HTTP\/1\.[01] (\d{3})/.exec(head)?.[1] ?? 0);
  return { status, head, text, raw, json: parse(text) };
}
