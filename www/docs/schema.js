// Schemas of the description, as people read them: a row for each member.

import { words as said } from './words.js';

const DEEP = 5;

/** What "#/components/schemas/Tweet" means in the description. */
export function resolve(description, thing) {
  let found = thing;
  while (found?.$ref) {
    found = found.$ref.slice(2).split('/').reduce((part, name) => part?.[name], description);
  }
  return found ?? {};
}

/** One schema for those that must all hold. */
function merged(description, schema) {
  const one = resolve(description, schema);
  if (!one.allOf) return one;
  return one.allOf.map((each) => merged(description, each)).reduce((all, each) => ({
    ...all, ...each,
    required: [...all.required ?? [], ...each.required ?? []],
    properties: { ...all.properties, ...each.properties },
  }), { ...one, allOf: undefined });
}

const FORMATS = { 'date-time': 'time', int64: '', uri: 'URL' };

function bounds({ minimum, maximum, minLength, maxLength, minItems, maxItems }) {
  const [least, most] = [minimum ?? minLength ?? minItems, maximum ?? maxLength ?? maxItems];
  const unit = minLength ?? maxLength ? ' characters' : '';
  if (least !== undefined && most !== undefined) return `${least} to ${most}${unit}`;
  if (least !== undefined) return `from ${least}${unit}`;
  return most === undefined ? '' : `up to ${most}${unit}`;
}

const choices = ({ anyOf, oneOf }) => anyOf ?? oneOf;

/** The type in words: "integer, 1 to 50", "string: pending, posted or failed". */
export function typeWords(description, schema) {
  const one = merged(description, schema);
  const several = choices(one);
  if (several && !one.properties) {
    return several.map((each) => typeWords(description, each)).join(' or ');
  }
  if (one.const !== undefined) return JSON.stringify(one.const);
  const types = [one.type ?? (one.properties ? 'object' : 'any')].flat()
    .filter((type) => type !== 'null' || one.type.length === 1);
  const nullable = [one.type].flat().includes('null') && types[0] !== 'null' ? ' or null' : '';
  const words = types.map((type) => (type === 'array' && one.items
    ? `array of ${typeWords(description, one.items)}` : FORMATS[one.format] || type)).join(' or ');
  const values = one.enum?.length <= 12 ? `: ${one.enum.map(String).join(', ')}` : '';
  return [words + nullable + values, bounds(one)].filter(Boolean).join(', ');
}

/** Whether a member must be there: "required", "optional", or "one of text, draft". */
function need({ required = [], ...one }, key) {
  if (required.includes(key)) return said.required;
  const either = (choices(one) ?? []).flatMap((each) => each.required ?? []);
  return either.includes(key) ? said.oneOf(either) : said.optional;
}

/** Rows { name, type, need, words } of a schema's members, and of theirs. */
export function rowsOf(description, schema, within = '', depth = 0) {
  const one = merged(description, schema);
  if (depth > DEEP) return [];
  if (one.items) return rowsOf(description, one.items, `${within}[]`, depth + 1);
  const rows = [...ownRows(description, one, within, depth),
    ...(choices(one) ?? []).flatMap((each) => rowsOf(description, each, within, depth + 1))];
  return rows.filter((row, i) => rows.findIndex(({ name }) => name === row.name) === i);
}

function ownRows(description, one, within, depth) {
  return Object.entries(one.properties ?? {}).flatMap(([key, member]) => {
    const name = within ? `${within}.${key}` : key;
    return [{
      name, type: typeWords(description, member), need: need(one, key),
      words: member.description ?? resolve(description, member).description ?? '',
    }, ...rowsOf(description, member, name, depth + 1)];
  });
}
