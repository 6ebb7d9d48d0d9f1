// What the buttons of a tweet's row do.
import { post } from '../../api.js';
import { bad, good } from '../../notice.js';
import { go, imported } from '../../router.js';
import { postTweets } from '../../undo.js';
import { words } from './words.js';

const dialogOf = () => imported(() => import('../tweet/dialog.js'));

async function send({ signal, load }, { id }) {
  const [result] = await postTweets([id]) ?? [];
  if (result?.ok) good(words.posted(id));
  else if (result) bad(result.error);
  if (result && !signal.aborted) load();
}

/** Opens a tweet's dialog; `first` is what it shows at once. */
const open = (first) => async (view, { id }) => {
  const { tweetDialog } = await dialogOf();
  return tweetDialog(id, { first, send: (tweet) => send(view, tweet) });
};

async function release(view, { id }) {
  await post(`tweets/${id}/release`);
  good(words.released(id));
  return true;
}

async function absent(view, tweet) {
  const { sayAbsent } = await dialogOf();
  const done = await sayAbsent(tweet);
  if (done) good(words.again(tweet.id));
  return done;
}

/** By the button's word; each gives true when the list has changed. */
const ACTS = {
  details: open(''),
  correct: open('edit'),
  there: open('there'),
  edit: (view, tweet) => (tweet.state === 'draft' ? go('compose', { draft: tweet.id })
    : open('edit')(view, tweet)),
  copy: (view, { id }) => go('compose', { from: id }),
  delete: async (view, tweet) => (await dialogOf()).deleteTweet(tweet),
  post: (view, tweet) => { send(view, tweet); },
  retry: (view, tweet) => { send(view, tweet); },
  release,
  absent,
};

/** Does what a button of a row in the `view` says, { signal, load }. */
export async function act(view, word, tweet, control) {
  control.classList.add('busy');
  try {
    if (await ACTS[word](view, tweet)) view.load();
  } catch (error) {
    bad(error);
    view.load();
  } finally {
    control.classList.remove('busy');
  }
}
