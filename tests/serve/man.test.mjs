// man.test.mjs - the man pages: sound mdoc, and true of the tool and of the
// settings.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { build, root } from '../support/paths.mjs';

const folder = join(root, 'conf', 'man');
const page = (name) => readFileSync(join(folder, name), 'utf8');

/** The items of a page's lists with that macro: [[name, what follows it]]. */
function items(text, macro) {
  const parts = text.split(new RegExp(`^\\.It ${macro} `, 'm')).slice(1);
  return parts.map((part) => {
    const [name, ...lines] = part.split('\n');
    const end = lines.findIndex((line) => /^\.(It|El)\b/.test(line));
    return [name.trim(), lines.slice(0, end).join('\n')];
  });
}

test('mandoc and the pages agree', () => {
  const names = readdirSync(folder);
  assert.deepEqual(names.sort(), ['twitter-manager.1', 'twitter-manager.env.5']);
  for (const name of names) {
    execFileSync('mandoc', ['-Tlint', '-Wwarning', join(folder, name)], { encoding: 'utf8' });
  }
});

test('the page of the settings has those of .env.example, with the same defaults', () => {
  const example = readFileSync(join(root, '.env.example'), 'utf8');
  const wanted = [...example.matchAll(/^#?([A-Z][A-Z0-9_]*)=(.*)$/gm)]
    .map(([, name, value]) => [name, value]);
  const told = items(page('twitter-manager.env.5'), 'Ev').map(([name, text]) =>
    [name, /^Default:\n\.Li (.*)$/m.exec(text)?.[1] ?? '']);
  assert.deepEqual(told.sort(), wanted.sort());
});

test('the page of the tool has its commands', () => {
  const tool = join(build, 'bin', 'twitter-manager');
  const help = execFileSync(tool, ['--help'], { encoding: 'utf8' });
  const wanted = [...help.matchAll(/^ {2}([a-z][a-z-]*) /gm)].map(([, name]) => name);
  assert.ok(wanted.includes('tick'), help);
  const told = items(page('twitter-manager.1'), 'Cm').map(([name]) => name.split(' ')[0]);
  assert.deepEqual(told.sort(), wanted.sort());
});
