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

/** An address from this page; a name and password in the page's own stay out of it. */
export function from(path) {
  const url = new URL(path, document.baseURI);
  url.username = '';
  url.password = '';
  return url;
}

/** An address of the programs'. */
export const addressOf = (path, within = here()) => from(within + path);

/**
 * How anything of ours is fetched: with what the browser has for this site, as a
 * login of the web server's may need; what leads elsewhere is not followed.
 */
export const CAREFUL = {
  credentials: 'same-origin', cache: 'no-store', redirect: 'manual', referrerPolicy: 'no-referrer',
};

/** Uses this one from now on, in this browser. */
export function settle(found) {
  settled = true;
  if (found === base) return;
  base = found;
  try {
    localStorage.setItem(NAME, found);
  } catch { /* then it is found out again */ }
}
