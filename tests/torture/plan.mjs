// Which call of a program fails: preload/torture.c reads it, and counts.

import {
  closeSync, openSync, readSync, writeFileSync, writeSync,
} from 'node:fs';
import { join } from 'node:path';

const WORD = 8;

// What can fail; `kind` is that of the library, `onwards`: what follows, too.
const ALL = [
  { name: 'an allocation fails', kind: 1 },
  { name: 'a call of SQLite fails', kind: 2 },
  { name: 'a call of SQLite fails and rolls back', kind: 3 },
  { name: 'a write fails', kind: 4 },
  { name: 'the disk is full from a write on', kind: 5, onwards: true },
  { name: 'a file cannot be opened, read, locked or mapped', kind: 6 },
];

/** All of them, or those that TORTURE_FAULTS, a pattern, names. */
export const FAULTS = ALL.filter(({ name }) => new RegExp(process.env.TORTURE_FAULTS ?? '').test(name));

export class Plan {
  /** A plan with its file in `dir`, for programs with these libraries before them. */
  constructor(dir, ...libraries) {
    const file = join(dir, 'torture');
    writeFileSync(file, Buffer.alloc(3 * WORD));
    this.fd = openSync(file, 'r+');
    this.env = { LD_PRELOAD: libraries.join(':'), TORTURE_FILE: file };
  }

  write(...numbers) {
    const bytes = Buffer.alloc(numbers.length * WORD);
    numbers.forEach((n, i) => bytes.writeBigInt64LE(BigInt(n), i * WORD));
    writeSync(this.fd, bytes, 0, bytes.length, 0);
  }

  /** From now on call number `n` of the fault's kind fails. */
  arm({ kind, onwards }, n) { this.write(kind, onwards ? -n : n, 0); }

  /** Calls of that kind are counted, and none fails. */
  watch({ kind }) { this.write(kind, 0, 0); }

  /** Nothing fails any more; the count stays. */
  disarm() { this.write(0); }

  /** How many calls of the kind there have been. */
  get count() {
    const bytes = Buffer.alloc(WORD);
    readSync(this.fd, bytes, 0, WORD, 2 * WORD);
    return Number(bytes.readBigInt64LE());
  }

  close() { closeSync(this.fd); }
}
