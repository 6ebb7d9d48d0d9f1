// The way to a tweet on X, or to where it would be.
import { el } from '../dom.js';
import { icon } from '../icons.js';

const link = (href, words) => el('a', { class: 'out', href, target: '_blank', rel: 'noopener noreferrer' },
  words, icon('out'), el('span', { class: 'unseen' }, ' (opens a new tab)'));

// X finds a tweet by its id whatever name stands before it.
const profile = (username) => `https://x.com/${encodeURIComponent(username ?? 'i')}`;

/** A link to the tweet on X; in mock mode there is none. */
export function outLink(username, twitterId) {
  if (!twitterId || twitterId.startsWith('mock_') || !/^\d+$/.test(twitterId)) return null;
  return link(`${profile(username)}/status/${twitterId}`, 'See it on X');
}

/** A link to what an account has posted; none where the account is gone. */
export const timelineLink = (username) => (username === null ? null
  : link(profile(username), 'Look at X’s timeline'));
