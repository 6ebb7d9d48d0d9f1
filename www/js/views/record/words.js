// What the record of changes says.
import { dateTime, number } from '../../format.js';
import { accountStatus, codeWords, rightsWords } from '../../words.js';

/** By the API's word: what was done. A word that is not here is shown as it is. */
const ACTIONS = {
  'tweet.created': 'Tweet created', 'tweet.changed': 'Tweet changed',
  'tweet.sending': 'Tweet sent to X', 'tweet.posted': 'Tweet posted',
  'tweet.failed': 'Tweet rejected', 'tweet.unconfirmed': 'Tweet not confirmed',
  'tweet.held_back': 'Tweet waits for X', 'tweet.held': 'Tweet missed its time',
  'tweet.released': 'Tweet released', 'tweet.retried': 'Tweet put back in the queue',
  'tweet.moved': 'Tweet moved to another account', 'tweet.repaired': 'Tweet repaired',
  'tweet.deleted': 'Tweet deleted',
  'account.linked': 'Account linked', 'account.changed': 'Account changed',
  'account.identified': 'Account identified by X', 'account.renamed': 'Account renamed',
  'account.failed': 'Account stopped working', 'account.repaired': 'Account repaired',
  'account.deleted': 'Account deleted',
  'key.created': 'Key made', 'key.changed': 'Key changed', 'key.revoked': 'Key revoked',
  'alert.snoozed': 'Alert snoozed or shown again',
  'mock_mode.changed': 'Mock mode switched',
};

const OBJECTS = {
  tweet: 'Tweets', account: 'Accounts', key: 'Keys', alert: 'Alerts', mock_mode: 'Mock mode',
};

const ONE = { tweet: 'Tweet', account: 'Account', key: 'Key', alert: 'Alert' };

const MEMBERS = {
  account_id: 'Account', text: 'Text', status: 'Status', draft: 'Draft', held: 'Missed',
  scheduled_at: 'Scheduled for', retry_at: 'Retries at', code: 'Cause', reason: 'X says',
  twitter_id: 'Id on X', posted_at: 'Posted', username: 'Name', x_user_id: 'User id on X',
  scope: 'Permissions on X', mock: 'Test account', name: 'Name', scopes: 'May do',
  account_ids: 'Accounts', expires_at: 'Expires', is_active: 'Works', cause: 'Cause',
  snoozed_until: 'Snoozed until', enabled: 'On',
};

/** A tweet's status in the database; where it stands in the queue is another matter. */
const STATUS = { pending: 'Waiting', posted: 'Posted', failed: 'Rejected' };

const plain = (word) => {
  const text = word.replaceAll(/[._]/g, ' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
};

export const actionNames = Object.keys(ACTIONS);
export const objectNames = Object.keys(OBJECTS);
export const actionWords = (action) => ACTIONS[action] ?? plain(action);
export const objectWords = (object) => OBJECTS[object] ?? plain(object);
export const memberWords = (name) => MEMBERS[name] ?? plain(name);

/** “Tweet #12”; of what there is but one, its name. */
export const objectName = (object, id) => (id === null ? objectWords(object)
  : `${ONE[object] ?? plain(object)} #${id}`);

const TELLS = {
  code: codeWords,
  scopes: (value) => rightsWords(Array.isArray(value) ? value : value.split(' ')),
  status: (value, object) => (object === 'account' ? accountStatus(value).label
    : STATUS[value] ?? value),
  account_id: (id) => `#${id}`,
  account_ids: (ids) => (Array.isArray(ids) ? ids.map((id) => `#${id}`).join(', ') : String(ids)),
};

/** A member's value as people read it. */
export function valueWords(object, name, value) {
  if (value === null || value === undefined || value === '') return 'none';
  if (typeof value === 'boolean') return value ? 'Yes' : 'No';
  if (/_(at|until)$/.test(name)) return dateTime(value);
  return TELLS[name]?.(value, object) ?? (typeof value === 'object' ? JSON.stringify(value)
    : String(value));
}

export const words = {
  loading: 'the record',
  lead: 'Who changed what, when and from where, newest first.',
  caption: 'Changes', columns: ['When', 'What', 'Who', 'Before and after'],
  before: 'before: ', after: 'after: ', arrow: ' → ',
  nothingTold: 'no details',
  noKey: 'Without a key', user: (name) => `${name} on the server`,
  from: (address) => `from ${address}`,
  request: (id) => `request ${id}`,
  filters: 'Which changes',
  object: 'Object', id: 'Number', action: 'Change', key: 'Key', since: 'From', until: 'To',
  all: 'All', idHint: '#12',
  clear: 'Clear filters', noMatch: 'No changes match your filters',
  empty: 'Nothing has changed yet',
  pages: 'Pages', newer: 'Newer', older: 'Older', showOlder: 'Show older',
  found: (n) => (n === 0 ? 'No changes' : `${number(n)} changes`),

  history: {
    title: (what) => `History of ${what}`, loading: 'the history',
    empty: 'No change is recorded. Changes are kept for a while only.',
    inRecord: 'Show it in the record',
  },

  csv: {
    button: 'Download CSV', reading: (n) => `${number(n)} read…`,
    done: (n) => `${number(n)} changes downloaded.`,
    most: (n) => `These are the newest ${number(n)}. Filter by date to download older ones.`,
  },
};
