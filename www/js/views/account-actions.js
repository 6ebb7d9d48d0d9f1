// What a person does with accounts: pause, resume, delete, clean up.
import { get, patch, post, remove } from '../api.js';
import { confirm, openDialog } from '../dialog.js';
import { el, put } from '../dom.js';
import { count, number } from '../format.js';
import { bad, good } from '../notice.js';
import { button, errorBox } from '../pieces.js';
import { renew } from '../renew.js';
import { forgetAccounts } from '../store.js';
import { accountStatus } from '../words.js';

const CLEANABLE = ['failed', 'suspended', 'inactive'];
const COUNTED = 200; // accounts whose tweets are counted before a clean-up
const AT_ONCE = 4;

/** Pauses an account or lets it go on. */
export async function pauseAccount({ id, username }, paused, reload) {
  try {
    await patch(`accounts/${id}`, { status: paused ? 'inactive' : 'active' });
    forgetAccounts();
    good(paused ? `@${username} is paused: nothing is sent for it.` : `@${username} is active again.`);
    reload();
  } catch (error) {
    bad(error);
  }
}

// X locks and unlocks these; no new link is needed.
const UNLOCKABLE = new Set(['account_locked', 'account_suspended']);

/** A button that makes an account active again once its person has unlocked it on X; or null. */
export const tryAgainButton = ({ id, username, code }, reload) => UNLOCKABLE.has(code) && button('Try again',
  () => pauseAccount({ id, username }, false, reload), { kind: 'slim', 'aria-label': `Try again: @${username}` });

const tweetsOf = async (id) => (await get('tweets', { account_id: id, limit: 1 })).total;

/** Deletes an account with its tweets, once the person has seen how many. */
export async function deleteAccount({ id, username }, reload) {
  let tweets;
  try {
    tweets = await tweetsOf(id);
  } catch (error) {
    bad(error);
    return;
  }
  const done = await confirm({
    title: `Delete @${username}?`,
    body: [el('p', {}, tweets === 0 ? 'It has no tweets here.'
      : `Its ${count(tweets, 'tweet')} here ${tweets === 1 ? 'goes' : 'go'} with it, including those that are waiting.`),
    el('p', { class: 'soft' }, 'What is on X stays there. This cannot be undone.')],
    action: tweets === 0 ? 'Delete the account' : `Delete it and ${count(tweets, 'tweet')}`,
    danger: true,
    work: () => remove(`accounts/${id}`),
  });
  if (!done) return;
  forgetAccounts();
  good(`@${username} is deleted.`);
  reload();
}

/** Counts the tweets of accounts, a few at once; null when there are too many. */
async function countTweets(accounts) {
  if (accounts.length > COUNTED) return null;
  const waiting = [...accounts];
  let sum = 0;
  const worker = async () => {
    while (waiting.length) sum += await tweetsOf(waiting.pop().id);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return sum;
}

/** Asks which statuses are to go and shows what that comes to. */
export async function cleanUp(accounts, reload) {
  const countOf = (status) => accounts.filter((each) => each.status === status);
  const answer = await openDialog('Clean up accounts', (close) => {
    const sum = el('p', { role: 'status' });
    const trouble = el('div', {});
    const yes = button('Delete', () => erase(), { kind: 'danger', disabled: true });
    const boxes = CLEANABLE.map((status) => el('label', { class: 'check' },
      el('input', { type: 'checkbox', value: status, disabled: countOf(status).length === 0, onchange: () => tell() }),
      el('span', {}, `${accountStatus(status).label} (${number(countOf(status).length)})`)));
    const chosen = () => boxes.map((each) => each.firstChild).filter((each) => each.checked).map((each) => each.value);
    let asked = 0;

    async function tell() {
      const mine = ++asked;
      const some = chosen().flatMap(countOf);
      yes.disabled = true;
      yes.textContent = 'Delete';
      if (some.length === 0) return renew(sum, 'Nothing is selected.');
      renew(sum, 'Counting their tweets …');
      const tweets = await countTweets(some).catch(() => null);
      if (mine !== asked) return null;
      const words = tweets === null ? 'all their tweets' : count(tweets, 'tweet');
      yes.disabled = false;
      yes.textContent = `Delete ${count(some.length, 'account')} and ${words}`;
      return renew(sum, el('strong', {}, `${count(some.length, 'account')} and ${words} would go: `),
        some.slice(0, 8).map(({ username }) => `@${username}`).join(', '),
        some.length > 8 ? ` and ${number(some.length - 8)} more.` : '.');
    }

    async function erase() {
      yes.classList.add('busy');
      try {
        close(await post('accounts/cleanup', { statuses: chosen() }));
      } catch (error) {
        put(trouble, errorBox(error));
      } finally {
        yes.classList.remove('busy');
      }
    }

    renew(sum, 'Nothing is selected.');
    return {
      body: [el('fieldset', { class: 'stack tight' }, el('legend', {}, 'Which accounts should be deleted?'), boxes), sum,
        el('p', { class: 'soft' }, 'What is on X stays there. This cannot be undone.'), trouble],
      actions: [button('Cancel', () => close(), { autofocus: true }), yes],
    };
  });
  if (!answer) return;
  forgetAccounts();
  const { deleted_accounts: gone, deleted_tweets_total: tweets } = answer.results;
  good(`${count(gone.length, 'account')} and ${count(tweets, 'tweet')} deleted.`);
  reload();
}
