// The history of one object: its changes in a dialog.
import { get } from '../../api.js';
import { openDialog } from '../../dialog.js';
import { el, put } from '../../dom.js';
import { button, buttonLink, errorBox, loading } from '../../pieces.js';
import { address } from '../../router.js';
import { eventItem } from './event.js';
import { words as all } from './words.js';

const words = all.history;
const PAGE = 20;

/** Shows a page more, below those that are shown. */
async function load(view) {
  const { object, id, list, foot } = view;
  try {
    const { events, next_cursor: next } = await get('audit', {
      object, object_id: id, limit: PAGE, cursor: view.cursor,
    });
    view.cursor = next;
    const first = list.children.length;
    list.append(...events.map(eventItem));
    put(foot, list.children.length === 0 && el('p', { class: 'soft' }, words.empty),
      next && button(all.showOlder, () => load(view), { kind: 'quiet' }));
    // The button is gone that was pressed: what it brought is read next.
    if (first > 0) {
      list.children[first].tabIndex = -1;
      list.children[first].focus();
    }
  } catch (error) {
    put(foot, errorBox(error, () => load(view)));
  }
}

/** Shows the changes of an object, which is called `what`. */
export const showHistory = (object, id, what) => openDialog(words.title(what), (close) => {
  const view = {
    object, id, cursor: null, list: el('ol', { class: 'stack' }),
    foot: el('div', {}, loading(words.loading)),
  };
  load(view);
  const link = buttonLink(words.inRecord, address('record', { object, object_id: id }), {
    kind: 'quiet', onclick: () => close(true),
  });
  return { body: [view.list, view.foot], actions: link };
}, { wide: true });
