// Where things lie: the project's root and the build under test.

import { basename, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));

/** The build under test; BUILD names another, from the root. */
export const build = resolve(root, process.env.BUILD ?? 'build/release');

/** Whether its programs hold their libraries, and load none. */
export const isStatic = basename(build) === 'static';
