// How the benches count what a program costs.

/** The command under which PROGRAM, a list, says how many instructions it took. */
export const counting = (program) =>
  ['valgrind', '--tool=callgrind', '--callgrind-out-file=/dev/null', ...program];

/** What it said on stderr. */
export const instructions = (stderr) => Number(/Collected : (\d+)/.exec(stderr)[1]);

/** The command under which PROGRAM says how many pages it touched, and its memory. */
export const weighing = (program) => ['/usr/bin/time', '-f', 'faults %R KiB %M', ...program];

/** What that said on stderr: { faults, kib }. */
export function weight(stderr) {
  const [, faults, kib] = /^faults (\d+) KiB (\d+)$/m.exec(stderr);
  return { faults: Number(faults), kib: Number(kib) };
}

/** The figure below which this part of them is. */
export const quantile = (figures, part) =>
  [...figures].sort((a, b) => a - b)[Math.floor(figures.length * part)];

export const median = (figures) => quantile(figures, 0.5);
