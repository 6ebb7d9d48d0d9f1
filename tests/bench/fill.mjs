// 10,000 tweets as a busy instance has them: some accounts, texts of the usual
// length, most of them posted.

import { quote } from '../support/instance.mjs';

export const TWEETS = 10_000;

const ACCOUNTS = 20;
const WORDS = ': what is new, in words enough to fill a line or two, and where to read'
  + ' more of it. https://example.com/';

const numbers = (most) => `WITH RECURSIVE n(i) AS
  (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${most})`;

/** SQL that fills a database which has its tables and no rows. */
export const FILL = `
  ${numbers(ACCOUNTS)} INSERT INTO twitter_account (username, access_token)
    SELECT 'account_' || i, '' FROM n;
  ${numbers(TWEETS)} INSERT INTO tweet (twitter_account_id, content, status)
    SELECT 1 + i % ${ACCOUNTS}, 'Tweet number ' || i || ${quote(WORDS)} || i,
    CASE i % 10 WHEN 0 THEN 'pending' WHEN 1 THEN 'failed' ELSE 'posted' END FROM n;`;
