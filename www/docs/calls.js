// The API's reference: a page over the description that this installation
// serves, which needs nothing but the browser.

import { el, put } from '../js/dom.js';
import { fetchDescription, placed, root, say } from './description.js';
import { resolve, rowsOf, typeWords } from './schema.js';
import { words } from './words.js';

const METHODS = ['get', 'post', 'put', 'patch', 'delete'];
const place = document.querySelector('#reference');
let description;

/** A text with `code` between backquotes. */
const inline = (text) => text.split('`').map((part, i) => (i % 2 ? el('code', {}, part) : part));

/** Paragraphs and "- " lists. */
const prose = (text = '') => text.split(/\n\n+/).filter(Boolean).map((part) => {
  if (!/^- /.test(part)) return el('p', {}, inline(part));
  const points = part.split(/\n?^- /m).filter(Boolean);
  return el('ul', { class: 'points' }, points.map((point) => el('li', {}, inline(point))));
});

const example = (value) => el('pre', { tabindex: '0' }, el('code', {},
  typeof value === 'string' ? value : JSON.stringify(value, null, 2)));

function table(name, heads, rows) {
  if (rows.length === 0) return null;
  const row = (cells) => el('tr', {}, cells.map((cell) => el('td', {}, cell)));
  return el('div', { class: 'wide', tabindex: '0', role: 'group', 'aria-label': name },
    el('table', {},
      el('thead', {}, el('tr', {}, heads.map((head) => el('th', { scope: 'col' }, head)))),
      el('tbody', {}, rows.map(row))));
}

const must = (required) => (required ? words.required : words.optional);

const memberTable = (name, schema, asked) => table(name,
  asked ? words.memberColumns : words.memberColumns.filter((_, i) => i !== 2),
  rowsOf(description, schema).map((row) => [el('code', {}, row.name), row.type,
    ...asked ? [row.need] : [], inline(row.words)]));

const entries = (things) => Object.entries(things ?? {})
  .map(([key, thing]) => [key, resolve(description, thing)]);

function bodyPart(body) {
  return entries(resolve(description, body).content).map(([type, content]) => [
    el('h3', {}, words.body, ' ', el('code', {}, type)),
    memberTable(words.body, content.schema ?? {}, true),
    content.example !== undefined && example(content.example),
  ]);
}

function responsePart([status, response]) {
  return el('section', { class: 'reply' },
    el('h4', {}, el('span', { class: `status s${status[0]}` }, status)),
    prose(response.description),
    table(words.headersOf(status), words.headerColumns, entries(response.headers)
      .map(([name, header]) => [el('code', {}, name), inline(header.description ?? '')])),
    entries(response.content).map(([type, content]) => [
      type !== 'application/json' && el('p', {}, words.as, el('code', {}, type)),
      status < 400 && memberTable(words.membersOf(status), content.schema ?? {}),
      content.example !== undefined
        && el('details', {}, el('summary', {}, words.example), example(content.example)),
    ]));
}

function curl(method, path, operation, open) {
  const content = entries(resolve(description, operation.requestBody ?? {}).content)[0];
  const words = ['curl'];
  if (method !== 'get') words.push(`-X ${method.toUpperCase()}`);
  if (!open) words.push('-H "X-API-Key: $key"');
  if (content?.[1].example !== undefined) {
    words.push(`-H 'Content-Type: ${content[0]}'`,
      `-d '${JSON.stringify(content[1].example).replaceAll("'", String.raw`'\''`)}'`);
  } else if (method === 'post') words.push("-d ''");
  const url = root.href.replace(/\/$/, '') + placed(path).replace(/\{(\w+)\}/g, '1');
  return example([...words, url].join(' \\\n  '));
}

function callPart({ method, path, operation, parameters }) {
  const security = operation.security ?? description.security ?? [];
  const open = security.length === 0;
  return el('details', { class: 'call', id: operation.operationId },
    el('summary', {}, el('span', { class: `method ${method}` }, method.toUpperCase()), ' ',
      el('code', {}, placed(path)), ' ', el('span', {}, operation.summary)),
    el('div', { class: 'within' },
      prose(operation.description),
      open && el('p', {}, words.open),
      parameters.length > 0 && el('h3', {}, words.parameters),
      table(words.parameters, words.parameterColumns, parameters.map((one) => [
        el('code', {}, one.name), one.in, typeWords(description, one.schema ?? {}),
        must(one.required), inline(one.description ?? '')])),
      operation.requestBody && bodyPart(operation.requestBody),
      el('h3', {}, words.tryIt), curl(method, path, operation, open),
      el('h3', {}, words.responses), entries(operation.responses).map(responsePart)));
}

/** All calls, in the description's order. */
const calls = () => Object.entries(description.paths).flatMap(([path, item]) => METHODS
  .filter((method) => item[method])
  .map((method) => ({
    method, path, operation: item[method],
    parameters: [...item.parameters ?? [], ...item[method].parameters ?? []]
      .map((one) => resolve(description, one)),
  })));

function openNamed() {
  const named = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (named?.tagName !== 'DETAILS') return;
  named.open = true;
  named.scrollIntoView();
}

function show() {
  const { info, components, tags = [] } = description;
  const all = calls();
  const keys = Object.values(components.securitySchemes ?? {})
    .map(({ name = 'Authorization: Bearer', in: where = 'header', description: meaning = '' }) =>
      [el('code', {}, name), where, inline(meaning)]);
  put(place,
    el('section', { class: 'intro' },
      el('h2', {}, `${info.title} ${info.version}`), prose(info.description),
      table(words.key, words.keyColumns, keys)),
    el('nav', { class: 'groups', 'aria-label': words.groups },
      tags.map(({ name }) => el('a', { href: `#group-${name}` }, name))),
    tags.map(({ name, description: about }) => el('section', { class: 'group' },
      el('h2', { id: `group-${name}` }, name), el('p', {}, about),
      all.filter(({ operation }) => operation.tags?.includes(name)).map(callPart))));
  // Whoever opens one gets its address.
  place.addEventListener('toggle', ({ target }) => {
    if (target.open && target.id) history.replaceState(null, '', `#${target.id}`);
  }, true);
  openNamed();
}

addEventListener('hashchange', openNamed);
try {
  description = await fetchDescription();
  show();
} catch (fault) {
  say(place, fault);
}
