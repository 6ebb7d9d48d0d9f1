// How long a label of a domain is in DNS (RFC 3492). Only lengths are wanted,
// so no digit is ever made.
const BASE = 36;
const T_MIN = 1;
const T_MAX = 26;
const SKEW = 38;
const DAMP = 700;
const FIRST_BIAS = 72;
const FIRST_POINT = 0x80;
const PREFIX = 'xn--'.length;

/** Digits that write `delta`. */
function digits(delta, bias) {
  let n = 1;
  let rest = delta;
  for (let k = BASE; ; k += BASE) {
    const t = Math.min(k <= bias ? T_MIN : k - bias, T_MAX);
    if (rest < t) return n;
    rest = Math.floor((rest - t) / (BASE - t));
    n++;
  }
}

function adapted(delta, points, first) {
  let rest = Math.floor(delta / (first ? DAMP : 2));
  let k = 0;
  rest += Math.floor(rest / points);
  while (rest > ((BASE - T_MIN) * T_MAX) / 2) {
    rest = Math.floor(rest / (BASE - T_MIN));
    k += BASE;
  }
  return k + Math.floor(((BASE - T_MIN + 1) * rest) / (rest + SKEW));
}

function encodedLength(points) {
  const basic = points.filter((point) => point < FIRST_POINT).length;
  let length = basic ? basic + 1 : 0; // with the delimiter
  let n = FIRST_POINT;
  let bias = FIRST_BIAS;
  let delta = 0;
  let done = basic;
  while (done < points.length) {
    const next = Math.min(...points.filter((point) => point >= n));
    delta += (next - n) * (done + 1);
    n = next;
    for (const point of points) {
      if (point < n) delta++;
      if (point !== n) continue;
      length += digits(delta, bias);
      bias = adapted(delta, done + 1, done === basic);
      delta = 0;
      done++;
    }
    delta++;
    n++;
  }
  return length;
}

function partLength(part, max) {
  const points = Array.from(part, (c) => c.codePointAt(0));
  // Each costs a character at least: the long ones need no look.
  if (points.length > max) return max + 1;
  if (points.every((point) => point < FIRST_POINT)) return points.length;
  return PREFIX + encodedLength(points);
}

/**
 * The length of a label in punycode, prefix and all, or as it is if it is plain
 * ASCII; something above `max` where it is longer than that.
 */
export function punyLength(label, max) {
  let total = -1;
  // Full stops of other scripts divide a label further.
  for (const part of label.split(/[\u3002\uff0e\uff61]/)) {
    total += 1 + partLength(part, max);
    if (total > max) break;
  }
  return total;
}
