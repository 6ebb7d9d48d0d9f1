// A Flask under gunicorn that stays in memory, on the database of an instance:
// what calls cost where a process may stay. flask/app.py is the program.

import { spawn } from 'node:child_process';
import { join } from 'node:path';

import { until } from '../support/checks.mjs';
import { send } from '../support/http.mjs';
import { freePort } from '../support/instance.mjs';
import { root } from '../support/paths.mjs';

const WORKERS = 2;

/** The calls that it has. */
export const FLASK_CALLS = ['GET /api/v1/health', 'GET /api/v1/accounts', 'POST /api/v1/tweet',
  'GET /api/v1/tweets', 'GET /api/v1/tweets/{id}', 'GET /api/v1/stats'];

/** Starts it: { url, key, stop }. */
export async function startFlask({ key, dbPath }) {
  const port = await freePort();
  const child = spawn('gunicorn', ['--workers', WORKERS, '--keep-alive', '60',
    '--worker-class', 'gthread', '--bind', `127.0.0.1:${port}`, 'app:app'], {
    cwd: join(root, 'tests/bench/flask'), stdio: 'ignore',
    env: { PATH: '/usr/bin:/bin', PYTHONDONTWRITEBYTECODE: '1', DATABASE: dbPath, API_KEY: key },
  });
  const ended = new Promise((resolve) => {
    child.once('exit', resolve);
    child.once('error', resolve);
  });
  const url = `http://127.0.0.1:${port}`;
  const isUp = () => send(url, 'GET', '/').then(({ status }) => status === 401, () => false);
  const end = () => child.kill('SIGTERM');
  process.once('exit', end);
  await until(isUp, 'gunicorn');
  return {
    url, key,
    stop: () => {
      process.removeListener('exit', end);
      end();
      return ended;
    },
  };
}
