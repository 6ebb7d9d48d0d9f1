// Caddy, with fcgiwrap to run the programs.

import { configured, launchAll, makeSite, runFolder, versionOf, write } from './common.mjs';
import { fcgiwrap } from './nginx.mjs';

export const caddy = {
  version: () => versionOf('caddy', ['version'], /^v?(\d+\.[\d.]+)/m),
  start(instance) {
    makeSite(instance);
    const run = runFolder(instance);
    const surroundings = `{\n  admin off\n  storage file_system ${run}/caddy\n}\n`;
    const file = write(run, 'Caddyfile', surroundings + configured('Caddyfile', {
      '/srv/twitter-manager': instance.dir,
      ':8080': `:${instance.port}`,
      '/run/fcgiwrap.socket': `${run}/fcgiwrap.sock`,
    }));
    return launchAll(instance, [fcgiwrap(run),
      ['caddy', 'run', '--config', file, '--adapter', 'caddyfile']]);
  },
};
