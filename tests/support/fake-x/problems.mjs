// The bodies X refuses with, by name, as clients have recorded them.
//
// X is between two generations of error bodies: the `type` URIs moved from
// api.twitter.com to api.x.com and some titles changed. A client has to read
// both, so `problem(name, "new")` gives the later form of the same refusal.

const HOSTS = { old: 'https://api.twitter.com', new: 'https://api.x.com' };

const typed = (generation, name) => `${HOSTS[generation]}/2/problems/${name}`;

const blank = (status, title, detail) => () => ({
  status, body: { title, detail, type: 'about:blank', status },
});

const v1 = (status, code, message) => () => ({
  status, body: { errors: [{ code, message }] },
});

const oauth = (status, error, error_description) => () => ({
  status, body: error_description ? { error, error_description } : { error },
});

const notEnrolled = (reason) => (generation) => ({
  status: 403,
  body: {
    client_id: '12345678',
    detail: 'When authenticating requests to the Twitter API v2 endpoints, you'
      + ' must use keys and tokens from a developer App that is attached to a'
      + ' Project.',
    registration_url: 'https://developer.x.com/en/docs/projects/overview',
    title: 'Client Forbidden',
    required_enrollment: 'Appropriate Level of API Access',
    reason,
    type: typed(generation, 'client-forbidden'),
  },
});

const creditsDepleted = (generation) => (generation === 'new'
  ? {
    status: 402,
    body: {
      title: 'Payment Required',
      detail: 'credits depleted',
      type: typed('new', 'credits-depleted'),
      status: 402,
    },
  }
  : {
    status: 402,
    body: {
      account_id: 1234567890,
      title: 'CreditsDepleted',
      detail: 'Your enrolled account does not have any credits to fulfill this'
        + ' request.',
      type: typed('old', 'credits'),
    },
  });

export const HTML_PAGE = '<!DOCTYPE html>\n<html><head><title>X / Error</title>'
  + '</head><body><h1>Something went wrong</h1><p>Try again later.</p></body>'
  + '</html>\n';

const page = (status) => () => ({
  status,
  body: HTML_PAGE,
  headers: { 'content-type': 'text/html; charset=utf-8', server: 'cloudflare envoy' },
});

