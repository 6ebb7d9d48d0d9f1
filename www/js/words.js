// The words that several views share: what states are called and what they mean,
// and what stands around the views. A view's own words are in its folder.
import { ago, clock } from './format.js';

/**
 * States of a tweet: [label, kind, whether it is counted as waiting or as stuck,
 * what it means].
 */
const TWEET = {
  draft: ['Draft', 'calm', '', 'A draft: it isn’t sent until you finish it.'],
  pending: ['Not scheduled', 'calm', 'waiting', 'Not scheduled. It stays here until you post it.'],
  scheduled: ['Scheduled', 'calm', 'waiting', 'The scheduler (cron) will send it at its time.'],
  due: ['Sending soon', 'calm', 'waiting',
    'Its time has come: the scheduler (cron) will send it on its next run.'],
  held: ['Missed (needs release)', 'warn', 'stuck',
    'It missed its time, so it wasn’t sent automatically. Release it or delete it.'],
  held_back: ['Waiting for X', 'warn', 'stuck', 'X asked us to wait. We’ll retry automatically.'],
  sending: ['Sending', 'calm', 'waiting', 'It’s on its way to X.'],
  unknown: ['Checking with X', 'warn', 'stuck',
    'X didn’t answer, so we’re checking the account’s timeline.'],
  unconfirmed: ['Not confirmed', 'warn', 'stuck',
    'We couldn’t confirm whether this was posted. Look at X’s timeline, then tell us.'],
  posted: ['Posted', 'good', '', 'It’s on X.'],
  failed: ['Rejected', 'bad', '', 'X rejected it. Edit it and try again.'],
};

/** All states of a tweet, in the order in which people meet them. */
export const tweetStates = Object.keys(TWEET);

const counted = (as) => tweetStates.filter((state) => TWEET[state][2] === as);

/** The states of what is to go out, and of what did not at its time, or may not have. */
export const waitingStates = counted('waiting');
export const stuckStates = counted('stuck');

/** The states that "Post all pending" takes up. */
export const readyStates = ['pending', 'due'];

/** { label, kind, means } of a tweet's state; `retryAt` is when it is sent again. */
export function tweetState(state, retryAt = null) {
  const [label, kind, , means] = TWEET[state] ?? [state, 'calm', '', ''];
  if (state !== 'held_back' || !retryAt) return { label, kind, means };
  return { label, kind, means: `X asked us to wait. We’ll retry at ${clock(retryAt)}.` };
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
  const isLocked = status === 'suspended' && code === 'account_locked';
  const [label, kind] = isLocked ? ['Locked', 'bad'] : ACCOUNT[status] ?? [status, 'calm'];
  return { label, kind };
}

const SPANS = { tweets_15min: '15 min', tweets_24h: '24 h' };

/** The time that a rate limit of tweets is for. */
export const limitSpan = (name) => SPANS[name] ?? name.replaceAll('_', ' ');

/** As the API's table of errors has them; a test compares. */
const CODES = {
  needs_reauth: 'X has revoked access',
  grant_lacks_scope: 'this account’s access doesn’t include posting',
  oauth1_unsupported: 'this account was linked with OAuth 1.0a, which isn’t supported',
  token_unreadable: 'this account’s token can’t be decrypted',
  account_locked: 'X has locked this account',
  account_suspended: 'X has locked or suspended this account',
  account_held_back: 'X refuses this account’s tweets for now',
  account_not_active: 'this account isn’t active',
  mock_mismatch: 'this is a test account, and mock mode is off',
  account_busy: 'another request is sending for this account',
  rate_limited: 'X’s rate limit has been reached',
  credits_depleted: 'your X app has used up its credits',
  app_not_enrolled: 'your X app isn’t enrolled for API access',
  app_refused: 'X doesn’t accept your app’s client id or secret',
  duplicate_content: 'X considers this tweet a duplicate',
  text_unreadable: 'the text isn’t valid UTF-8, or holds a NUL',
  text_invalid: 'the text isn’t valid',
  tweet_refused: 'X rejected this tweet',
  outcome_unknown: 'we couldn’t confirm whether this was posted',
  x_unavailable: 'X isn’t available right now',
  x_timeout: 'X didn’t answer in time',
  x_unreadable: 'X sent an unexpected reply',
};

