// Every call of the contract: method, path, whether it needs a key, and a body
// that is well-formed. Used by tests that walk them all.

export const CALLS = Object.freeze([
  { method: 'GET', path: '/api/v1/health', open: true },
  { method: 'GET', path: '/api/v1/openapi.json', open: true },
  { method: 'GET', path: '/api/v1/setup', open: true, page: true },
  { method: 'POST', path: '/api/v1/setup', open: true, page: true, body: {} },
  { method: 'GET', path: '/api/v1/test' },
  { method: 'GET', path: '/api/v1/auth/twitter' },
  { method: 'GET', path: '/auth/callback', open: true, page: true },
  { method: 'GET', path: '/api/v1/auth/callback', open: true },
  { method: 'POST', path: '/api/v1/auth/callback', open: true, body: {} },
  { method: 'GET', path: '/api/v1/accounts' },
  { method: 'GET', path: '/api/v1/accounts/1' },
  { method: 'PATCH', path: '/api/v1/accounts/1', body: { status: 'active' } },
  { method: 'DELETE', path: '/api/v1/accounts/1' },
  { method: 'POST', path: '/api/v1/accounts/cleanup', body: { statuses: ['failed'] } },
  { method: 'POST', path: '/api/v1/tweet', body: { text: 'x', account_id: 1 } },
  { method: 'GET', path: '/api/v1/tweets' },
  { method: 'GET', path: '/api/v1/tweets/1' },
  { method: 'PATCH', path: '/api/v1/tweets/1', body: { text: 'y' } },
  { method: 'POST', path: '/api/v1/tweet/post/1' },
  { method: 'POST', path: '/api/v1/tweets/post-pending', body: {} },
  { method: 'DELETE', path: '/api/v1/tweets/1' },
  { method: 'POST', path: '/api/v1/tweets/bulk', body: { ids: [1], action: 'retry' } },
  { method: 'POST', path: '/api/v1/tweets/retry', body: {} },
  { method: 'POST', path: '/api/v1/tweets/1/resolve', body: { posted: false } },
  { method: 'POST', path: '/api/v1/tweets/1/release' },
  { method: 'POST', path: '/api/v1/tweets/cleanup', body: { statuses: ['failed'] } },
  { method: 'GET', path: '/api/v1/stats' },
  { method: 'GET', path: '/api/v1/stats/daily' },
  { method: 'GET', path: '/api/v1/rate-limits' },
  { method: 'GET', path: '/api/v1/monitoring' },
  { method: 'GET', path: '/api/v1/monitoring/alerts' },
  { method: 'PATCH', path: '/api/v1/monitoring/alerts/1', body: { snoozed_until: null } },
  { method: 'GET', path: '/api/v1/mock-mode' },
  { method: 'POST', path: '/api/v1/mock-mode', body: { enabled: true } },
  { method: 'GET', path: '/api/v1/tick' },
  { method: 'POST', path: '/api/v1/tick' },
]);

export const closedCalls = CALLS.filter((call) => !call.open);

/** { path: [methods] } of all calls, for Allow. */
export const methodsByPath = CALLS.reduce((paths, { method, path }) => {
  (paths[path] ??= []).push(method);
  return paths;
}, {});
