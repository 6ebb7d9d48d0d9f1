// A publishing run against a fake X over TLS and HTTP/2: 1,000 tweets on 100
// accounts, X answering after 200 ms.

import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Lab, TWEETS } from '../fault/lab.mjs';
import { root } from '../support/paths.mjs';
import { makeCertificate } from '../support/tls.mjs';
import { weighing, weight } from './measure.mjs';

const ACCOUNTS = 100;
const EACH = 10;
const ANSWER_MS = 200;
const CONCURRENCY = 128;

/** The seconds that X's own slowness takes. */
const ideal = Math.max(ACCOUNTS * EACH / CONCURRENCY, EACH) * ANSWER_MS / 1000;

/** One trial: in as many calls as their budgets make it. */
async function publish(one, program) {
  const result = { ideal, seconds: 0, calls: 0, kib: 0 };
  for (let remaining = 1; remaining > 0;) {
    const reply = await one.cgi(program, {
      path: '/api/v1/tweets/post-pending', body: '{}', command: weighing,
    });
    if (reply.status !== 200) throw new Error(reply.body);
    result.seconds += reply.ms / 1000;
    result.calls += 1;
    result.kib = Math.max(result.kib, weight(reply.stderr).kib);
    ({ remaining } = reply.json);
  }
  one.judge(await one.tweets(), new Set());
  return { ...result, http: [...new Set(one.x.find(TWEETS).map((r) => r.httpVersion))].join() };
}

/** { static, release }: { seconds, ideal, calls, kib, http }. */
export async function publishing(kinds) {
  const lab = await Lab.make(Array.from({ length: ACCOUNTS }, () => ({ tweets: EACH })));
  const result = {};
  try {
    for (const kind of kinds) {
      const { key, cert } = makeCertificate('127.0.0.1');
      const one = await lab.open({ key, cert }, tmpdir());
      try {
        const file = join(one.dir, 'authority.pem');
        writeFileSync(file, cert);
        one.settings.CA_FILE = file;
        delete one.settings.LD_PRELOAD; // the programs' own clock
        one.x.fault({ match: TWEETS, delay: ANSWER_MS, times: Infinity });
        result[kind] = await publish(one, join(root, 'build', kind, 'cgi-bin/publish'));
      } finally {
        await one.close();
      }
    }
  } finally {
    lab.close();
  }
  return result;
}
