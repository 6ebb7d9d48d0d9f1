// The form of a key, to make one and to change one.
import { ownKey } from '../../access.js';
import { patch, post } from '../../api.js';
import { openDialog } from '../../dialog.js';
import { el, newId, put } from '../../dom.js';
import { dateTime } from '../../format.js';
import { box, button, errorBox, field, sentence } from '../../pieces.js';
import { keyName, words as shared } from '../../words.js';
import { confinement, expiry, rights } from './rights.js';
import { words as all } from './words.js';

const words = all.form;
const NEW = { id: 0, name: '', scopes: ['read'], account_ids: null, expires_at: null };

/** The field for the name, with a place for what is wrong with it. */
function nameField(value, oninput) {
  const input = el('input', {
    type: 'text', value: value ?? '', maxlength: 100, autocomplete: 'off', name: 'key-name',
    autofocus: true, oninput,
  });
  const said = el('p', { class: 'wrong', id: newId('wrong'), role: 'alert' });
  const node = field(words.name, input, words.nameHint);
  input.setAttribute('aria-describedby', `${input.getAttribute('aria-describedby')} ${said.id}`);
  node.append(said);
  return { node, said, first: input, value: () => input.value.trim() };
}

/** The parts by the member of the request that each is for. */
function partsOf(key, accounts, signal, onchange) {
  const parts = {
    name: nameField(key.name, onchange),
    account_ids: confinement({ accounts, begin: key.account_ids, signal, onchange }),
    expires_at: expiry({ begin: key.expires_at, tell: dateTime, onchange }),
  };
  parts.scopes = rights(key.scopes, (scopes) => {
    parts.account_ids.draw(scopes);
    onchange();
  });
  parts.account_ids.draw(key.scopes);
  return parts;
}

const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

/** What differs from the key as it is; of a new one what is to be said. */
function changesOf(key, parts) {
  const was = { ...key, scopes: key.scopes.includes('admin') ? ['admin'] : key.scopes };
  const given = Object.entries(parts).map(([name, part]) => [name, part.value()]);
  const sorted = (value) => (Array.isArray(value) ? [...value].sort() : value);
  const differ = given.filter(([name, value]) => (
    key.id ? !same(sorted(value), sorted(was[name] ?? (name === 'name' ? '' : null)))
      : value !== null));
  return Object.fromEntries(differ);
}

/** Shows each fault at what it is about; true where none is left over. */
function tellFaults(parts, errors) {
  const at = ({ pointer }) => parts[pointer?.split('/')[1]];
  const mine = errors.filter(at);
  for (const fault of mine) put(at(fault).said, sentence(fault.detail));
  for (const { first, said } of Object.values(parts)) {
    // A radio button cannot be called invalid: its group's words say it.
    if (said.textContent && first.type !== 'radio') first.setAttribute('aria-invalid', 'true');
  }
  if (mine.length > 0) at(mine[0]).first.focus();
  return mine.length > 0 && mine.length === errors.length;
}

function forgetFaults(parts, trouble) {
  put(trouble);
  for (const { first, said } of Object.values(parts)) {
    put(said);
    first.removeAttribute('aria-invalid');
  }
}

/** What is missing, as the server would say it. */
const missing = (parts) => Object.entries(parts)
  .map(([name, part]) => ({ pointer: `/${name}`, detail: part.missing?.() }))
  .filter(({ detail }) => detail);

/** Sends what is filled in: { key } of the answer, or { error }. */
async function send(key, parts) {
  try {
    const errors = missing(parts);
    if (errors.length > 0) return { error: { errors } };
    const body = changesOf(key, parts);
    // What is answered holds the key itself: the server keeps no answer to give again.
    return { key: await (key.id ? patch(`keys/${key.id}`, body)
      : post('keys', body, { once: null })) };
  } catch (error) {
    return { error };
  }
}

/**
 * Asks for a new key, or for what should be changed of `key`; gives the server's
 * answer, or undefined where the person thought better of it.
 */
export function keyForm(accounts, key = NEW) {
  const leave = new AbortController();
  const title = key.id ? words.changeTitle(keyName(key)) : words.makeTitle;
  return openDialog(title, (close, dialog) => {
    const trouble = el('div', {});
    const save = el('button', { class: 'button main', form: newId('form') },
      key.id ? words.save : words.make);
    let parts = null;
    const check = () => {
      save.disabled = key.id > 0 && parts !== null && missing(parts).length === 0
        && Object.keys(changesOf(key, parts)).length === 0;
    };
    parts = partsOf(key, accounts, leave.signal, check);
    const onsubmit = async (event) => {
      event.preventDefault();
      forgetFaults(parts, trouble);
      save.classList.add('busy');
      const { key: answer, error } = await send(key, parts);
      save.classList.remove('busy');
      if (answer) close(answer);
      else if (!tellFaults(parts, error.errors ?? [])) put(trouble, errorBox(error));
    };
    check();
    dialog.addEventListener('close', () => leave.abort());
    return {
      body: el('form', {
        class: 'stack', id: save.getAttribute('form'), novalidate: true, onsubmit,
      },
      key.id === ownKey().id && box('warn', el('p', {}, words.own)),
      parts.name.node, parts.scopes.nodes, parts.account_ids.node, parts.expires_at.node,
      trouble),
      actions: [button(shared.buttons.cancel, () => close()), save],
    };
  }, { wide: true });
}
