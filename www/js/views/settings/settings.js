// Settings: mock mode, the key on this device, the server.
import { get } from '../../api.js';
import { here } from '../../base.js';
import { confirm } from '../../dialog.js';
import { el } from '../../dom.js';
import { dateTime, zone } from '../../format.js';
import { forgetKey, isRemembered } from '../../key.js';
import { heedKeys, heedsKeys } from '../../keys.js';
import { linkButton } from '../../linking.js';
import { bad, good } from '../../notice.js';
import { badge, button, card, viewHead } from '../../pieces.js';
import { renew } from '../../renew.js';
import { refresh } from '../../router.js';
import { readMock, switchMock } from '../../store.js';
import { keepSendingWay, sendingWay } from '../../undo.js';
import { viewTitles, words as shared } from '../../words.js';
import { forgetKept } from '../compose-keep.js';
import { words } from './words.js';

async function change(on) {
  const { ask, means, apart, action, isOn, isOff } = words.mock;
  const sure = on || await confirm({
    title: ask, body: [el('p', {}, means), el('p', { class: 'soft' }, apart)], action,
  });
  if (!sure) return;
  try {
    await switchMock(on);
    good(on ? isOn : isOff);
    await refresh();
  } catch (error) {
    bad(error);
  }
}

function mockCard(on) {
  const { title, on: isOn, off, onMeans, offMeans, turnOn, turnOff } = words.mock;
  return card(title,
    el('p', {}, on ? badge(isOn, 'warn') : badge(off, 'good'), ' ', on ? onMeans : offMeans),
    el('div', { class: 'row' },
      button(on ? turnOff : turnOn, () => change(!on), { kind: on ? 'main' : '' }),
      linkButton(shared.buttons.link)));
}

function forget() {
  forgetKey();
  forgetKept();
  location.hash = '';
  location.reload();
}

const keyCard = () => card(words.key.title,
  el('p', {}, isRemembered() ? words.key.remembered : words.key.forTab),
  el('div', { class: 'row' }, button(words.key.forget, forget)));

/** How this device posts; each choice holds as soon as it is made. */
function sendingCard() {
  const { title, hint, ways, leave: label } = words.sending;
  const { way, leave } = sendingWay();
  const leaves = el('input', {
    type: 'checkbox', checked: leave, onchange: () => keepSendingWay({ leave: leaves.checked }),
  });
  const choice = ([value, text]) => el('label', { class: 'check' }, el('input', {
    type: 'radio', name: 'way', value, checked: way === value,
    onchange: () => keepSendingWay({ way: value }),
  }), el('span', {}, text));
  return card(title, el('p', { class: 'soft' }, hint),
    el('fieldset', { class: 'stack tight' },
      el('legend', { class: 'unseen' }, title), ways.map(choice)),
    el('label', { class: 'check' }, leaves, el('span', {}, label)));
}

function serverCard({ version, timestamp }) {
  const { title, version: name, time, zone: yours, api, docs, reference } = words.server;
  return card(title, el('dl', { class: 'facts' },
    el('dt', {}, name), el('dd', {}, version),
    el('dt', {}, time), el('dd', {}, dateTime(timestamp)),
    el('dt', {}, yours), el('dd', {}, zone),
    el('dt', {}, api), el('dd', {}, el('code', {}, new URL(here(), document.baseURI).href)),
    el('dt', {}, docs), el('dd', {}, el('a', { href: 'docs/' }, reference))));
}

/** What static programs contain, and how old it is. */
function librariesCard({ libraries, libraries_day: newestOn, libraries_old: isOld }) {
  const { title, system, newest, old } = words.libraries;
  const told = newestOn === null ? system : (isOld ? old : newest)(newestOn);
  return card(title, el('p', { class: 'soft' }, told),
    el('dl', { class: 'facts' }, libraries.flatMap(({ name, version }) => [
      el('dt', {}, name), el('dd', {}, version)])));
}

const deviceCard = () => card(words.device.title,
  el('label', { class: 'check' }, el('input', {
    type: 'checkbox', checked: heedsKeys(), onchange: ({ target }) => heedKeys(target.checked),
  }), el('span', {}, words.device.keys)));

/** Shows the view. */
export async function show(main, { signal }) {
  async function draw() {
    const [on, health, libraries] = await Promise.all([readMock(), get('health', {}, signal),
      get('health/libraries', {}, signal)]);
    if (signal.aborted) return;
    renew(main, viewHead(viewTitles.settings, words.lead), el('div', { class: 'columns two' },
      mockCard(on), sendingCard(), keyCard(), deviceCard(), serverCard(health),
      librariesCard(libraries)));
  }
  await draw();
  return draw;
}
