// What Compose says.
import { count, dateTime, number } from '../../format.js';

export const words = {
  loading: 'the accounts',
  empty: 'No accounts to write for',
  emptyHint: 'Link one first. Then you can write, schedule and post here.',
  noDraft: (id) => `Tweet #${id} is no longer a draft`,

  text: 'Text', tweet: 'The tweet', to: 'Post to', review: 'Review',
  later: 'Schedule for later',
  save: 'Save to queue', schedule: 'Schedule', post: 'Post now',
  noAccount: 'Select an account.',
  begin: 'Write something. You’ll see its price here before it’s posted.',
  noPrice: 'The price isn’t available right now.',
  saving: 'It’s being saved.',
  created: (n, all) => `${n} of ${all} saved`,
  posted: (n) => `${count(n, 'tweet')} posted.`,
  scheduled: (n, at) => `${count(n, 'tweet')} scheduled for ${dateTime(at)}.`,
  saved: (n) => `${count(n, 'tweet')} saved.`,
  undone: 'Not posted. It is a draft again.',
  replace: {
    title: 'Replace what you have written?', action: 'Replace it',
    hint: 'It isn’t saved on the server yet.',
  },

  draft: {
    saving: 'Saving the draft…', saved: 'Saved as a draft.',
    failed: 'Kept on this device. The draft couldn’t be saved on the server.',
    here: 'Kept on this device. Select an account to save it as a draft on the server too.',
  },
  drafts: {
    title: 'Drafts', empty: '(no text yet)', by: (username) => `@${username} · `,
    open: 'Open', openOne: (id) => `Open draft ${id}`,
    delete: 'Delete', deleteOne: (id) => `Delete draft ${id}`,
    deleted: 'The draft is deleted.',
  },

  picker: {
    accounts: 'Accounts', mock: 'test account',
    none: 'No account selected.', selected: (n) => `${count(n, 'account')} selected.`,
    clear: 'Clear selection',
    search: 'Search accounts', searchAll: (n) => `Search ${number(n)} accounts`,
    found: (n) => `${count(n, 'account')} found`,
  },

  price: {
    withLink: ' (X charges more for a tweet with a link)',
    each: (whole, n, one) => `${whole}: ${n} × ${one}`,
    free: 'In mock mode it’s free.', asOf: (day) => `X’s price as of ${day}.`,
    same: (n) => `The same text on ${n} accounts`,
    sameHint: 'X’s rules forbid identical or nearly identical posts from several accounts, '
      + 'and X may suspend all of them. Write a different version for each account.',
    about: (names, hint) => `${names.join(', ')}. ${hint}`,
  },

  results: {
    notPosted: 'Not posted', notSaved: 'Not saved',
    failed: (n, did) => `${count(n, 'tweet')} ${n === 1 ? 'wasn’t' : 'weren’t'} ${did}`,
    didPost: 'posted', didSave: 'saved',
    doubtful: 'Not confirmed yet', posted: 'Posted', scheduled: 'Scheduled', saved: 'Saved',
    queued: (id) => `It’s in the queue as #${id}.`,
    queue: 'Show the queue',
  },
};
