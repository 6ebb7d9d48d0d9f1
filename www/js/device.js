// What this device keeps from one visit to the next, as JSON by a name. Where a
// browser refuses storage nothing is kept, and nothing else goes wrong.

/** What is kept under the name; null where that is nothing, or cannot be read. */
export function recall(name) {
  try {
    return JSON.parse(localStorage.getItem(name));
  } catch {
    return null;
  }
}

/** Keeps it under the name; null: forgets what is there. */
export function remember(name, value) {
  try {
    if (value === null) localStorage.removeItem(name);
    else localStorage.setItem(name, JSON.stringify(value));
  } catch { /* then it is as it was before */ }
}
