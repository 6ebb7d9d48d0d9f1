// What the buttons of Compose do: tweets are created, and posted when asked for.
import { el, put } from '../../dom.js';
import { bad, good, say } from '../../notice.js';
import { box } from '../../pieces.js';
import { currentView, go } from '../../router.js';
import { forgetAccounts } from '../../store.js';
import { keep, readKept } from '../compose-keep.js';
import { dropDraft, takeDraft } from './draft.js';
import { chosenOf, mainButton, missing, onTheirWay, textOf, timeOf } from './form.js';
import { showResults } from './results.js';
import { createAll, newRows, sendAll, takeBack } from './send.js';
import { words } from './words.js';
import { words as tweetWords } from '../tweet/words.js';

/** Creates the tweets. What was created must not be created again by another click. */
async function createRows(form, rows, draft) {
  const { text } = rows[0].body;
  await createAll(rows, {
    step: () => say(words.created(rows.filter(({ tweetId }) => tweetId).length, rows.length)),
    told: () => put(form.results, box('warn', el('p', {}, tweetWords.notSavedYet))),
  });
  const made = rows.every(({ tweetId }) => tweetId);
  const rest = rows.some(({ draftId, tweetId }) => draftId && !tweetId);
  if (draft && rest && !readKept().draft) keep({ draft });
  if (draft && made && !rows.some(({ draftId }) => draftId)) await dropDraft(draft.id).catch(bad);
  // What was written since then, here or in a view opened anew, stays.
  if (made && readKept().text === text) keep({ text: '' });
  onTheirWay.delete(text);
  return made;
}

/** Takes away what has been created; what else is written by now stays. */
function clearForm({ text, drafts }, created) {
  if (text.area.value === created) text.area.value = '';
  text.draw();
  forgetAccounts();
  drafts.load();
}

function wentWell(rows, { postNow, when }) {
  if (postNow) return words.posted(rows.length);
  return when ? words.scheduled(rows.length, when) : words.saved(rows.length);
}

/** Says how it went, in the view as long as it is shown. */
function tellEnd(form, rows, plan) {
  const failed = rows.find(({ error }) => error);
  if (!failed) good(wentWell(rows, plan));
  else if (form.signal.aborted) bad(failed.error);
  if (form.signal.aborted) return;
  put(form.results, showResults(rows, { ...plan, retry: () => carryOut(form, rows, plan) }));
  if (document.activeElement === document.body) form.results.querySelector('h2')?.focus();
}

/** The text is as it was before, unless another is being written. */
async function undone(form, rows) {
  const { signal, picker } = form;
  try {
    const draft = await takeBack(rows);
    const ids = rows.filter(({ tweetId }) => tweetId).map(({ account }) => account.id);
    if (!signal.aborted && textOf(form) === '') {
      await form.adopt(draft);
      picker.set(ids);
      form.changed();
    } else if (signal.aborted && readKept().text === '') {
      keep({ text: draft.text, accounts: ids, later: false, draft });
      if (currentView() === 'compose') go('compose', {}, { replace: true });
    }
    good(words.undone);
    if (!signal.aborted) form.drafts.load();
  } catch (error) {
    bad(error);
  }
}

/** Carries out the plan: { postNow, when, draft }; `control` is the button for it. */
async function carryOut(form, rows, plan, control) {
  const { text } = rows[0].body;
  onTheirWay.add(text);
  control?.classList.add('busy');
  const made = await createRows(form, rows, plan.draft);
  control?.classList.remove('busy');
  put(form.results);
  if (!form.signal.aborted) {
    if (made) clearForm(form, text);
    else form.picker.set(rows.filter(({ tweetId }) => !tweetId).map(({ account }) => account.id));
    form.changed();
  }
  if (plan.postNow && !await sendAll(rows, { begin: () => {} })) await undone(form, rows);
  else tellEnd(form, rows, plan);
}

/** Creates what is filled in, and posts it if `postNow`. */
export async function send(form, postNow) {
  const wrong = missing(form);
  if (wrong || mainButton(form).disabled) {
    say(wrong || words.saving);
    form.changed();
    return;
  }
  const given = { text: textOf(form), ...timeOf(form) };
  const to = chosenOf(form);
  onTheirWay.add(given.text);
  for (const each of [form.now, form.save]) each.disabled = true;
  const draft = await takeDraft();
  await carryOut(form, newRows(to, given, draft), { postNow, when: given.scheduled_at, draft },
    postNow ? form.now : form.save);
}
