// What Accounts says.
import { count, number } from '../../format.js';
import { accountStatus, accountStatuses, words as shared } from '../../words.js';

export const words = {
  loading: 'the accounts',
  lead: (n) => count(n, 'account'),
  filters: 'Which accounts',
  shows: [['', 'All'], ['needs', 'Needs attention'],
    ...accountStatuses.map((status) => [status, accountStatus(status).label])],
  caption: 'Accounts',
  columns: ['Account', 'Status', 'Token', 'Success, 7 days', 'Tweets left', 'Actions'],
  search: 'Search', searchHint: 'Name or #id',
  found: (n) => `${count(n, 'account')} found`,
  empty: 'No accounts yet', emptyHint: 'Link one to write tweets for it.',
  noMatch: 'No accounts match your filters', clear: 'Clear filters',
  cleanUp: 'Clean up…',

  row: {
    mock: 'test account', mockMeans: 'Linked in mock mode: never used with X',
    linked: (id) => `#${id}, linked `,
    noToken: 'not needed: test account', none: 'none', unknown: 'unknown',
    expired: 'Expired', renewedBefore: 'renewed before the next post',
    left: (time) => `${time} left`, renewedSoon: 'renewed soon',
    nothingSent: 'nothing was sent',
    of: (n) => ` of ${number(n)}`, success: 'Success in 7 days',
    failures: (n) => `${count(n, 'failure')} in a row`,
    calls: (span, n) => `${span}: ${count(n, 'call')}`,
    tweetsLeft: (span, n, limit) => `${span}: ${number(n)} of ${number(limit)}`,
    tweetsLeftIn: (span) => `Tweets left, ${span}`,
    resets: (n, limit, when) => `${n} of ${limit}, resets ${when}`,
    noneUsed: 'none used',
    onHold: (why) => `Nothing is sent for it right now: ${why}. Next try: `,
    needs: 'it needs attention',
    pause: 'Pause', resume: 'Resume', relink: 'Relink', tweets: 'Tweets', delete: 'Delete…',
    act: (label, username) => `${label} @${username}`,
    tweetsOf: (username) => `Tweets of @${username}`,
    deleteOf: (username) => `Delete @${username}…`,
  },

  delete: {
    ask: (username) => `Delete @${username}?`,
    noTweets: 'It has no tweets here.',
    tweets: (n) => `Its ${count(n, 'tweet')} here will be deleted too, `
      + 'including those that are waiting.',
    means: shared.cannotUndo,
    account: 'Delete the account', withTweets: (n) => `Delete it and ${count(n, 'tweet')}`,
    deleted: (username) => `@${username} is deleted.`,
  },

  clean: {
    title: 'Clean up accounts', which: 'Which accounts should be deleted?',
    status: (label, n) => `${label} (${number(n)})`,
    locked: (n) => `Also those locked by X (${number(n)}); they work again once they’re unlocked`,
    delete: 'Delete', deleteThese: (what) => `Delete ${what}`,
    none: 'Nothing is selected.', counting: 'Counting…', noMatch: 'No accounts would be deleted.',
    sum: (accounts, tweets) => `${count(accounts, 'account')} and ${count(tweets, 'tweet')}`,
    would: (what) => `${what} would be deleted: `,
    more: (n) => ` and ${number(n)} more.`,
    deleted: (what) => `${what} deleted.`,
    means: shared.cannotUndo,
  },
};
