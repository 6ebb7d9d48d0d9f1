// Rate limits: a window of 15 minutes a user and endpoint, and the two
// windows of 24 hours that some plans have on posts.

const QUARTER = 15 * 60 * 1000;
const DAY = 24 * 60 * 60 * 1000;

export const LIMITS = Object.freeze({
  'POST /2/tweets': 100,
  'DELETE /2/tweets/:id': 50,
  'GET /2/tweets': 5000,
  'GET /2/tweets/:id': 900,
  'GET /2/users/:id/tweets': 900,
  'GET /2/users/me': 75,
});

function windowOf(state, key, length) {
  const now = state.now();
  const known = state.windows.get(key);
  if (known && known.until > now) return known;
  const fresh = { used: 0, until: now + length };
  state.windows.set(key, fresh);
  return fresh;
}

function take(window, limit) {
  const over = window.used >= limit;
  if (!over) window.used += 1;
  return over;
}

function headersOf(prefix, window, limit) {
  return {
    [`${prefix}-limit`]: String(limit),
    [`${prefix}-remaining`]: String(Math.max(0, limit - window.used)),
    [`${prefix}-reset`]: String(Math.ceil(window.until / 1000)),
  };
}

/** Counts a call: { over, headers }. */
export function countCall(state, route, user) {
  const { settings } = state;
  const limit = settings.limits[route] ?? LIMITS[route];
  const windows = [['x-rate-limit', `${user.id} ${route}`, QUARTER, limit]];
  if (route === 'POST /2/tweets' && settings.appLimit) {
    windows.push(['x-app-limit-24hour', 'app day', DAY, settings.appLimit]);
  }
  if (route === 'POST /2/tweets' && settings.userLimit) {
    windows.push(
      ['x-user-limit-24hour', `${user.id} day`, DAY, settings.userLimit]);
  }
  const answer = { over: false, headers: {} };
  for (const [prefix, key, length, most] of windows) {
    const window = windowOf(state, key, length);
    if (take(window, most)) answer.over = true;
    Object.assign(answer.headers, headersOf(prefix, window, most));
  }
  return answer;
}
