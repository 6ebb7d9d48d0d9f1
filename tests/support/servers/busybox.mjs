// busybox httpd: programs are below /cgi-bin/ and nowhere else. It serves a
// folder of links beside the private things, made as conf/busybox.conf says.

import { configured, followRecipe, launchAll, makeSite, runFolder, versionOf, write } from './common.mjs';

export const busybox = {
  noCompression: 'busybox httpd does not compress',
  noHeaders: 'busybox httpd has no directive for headers of files',

  version: () => versionOf('busybox', ['--help'], /BusyBox v([\d.]+)/),

  /** "/api/v1/accounts/7" is "/cgi-bin/accounts/7" here. */
  wirePath(path) {
    return path.replace(/^\/+api\/+v1(?=\/+auth\/+callback(?:[/?]|$))/, '/cgi-bin/auth/api/v1')
      .replace(/^\/+api\/+v1\/+(?=[^/?])/, '/cgi-bin/')
      .replace(/^\/+auth\/+(?=callback|mock)/, '/cgi-bin/auth/');
  },

  start(instance) {
    makeSite(instance);
    const run = runFolder(instance);
    followRecipe('busybox.conf', instance.dir);
    const file = write(run, 'busybox.conf', configured('busybox.conf', {}));
    return launchAll(instance, [['busybox', 'httpd', '-f', '-p', `127.0.0.1:${instance.port}`,
      '-h', `${instance.dir}/site`, '-c', file]]);
  },
};
