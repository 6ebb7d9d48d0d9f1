// Says that X leads back to another address than this page's.
import { openDialog } from './dialog.js';
import { el } from './dom.js';
import { button, buttonLink } from './pieces.js';

const words = {
  title: 'You’ll return to a different address',
  here: 'You opened the dashboard at ', there: ', but X will send you back to ',
  then: '. Linking will work, but the dashboard there will ask for your API key again.',
  why: 'That address is TWITTER_CALLBACK_URL in .env. '
    + 'It must match the one registered in X’s developer portal.',
  open: (origin) => `Open the dashboard at ${origin}`, goOn: 'Continue',
};

/** Says so of `origin`; `leave` goes on to X. */
export const explainReturn = (origin, leave) => openDialog(words.title, (close) => ({
  body: [
    el('p', {}, words.here, el('code', {}, location.origin), words.there, el('code', {}, origin),
      words.then),
    el('p', { class: 'soft' }, words.why),
  ],
  actions: [buttonLink(words.open(origin), `${origin}/`, {}),
    button(words.goOn, () => { close(); leave(); }, { kind: 'main' })],
}));
