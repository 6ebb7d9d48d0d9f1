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
  ['GET /api/v1/health',                        0.38,  111,    0.15,  55],
  ['GET /api/v1/health/libraries',              1.34,  159,    1.09, 106],
  ['GET /api/v1/setup',                         0.66,  124,    0.55,  68],
  ['POST /api/v1/setup',                        0.62,  117,    0.56,  62],
  ['GET /api/v1/openapi.json',                  0.40,  111,    0.39,  59],
  ['GET /api/v1/test',                          1.33,  156,    1.08, 104],
  ['GET /api/v1/mock-mode',                     1.35,  156,    1.09, 103],
  ['POST /api/v1/mock-mode',                    1.49,  170,    1.20, 117],
  ['GET /api/v1/auth/twitter',                  13.0,  612,    1.38, 204],
  ['GET /api/v1/auth/callback',                 13.4,  629,    1.76, 222],
  ['POST /api/v1/auth/callback',                13.4,  629,    1.77, 223],
  ['GET /auth/callback',                        13.5,  628,    1.94, 224],
  ['GET /auth/mock',                            12.9,  600,    1.32, 191],
  ['GET /api/v1/accounts',                      1.71,  170,    1.45, 115],
  ['GET /api/v1/accounts/{id}',                 1.48,  166,    1.20, 110],
  ['PATCH /api/v1/accounts/{id}',               1.74,  185,    1.40, 129],
  ['DELETE /api/v1/accounts/{id}',              2.00,  198,    1.68, 146],
  ['POST /api/v1/accounts/cleanup',             2.09,  202,    1.77, 148],
  ['POST /api/v1/tweet',                        1.99,  209,    1.67, 150],
  ['GET /api/v1/tweets',                        2.32,  194,    2.11, 139],
  ['GET /api/v1/tweets/{id}',                   1.68,  175,    1.41, 118],
  ['PATCH /api/v1/tweets/{id}',                 2.67,  220,    2.36, 170],
  ['DELETE /api/v1/tweets/{id}',                1.95,  203,    1.61, 153],
  ['POST /api/v1/tweets/cleanup',               3.25,  230,    2.72, 175],
  ['POST /api/v1/tweets/{id}/release',          2.28,  211,    1.95, 156],
  ['POST /api/v1/tweets/{id}/resolve',          12.5,  736,    11.2, 694],
  ['POST /api/v1/tweets/retry',                 5.66,  293,    3.07, 280],
  ['POST /api/v1/tweets/bulk',                  17.5,  726,    3.24, 334],
  ['POST /api/v1/tweet/post/{id}',              14.8,  714,    3.00, 278],
  ['POST /api/v1/tweets/post-pending',          25.5,  808,    8.54, 514],
  ['GET /api/v1/tick',                         100.5, 1361,    88.7, 948],
  ['POST /api/v1/tick',                        100.5, 1364,    88.7, 948],
  ['GET /api/v1/stats',                         1.54,  164,    1.27, 111],
  ['GET /api/v1/stats/daily',                   1.46,  159,    1.22, 107],
  ['GET /api/v1/keys',                          1.45,  160,    1.18, 105],
  ['POST /api/v1/keys',                         1.62,  174,    1.31, 119],
  ['GET /api/v1/keys/current',                  1.40,  159,    1.13, 105],
  ['GET /api/v1/keys/{id}',                     1.40,  158,    1.14, 104],
  ['PATCH /api/v1/keys/{id}',                   1.64,  177,    1.33, 118],
  ['DELETE /api/v1/keys/{id}',                  1.72,  176,    1.40, 120],
  ['GET /api/v1/rate-limits',                   1.58,  165,    1.31, 110],
  ['GET /api/v1/monitoring',                    3.23,  220,    2.92, 165],
  ['GET /api/v1/audit',                         1.53,  164,    1.26, 109],
  ['GET /api/v1/monitoring/alerts',             1.44,  161,    1.15, 106],
  ['PATCH /api/v1/monitoring/alerts/{id}',      1.64,  178,    1.32, 120],
];

/** [{ name, budgets: { release: { millions, faults }, static: … } }] */
export const BUDGETS = ROWS.map(([name, millions, faults, staticMillions, staticFaults]) => ({
  name,
  budgets: {
    release: { millions, faults },
    static: { millions: staticMillions, faults: staticFaults },
  },
}));
