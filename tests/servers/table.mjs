// table.mjs - runs what depends on the web server under each that we know, and
// writes what came of it into conf/HOSTING.md, between its marks.
//
//     node tests/servers/table.mjs           all
//     node tests/servers/table.mjs nginx     that one's row

import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { root } from '../support/paths.mjs';
import { SERVERS } from '../support/servers/index.mjs';

/** Each with what it is called and where its configuration is. */
const ROWS = [
  ['lighttpd', 'lighttpd', 'lighttpd.conf'],
  ['lighttpd-site', 'lighttpd, the archive', 'lighttpd.conf'],
  ['apache', 'Apache, `.htaccess` only (event, cgid)', 'apache/site.htaccess'],
  ['apache-prefork', 'Apache, `.htaccess` only (prefork, cgi)', 'apache/site.htaccess'],
  ['apache-vhost', 'Apache, virtual host', 'apache/vhost.conf'],
  ['nginx', 'nginx with fcgiwrap', 'nginx.conf'],
  ['busybox', 'busybox httpd', 'busybox.conf'],
  ['caddy', 'Caddy with fcgiwrap', 'Caddyfile'],
  ['civetweb', 'CivetWeb', 'civetweb.conf'],
];
const REASONS = '../tests/servers/excused.mjs';
const [BEGIN, END] = ['<!-- servers -->', '<!-- /servers -->'];

function rowOf([name, words, file]) {
  const { stdout, stderr } = spawnSync(process.execPath,
    ['tests/run.mjs', 'http', 'postman', 'servers'],
    { cwd: root, encoding: 'utf8', env: { ...process.env, SERVER: name }, maxBuffer: 2 ** 28 });
  const end = /^(\d+) passed, (\d+) failed(?:, (\d+) skipped)?/gm.exec(stdout.split('\n').slice(-3).join('\n'));
  if (!end) throw new Error(`${name}: the run broke off\n${stdout}${stderr}`);
  const [, passed, failed, skipped = 0] = end;
  const excused = Number(/^(\d+) excused, see/m.exec(stdout)?.[1] ?? 0) + Number(skipped);
  if (failed !== '0') process.stdout.write(stdout);
  console.log(/^\d+ min \d+ s.*$/m.exec(stdout)?.[0] ?? '', name);
  return {
    bad: failed !== '0',
    line: `| ${words} | ${SERVERS[name].version()} | [${file}](${file}) | ${passed} | ${
      excused ? `[${excused}](${REASONS})` : '0'} | ${failed} |`,
  };
}

const asked = process.argv.slice(2);
const rows = ROWS.filter(([name]) => asked.length === 0 || asked.includes(name)).map((row) => {
  const made = rowOf(row);
  console.log(made.line);
  return made;
});

const path = join(root, 'conf/HOSTING.md');
const text = readFileSync(path, 'utf8');
const [before, old, after] = text.split(new RegExp(`${BEGIN}|${END}`));
if (after === undefined) throw new Error(`HOSTING.md has no ${BEGIN} and ${END}`);
const lines = ROWS.map(([, words]) => [...rows.map(({ line }) => line), ...old.split('\n')]
  .find((line) => line.startsWith(`| ${words} |`))).filter(Boolean);
writeFileSync(path, [before, BEGIN, ['', '| server | version | configuration | passed | excused | failed |',
  '|---|---|---|--:|--:|--:|', ...lines, ''].join('\n'), END, after].join(''));
process.exitCode = rows.some(({ bad }) => bad) ? 1 : 0;
