import type { Database } from "../platform/database.ts";
import { type Read, rowsOf, runRead } from "../platform/read-batch.ts";
import { sql } from "../platform/sql.ts";
import { type Field, STANDARD_FIELDS } from "./fields.ts";

/** All fields of a company: the standard ones with their default paths, then its own ones by key. */
export async function listFields(database: Database, companyKey: number): Promise<Field[]> {
  return runRead(database, selectFields(companyKey));
}

/** Reads what `listFields` gives. */
export function selectFields(companyKey: number): Read<Field[]> {
  return {
    statements: [
      sql`SELECT field_key AS key, label, type FROM custom_fields WHERE company_key = ${companyKey} ORDER BY field_key`,
    ],
    decode: ([rows]) => {
      const custom = rowsOf<Pick<Field, "key" | "label" | "type">>(rows);
      return [...STANDARD_FIELDS, ...custom.map((field) => ({ ...field, standard: false, path: null }))];
    },
  };
}
