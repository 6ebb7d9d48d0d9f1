// Apache: with nothing but .htaccess files as on a shared host (mpm_event with
// mod_cgid, or mpm_prefork with mod_cgi), and as a virtual host.

import { join } from 'node:path';

import { configured, launchAll, makeSite, passedOn, runFolder, versionOf, write } from './common.mjs';

const MODULES = ['authz_core', 'dir', 'mime', 'alias', 'rewrite', 'headers', 'setenvif', 'env',
  'filter', 'deflate'];
const module = (name) => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`;

const surroundings = (instance, run, cgi, modules) => `
${[...modules, ...cgi].map(module).join('\n')}
ServerName localhost
ServerRoot ${run}
DefaultRuntimeDir ${run}
PidFile ${run}/apache.pid
Mutex file:${run}
${cgi.includes('cgid') ? `ScriptSock ${run}/cgid.sock` : ''}
ErrorLog ${join(instance.dir, 'server.log')}
Listen 127.0.0.1:${instance.port}
${modules.includes('mime') ? 'TypesConfig /dev/null' : ''}
Timeout 60
<Directory />
  AllowOverride None
  Require all denied
</Directory>
${Object.keys(passedOn(instance.settings)).map((name) => `PassEnv ${name}\n`).join('')}
`;

const htaccess = (instance) => `
DocumentRoot ${instance.dir}
<Directory ${instance.dir}>
  AllowOverride All
  Require all granted
</Directory>
`;

const vhost = (instance, run) => configured('apache/vhost.conf', {
  '/srv/twitter-manager': instance.dir,
  '127.0.0.1:8080': `127.0.0.1:${instance.port}`,
  '/var/log/apache2/twitter-manager.log': `${run}/access.log`,
});

function apacheWith(cgi, site, { modules = MODULES, folder = '' } = {}) {
  return {
    version: () => versionOf('apache2', ['-v'], /Apache\/([\d.]+)/),
    start(instance) {
      makeSite(instance, join(instance.dir, folder));
      const run = runFolder(instance);
      const file = write(run, 'apache.conf', [surroundings(instance, run, cgi, modules), site(instance, run)].join(''));
      return launchAll(instance, [['apache2', '-DFOREGROUND', '-f', file]]);
    },
  };
}

export const apache = apacheWith(['mpm_event', 'cgid'], htaccess);
export const apachePrefork = apacheWith(['mpm_prefork', 'cgi'], htaccess);
export const apacheVhost = apacheWith(['mpm_event', 'cgid'], vhost);

// For tests of the .htaccess files alone: in a folder of the site's, and with
// hardly a module.
export const apacheSub = apacheWith(['mpm_event', 'cgid'], htaccess, { folder: 'tweets' });
export const apacheBare = apacheWith(['mpm_event', 'cgid'], htaccess,
  { modules: ['authz_core', 'dir'] });
