// Drafts: what is being written is saved on the server too, as the person types,
// one request after the other; and the list of those that there are.
import { ApiError, get, isLeft, patch, remove } from '../../api.js';
import { isGone } from '../../connection.js';
import { el, put } from '../../dom.js';
import { bad, good } from '../../notice.js';
import { button, card, moment } from '../../pieces.js';
import { words as shared } from '../../words.js';
import { createOnce, unansweredDraft } from './send.js';
import { keep, readKept } from '../compose-keep.js';
import { words as all } from './words.js';

const words = all.drafts;
const SHOWN = 20;

/** A draft that is gone, or is one no longer: whoever else sent it keeps it. */
const isOver = ({ status }) => status === 404 || status === 409;

/** Deletes a draft; one that is gone already is no fault. */
export async function dropDraft(id) {
  await remove(`tweets/${id}`).catch((error) => { if (error.status !== 404) throw error; });
}

async function isDraft(id) {
  return (await get(`tweets/${id}`)).state === 'draft';
}

function changesOf(draft, want) {
  const body = {};
  if (draft.text !== want.text) body.text = want.text;
  const at = want.scheduled_at ?? null;
  if ((draft.scheduled_at ?? null) !== at) body.scheduled_at = at;
  return body;
}

/** Changes the draft; null when it is none any more. */
async function update(draft, want) {
  const body = changesOf(draft, want);
  if (Object.keys(body).length === 0) return draft;
  try {
    // Only a draft is changed as somebody types.
    if (!await isDraft(draft.id)) return null;
    await patch(`tweets/${draft.id}`, body);
    return { ...draft, ...want };
  } catch (error) {
    if (isOver(error)) return null;
    throw error;
  }
}

/** The draft, one too whose making was not answered. */
async function known() {
  const { draft } = readKept();
  const asked = !draft && unansweredDraft();
  if (!asked) return draft;
  const { draft: _, ...rest } = asked;
  const made = { ...rest, id: await createOnce(asked) };
  keep({ draft: made });
  return made;
}

/** Makes the server's draft what is wanted; null: none. */
async function store(want) {
  const draft = await known();
  if (!want) {
    if (draft) await dropDraft(draft.id);
    return keep({ draft: null });
  }
  if (draft && draft.account_id === want.account_id) {
    const updated = await update(draft, want);
    if (updated) return keep({ draft: updated });
  }
  const id = await createOnce({ ...want, draft: true });
  keep({ draft: { ...want, id } });
  if (draft && draft.account_id !== want.account_id) await dropDraft(draft.id);
  return null;
}

let wanted = null;
let dirty = false;
let working = null;

async function run(tell) {
  while (dirty) {
    dirty = false;
    try {
      if (isGone()) throw new ApiError(shared.offline, { code: 'offline' });
      tell('saving');
      await store(wanted);
      tell(wanted ? 'saved' : '');
    } catch (error) {
      tell('failed', error);
    }
  }
}

/**
 * Saves this as the draft: { text, account_id, scheduled_at }, or null to have
 * none. `tell(word, error)` hears saving, saved or failed.
 */
export function saveDraft(want, tell) {
  wanted = want;
  dirty = true;
  working ??= run(tell).finally(() => { working = null; });
  return working;
}

/** Once nothing is being saved, the draft is handed over: the server's, or null. */
export async function takeDraft() {
  dirty = false;
  await working;
  const { draft } = readKept();
  keep({ draft: null });
  return draft;
}

/** The card of the drafts on the server: { node, load }; `open(tweet)`. */
export function draftList({ signal, open }) {
  const node = el('div', {});

  async function drop(tweet) {
    try {
      await dropDraft(tweet.id);
      good(words.deleted);
    } catch (error) {
      bad(error);
    }
    load();
  }

  const line = (tweet) => el('li', { class: 'line' },
    el('div', { class: 'stack tight' },
      el('p', { class: 'wrap clipped', dir: 'auto' }, tweet.text || words.empty),
      el('p', { class: 'small soft' }, words.by(tweet.username), moment(tweet.created_at))),
    el('div', { class: 'row' },
      button(words.open, () => open(tweet), {
        kind: 'slim', 'aria-label': words.openOne(tweet.id),
      }),
      button(words.delete, () => drop(tweet), {
        kind: 'quiet no slim', 'aria-label': words.deleteOne(tweet.id),
      })));

  async function load() {
    try {
      const { tweets } = await get('tweets', { state: 'draft', limit: SHOWN }, signal);
      const others = tweets.filter(({ id }) => id !== readKept().draft?.id);
      const lines = el('ul', { class: 'lines' }, others.map(line));
      put(node, others.length > 0 && card(words.title, lines));
    } catch (error) {
      if (!isLeft(error) && !error.isOffline) put(node);
    }
  }
  return { node, load };
}
