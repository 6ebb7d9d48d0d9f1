// nginx, with fcgiwrap to run the programs.

import { rmSync } from 'node:fs';
import { join } from 'node:path';

import { configured, launchAll, makeSite, runFolder, versionOf, write } from './common.mjs';

const surroundings = (run, log, site) => `
daemon off;
worker_processes 2;
pid ${run}/nginx.pid;
error_log ${log};
events { worker_connections 256; }
http {
  client_body_temp_path ${run}/body;
  proxy_temp_path ${run}/proxy;
  fastcgi_temp_path ${run}/fastcgi;
  uwsgi_temp_path ${run}/uwsgi;
  scgi_temp_path ${run}/scgi;
  include ${site};
}
`;

/** fcgiwrap as its package would run it, with its socket in `run`. */
export function fcgiwrap(run) {
  const socket = `${run}/fcgiwrap.sock`;
  rmSync(socket, { force: true }); // of a run before a restart
  return ['fcgiwrap', '-f', '-c', '8', '-s', `unix:${socket}`];
}

export const nginx = {
  version: () => versionOf('nginx', ['-v'], /nginx\/([\d.]+)/),
  start(instance) {
    makeSite(instance);
    const run = runFolder(instance);
    const log = join(instance.dir, 'server.log');
    const site = write(run, 'site.conf', configured('nginx.conf', {
      '/srv/twitter-manager': instance.dir,
      '127.0.0.1:8080': `127.0.0.1:${instance.port}`,
      '/var/log/nginx/twitter-manager.log': `${run}/access.log`,
      '/run/fcgiwrap.socket': `${run}/fcgiwrap.sock`,
    }));
    const file = write(run, 'nginx.conf', surroundings(run, log, site));
    return launchAll(instance, [fcgiwrap(run), ['nginx', '-e', log, '-c', file]]);
  },
};
