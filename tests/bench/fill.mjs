// Tweets as a busy instance has them: some accounts, texts of the usual
// length, most of them posted.

import { quote } from '../support/instance.mjs';

export const TWEETS = 10_000;
export const ACCOUNTS = 20;
export const FIRST = 100_001; // the first tweet's id; those of examples are below

const WORDS = ': what is new, in words enough to fill a line or two, and where to read'
  + ' more of it. https://example.com/';

export const numbers = (most) => `WITH RECURSIVE n(i) AS
  (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${most})`;

/** SQL of a text that is like no other, where I is a number. */
export const text = (i) => `'Tweet number ' || (${i}) || ${quote(WORDS)} || (${i})`;

/** SQL that fills a database which has its tables and no rows. */
export const fill = (tweets) => `
  ${numbers(ACCOUNTS)} INSERT INTO twitter_account (username, access_token)
    SELECT 'account_' || i, '' FROM n;
  ${numbers(tweets)} INSERT INTO tweet (id, twitter_account_id, content, status)
    SELECT ${FIRST - 1} + i, 1 + i % ${ACCOUNTS}, ${text('i')},
    CASE i % 10 WHEN 0 THEN 'pending' WHEN 1 THEN 'failed' ELSE 'posted' END FROM n;`;
