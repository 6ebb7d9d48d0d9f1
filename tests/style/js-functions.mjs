// Names functions of JavaScript that are too long or too complex, as pmccabe and
// ctags do for C: js-functions.mjs LINES COMPLEXITY FILE…
//
// A function's lines are those from its parameters' first to its body's last,
// with the functions within it, arrow functions too, be their body a block or an
// expression. Its complexity is 1 and 1 more for each if, for, while, case,
// catch, &&, ||, ?? and ?: of its own; those of a function within count there.

import { readFileSync } from 'node:fs';

const TOKEN = new RegExp([
  String.raw`(?<blank>\s+|\/\/.*|\/\*[^]*?\*\/)`,
  String.raw`(?<text>'(?:\\[^]|[^'\\])*'|"(?:\\[^]|[^"\\])*")`,
  String.raw`(?<word>[#\p{ID_Start}$_][\p{ID_Continue}$]*)`,
  String.raw`(?<number>\.?\d[\w.]*)`,
  String.raw`(?<mark>=>|&&|\|\||\?\?|\?\.(?!\d)|[^])`,
].join('|'), 'uy');
const REGEX = /\/(?:\\.|\[(?:\\.|[^\]\\])*\]|[^/\\[])+\/[a-z]*/y;
const BEFORE_REGEX = /^(?:[^\w$)\]}]|=>|&&|\|\||\?\?|return|typeof|case|in|of|do|else|void|await|yield)$/;
const NO_METHOD = new Set(['if', 'for', 'while', 'switch', 'catch', 'with', 'await', 'return']);
const COUNTED = new Set(['if', 'for', 'while', 'case', 'catch', '&&', '||', '??', '?']);
const OPENS = new Set(['(', '[', '{', '${']);
const CLOSES = new Set([')', ']', '}', '$}']);

/** The tokens that mean something: [{ is, line }]; a text in quotes is "''". */
function tokensOf(source) {
  const tokens = [];
  let at = 0;
  let line = 1;
  const open = []; // brackets; "${" where a text in backquotes goes on behind it

  function take(is, end) {
    if (is) tokens.push({ is, line });
    line += source.slice(at, end).split('\n').length - 1;
    at = end;
  }

  /** The part of a text in backquotes up to its end or the next "${". */
  function template() {
    const part = /(?:\\[^]|\$(?!\{)|[^`\\$])*(`|\$\{)/y;
    part.lastIndex = at + 1;
    const [, end] = part.exec(source);
    take(end === '`' ? "''" : '${', part.lastIndex);
    if (end !== '`') open.push('${');
  }

  while (at < source.length) {
    TOKEN.lastIndex = REGEX.lastIndex = at;
    const { groups: { blank, text, word, number, mark } } = TOKEN.exec(source);
    const before = tokens.at(-1)?.is ?? ';';
    if (mark === '`') template();
    else if (mark === '/' && BEFORE_REGEX.test(before) && REGEX.test(source)) take("''", REGEX.lastIndex);
    else if (mark === '}' && open.at(-1) === '${') {
      open.pop();
      take('$}', at);
      template();
    } else {
      if ('([{'.includes(mark ?? ' ')) open.push(mark);
      if (')]}'.includes(mark ?? ' ')) open.pop();
      take(blank ? '' : text ? "''" : number ?? word ?? mark, TOKEN.lastIndex);
    }
  }
  return tokens;
}

/** For each bracket the place of the other of its pair. */
function pairsOf(tokens) {
  const pairs = new Map();
  const open = [];
  tokens.forEach(({ is }, i) => {
    if (OPENS.has(is)) open.push(i);
    if (!CLOSES.has(is)) return;
    const from = open.pop();
    pairs.set(from, i).set(i, from);
  });
  return pairs;
}

/** Where an arrow function's expression ends that begins at `i`. */
function endOfExpression(tokens, pairs, i) {
  while (i < tokens.length && ![',', ';'].includes(tokens[i].is) && !CLOSES.has(tokens[i].is)) {
    i = (OPENS.has(tokens[i].is) ? pairs.get(i) : i) + 1;
  }
  return i - 1;
}

/** Where the parameters and the name begin of the function whose body begins at `i`; -1: it is no body. */
function startOf(tokens, pairs, i) {
  const before = tokens[i - 1];
  if (before?.is === '=>') return tokens[i - 2].is === ')' ? pairs.get(i - 2) : i - 2;
  if (tokens[i].is !== '{' || before?.is !== ')') return -1;
  const name = pairs.get(i - 1) - 1;
  const { is } = tokens[name] ?? { is: '' };
  return NO_METHOD.has(is) || !/^[\w$#\]*]+$/.test(is) ? -1 : name;
}

/** What a function is called, as far as that is near. */
function nameAt(tokens, i) {
  const back = tokens[i - 1]?.is === 'async' ? i - 1 : i;
  if (/^[\w$#]+$/.test(tokens[i].is) && tokens[i + 1].is === '(') return tokens[i].is;
  return ['=', ':'].includes(tokens[back - 1]?.is) ? tokens[back - 2].is : '=>';
}

/** [{ name, line, lines, complexity }] of a file. */
function functionsOf(source) {
  const tokens = tokensOf(source);
  const pairs = pairsOf(tokens);
  const found = [];
  tokens.forEach((token, i) => {
    const isBlock = token.is === '{';
    if (!isBlock && tokens[i - 1]?.is !== '=>') return;
    const start = startOf(tokens, pairs, i);
    if (start < 0) return;
    const end = isBlock ? pairs.get(i) : endOfExpression(tokens, pairs, i);
    const { line } = tokens[start];
    found.push({
      name: nameAt(tokens, start), line, lines: tokens[end].line - line + 1, complexity: 1, from: i, to: end,
    });
  });
  tokens.forEach(({ is }, i) => {
    if (!COUNTED.has(is)) return;
    const own = found.findLast(({ from, to }) => from <= i && i <= to);
    if (own) own.complexity += 1;
  });
  return found;
}

const [lines, complexity, ...files] = process.argv.slice(2);
for (const file of files) {
  for (const each of functionsOf(readFileSync(file, 'utf8'))) {
    const where = `${file}:${each.line} ${each.name}`;
    if (each.lines > lines) console.log(`${where} ${each.lines} lines`);
    if (each.complexity > complexity) console.log(`${where} complexity ${each.complexity}`);
  }
}
