// What the views of one tweet say: its dialog, its text and its time.
import { count, number } from '../../format.js';

export const words = {
  notSavedYet: 'Not saved yet: the server can’t be reached. We’ll save it once the server '
    + 'is back, as long as this page stays open.',

  dialog: {
    title: (id) => `Tweet #${id}`,
    loading: 'the tweet',
    account: 'Account', state: 'State', written: 'Written', planned: 'Scheduled for',
    retry: 'Retries at', posted: 'Posted', onX: 'On X',
    attempts: (n) => count(n, 'attempt'),
    outcomes: {
      posted: 'Posted', found: 'Found on the timeline', refused: 'Rejected', unknown: 'No answer',
      held_back: 'X asked us to wait', not_sent: 'Not sent', unauthorized: 'Token not accepted',
      resolved: 'Settled by you',
    },
    open: 'No outcome yet',
    http: (status) => `, HTTP ${status}`,
    sent: (at) => `Sent ${at}`, ended: (at) => `, ended ${at}`, code: (means) => ` · ${means}`,
    request: 'X’s request id ',
    delete: 'Delete…', asNew: 'Use as new', edit: 'Edit', correct: 'Edit and try again',
    retryUnchanged: 'Try again unchanged', post: 'Post now', release: 'Release',
    there: 'It’s on X', absent: 'It’s not on X',
    askDelete: (id) => `Delete tweet #${id}?`, deleteIt: 'Delete it',
    deletePosted: 'It will be deleted here and stays on X.',
    deleteUnposted: 'It won’t be posted. This can’t be undone.',
    deleted: (id) => `Tweet #${id} is deleted.`,
    released: (id) => `Tweet #${id} is released.`,
    again: (id) => `Tweet #${id} is in the queue again.`,
    changed: (id) => `Tweet #${id} is changed.`,
  },

  edit: {
    passed: (at) => `Its time, ${at}, has passed. `,
    passedFailed: 'Unless you set a new one, it comes back as not scheduled '
      + 'and stays in the queue until you post it.',
    passedWaiting: 'Unless you set another, it stays as it is.',
    save: 'Save', later: 'Schedule for later',
  },

  resolve: {
    there: 'It’s on X', find: 'Find the tweet on the timeline and paste its link here. ',
    where: 'Its link or id on X', example: 'For example https://x.com/name/status/1234567890.',
    counted: (id) => `Tweet #${id} now counts as posted.`,
    askAbsent: (id) => `Is tweet #${id} not on X?`, absent: 'It’s not on X',
    twice: 'It goes back to the queue and can be posted again. '
      + 'If it is on X after all, it would be there twice. ',
  },

  text: {
    label: 'Text', length: 'Length',
    of: (n, most) => `${n} of ${most}`, slash: (most) => ` / ${most}`,
    over: (n) => `${count(n, 'character')} over the limit.`,
    invalid: (why) => `The text ${why}.`,
    tooLong: (n) => `${count(n, 'character')} over the limit`, left: (n) => `${number(n)} left`,
    links: (n, each) => (n === 1 ? `1 link counts as ${each}`
      : `${number(n)} links count as ${each} each`),
    counted: 'As X counts it',
  },

  time: {
    label: 'Date and time',
    missing: 'Enter a date and a time.',
    passed: 'That time has passed.',
    skipped: (at) => `. Clocks change at this time, so it will go out at ${at}.`,
  },
};
