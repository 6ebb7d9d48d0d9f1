// How the benches show what they found: tables for people, files for programs.

import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, release } from 'node:os';
import { join } from 'node:path';

import { root } from '../support/paths.mjs';

const folder = join(root, 'build/bench');

/** Text of a number, of about three digits; "-": there is none. */
export function figure(n) {
  if (n === undefined || Number.isNaN(n)) return '-';
  if (n >= 100) return Math.round(n).toLocaleString('en');
  return n.toFixed(n >= 10 ? 1 : n >= 0.1 ? 2 : 4);
}

const line = (cells, widths) => cells.map((cell, i) => (
  i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join('  ').trimEnd();

/** Prints a table's head, and gives what prints a row of it. */
export function table(title, columns) {
  const widths = Object.values(columns);
  console.log(`\n${title}\n\n${line(Object.keys(columns), widths)}`);
  console.log(widths.map((width) => '-'.repeat(width)).join('  '));
  return (...cells) => console.log(line(cells.map((cell) => (
    typeof cell === 'string' ? cell : figure(cell))), widths));
}

/** Writes build/bench/NAME.json: what was found, when, and on which machine. */
export function save(name, found) {
  mkdirSync(folder, { recursive: true });
  const [{ model }] = cpus();
  const machine = { processors: cpus().length, model, kernel: release(), node: process.version };
  writeFileSync(join(folder, `${name}.json`),
    `${JSON.stringify({ at: new Date().toISOString(), machine, found }, null, 2)}\n`);
}
