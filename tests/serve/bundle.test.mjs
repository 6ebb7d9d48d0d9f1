// conf/bundle.awk: modules joined into a few files do what they did apart, and
// what it does not know ends the build.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';

import { root } from '../support/paths.mjs';
import { newFolder, removeFolder } from '../support/settings.mjs';

let dir;
beforeEach(() => { dir = newFolder(); });
afterEach(() => removeFolder(dir));

/** Joins modules, given by name; { status, stderr, files }. */
function bundle(modules) {
  for (const [name, text] of Object.entries({ 'out/package.json': '{"type":"module"}', ...modules })) {
    mkdirSync(dirname(join(dir, name)), { recursive: true });
    writeFileSync(join(dir, name), text);
  }
  const { status, stderr } = spawnSync('awk',
    ['-v', 'out=out', '-f', join(root, 'conf/bundle.awk'), 'js/main.js'], { cwd: dir, encoding: 'utf8' });
  const files = readdirSync(join(dir, 'out')).filter((name) => name.endsWith('.js')).sort();
  return { status, stderr, files, read: (name) => readFileSync(join(dir, 'out', name), 'utf8') };
}

/** What the joined main.js prints. */
const run = () => spawnSync(process.execPath, ['out/main.js'], { cwd: dir, encoding: 'utf8' }).stdout;

const COUNTER = `// It counts.
let n = 0;
/**
 * A number more.
 */
export function next() { // each time
  n += 1;
  return n;
}
export const NAME = 'counter';
`;

test('a module is there once, however many need it, and names stay apart', () => {
  const { status, stderr, files } = bundle({
    'js/main.js': `import { next } from './counter.js';
import {
  hello,
  two as zwei,
} from './views/other.js';
const n = 'mine';
next();
const later = () => import('./views/view.js');
later().then(({ show }) => console.log(n, hello(), zwei, show()));
`,
    'js/counter.js': COUNTER,
    'js/views/other.js': `import { next, NAME } from '../counter.js';
export { NAME } from '../counter.js';
const n = 'other';
export const hello = () => n + NAME + next();
export const two = 2;
`,
    'js/views/view.js': `import { next } from '../counter.js';
import { NAME } from './other.js';
const n = 'view';
export function show() { return n + NAME + next(); }
`,
  });
  assert.equal(stderr, '');
  assert.equal(status, 0);
  assert.deepEqual(files, ['main.js', 'view.js']);
  assert.equal(run(), 'mine othercounter2 2 viewcounter3\n');
});

test('comments and indents go; a text of several lines keeps its own', () => {
  const { read } = bundle({
    'js/main.js': `// words of ours
export const shown = \`a
  // no comment
  b\`;
  /* another
     comment */
if (shown) {
  console.log(shown);
}
`,
  });
  assert.equal(run(), 'a\n  // no comment\n  b\n');
  assert.doesNotMatch(read('main.js'), /words of ours|another|^ +console/m);
});

test('what views share is a file of its own, and what is small comes with the page', () => {
  const view = (uses) => `${uses.map((name) => `import { ${name} } from '../${name}.js';\n`).join('')}
export const show = () => [${uses}];
`;
  const { files, read } = bundle({
    'js/main.js': ['one', 'two', 'three'].map((name) =>
      `export const ${name} = () => import('./views/${name}.js');\n`).join(''),
    'js/pair.js': `export const pair = 'of two ${'x'.repeat(1500)}';\n`,
    'js/all.js': 'export const all = \'of three\';\n',
    'js/views/one.js': view(['pair', 'all']),
    'js/views/two.js': view(['pair', 'all']),
    'js/views/three.js': view(['all']),
  });
  assert.deepEqual(files, ['main.js', 'one.js', 'pair.js', 'three.js', 'two.js']);
  assert.match(read('main.js'), /of three/);
  assert.match(read('pair.js'), /of two/);
  assert.doesNotMatch(read('one.js'), /of two|of three/);
});

for (const [what, line] of [['an import of a whole module', "import * as all from './a.js';"],
  ['an import of a default', "import one from './a.js';"], ['an import of nothing', "import './a.js';"],
  ['an import of a package', "import { one } from 'a';"], ['an export that changes', 'export let one = 1;'],
  ['a default export', 'export default 1;'], ['a list of exports', 'export { one };'],
  ['an import of what is not there', "import { one } from './gone.js';"]]) {
  test(`${what} ends the build in words`, () => {
    const { status, stderr } = bundle({ 'js/main.js': `${line}\n`, 'js/a.js': 'export const one = 1;\n' });
    assert.notEqual(status, 0);
    assert.match(stderr, /^bundle\.awk: js\//);
  });
}
