import type { Column, GetColumnData } from "drizzle-orm";
import type { SqlValue } from "./sql.ts";

/** Columns of a table by the names that code has for them: what a statement written by hand reads and writes of a row. */
export type Fields = Record<string, Column>;

/** A row as code has it. */
export type RowOf<F extends Fields> = { [Name in keyof F]: GetColumnData<F[Name]> };

/** Some columns of a table. */
export function pick<F extends Fields, Name extends keyof F & string>(fields: F, ...names: Name[]): Pick<F, Name> {
  // Each name comes with its column.
  return Object.fromEntries(names.map((name) => [name, fields[name]])) as Pick<F, Name>;
}

/** All columns of a table but some. */
export function omit<F extends Fields, Name extends keyof F & string>(fields: F, ...names: Name[]): Omit<F, Name> {
  const left: readonly string[] = names;
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !left.includes(name))) as Omit<F, Name>; // likewise
}

/** The columns as a SELECT names them, of the table with this alias. */
export function selectList(fields: Fields, alias: string): string {
  return namesOf(fields)
    .map((name) => `${alias}.${name}`)
    .join(", ");
}

/** The names of the columns in SQL, in order. */
export function namesOf(fields: Fields): string[] {
  return Object.values(fields).map(({ name }) => name);
}

/** Reads a row that D1 gave under the columns' own names. */
export function readRow<F extends Fields>(fields: F, row: Record<string, SqlValue>): RowOf<F> {
  const read = Object.entries(fields).map(([field, column]) => {
    const value = row[column.name] ?? null;
    return [field, value === null ? null : column.mapFromDriverValue(value)];
  });
  // The table says what its columns hold.
  return Object.fromEntries(read) as RowOf<F>;
}

/** What the columns hold of a row, in order, as D1 takes it. */
export function valuesOfRow<F extends Fields>(fields: F, row: RowOf<F>): SqlValue[] {
  return Object.entries(fields).map(([field, column]) => {
    const value: unknown = row[field];
    // D1 takes what a column of text or of integers makes of its values.
    return value === null || value === undefined ? null : (column.mapToDriverValue(value) as SqlValue);
  });
}
