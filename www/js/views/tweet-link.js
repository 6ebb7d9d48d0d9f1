// The way to a tweet on X.
import { el } from '../dom.js';
import { icon } from '../icons.js';

/** A link to the tweet on X; in mock mode there is none. */
export function outLink(username, twitterId) {
  if (!twitterId || twitterId.startsWith('mock_') || !/^\d+$/.test(twitterId)) return null;
  return el('a', {
    class: 'out', href: `https://x.com/${encodeURIComponent(username)}/status/${twitterId}`,
    target: '_blank', rel: 'noopener noreferrer',
  }, 'See it on X', icon('out'), el('span', { class: 'unseen' }, ' (opens a new tab)'));
}
