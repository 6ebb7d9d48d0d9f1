// CivetWeb.

import { configured, followRecipe, launchAll, makeSite, runFolder, versionOf, write } from './common.mjs';

export const civetweb = {
  asksDates: 'CivetWeb takes what is not younger for the same, whatever its tag',
  noCompression: 'CivetWeb does not compress',
  noHeaders: 'CivetWeb sets one header of its configuration, and no more',

  version: () => versionOf('civetweb', ['-V'], /v([\d.]+)/),
  start(instance) {
    makeSite(instance);
    followRecipe('civetweb.conf', instance.dir);
    const run = runFolder(instance);
    const file = write(run, 'civetweb.conf', configured('civetweb.conf', {
      '/srv/twitter-manager': instance.dir,
      '127.0.0.1:8080': `127.0.0.1:${instance.port}`,
    }));
    return launchAll(instance, [['civetweb', file]]);
  },
};
