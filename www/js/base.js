// Where the programs are: at api/v1/, or, under a server that maps no paths, in
// cgi-bin/. Found out once, and kept.

export const BASES = ['api/v1/', 'cgi-bin/'];
const NAME = 'twitter-manager.base';

let base = BASES[0];
let settled = false;

try {
  const kept = localStorage.getItem(NAME);
  if (BASES.includes(kept)) base = kept;
} catch { /* a browser may refuse storage */ }

/** The base to use: "api/v1/". */
export const here = () => base;

/** Another to try, as long as none has been found to work; else null. */
export const otherwise = () => (settled ? null : BASES.find((one) => one !== base));

/** Uses this one from now on, in this browser. */
export function settle(found) {
  settled = true;
  if (found === base) return;
  base = found;
  try {
    localStorage.setItem(NAME, found);
  } catch { /* then it is found out again */ }
}
