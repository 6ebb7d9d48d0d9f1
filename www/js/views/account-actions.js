// What a person does with accounts: delete, clean up.
import { get, post, remove } from '../api.js';
import { confirm, openDialog } from '../dialog.js';
import { el, put } from '../dom.js';
import { count, number } from '../format.js';
import { bad, good } from '../notice.js';
import { button, errorBox } from '../pieces.js';
import { renew } from '../renew.js';
import { forgetAccounts } from '../store.js';
import { accountStatus } from '../words.js';

const CLEANABLE = ['failed', 'suspended', 'inactive'];

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

/** What a clean-up would take: { accounts, tweets }. */
async function tryCleanUp(what) {
  const { results } = await post('accounts/cleanup', { ...what, dry_run: true });
  return { accounts: results.deleted_accounts, tweets: results.deleted_tweets_total };
}

/** A box to tick for each status, and one for accounts that X has locked. */
function cleanable(accounts, onchange) {
  const isLocked = (each) => each.watched?.code === 'account_locked';
  const boxOf = (value, words, disabled) => el('label', { class: 'check' },
    el('input', { type: 'checkbox', value, disabled, onchange }), el('span', {}, words));
  const boxes = CLEANABLE.map((status) => {
    const some = accounts.filter((each) => each.status === status);
    const label = `${accountStatus(status).label} (${number(some.filter((each) => !isLocked(each)).length)})`;
    return boxOf(status, label, some.length === 0);
  });
  const locked = accounts.filter(isLocked).length;
  const lockedBox = locked > 0 && boxOf('locked', `Also those that X has locked (${
    number(locked)}): they work again once they are unlocked`, false);
  const ticked = (box) => box.firstChild.checked;
  return {
    boxes: [boxes, lockedBox],
    chosen: () => ({
      statuses: boxes.filter(ticked).map((each) => each.firstChild.value),
      include_locked: Boolean(lockedBox && ticked(lockedBox)),
    }),
  };
}

/** Asks which statuses are to go and shows what that comes to. */
export async function cleanUp(accounts, reload) {
  const answer = await openDialog('Clean up accounts', (close) => {
    const sum = el('p', { role: 'status' });
    const trouble = el('div', {});
    const yes = button('Delete', () => erase(), { kind: 'danger', disabled: true });
    const { boxes, chosen } = cleanable(accounts, () => tell());
    let asked = 0;

    async function tell() {
      const mine = ++asked;
      yes.disabled = true;
      yes.textContent = 'Delete';
      put(trouble);
      if (chosen().statuses.length === 0) return renew(sum, 'Nothing is selected.');
      renew(sum, 'Counting …');
      const found = await tryCleanUp(chosen()).catch((error) => put(trouble, errorBox(error)) && null);
      if (mine !== asked) return null;
      if (!found?.accounts.length) return renew(sum, found ? 'No account would go.' : '');
      const words = `${count(found.accounts.length, 'account')} and ${count(found.tweets, 'tweet')}`;
      yes.disabled = false;
      yes.textContent = `Delete ${words}`;
      return renew(sum, el('strong', {}, `${words} would go: `),
        found.accounts.slice(0, 8).map(({ username }) => `@${username}`).join(', '),
        found.accounts.length > 8 ? ` and ${number(found.accounts.length - 8)} more.` : '.');
    }

    async function erase() {
      yes.classList.add('busy');
      try {
        close(await post('accounts/cleanup', chosen()));
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
