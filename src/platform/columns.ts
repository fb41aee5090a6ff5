import { getTableColumns } from "drizzle-orm";
import type { SQLiteTable } from "drizzle-orm/sqlite-core";
import { rawSql, type Sql } from "./sql.ts";

/** The names of a table's fields. */
type FieldOf<Table extends SQLiteTable> = keyof Table["$inferSelect"] & string;

/** Some columns of a table as a hand-written statement selects them, and how its rows are read. */
export interface Columns<Fields> {
  /** The list for the SELECT: each column under the name of its field. */
  list: Sql;
  /** The fields in a row of such a statement; what else the row has is left out. */
  read(row: unknown): Fields;
}

/** The columns of some of a table's fields, for statements in which the table has this alias. */
export function columnsOf<Table extends SQLiteTable, Field extends FieldOf<Table>>(
  table: Table,
  alias: string,
  fields: readonly Field[],
): Columns<Pick<Table["$inferSelect"], Field>> {
  const columns = getTableColumns(table);
  const chosen = fields.flatMap((field) => {
    const column = columns[field];
    return column === undefined ? [] : [{ field, column }];
  });
  return {
    list: rawSql(chosen.map(({ field, column }) => `${alias}.${column.name} AS ${field}`).join(", ")),
    read: (row) => {
      // The caller selected `list`, so that its row has these columns, each as the driver gives it.
      const given = row as Record<string, unknown>;
      const read = chosen.map(({ field, column }) => {
        const value = given[field] ?? null;
        return [field, value === null ? null : column.mapFromDriverValue(value)];
      });
      // The table says what each of its columns holds.
      return Object.fromEntries(read) as Pick<Table["$inferSelect"], Field>;
    },
  };
}

/** The columns of all of a table's fields but some, for statements in which the table has this alias. */
export function columnsExcept<Table extends SQLiteTable, LeftOut extends FieldOf<Table>>(
  table: Table,
  alias: string,
  leftOut: readonly LeftOut[],
): Columns<Pick<Table["$inferSelect"], Exclude<FieldOf<Table>, LeftOut>>> {
  const left = new Set<string>(leftOut);
  // `getTableColumns` names a table's columns by their fields.
  const fields = Object.keys(getTableColumns(table)) as FieldOf<Table>[];
  const isKept = (field: FieldOf<Table>): field is Exclude<FieldOf<Table>, LeftOut> => !left.has(field);
  return columnsOf(table, alias, fields.filter(isKept));
}
