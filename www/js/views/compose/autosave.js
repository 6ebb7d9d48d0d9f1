// What is being written is saved as a draft while the person writes.
import { put } from '../../dom.js';
import { readKept } from '../compose-keep.js';
import { saveDraft } from './draft.js';
import { onTheirWay, textOf, timeOf } from './form.js';
import { words } from './words.js';

/** What the draft on the server should be; null: none, undefined: as it is. */
function wantedDraft(form) {
  const text = textOf(form);
  const [account] = form.picker.chosen();
  if (onTheirWay.has(text)) return undefined;
  if (text.trim() === '') return null;
  if (!account) return undefined;
  // A time that has passed meanwhile is not taken away by writing on.
  const at = form.later.checked
    ? timeOf(form).scheduled_at ?? readKept().draft?.scheduled_at : null;
  return { text, account_id: account, ...(at && { scheduled_at: at }) };
}

/** Says how the draft is: a word of words.draft, or '' for nothing. */
export function tellDraft(form, word) {
  put(form.draftSaid, words.draft[word]);
  if (word === 'saved' && !form.signal.aborted) form.drafts.load();
}

/** Saves the draft as far as it has changed. */
export async function autosave(form) {
  const want = wantedDraft(form);
  if (want !== undefined) await saveDraft(want, (word) => tellDraft(form, word));
}

/** The same, when there is something to be saved. */
export async function saveWritten(form) {
  if (wantedDraft(form)) await autosave(form);
}
