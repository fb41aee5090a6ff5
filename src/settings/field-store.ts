import { columnsOf } from "../platform/columns.ts";
import type { Database } from "../platform/database.ts";
import { type Read, runRead } from "../platform/read-batch.ts";
import { sql } from "../platform/sql.ts";
import { type Field, STANDARD_FIELDS } from "./fields.ts";
import { customFields } from "./tables.ts";

const COLUMNS = columnsOf(customFields, "f", ["key", "label", "type"]);

/** All fields of a company: the standard ones with their default paths, then its own ones by key. */
export async function listFields(database: Database, companyKey: number): Promise<Field[]> {
  return runRead(database, selectFields(companyKey));
}

/** Reads what `listFields` gives. */
export function selectFields(companyKey: number): Read<Field[]> {
  return {
    statements: [
      sql`SELECT ${COLUMNS.list} FROM custom_fields f WHERE f.company_key = ${companyKey} ORDER BY f.field_key`,
    ],
    decode: ([rows = []]) => {
      const custom = rows.map((row) => ({ ...COLUMNS.read(row), standard: false, path: null }));
      return [...STANDARD_FIELDS, ...custom];
    },
  };
}
