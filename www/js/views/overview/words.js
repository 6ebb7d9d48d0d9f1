// What the overview says.
import { count, number, percent } from '../../format.js';

export const words = {
  loading: 'the overview',
  lead: ({ accounts, tweets }) =>
    `${count(accounts.total, 'account')}, ${count(tweets.total, 'tweet')}`,
  write: 'Write a tweet',
  noMonitoring: 'This server doesn’t offer monitoring yet.',

  figures: {
    day: 'Success, 24 hours', week: 'Success, 7 days',
    nothing: 'nothing was sent',
    of: (posted, attempted) => `${number(posted)} of ${count(attempted, 'tweet')}`,
    waiting: 'Waiting', scheduled: (n) => `${number(n)} scheduled`, queued: 'in the queue',
    stuck: 'Not sent as planned', none: 'none',
    needs: 'Accounts that need attention', which: 'see which',
  },

  needs: {
    none: 'None. Every account works or was paused by you.',
    all: (n) => `Show all ${number(n)}`,
  },

  tokens: {
    title: 'Tokens', bar: 'Tokens by time left',
    expired: 'expired', minutes: 'expire within 5 minutes', hour: 'expire within an hour',
    day: 'expire within a day', longer: 'last longer', unknown: 'unknown', none: 'not needed',
    hint: 'X’s tokens last two hours. The scheduler (cron) and each post renew them in time.',
  },

  scheduler: {
    title: 'Scheduler (cron)',
    last: 'Last run: ', never: 'It hasn’t run yet. ', late: 'Late', onTime: 'On time',
    lateHint: (minutes) => `It should run at least every ${minutes} minutes; `
      + 'scheduled tweets wait for it. Check that cron runs “twitter-manager tick”. '
      + '“make run” runs it for you.',
    failed: (why) => `The last run ended with an error: ${why}.`,
    run: 'Run it now',
    ran: ({ posted, failed, remaining }) => `The scheduler ran: ${number(posted)} posted, `
      + `${number(failed)} failed, ${number(remaining ?? 0)} to go.`,
  },

  welcome: {
    title: 'Welcome', first: 'Link your first account',
    mock: 'Mock mode is on: linking leads to a test page, and nothing is sent to X. '
      + 'Try everything end to end, then turn it off.',
    live: 'X will ask you to let this server post for the account, then send you back here.',
    settings: 'Mock mode and settings',
  },

  alerts: {
    title: (n) => count(n, 'alert'), none: 'No alerts',
    failedTweets: 'Show failed tweets', accounts: 'Show accounts', account: 'Show the account',
    show: 'Show them',
    more: (n) => ` And ${number(n)} more.`,
    snooze: 'Snooze for a day', wake: 'Show again',
    snoozed: 'Snoozed for a day.', woken: 'The alert is shown again.',
    back: 'Snoozed until ', since: 'Since ',
    count: (n) => `${number(n)} snoozed`,
    act: (label, alert) => `${label}: ${alert}`,
  },

  charts: {
    spans: 'Days shown', span: (days) => `${days} days`,
    numbers: 'Show as a table', noNumbers: 'No tweets on these days.', byDay: 'Tweets by day',
    columns: ['Day (UTC)', 'Posted', 'Failed', 'Success'],
    daily: 'Tweets a day',
    day: (day, posted, failed) => `${day}: ${number(posted)} posted, ${number(failed)} failed`,
    posted: (n) => `${number(n)} posted`, failed: (n) => `${number(n)} failed`,
    sum: (posted, failed, days) =>
      `${number(posted)} posted and ${number(failed)} failed in ${days} days.`,
    over: 'Success over time', success: 'Success by day',
    rate: (day, rate) => `${day}: ${percent(rate)}`,
    range: (low, high, days) => `Between ${percent(low)} and ${percent(high)} on ${
      count(days, 'day')} with tweets.`,
    empty: 'No tweets on these days.',
    bar: (title, parts) => `${title}: ${parts.map(({ n, label }) => `${n} ${label}`).join(', ')}`,
  },
};
