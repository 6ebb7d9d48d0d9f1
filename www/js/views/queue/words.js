// What the queue says.
import { count, number } from '../../format.js';
import { words as shared } from '../../words.js';

const ACTED = {
  post: 'posted', retry: 'put back in the queue', release: 'released', delete: 'deleted',
};

export const words = {
  loading: 'the queue',
  of: (username) => `Tweets of @${username}`,
  postAll: 'Post all pending…',
  nonePending: 'Nothing in this list is pending',
  caption: 'Tweets',
  columns: ['Tweet', 'Account', 'State', 'When', 'Actions'],
  search: 'Search', searchHint: 'Words in the text',
  account: 'Account', allAccounts: 'All accounts',
  noAccount: (name) => `No account is called @${name}.`,
  states: 'State', allStates: 'All',
  pages: 'Pages', newer: 'Newer', older: 'Older',
  range: (from, to, total) => `${number(from)}–${number(to)}${
    total === undefined ? '' : ` of ${number(total)}`}`,
  found: (range) => `${range ?? 'No tweets'} found`,
  total: (n) => count(n, 'tweet'),
  selectAll: 'Select all on this page', select: (id) => `Select tweet ${id}`,
  stray: 'No account has this name',
  strayHint: 'Enter another name, or leave it empty for all accounts.',
  empty: 'Nothing is queued yet', emptyHint: 'Tweets you write wait here until they are posted.',
  write: 'Write a tweet',
  noMatch: 'No tweets match your filters', clear: 'Clear filters',
  posted: (id) => `Tweet #${id} is posted.`,
  released: (id) => `Tweet #${id} is released.`,
  again: (id) => `Tweet #${id} is in the queue again.`,

  row: {
    acts: {
      edit: 'Edit', correct: 'Edit and try again', release: 'Release', post: 'Post now',
      retry: 'Try again unchanged', there: 'It’s on X', absent: 'It’s not on X',
      copy: 'Use as new', delete: 'Delete…', details: 'Details',
    },
    menu: 'More',
    act: (label, id) => `${label}: tweet ${id}`,
    details: (id) => `Details of tweet ${id}`,
    more: (id) => `More for tweet ${id}`,
    posted: 'posted ', planned: 'goes out ', missed: 'was due ', written: 'written ',
  },

  bulk: {
    region: 'Selected tweets',
    acts: { post: 'Post now', retry: 'Try again', release: 'Release', delete: 'Delete…' },
    selected: ' selected',
    tooMany: (most) => `; you can select up to ${number(most)} at once`,
    clear: 'Clear selection',
    done: (word, n) => `${count(n, 'tweet')} ${ACTED[word]}.`,
    failed: (word, n) => `${count(n, 'tweet')} couldn’t be ${ACTED[word]}`,
    doubtful: (n) => `${count(n, 'tweet')} not confirmed yet`,
    askDelete: (n) => `Delete ${count(n, 'tweet')}?`,
    delete: (n) => `Delete ${count(n, 'tweet')}`,
    deleteMeans: `They will be deleted here. ${shared.cannotUndo}`,
  },

  run: {
    titles: {
      going: 'Posting pending tweets', stopping: 'Stopping…', left: 'Posting was stopped',
      ended: 'Posting is done',
    },
    bar: 'Posted so far',
    needs: (why) => `needs attention: ${why}`,
    waits: (why) => `is waiting: ${why}`,
    again: ', until ',
    account: (id) => `Account #${id}`,
    blocked: (n) => `${count(n, 'account')} couldn’t post`,
    failed: (n) => `${count(n, 'tweet')} not posted`,
    posted: (n) => `${number(n)} posted`,
    notPosted: (n) => `, ${number(n)} not posted`,
    left: (n) => `, ${number(n)} to go`,
    stop: 'Stop', goOn: 'Continue',
    said: (title, { posted, failed }) => `${title}: ${posted} posted, ${failed} not posted.`,
  },
};
