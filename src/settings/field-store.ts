import { asc, eq } from "drizzle-orm";
import type { Database } from "../platform/database.ts";
import { type Field, STANDARD_FIELDS } from "./fields.ts";
import { customFields } from "./tables.ts";

/** All fields of a company: the standard ones with their default paths, then its own ones by key. */
export async function listFields(database: Database, companyKey: number): Promise<Field[]> {
  const custom = await database.orm
    .select({ key: customFields.fieldKey, label: customFields.label, type: customFields.type })
    .from(customFields)
    .where(eq(customFields.companyKey, companyKey))
    .orderBy(asc(customFields.fieldKey))
    .all();
  return [...STANDARD_FIELDS, ...custom.map((field) => ({ ...field, standard: false, path: null }))];
}
