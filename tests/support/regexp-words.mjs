// All texts that a regular expression without * and + takes, in the order in
// which it would try them: [{ units, unless }], unless being the unit that must
// not follow. Knows what the emoji expression of twemoji-parser uses.

/** A reader of one expression's source. */
class Reader {
  constructor(source) {
    this.source = source;
    this.at = 0;
  }

  peek(text) {
    return this.source.startsWith(text, this.at);
  }

  skip(text) {
    const found = this.peek(text);
    if (found) this.at += text.length;
    return found;
  }

  need(text) {
    if (!this.skip(text)) throw new Error(`${text} wanted at ${this.at}`);
  }

  /** One unit, escaped or plain. */
  unit() {
    if (this.skip('\\u')) {
      this.at += 4;
      return parseInt(this.source.slice(this.at - 4, this.at), 16);
    }
    if (this.peek('\\')) throw new Error(`an escape at ${this.at}`);
    return this.source.charCodeAt(this.at++);
  }

  charClass() {
    const words = [];
    while (!this.skip(']')) {
      const first = this.unit();
      const last = this.skip('-') ? this.unit() : first;
      for (let unit = first; unit <= last; unit++) words.push({ units: [unit] });
    }
    return words;
  }

  item() {
    if (this.skip('(?!')) {
      const unless = this.unit();
      this.need(')');
      return [{ units: [], unless }];
    }
    if (this.skip('(?:') || this.skip('(')) {
      const words = this.choice();
      this.need(')');
      return words;
    }
    if (this.skip('[')) return this.charClass();
    return [{ units: [this.unit()] }];
  }

  sequence() {
    let words = [{ units: [] }];
    while (this.at < this.source.length && !this.peek('|') && !this.peek(')')) {
      const some = this.item();
      if (this.skip('?')) some.push({ units: [] });
      words = words.flatMap((head) => some.map((tail) => join(head, tail)));
    }
    return words;
  }

  choice() {
    const words = this.sequence();
    while (this.skip('|')) words.push(...this.sequence());
    return words;
  }
}

/** What must not follow the head is answered by a tail that is not empty. */
function join(head, tail) {
  if (head.unless !== undefined && tail.units.length > 0 && tail.units[0] === head.unless)
    throw new Error('a word that can never be');
  return {
    units: [...head.units, ...tail.units],
    unless: tail.unless ?? (tail.units.length > 0 ? undefined : head.unless),
  };
}

export function parseExpression(source) {
  const reader = new Reader(source);
  const words = reader.choice();
  if (reader.at !== source.length) throw new Error(`nothing known at ${reader.at}`);
  return words;
}
