// What a person does with accounts: delete, clean up.
import { get, post, remove } from '../../api.js';
import { confirm, openDialog } from '../../dialog.js';
import { el, put } from '../../dom.js';
import { bad, good } from '../../notice.js';
import { button, errorBox } from '../../pieces.js';
import { renew } from '../../renew.js';
import { forgetAccounts } from '../../store.js';
import { accountStatus, words as shared } from '../../words.js';
import { words as all } from './words.js';

const words = all.clean;
const CLEANABLE = ['failed', 'suspended', 'inactive'];
const NAMED = 8;

const tweetsOf = async (id) => (await get('tweets', { account_id: id, limit: 1 })).total;

/** Deletes an account with its tweets, once the person has seen how many. */
export async function deleteAccount({ id, username }, reload) {
  const { ask, noTweets, tweets: itsTweets, means, account, withTweets, deleted } = all.delete;
  let tweets;
  try {
    tweets = await tweetsOf(id);
  } catch (error) {
    bad(error);
    return;
  }
  const done = await confirm({
    title: ask(username),
    body: [el('p', {}, tweets === 0 ? noTweets : itsTweets(tweets)),
      el('p', { class: 'soft' }, means)],
    action: tweets === 0 ? account : withTweets(tweets),
    danger: true,
    work: () => remove(`accounts/${id}`),
  });
  if (!done) return;
  forgetAccounts();
  good(deleted(username));
  reload();
}

/** What a clean-up would take: { accounts, tweets }. */
async function tryCleanUp(what) {
  const { results } = await post('accounts/cleanup', { ...what, dry_run: true });
  return { accounts: results.deleted_accounts, tweets: results.deleted_tweets_total };
}

/** A box for each status, and one for accounts that X has locked. */
function cleanable(accounts, onchange) {
  const isLocked = (each) => each.watched?.code === 'account_locked';
  const boxOf = (value, label, disabled) => el('label', { class: 'check' },
    el('input', { type: 'checkbox', value, disabled, onchange }), el('span', {}, label));
  const boxes = CLEANABLE.map((status) => {
    const some = accounts.filter((each) => each.status === status);
    const n = some.filter((each) => !isLocked(each)).length;
    return boxOf(status, words.status(accountStatus(status).label, n), some.length === 0);
  });
  const locked = accounts.filter(isLocked).length;
  const lockedBox = locked > 0 && boxOf('locked', words.locked(locked), false);
  const isSelected = (box) => box.firstChild.checked;
  return {
    boxes: [boxes, lockedBox],
    selected: () => ({
      statuses: boxes.filter(isSelected).map((each) => each.firstChild.value),
      include_locked: Boolean(lockedBox && isSelected(lockedBox)),
    }),
  };
}

/** Says what would be deleted, which lets the button do it. */
function tellFound({ sum, yes }, { accounts, tweets }) {
  const what = words.sum(accounts.length, tweets);
  yes.disabled = false;
  yes.textContent = words.deleteThese(what);
  renew(sum, el('strong', {}, words.would(what)),
    accounts.slice(0, NAMED).map(({ username }) => `@${username}`).join(', '),
    accounts.length > NAMED ? words.more(accounts.length - NAMED) : '.');
}

/** Asks what would be deleted, and says so; the last question counts. */
async function tell(dialog) {
  const { sum, trouble, yes } = dialog;
  const mine = ++dialog.asked;
  const selected = dialog.selected();
  yes.disabled = true;
  yes.textContent = words.delete;
  put(trouble);
  if (selected.statuses.length === 0) {
    renew(sum, words.none);
    return;
  }
  renew(sum, words.counting);
  try {
    const found = await tryCleanUp(selected);
    if (mine !== dialog.asked) return;
    if (found.accounts.length > 0) tellFound(dialog, found);
    else renew(sum, words.noMatch);
  } catch (error) {
    put(trouble, errorBox(error));
    if (mine === dialog.asked) renew(sum);
  }
}

async function erase({ yes, trouble, close, selected }) {
  yes.classList.add('busy');
  try {
    close(await post('accounts/cleanup', selected()));
  } catch (error) {
    put(trouble, errorBox(error));
  } finally {
    yes.classList.remove('busy');
  }
}

/** Asks which statuses should go and shows what that comes to. */
export async function cleanUp(accounts, reload) {
  const answer = await openDialog(words.title, (close) => {
    const dialog = {
      close, asked: 0, sum: el('p', { role: 'status' }, words.none), trouble: el('div', {}),
      yes: button(words.delete, () => erase(dialog), { kind: 'danger', disabled: true }),
    };
    const { boxes, selected } = cleanable(accounts, () => tell(dialog));
    dialog.selected = selected;
    return {
      body: [el('fieldset', { class: 'stack tight' }, el('legend', {}, words.which), boxes),
        dialog.sum, el('p', { class: 'soft' }, words.means), dialog.trouble],
      actions: [button(shared.buttons.cancel, () => close(), { autofocus: true }), dialog.yes],
    };
  });
  if (!answer) return;
  forgetAccounts();
  const { deleted_accounts: gone, deleted_tweets_total: tweets } = answer.results;
  good(words.deleted(words.sum(gone.length, tweets)));
  reload();
}
