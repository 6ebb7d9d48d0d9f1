// The API key: for this tab, unless the person lets the device remember it.

const NAME = 'twitter-manager.key';

// A browser may refuse storage; then the key lives as long as the page.
let kept = null;

function attempt(work) {
  try {
    return work();
  } catch {
    return null;
  }
}

/** The key, or null. */
export const getKey = () => kept
  ?? attempt(() => sessionStorage.getItem(NAME))
  ?? attempt(() => localStorage.getItem(NAME));

/** Whether this device remembers the key. */
export const isRemembered = () => attempt(() => localStorage.getItem(NAME)) !== null;

/** Keeps the key; `remember` for all tabs and days to come. */
export function keepKey(key, remember) {
  forgetKey();
  kept = key;
  attempt(() => (remember ? localStorage : sessionStorage).setItem(NAME, key));
}

/** Forgets it everywhere. */
export function forgetKey() {
  kept = null;
  attempt(() => sessionStorage.removeItem(NAME));
  attempt(() => localStorage.removeItem(NAME));
}

/** Calls `later` when another tab has forgotten the key or remembers another. */
export function watchKey(later) {
  addEventListener('storage', ({ key }) => {
    if (key !== NAME && key !== null) return;
    kept = null;
    later();
  });
}
