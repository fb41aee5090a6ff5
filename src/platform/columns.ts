import { type Column, type GetColumnData, getTableColumns } from "drizzle-orm";
import type { SQLiteTable } from "drizzle-orm/sqlite-core";
import { rawSql, type Sql, type SqlValue } from "./sql.ts";

/** Columns of a table by the names of their fields: what a statement written by hand reads or writes of a row. */
export type Fields = Record<string, Column>;

/** A row as code has it. */
export type RowOf<F extends Fields> = { [Name in keyof F]: GetColumnData<F[Name]> };

type FieldsOf<Table extends SQLiteTable> = Table["_"]["columns"];

/** Some columns of a table as a hand-written statement selects them, and how its rows are read. */
interface Columns<Row> {
  /** The list for the SELECT: each column under the name of its field. */
  list: Sql;
  /** The fields in a row of such a statement; what else the row has is left out. */
  read(row: unknown): Row;
}

/** Some of these columns. */
export function pick<F extends Fields, Name extends keyof F & string>(fields: F, ...names: Name[]): Pick<F, Name> {
  // Each name comes with its column.
  return Object.fromEntries(names.map((name) => [name, fields[name]])) as Pick<F, Name>;
}

/** All of these columns but some. */
export function omit<F extends Fields, Name extends keyof F & string>(fields: F, ...names: Name[]): Omit<F, Name> {
  const left: readonly string[] = names;
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !left.includes(name))) as Omit<F, Name>; // likewise
}

/** These columns, for statements in which their table has this alias. */
export function columnsIn<F extends Fields>(fields: F, alias: string): Columns<RowOf<F>> {
  const entries = Object.entries(fields);
  // A row that has its fields from the start does not grow with each of them.
  const empty: Record<string, unknown> = Object.fromEntries(entries.map(([field]) => [field, null]));
  return {
    list: rawSql(entries.map(([field, column]) => `${alias}.${column.name} AS ${field}`).join(", ")),
    read: (row) => {
      // The caller selected `list`, so that its row has these columns, each as the driver gives it.
      const given = row as Record<string, unknown>;
      const read = { ...empty };
      for (const [field, column] of entries) {
        const value = given[field] ?? null;
        if (value !== null) read[field] = column.mapFromDriverValue(value);
      }
      // The table says what each of its columns holds.
      return read as RowOf<F>;
    },
  };
}

/** The columns of some of a table's fields, for statements in which the table has this alias. */
export function columnsOf<Table extends SQLiteTable, Field extends keyof FieldsOf<Table> & string>(
  table: Table,
  alias: string,
  fields: readonly Field[],
): Columns<RowOf<Pick<FieldsOf<Table>, Field>>> {
  return columnsIn(pick(getTableColumns(table), ...fields), alias);
}

/** The columns of all of a table's fields but some, for statements in which the table has this alias. */
export function columnsExcept<Table extends SQLiteTable, LeftOut extends keyof FieldsOf<Table> & string>(
  table: Table,
  alias: string,
  leftOut: readonly LeftOut[],
): Columns<RowOf<Omit<FieldsOf<Table>, LeftOut>>> {
  return columnsIn(omit(getTableColumns(table), ...leftOut), alias);
}

interface Listed {
  names: readonly string[];
  entries: readonly [field: string, column: Column][];
}

/** Columns are picked once and asked with every row. */
const known = new WeakMap<Fields, Listed>();

function listed(fields: Fields): Listed {
  const before = known.get(fields);
  if (before !== undefined) return before;
  const made = { names: Object.values(fields).map(({ name }) => name), entries: Object.entries(fields) };
  known.set(fields, made);
  return made;
}

/** The names of columns in SQL, in order. */
export function namesOf(fields: Fields): readonly string[] {
  return listed(fields).names;
}

/** What columns hold of a row, in order, as D1 takes it. */
export function valuesOfRow<F extends Fields>(fields: F, row: RowOf<F>): SqlValue[] {
  return listed(fields).entries.map(([field, column]) => {
    const value: unknown = row[field];
    // D1 takes what a column of text or of integers makes of its values.
    return value === null || value === undefined ? null : (column.mapToDriverValue(value) as SqlValue);
  });
}
