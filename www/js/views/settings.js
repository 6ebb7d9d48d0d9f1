// Settings: mock mode, the key on this device, the server.
import { get } from '../api.js';
import { here } from '../base.js';
import { confirm } from '../dialog.js';
import { el } from '../dom.js';
import { dateTime, zone } from '../format.js';
import { forgetKey, isRemembered } from '../key.js';
import { heedKeys, heedsKeys } from '../keys.js';
import { linkButton } from '../linking.js';
import { bad, good } from '../notice.js';
import { badge, button, card, viewHead } from '../pieces.js';
import { renew } from '../renew.js';
import { readMock, switchMock } from '../store.js';
import { keepSendingWay, sendingWay } from '../undo.js';
import { forgetKept } from './compose-keep.js';

async function change(on, draw) {
  const sure = on || await confirm({
    title: 'Turn mock mode off?',
    body: [el('p', {}, 'From then on tweets of real accounts go to X, which charges for each.'),
      el('p', { class: 'soft' }, 'Accounts linked in mock mode stay apart and are never used against X.')],
    action: 'Turn it off',
  });
  if (!sure) return;
  try {
    await switchMock(on);
    good(on ? 'Mock mode is on: nothing goes to X.' : 'Mock mode is off: tweets go to X.');
    draw();
  } catch (error) {
    bad(error);
  }
}

function mockCard(on, draw) {
  return card('Mock mode', el('p', {}, on ? badge('On', 'warn') : badge('Off', 'good'), ' ',
    on ? 'Nothing goes to X. Posts get an id that begins with mock_, and linking leads to a test page instead of X.'
      : 'Tweets go to X.'),
  el('div', { class: 'row' },
    button(on ? 'Turn mock mode off …' : 'Turn mock mode on', () => change(!on, draw), { kind: on ? 'main' : '' }),
    linkButton('Link an account')));
}

function forget() {
  forgetKey();
  forgetKept();
  location.hash = '';
  location.reload();
}

const keyCard = () => card('API key', el('p', {}, isRemembered()
  ? 'This device remembers the key, for all tabs, until you forget it.'
  : 'The key is kept for this tab and forgotten when you close it.'),
el('div', { class: 'row' }, button('Forget the key', forget)));

const WAYS = [
  ['undo', 'Wait 10 seconds, with a button to undo'], ['ask', 'Ask each time'], ['now', 'Post at once'],
];

/** How this device posts; each choice holds as soon as it is made. */
function sendingCard() {
  const { way, leave } = sendingWay();
  const leaves = el('input', {
    type: 'checkbox', checked: leave, onchange: () => keepSendingWay({ leave: leaves.checked }),
  });
  return card('When you post', el('p', { class: 'soft' }, 'On this device, for tweets that you post by hand.'),
    el('fieldset', { class: 'stack tight' }, el('legend', { class: 'unseen' }, 'When you post'),
      WAYS.map(([word, label]) => el('label', { class: 'check' }, el('input', {
        type: 'radio', name: 'way', value: word, checked: way === word, onchange: () => keepSendingWay({ way: word }),
      }), el('span', {}, label)))),
    el('label', { class: 'check' }, leaves, el('span', {}, 'Post at once if I leave the page during the 10 seconds')));
}

const serverCard = ({ version, timestamp }) => card('Server', el('dl', { class: 'facts' },
  el('dt', {}, 'Version'), el('dd', {}, version),
  el('dt', {}, 'Server time'), el('dd', {}, dateTime(timestamp)),
  el('dt', {}, 'Your zone'), el('dd', {}, zone),
  el('dt', {}, 'API'), el('dd', {}, el('code', {}, new URL(here(), document.baseURI).href)),
  el('dt', {}, 'Documentation'), el('dd', {}, el('a', { href: 'docs/' }, 'API reference'))));

const deviceCard = () => card('This device',
  el('label', { class: 'check' }, el('input', {
    type: 'checkbox', checked: heedsKeys(), onchange: ({ target }) => heedKeys(target.checked),
  }), el('span', {}, 'Keyboard shortcuts (press ? to see them)')));

/** Shows the view. */
export async function show(main, { signal }) {
  async function draw() {
    const [on, health] = await Promise.all([readMock(), get('health', {}, signal)]);
    if (signal.aborted) return;
    renew(main, viewHead('Settings', 'Settings for this dashboard. Server settings are in .env.'),
      el('div', { class: 'columns two' }, mockCard(on, draw), sendingCard(), keyCard(), deviceCard(), serverCard(health)));
  }
  await draw();
  return draw;
}
