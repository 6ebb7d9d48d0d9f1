// What Keys says.
import { count, number } from '../../format.js';
import { words as shared } from '../../words.js';

export const words = {
  loading: 'the keys',
  lead: 'Each person or program gets a key of its own, for what it needs and no more.',
  make: 'Make a key', caption: 'API keys',
  columns: ['Key', 'May do', 'Accounts', 'Expires', 'Last used', 'State', 'Actions'],
  more: (n) => shared.showMore(number(n)),

  row: {
    unnamed: 'No name', unnamedHint: 'from .env, or made by another program',
    own: 'yours', ownMeans: 'The dashboard uses this key on this device',
    made: (id) => `#${id}, made `,
    all: 'All', some: (n) => count(n, 'account'), gone: (id) => `#${id} (deleted)`,
    never: 'Never', notUsed: 'not yet',
    works: 'Works', expired: 'Expired', revoked: 'Revoked', replaced: 'Replaced',
    replacedMeans: 'The API_KEY in .env is another one now',
    change: 'Change', did: 'What it did', revoke: 'Revoke…',
    act: (label, key) => `${label}: ${key}`,
  },

  form: {
    makeTitle: 'Make a key', changeTitle: (key) => `Change ${key}`,
    name: 'Name', nameHint: 'Who or what uses it, such as “Reports” or the name of a client.',
    preset: 'What is it for?', scopes: 'What it may do',
    presets: {
      everything: 'Everything', read: 'Read only', publish: 'Write and publish',
      tick: 'Scheduler address for a web cron', other: 'Something else',
    },
    tickNotWhole: 'It does nothing else, so it can stand in an address that others may read.',
    accounts: 'For which accounts', all: 'All accounts', some: 'Only these',
    noAccount: shared.selectAccount,
    tooMany: (most) => `A key can be for up to ${number(most)} accounts, or for all.`,
    always: 'A key with “Everything” is for all accounts.',
    expires: 'Until when it works', never: 'Until you revoke it', on: 'Until a day',
    day: 'Last day', dayHint: (at) => `It stops working on ${at}.`, noDay: 'Enter a date.',
    make: 'Make the key', save: 'Save',
    changed: (key) => `${key} is changed.`,
    own: 'You’re using this key. What you take away from it is gone from this dashboard at once.',
  },

  made: {
    title: (key) => `${key} is made`,
    once: 'Copy it now: it isn’t shown again. Nobody can look it up later, not even on the server.',
    key: 'The key', url: 'The address for a web cron',
    urlHint: 'Let your web cron open it every 1 to 15 minutes.',
    copyKey: 'Copy the key', copyUrl: 'Copy the address',
    copied: 'Copied.', copyByHand: 'Press Ctrl+C to copy it.',
    done: 'Done',
  },

  revoke: {
    ask: (key) => `Revoke ${key}?`, action: 'Revoke it',
    stops: (rights) => `Whoever uses it is refused at once. It was for: ${rights}.`,
    cron: 'A web cron with its address stops too: scheduled tweets then wait for another '
      + 'run of the scheduler.',
    used: (day) => `It was last used on ${day}.`, notUsed: 'It hasn’t been used yet.',
    own: 'You’re using it yourself: the dashboard will ask for another key.',
    means: `It stays in this list. ${shared.noUndo}`,
    done: (key) => `${key} is revoked.`,
  },
};
