// Libraries of tests/fault/preload, which come between a program and the system.

import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

import { isStatic, root } from './paths.mjs';

/** Why nothing can come between a static program and the system, or false. */
export const noPreload = isStatic && 'a static program loads nothing';

/** Makes the library in `dir`; the variables that put it before programs. */
export function preloading(name, dir, { ASAN_OPTIONS }) {
  const library = join(dir, `${name}.so`);
  execFileSync(process.env.CC || 'cc', ['-std=c17', '-D_DEFAULT_SOURCE', '-O1', '-shared',
    '-fPIC', '-o', library, join(root, 'tests', 'fault', 'preload', `${name}.c`)]);
  const asan = [ASAN_OPTIONS, 'verify_asan_link_order=0'];
  return { LD_PRELOAD: library, ASAN_OPTIONS: asan.filter(Boolean).join(':') };
}
