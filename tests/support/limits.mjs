// The limits of callers, for tests that are wrong more often than a caller may.

import { rmSync } from 'node:fs';
import { join } from 'node:path';

/** The file with what callers have used. */
export const limitsFile = ({ instanceDir, settings }) =>
  join(instanceDir ?? settings.INSTANCE_DIR, 'limits');

/** Nobody has called yet, and nobody guessed. */
export const forgetLimits = (instance) => rmSync(limitsFile(instance), { force: true });
