// Clients that ask a server as fast as it answers, and what they saw.

import http from 'node:http';

import { median, quantile } from './measure.mjs';

/** One request by the agent; whether it was answered with a 200 or 201. */
function ask({ url, key }, agent, { method, path, query, body }) {
  const headers = { 'X-API-Key': key };
  if (body !== undefined) headers['Content-Length'] = Buffer.byteLength(body);
  if (body) headers['Content-Type'] = 'application/json';
  return new Promise((resolve) => {
    const target = `${url}${path}${query ? `?${query}` : ''}`;
    const request = http.request(target, { agent, method, headers }, (reply) => {
      reply.on('end', () => resolve([200, 201].includes(reply.statusCode)))
        .on('error', () => resolve(false)).resume();
    });
    request.on('error', () => resolve(false));
    request.end(body);
  });
}

/**
 * Asks SERVER ({ url, key }) for what `next()` gives, for so many seconds or
 * until `most` requests have been made: { requests, errors, perSecond,
 * medianMs, p99Ms }.
 */
export async function load(server, next, { clients = 4, seconds, most = Infinity }) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: clients });
  const [start, times] = [performance.now(), []];
  let [begun, errors] = [0, 0];
  const client = async () => {
    while (begun < most && performance.now() < start + seconds * 1000) {
      begun += 1;
      const from = performance.now();
      if (!await ask(server, agent, next())) errors += 1;
      times.push(performance.now() - from);
    }
  };
  await Promise.all(Array.from({ length: clients }, client));
  agent.destroy();
  const took = (performance.now() - start) / 1000;
  return {
    requests: begun, errors, perSecond: begun / took,
    medianMs: median(times), p99Ms: quantile(times, 0.99),
  };
}