/** A stable word of the API as words: "x_timeout" → "X didn’t answer in time". */
export const codeWords = (code) => CODES[code] ?? (code ?? '').replaceAll('_', ' ');

/** The codes that have words here. */
export const codesWithWords = Object.keys(CODES);

/** Whose a tweet is; an account can be gone, by another program's doing. */
export const ownerWords = (username) => (username === null ? 'Account is gone' : `@${username}`);

const CAUSES = {
  account_failing: 'accounts keep failing to post',
  account_held_back: 'accounts are on hold: X refuses their tweets for now',
  grant_ended: 'accounts can’t post any more',
};

/** What an alert of a cause says of `n` accounts; null where it tells of none. */
export const causeWords = (cause, n) => (CAUSES[cause] ? `${n} ${CAUSES[cause]}.` : null);

/** What views are called, in the menu's order. */
export const viewTitles = {
  overview: 'Overview', accounts: 'Accounts', compose: 'Compose', queue: 'Queue',
  settings: 'Settings',
};

const OFFLINE = 'The server can’t be reached.';

/** What is said everywhere, by the module that says it. */
export const words = {
  product: 'Twitter Manager',
  buttons: {
    back: 'Back', cancel: 'Cancel', close: 'Close', dismiss: 'Dismiss',
    tryAgain: 'Try again', link: 'Link an account', linkAgain: 'Link again',
    linkAgainOf: (username) => `Link again: @${username}`,
  },
  loading: (what) => `Loading ${what}…`,
  unknownTime: 'at an unknown time',
  xSays: 'X says: ',
  noReason: 'no reason was given',
  sentAfter: (iso) => `It will be sent automatically after ${clock(iso)}, ${ago(iso)}.`,
  cannotUndo: 'What is on X stays there. This can’t be undone.',
  showMore: (left) => `Show more (${left} left)`,
  offline: OFFLINE,
  offlineStrip: `${OFFLINE} We’ll keep trying.`,
  api: {
    login: 'The web server asked for its own login.',
    loginHint: 'Reload the page and log in. This request didn’t reach Twitter Manager, '
      + 'so your API key wasn’t checked.',
    filter: ' If no login appears, a filter on the web server (such as mod_security) '
      + 'blocked the request.',
    reload: 'Reload the page',
    noReason: (status) => `The server answered ${status} without giving a reason.`,
    noReasonHint: 'The web server’s own log may say more.',
    offlineReading: 'We’ll keep trying. Is the server running, and are you online?',
    offlineChanging: 'We don’t know whether this was done. Check once the server is back.',
    details: ({ code, status, requestId }) => [code && `code ${code}`, status && `HTTP ${status}`,
      requestId && `request ${requestId}`].filter(Boolean).join(' · '),
  },
  main: { loading: 'the dashboard', back: 'The server is back.' },
  router: {
    missing: 'Part of the dashboard couldn’t be loaded.',
    missingHint: 'The page will reload once the server can be reached.',
  },
  shell: {
    alerts: (n) => (n === 1 ? 'alert' : 'alerts'),
    waiting: 'waiting',
    needing: (n) => (n === 1 ? 'needs attention' : 'need attention'),
    posting: (done, all) => `Posting: ${done} of ${all}. `,
    stopping: 'Stopping… ', show: 'Show',
    mock: 'Mock mode is on:', mockMeans: ' nothing is sent to X. ', change: 'Change',
  },
  accounts: {
    paused: (username) => `@${username} is paused: nothing is sent for it.`,
    active: (username) => `@${username} is active again.`,
    tryAgain: (username) => `Try again: @${username}`,
  },
  links: {
    seeOnX: 'See it on X', timeline: 'Look at X’s timeline', newTab: ' (opens a new tab)',
  },
  run: { busy: 'Another run is sending these tweets right now.' },
};
