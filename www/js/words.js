// What states are called, and what they mean.

/** States of a tweet: [label, kind, what it means]. */
const TWEET = {
  draft: ['Draft', 'calm', 'Not ready: nothing sends it until you finish it.'],
  pending: ['Not scheduled', 'calm', 'Not scheduled. It stays here until you post it.'],
  scheduled: ['Scheduled', 'calm', 'The scheduler (cron) sends it once its time has come.'],
  due: ['Sending soon', 'calm', 'Its time has come: the next run of the scheduler sends it.'],
  held: ['Missed (needs release)', 'warn', 'It was too late to go out automatically. Release it, or delete it.'],
  held_back: ['Waiting for X', 'warn', 'X asked us to wait. We’ll retry automatically.'],
  sending: ['Sending', 'calm', 'It’s on its way to X.'],
  unknown: ['Checking with X', 'warn', 'X didn’t answer, so we’re checking the account’s timeline.'],
  unconfirmed: ['Not confirmed', 'warn', 'We couldn’t confirm whether this was posted. Look at X’s timeline, then say.'],
  posted: ['Posted', 'good', 'It’s on X.'],
  failed: ['Rejected', 'bad', 'X rejected it. Edit it and try again.'],
};

/** All states of a tweet, in the order in which people meet them. */
export const tweetStates = Object.keys(TWEET);

/** The states that "Post all pending" takes up. */
export const readyStates = ['pending', 'due'];

/** { label, kind, means } of a tweet's state. */
export function tweetState(state) {
  const [label, kind, means] = TWEET[state] ?? [state, 'calm', ''];
  return { label, kind, means };
}

const ACCOUNT = {
  active: ['Active', 'good'],
  inactive: ['Paused', 'calm'],
  suspended: ['Suspended', 'bad'],
  failed: ['Needs linking', 'bad'],
};

/** All statuses of an account. */
export const accountStatuses = Object.keys(ACCOUNT);

/** { label, kind } of an account's status; its code may say more. */
export function accountStatus(status, code = '') {
  const [label, kind] = status === 'suspended' && code === 'account_locked' ? ['Locked', 'bad'] : ACCOUNT[status] ?? [status, 'calm'];
  return { label, kind };
}

const SPANS = { tweets_15min: '15 min', tweets_24h: '24 h' };

/** The time that a rate limit of tweets is for. */
export const limitSpan = (name) => SPANS[name] ?? name.replaceAll('_', ' ');

const CODES = {
  needs_reauth: 'X has revoked access',
  grant_lacks_scope: 'the app lacks a permission at X',
  oauth1_unsupported: 'it was linked by OAuth 1.0a, which is not supported',
  token_unreadable: 'its token cannot be decrypted',
  account_locked: 'X has locked it',
  account_suspended: 'X has suspended it',
  account_held_back: 'X refuses its tweets for now',
  account_not_active: 'it is not active',
  mock_mismatch: 'it was linked in mock mode, and mock mode is off',
  account_busy: 'another run is sending for it',
  rate_limited: 'X’s rate limit is reached',
  credits_depleted: 'the app’s credits at X are used up',
  app_not_enrolled: 'your X app isn’t enrolled for API access',
  app_refused: 'X does not accept the app',
  duplicate_content: 'X takes it for a duplicate',
  text_unreadable: 'the text can’t be read',
  text_invalid: 'X can’t take this text',
  tweet_refused: 'X rejected this tweet',
  outcome_unknown: 'we couldn’t confirm whether this was posted',
  x_unavailable: 'X is out of reach',
  x_timeout: 'X did not answer in time',
  x_unreadable: 'X sent an unexpected reply',
};

/** Whose a tweet is; an account can be gone, by another program's doing. */
export const ownerWords = (username) => (username === null ? 'Account is gone' : `@${username}`);

/** A stable word of the API as words: "rate_limited" → "X’s rate limit is …". */
export const codeWords = (code) => CODES[code] ?? (code ?? '').replaceAll('_', ' ');

const CAUSES = {
  account_failing: 'accounts keep failing to post',
  account_held_back: 'accounts are resting: X does not take their tweets for now',
  grant_ended: 'accounts can’t post any more',
};

/** What an alert of a cause says of `n` accounts; null where it tells of none. */
export const causeWords = (cause, n) => (CAUSES[cause] ? `${n} ${CAUSES[cause]}.` : null);