const MAKERS = {
  // Access token
  unauthorized: blank(401, 'Unauthorized', 'Unauthorized'),

  // The app
  creditsDepleted,
  clientNotEnrolled: notEnrolled('client-not-enrolled'),
  userNotEnrolled: notEnrolled('user-not-enrolled'),
  officialClientForbidden: notEnrolled('official-client-forbidden'),
  usageCapped: (generation) => ({
    status: 429,
    body: {
      account_id: 1234567890,
      title: 'UsageCapExceeded',
      detail: 'Usage cap exceeded: Monthly product cap',
      type: typed(generation, 'usage-capped'),
      period: 'Monthly',
      scope: 'Product',
    },
  }),

  // The post
  duplicate: blank(403, 'Forbidden',
    'You are not allowed to create a Tweet with duplicate content.'),
  notPermitted: blank(403, 'Forbidden',
    'You are not permitted to perform this action.'),
  cashtags: blank(403, 'Forbidden',
    'Posts can only contain one cashtag.'),
  invalidUrl: blank(403, 'Forbidden',
    'The Tweet contains an invalid URL.'),
  forbidden: blank(403, 'Forbidden', 'Forbidden'),
  notOwner: blank(403, 'Forbidden',
    'You are not authorized to delete this Tweet.'),

  // The posting account
  suspended: (generation) => ({
    status: 403,
    body: {
      title: 'Forbidden',
      detail: 'Your account is suspended and is not permitted to access this'
        + ' feature.',
      type: typed(generation, 'user-suspended'),
      status: 403,
    },
  }),
  suspended64: v1(403, 64,
    'Your account is suspended and is not permitted to access this feature.'),
  locked326: v1(403, 326,
    'To protect our users from spam and other malicious activity, this account'
    + ' is temporarily locked. Please log in to https://twitter.com to unlock'
    + ' your account.'),
  lockedWords: blank(403, 'Forbidden', 'To protect our users from spam and other'
    + ' malicious activity, this account is temporarily locked.'),
  bare: () => ({ status: 403, body: {} }),
  bareTitle: () => ({ status: 403, body: { title: 'Forbidden', status: 403 } }),
  missingScope: blank(403, 'Forbidden',
    'This token does not have the required scopes: [tweet.write].'),
  duplicate187: v1(403, 187, 'Status is a duplicate.'),
  dailyLimit185: v1(403, 185, 'User is over daily status update limit.'),
  dailyLimit344: v1(403, 344,
    'You have reached your daily limit for sending Tweets and messages. Please'
    + ' try again later.'),
  automated226: v1(403, 226,
    "This request looks like it might be automated. To protect our users from"
    + " spam and other malicious activity, we can't complete this action right"
    + ' now.'),

  // The kind of token
  unsupportedAuthentication: (generation) => ({
    status: 403,
    body: {
      title: 'Unsupported Authentication',
      detail: 'Authenticating with OAuth 2.0 Application-Only is forbidden for'
        + ' this endpoint. Supported authentication types are [OAuth 1.0a User'
        + ' Context, OAuth 2.0 User Context].',
      type: typed(generation, 'unsupported-authentication'),
      status: 403,
    },
  }),
  oauth1Permissions: (generation) => ({
    status: 403,
    body: {
      title: 'Forbidden',
      detail: 'Your client app is not configured with the appropriate oauth1 app'
        + ' permissions for this endpoint.',
      type: typed(generation, 'oauth1-permissions'),
      status: 403,
    },
  }),

  // The request
  invalidRequest: (generation) => invalid(generation, {}, 'Request invalid.'),

  // Too many
  tooManyRequests: (generation) => (generation === 'new'
    ? {
      status: 429,
      body: {
        title: 'Too Many Requests',
        detail: 'Too Many Requests',
        type: typed('new', 'rate-limit-exceeded'),
        status: 429,
      },
    }
    : blank(429, 'Too Many Requests', 'Too Many Requests')()),
  rateLimit88: v1(429, 88, 'Rate limit exceeded'),

  // X's own troubles
  internal: blank(500, 'Internal Server Error', 'Something is broken'),
  badGateway: page(502),
  unavailable: blank(503, 'Service Unavailable', 'Service Unavailable'),
  unavailableHtml: page(503),
  unavailableEmpty: () => ({ status: 503, body: '', headers: {} }),
  gatewayTimeout: page(504),

  // The token endpoint
  tokenInvalid: oauth(400, 'invalid_request',
    'Value passed for the token was invalid.'),
  codeInvalid: oauth(400, 'invalid_request',
    'Value passed for the authorization code was invalid.'),
  missingParameter: (generation, name = 'code_verifier') =>
    oauth(400, 'invalid_request', `Missing required parameter [${name}].`)(),
  unauthorizedClient: oauth(401, 'unauthorized_client',
    'Missing valid authorization header'),
  invalidClient: oauth(400, 'invalid_client'),
  invalidClient401: oauth(401, 'invalid_client'),
  invalidGrant: oauth(400, 'invalid_grant'),
};

/** Every name `problem` knows. */
export const problemNames = Object.freeze(Object.keys(MAKERS));

/** { status, body, headers? } of the named refusal. */
export function problem(name, generation = 'old', ...details) {
  const make = MAKERS[name];
  if (!make) throw new Error(`no such problem: ${name}`);
  return make(generation, ...details);
}

/** `problems.duplicate`, `problems.creditsDepleted`, …: the old generation. */
export const problems = Object.freeze(Object.fromEntries(
  problemNames.map((name) => [name, problem(name)])));

/** The same names in the generation of 2026. */
export const newProblems = Object.freeze(Object.fromEntries(
  problemNames.map((name) => [name, problem(name, 'new')])));

/** 400 that names what was wrong with a parameter or the body. */
export function invalid(generation, parameters, message) {
  return {
    status: 400,
    body: {
      errors: [{ parameters, message }],
      title: 'Invalid Request',
      detail: 'One or more parameters to your request was invalid.',
      type: typed(generation, 'invalid-request'),
    },
  };
}

/** One entry of the `errors` that a GET may carry beside its `data`. */
export function notFound(generation, kind, parameter, value) {
  return {
    value,
    detail: `Could not find ${kind} with ${parameter}: [${value}].`,
    title: 'Not Found Error',
    resource_type: kind,
    parameter,
    resource_id: value,
    type: typed(generation, 'resource-not-found'),
  };
}
