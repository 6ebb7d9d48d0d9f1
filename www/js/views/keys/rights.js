// What a key may do, and for which accounts: as the form of a key asks.
import { el, newId, put } from '../../dom.js';
import { localDay } from '../../local-day.js';
import { field } from '../../pieces.js';
import { scopeNames, scopeWords } from '../../words.js';
import { accountPicker } from '../compose/picker.js';
import { words as all } from './words.js';

const words = all.form;

/** What the choices by name tick. */
const PRESETS = {
  read: ['read'], publish: ['read', 'write', 'publish'], tick: ['tick'], everything: ['admin'],
};

const MOST = 100; // accounts that a key can be confined to

const same = (some, others) => some.length === others.length
  && some.every((each) => others.includes(each));

/** The choice by name that stands for these scopes. */
const presetOf = (scopes) => Object.keys(PRESETS)
  .find((name) => same(PRESETS[name], scopes)) ?? 'other';

/** A group of controls with its name, and a place for what is wrong with it: { node, said }. */
export function group(label, ...children) {
  const said = el('p', { class: 'wrong', id: newId('wrong'), role: 'alert' });
  const node = el('fieldset', { class: 'stack tight', 'aria-describedby': said.id },
    el('legend', {}, label), ...children, said);
  return { node, said };
}

/** A radio button or a box, with a line on what it means. */
export const choice = (attributes, label, hint) => el('label', { class: 'check choice' },
  el('input', attributes), el('span', {}, label, hint && el('span', { class: 'hint' }, hint)));

/** What “Everything” brings with it. */
const ticked = (scopes, name) => scopes.includes(name) || scopes.includes('admin');

/**
 * The boxes of what it may do, and the choices by name: { nodes, said, value() };
 * `onchange(scopes)` is called for each change.
 */
export function rights(begin, onchange) {
  let scopes = begin.includes('admin') ? ['admin'] : begin;
  const presets = [...Object.keys(PRESETS), 'other'].map((name) => choice({
    type: 'radio', name: 'preset', value: name, onchange: () => set(PRESETS[name] ?? scopes),
  }, words.presets[name]));
  const boxes = scopeNames.map((name) => choice({
    type: 'checkbox', name: 'scope', value: name, onchange: pick,
  }, scopeWords(name).label, scopeWords(name).opens));
  const inputs = boxes.map(({ firstChild }) => firstChild);
  const note = el('p', { class: 'hint' }, words.tickNotWhole);
  const what = group(words.scopes, boxes, note);

  function draw(preset) {
    for (const { firstChild: radio } of presets) radio.checked = radio.value === preset;
    for (const box of inputs) {
      box.checked = ticked(scopes, box.value);
      box.disabled = box.value !== 'admin' && scopes.includes('admin');
    }
    note.hidden = !same(scopes, PRESETS.tick);
  }

  function set(some) {
    scopes = some;
    draw(presetOf(scopes));
    onchange(scopes);
  }

  function pick({ target }) {
    const some = inputs.filter(({ checked, disabled }) => checked && !disabled)
      .map(({ value }) => value);
    // Without “Everything” its boxes are as if nothing had been ticked.
    if (target.value === 'admin') set(target.checked ? ['admin'] : []);
    else set(some);
  }

  draw(presetOf(scopes));
  return {
    nodes: [group(words.preset, el('div', { class: 'row presets' }, presets)).node, what.node],
    said: what.said, first: inputs[0], value: () => scopes,
  };
}

/** For which accounts: { node, said, first, draw(scopes), missing(), value() }; null: for all. */
export function confinement({ accounts, begin, signal, onchange }) {
  const known = accounts.map(({ id }) => id);
  // One that is gone stays named, so that a change of something else does not widen the key.
  const gone = (begin ?? []).filter((id) => !known.includes(id));
  const picker = accountPicker({ accounts, chosen: begin ?? [], signal, onchange });
  let isWhole = false;
  const radio = (value, label) => choice({
    type: 'radio', name: 'accounts', value, checked: (begin === null) === (value === 'all'),
    onchange: draw,
  }, label);
  const [whole, some] = [radio('all', words.all), radio('some', words.some)];
  const always = el('p', { class: 'hint' }, words.always);
  const { node, said } = group(words.accounts, always, whole, some, picker.node);
  const isSome = () => some.firstChild.checked && !isWhole;

  const value = () => (isSome() && !node.hidden ? [...gone, ...picker.chosen()] : null);

  function draw() {
    always.hidden = !isWhole;
    whole.hidden = some.hidden = isWhole;
    picker.node.hidden = !isSome();
    onchange();
  }

  return {
    node, said, first: some.firstChild,
    draw(scopes) {
      isWhole = scopes.includes('admin');
      node.hidden = same(scopes, PRESETS.tick);
      draw();
    },
    value,
    missing() {
      const n = value()?.length ?? 1;
      return (n === 0 && words.noAccount) || (n > MOST && words.tooMany(MOST)) || '';
    },
  };
}

/** The last day on which something that ends then still works, in the person's zone. */
const lastDay = (iso) => localDay(new Date(new Date(iso) - 1000));

/** The end of that day. */
function endOf(day) {
  const [year, month, date] = day.split('-').map(Number);
  return new Date(year, month - 1, date + 1);
}

/** Until when: { node, said, first, missing(), value() }; value() is RFC 3339 or null. */
export function expiry({ begin, tell, onchange }) {
  const input = el('input', {
    type: 'date', min: localDay(new Date()), value: begin ? lastDay(begin) : '',
    oninput: draw,
  });
  const first = input.value;
  const radio = (value, label) => choice({
    type: 'radio', name: 'expires', value, checked: (begin === null) === (value === 'never'),
    onchange: draw,
  }, label);
  const [never, on] = [radio('never', words.never), radio('on', words.on)];
  const hint = el('p', { class: 'hint' });
  const day = el('div', { class: 'inset' }, field(words.day, input), hint);
  const { node, said } = group(words.expires, never, on, day);
  const isOn = () => on.firstChild.checked;

  /** As it was, where its day is: its hour need not be the end of a day here. */
  function value() {
    if (!isOn() || !input.value) return null;
    if (begin && input.value === first) return begin;
    return `${endOf(input.value).toISOString().slice(0, 19)}Z`;
  }

  function draw() {
    day.hidden = !isOn();
    put(hint, value() && words.dayHint(tell(value())));
    onchange();
  }

  draw();
  return {
    node, said, first: input, value,
    missing: () => (isOn() && !input.value ? words.noDay : ''),
  };
}
