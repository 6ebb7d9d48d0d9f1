// The way to a tweet on X, or to where it would be.
import { el } from '../../dom.js';
import { icon } from '../../icons.js';
import { words as shared } from '../../words.js';

const words = shared.links;

const link = (href, label) => el('a', {
  class: 'out', href, target: '_blank', rel: 'noopener noreferrer',
}, label, icon('out'), el('span', { class: 'unseen' }, words.newTab));

// X finds a tweet by its id whatever name stands before it.
const profile = (username) => `https://x.com/${encodeURIComponent(username ?? 'i')}`;

/** A link to the tweet on X; in mock mode there is none. */
export function outLink(username, twitterId) {
  if (!twitterId || twitterId.startsWith('mock_') || !/^\d+$/.test(twitterId)) return null;
  return link(`${profile(username)}/status/${twitterId}`, words.seeOnX);
}

/** A link to what an account has posted; none where the account is gone. */
export const timelineLink = (username) => (username === null ? null
  : link(profile(username), words.timeline));
