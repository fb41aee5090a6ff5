import { MAX_PARAMETERS } from "../platform/d1-limits.ts";
import { packJson } from "../platform/pack-json.ts";
import type { Sql } from "../platform/sql.ts";

type Value = string | number | null;

/** From this many rows on, a value that all of them share travels once. */
const MANY_ROWS = 50;

/** As many characters, in few values, are bound as they are: cheaper than JSON to be taken apart; packJson judges long rows. */
const MOST_CHARACTERS = 100_000;

/** The texts that insert a few rows, by the list of the columns, which mostly is a constant of its module. */
const inserts = new WeakMap<readonly string[], Map<string, string>>();

/** The text that inserts so many rows. */
function insertText(table: string, columns: readonly string[], count: number, orNothing: string): string {
  const texts = inserts.get(columns) ?? new Map<string, string>();
  inserts.set(columns, texts);
  const name = `${table} ${count}${orNothing}`;
  const known = texts.get(name);
  if (known !== undefined) return known;
  const tuple = `(${columns.map(() => "?").join(", ")})`;
  const values = Array.from({ length: count }, () => tuple).join(", ");
  const made = `INSERT INTO ${table} (${columns.join(", ")}) VALUES ${values}${orNothing}`;
  texts.set(name, made);
  return made;
}

/**
 * Inserts rows given in the order of the columns; a statement carries up to 1.5 MB of them. Rows that are there already by
 * the columns `unless` (of a unique index) stay as they are.
 */
export function insertRows(
  table: string,
  columns: readonly string[],
  rows: readonly Value[][],
  unless: readonly string[] = [],
): Sql[] {
  const [first] = rows;
  if (first === undefined) return [];
  const orNothing = unless.length === 0 ? "" : ` ON CONFLICT (${unless.join(", ")}) DO NOTHING`;
  if (rows.length * columns.length <= MAX_PARAMETERS && isShort(rows))
    return [{ sql: insertText(table, columns, rows.length, orNothing), params: rows.flat() }];
  const isShared = columns.map(
    (_, index) => rows.length >= MANY_ROWS && rows.every((row) => row[index] === first[index]),
  );
  const shared = first.filter((_, index) => isShared[index]);
  const varying = shared.length === 0 ? rows : rows.map((row) => row.filter((_, index) => !isShared[index]));
  let place = 0;
  const values = columns.map((_, index) => (isShared[index] ? "?" : `j.value->>${place++}`)).join(", ");
  return packJson(varying).map((text) => ({
    // Without the WHERE, SQLite would take ON for that of a join.
    sql: `INSERT INTO ${table} (${columns.join(", ")}) SELECT ${values} FROM json_each(?) j WHERE true${orNothing}`,
    params: [...shared, text],
  }));
}

/** Updates rows by their key: the first value of a row is the key, the others follow the columns; to `added` ones they are added. */
export function updateRows(
  table: string,
  key: string,
  columns: readonly string[],
  rows: readonly Value[][],
  added: readonly string[] = [],
): Sql[] {
  const [sole] = rows;
  if (sole === undefined) return [];
  const set = (column: string, value: string) =>
    `${column} = ${added.includes(column) ? `${column} + (${value})` : value}`;
  if (rows.length === 1 && isShort(rows)) {
    const [own = null, ...values] = sole;
    const sql = `UPDATE ${table} SET ${columns.map((column) => set(column, "?")).join(", ")} WHERE ${key} = ?`;
    return [{ sql, params: [...values, own] }];
  }
  const sets = columns.map((column, index) => set(column, `j.value->>${index + 1}`)).join(", ");
  return packJson(rows).map((text) => ({
    sql: `UPDATE ${table} SET ${sets} FROM json_each(?) j WHERE ${table}.${key} = j.value->>0`,
    params: [text],
  }));
}

function isShort(rows: readonly Value[][]): boolean {
  let characters = 0;
  for (const row of rows) for (const value of row) if (typeof value === "string") characters += value.length;
  return characters <= MOST_CHARACTERS;
}

/** Adds to a counter by key. */
export function addToRows(
  table: string,
  key: string,
  column: string,
  differences: Iterable<readonly [key: number, by: number]>,
): Sql[] {
  const rows = [...differences].filter(([, by]) => by !== 0).map(([own, by]) => [own, by]);
  return updateRows(table, key, [column], rows, [column]);
}

/** Deletes the rows whose columns equal one of the tuples; the columns must begin the table's primary key. */
export function deleteRows(table: string, columns: readonly string[], rows: readonly Value[][]): Sql[] {
  if (rows.length === 0) return [];
  if (columns.length === 1)
    return packJson(rows.flat()).map((text) => ({
      sql: `DELETE FROM ${table} WHERE ${columns[0]} IN (SELECT value FROM json_each(?))`,
      params: [text],
    }));
  const values = columns.map((_, index) => `value->>${index}`).join(", ");
  return packJson(rows).map((text) => ({
    sql: `DELETE FROM ${table} WHERE (${columns.join(", ")}) IN (SELECT ${values} FROM json_each(?))`,
    params: [text],
  }));
}

/** Updates of one table, gathered by the columns they set. */
export class Shapes {
  readonly #table: string;
  readonly #key: string;
  readonly #added: readonly string[];
  readonly #shapes = new Map<string, { columns: string[]; rows: Value[][] }>();

  /** To the columns `added` what is set of them is added. */
  constructor(table: string, key: string, added: readonly string[] = []) {
    this.#table = table;
    this.#key = key;
    this.#added = added;
  }

  add(key: number, parts: (readonly [columns: readonly string[], values: Value[]])[]): void {
    const columns = parts.flatMap(([names]) => names);
    const name = columns.join();
    const shape = this.#shapes.get(name) ?? { columns, rows: [] };
    shape.rows.push([key, ...parts.flatMap(([, values]) => values)]);
    this.#shapes.set(name, shape);
  }

  statements(): Sql[] {
    return [...this.#shapes.values()].flatMap(({ columns, rows }) =>
      updateRows(this.#table, this.#key, columns, rows, this.#added),
    );
  }
}
