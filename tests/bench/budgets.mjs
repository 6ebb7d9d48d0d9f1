// What each call may cost: instructions, in millions, and page faults of its
// program, run bare over 10,000 tweets in mock mode. What a call is asked
// stands in examples.mjs, and budgets.test.mjs measures. A change that needs
// more changes its row, in a commit that says why; one that needs less, too.
//
// Each figure was what Debian 12 showed, with 6 % more instructions and 4 %, or
// 10, more faults allowed. auth and publish are linked to libcurl: loading that
// and what it needs is most of what they take in the programs of `make run`.

const ROWS = [
  // a call as in the API's description      make run       the archive
  ['GET /api/v1/health',                       0.38,  111,    0.14,  53],
  ['GET /api/v1/health/libraries',             1.24,  152,    0.99, 101],
  ['GET /api/v1/setup',                        0.66,  124,    0.55,  68],
  ['POST /api/v1/setup',                       0.59,  115,    0.51,  59],
  ['GET /api/v1/openapi.json',                0.40,  111,    0.32,  53],
  ['GET /api/v1/test',                         1.23,  155,    0.97, 100],
  ['GET /api/v1/mock-mode',                    1.25,  152,    0.98,  99],
  ['POST /api/v1/mock-mode',                   1.31,  162,    1.01, 108],
  ['GET /api/v1/auth/twitter',                 13.0,  612,    1.28, 203],
  ['GET /api/v1/auth/callback',                13.4,  629,    1.61, 222],
  ['POST /api/v1/auth/callback',               13.4,  629,    1.62, 223],
  ['GET /auth/callback',                       13.5,  628,    1.79, 224],
  ['GET /auth/mock',                           12.9,  600,    1.32, 191],
  ['GET /api/v1/accounts',                     1.61,  170,    1.35, 110],
  ['GET /api/v1/accounts/{id}',                1.38,  164,    1.10, 108],
  ['PATCH /api/v1/accounts/{id}',              1.52,  177,    1.20, 121],
  ['DELETE /api/v1/accounts/{id}',             1.72,  187,    1.39, 135],
  ['POST /api/v1/accounts/cleanup',            1.80,  194,    1.47, 139],
  ['POST /api/v1/tweet',                       1.76,  203,    1.44, 144],
  ['GET /api/v1/tweets',                       2.22,  194,    2.01, 139],
  ['GET /api/v1/tweets/{id}',                  1.59,  175,    1.31, 118],
  ['PATCH /api/v1/tweets/{id}',                2.42,  218,    2.11, 163],
  ['DELETE /api/v1/tweets/{id}',               1.71,  199,    1.37, 150],
  ['POST /api/v1/tweets/cleanup',              2.59,  220,    2.08, 164],
  ['POST /api/v1/tweets/{id}/release',         2.04,  202,    1.70, 150],
  ['POST /api/v1/tweets/{id}/resolve',         12.5,  736,    11.2, 694],
  ['POST /api/v1/tweets/retry',                2.52,  220,    2.21, 167],
  ['POST /api/v1/tweets/bulk',                 14.4,  651,    2.48, 316],
  ['POST /api/v1/tweet/post/{id}',             14.4,  673,    2.72, 270],
  ['POST /api/v1/tweets/post-pending',         19.4,  746,    7.48, 506],
  ['GET /api/v1/tick',                         99.5, 1299,    88.7, 948],
  ['POST /api/v1/tick',                        99.5, 1300,    88.7, 948],
  ['GET /api/v1/stats',                        1.43,  164,    1.16, 111],
  ['GET /api/v1/stats/daily',                  1.36,  158,    1.11, 107],
  ['GET /api/v1/keys',                         1.37,  156,    1.10, 104],
  ['POST /api/v1/keys',                        1.44,  168,    1.14, 112],
  ['GET /api/v1/keys/{id}',                    1.32,  156,    1.05, 104],
  ['PATCH /api/v1/keys/{id}',                  1.43,  166,    1.13, 109],
  ['DELETE /api/v1/keys/{id}',                 1.52,  168,    1.21, 112],
  ['GET /api/v1/rate-limits',                  1.47,  164,    1.21, 105],
  ['GET /api/v1/monitoring',                   3.04,  219,    2.72, 162],
  ['GET /api/v1/monitoring/alerts',            1.33,  156,    1.04, 101],
  ['PATCH /api/v1/monitoring/alerts/{id}',     1.44,  169,    1.12, 119],
];

/** [{ name, budgets: { release: { millions, faults }, static: … } }] */
export const BUDGETS = ROWS.map(([name, millions, faults, staticMillions, staticFaults]) => ({
  name,
  budgets: {
    release: { millions, faults },
    static: { millions: staticMillions, faults: staticFaults },
  },
}));
