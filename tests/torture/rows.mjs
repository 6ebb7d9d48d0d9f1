// All rows of a database, as text that is the same for the same content at
// another time.

import assert from 'node:assert/strict';

import { db, quote } from '../support/instance.mjs';

// A time, ours or X's, is a time; what is drawn by lot or sealed (columns in
// `varying`) is there or not.
const TIME = "GLOB '[12][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]*'";

const shown = (varying) => ({ table, name }) => (varying.has(`${table}.${name}`)
  ? `${name} IS NULL` : `CASE WHEN ${name} ${TIME} THEN 'time' ELSE ${name} END`);

export class Rows {
  /** For databases with the schema of the one at `path`. */
  static async of(path) {
    const columns = await db(path, `SELECT m.name AS "table", c.name FROM sqlite_master m,
      pragma_table_info(m.name) c WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%'`);
    return new Rows(columns);
  }

  constructor(columns, varying = new Set()) {
    Object.assign(this, { columns, varying });
    const tables = [...new Set(columns.map(({ table }) => table))];
    const rows = tables.map((table) => {
      const list = columns.filter((column) => column.table === table).map(shown(varying));
      return `SELECT ${quote(table)} AS tbl, json_array(${list.join(', ')}) AS row FROM ${table}`;
    });
    this.sql = `SELECT tbl, row FROM (${rows.join(' UNION ALL ')}) UNION ALL
      SELECT 'integrity', integrity_check FROM pragma_integrity_check ORDER BY 1, 2`;
  }

  /** The rows, a line each: "table [values]". */
  async read(path) {
    const lines = (await db(path, this.sql)).map(({ tbl, row }) => `${tbl} ${row}`);
    assert.ok(lines.includes('integrity ok'), lines.filter((l) => /^integ/.test(l)).join('\n'));
    return lines;
  }

  /** The same without what differs between two readings of the same content. */
  async without(path, other) {
    const varying = new Set(this.varying);
    for (const { table, name } of this.columns) {
      const sql = `SELECT group_concat(${shown(varying)({ table, name })}) AS v FROM ${table}`;
      const [[one], [two]] = await Promise.all([db(path, sql), db(other, sql)]);
      if (one.v !== two.v) varying.add(`${table}.${name}`);
    }
    return new Rows(this.columns, varying);
  }
}

/** What one has and the other lacks, for a person; "": nothing. */
export function difference(before, now) {
  const left = [...now];
  const gone = before.filter((line) => {
    const at = left.indexOf(line);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
  return [...gone.map((line) => `- ${line}`), ...left.map((line) => `+ ${line}`)].join('\n');
}
