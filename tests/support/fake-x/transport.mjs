// Bytes in and out: reading bodies, and every unkind way of answering.

import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';

import { HUGE } from './faults.mjs';

const ENCODERS = { gzip: gzipSync, deflate: deflateSync, br: brotliCompressSync };

// An encoding that nobody knows is told, and the bytes left as they are.
function encoded(answer, how) {
  return {
    ...answer,
    headers: { ...answer.headers, 'content-encoding': how },
    body: (ENCODERS[how] ?? Buffer.from)(Buffer.from(answer.body)),
  };
}

const CHUNK = Buffer.alloc(64 * 1024, 'x');

export async function readBody(req) {
  const chunks = [];
  for await (const chunk of req) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** Drops the connection; with `reset` by RST where the system can. */
export function cut(req, res, reset = false) {
  if (res.stream?.session) {
    res.stream.session.destroy();
  } else if (reset && req.socket.resetAndDestroy) {
    req.socket.resetAndDestroy();
  } else {
    req.socket.destroy();
  }
}

/** Answers plainly. */
export function send(res, answer) {
  res.writeHead(answer.status, {
    ...answer.headers, 'content-length': Buffer.byteLength(answer.body),
  });
  res.end(answer.body);
}

/** Answers as the fault wants it; resolves when all has been done. */
export async function sendBadly(req, res, plain, fault) {
  const answer = fault.encode ? encoded(plain, fault.encode) : plain;
  if (fault.huge) {
    await sendHuge(res, answer, fault.huge === true ? HUGE : fault.huge);
  } else if (fault.contentLength !== undefined) {
    sendLying(req, res, answer, fault.contentLength);
  } else if (fault.slow) {
    await sendSlowly(res, answer, fault.slow);
  } else if (fault.cut === 'mid-answer') {
    await sendHalf(req, res, answer);
  } else {
    send(res, answer);
  }
}

const gone = (res) => res.destroyed || res.writableEnded || res.stream?.destroyed;

async function sendHuge(res, answer, size) {
  res.writeHead(answer.status, answer.headers);
  res.write('{"data":{"id":"1","text":"');
  for (let sent = 0; sent < size && !gone(res); sent += CHUNK.length) {
    if (res.write(CHUNK)) continue;
    await Promise.race([once(res, 'drain'), once(res, 'close')]);
  }
  if (!gone(res)) res.end('"}}');
}

async function sendSlowly(res, answer, pause) {
  const bytes = Buffer.from(answer.body);
  res.writeHead(answer.status, { ...answer.headers, 'content-length': bytes.length });
  for (let i = 0; i < bytes.length && !gone(res); i += 1) {
    res.write(bytes.subarray(i, i + 1));
    await sleep(pause);
  }
  if (!gone(res)) res.end();
}

async function sendHalf(req, res, answer) {
  const bytes = Buffer.from(answer.body);
  res.writeHead(answer.status, { ...answer.headers, 'content-length': bytes.length });
  res.write(bytes.subarray(0, Math.floor(bytes.length / 2)));
  await sleep(50);
  cut(req, res);
}

// Node would mend the framing, so the bytes are written by hand.
function sendLying(req, res, answer, length) {
  if (res.stream?.session) {
    cut(req, res);
    return;
  }
  const lines = Object.entries({
    ...answer.headers, 'content-length': length, connection: 'close',
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  req.socket.end(
    `HTTP/1.1 ${answer.status} Answer\r\n${lines.join('')}\r\n${answer.body}`);
}
