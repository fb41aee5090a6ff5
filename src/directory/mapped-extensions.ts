import { type Read, rowsOf } from "../platform/read-batch.ts";
import { sql } from "../platform/sql.ts";
import { parsePath } from "../scim/filter/path.ts";
import { type ExtraExtension, resourceTypes } from "../scim/schema/resource-types.ts";

/** The extensions that a setting's field mapping names: published in /Schemas, and known to its filters and sorts. */
export function selectMappedExtensions(settingKey: number): Read<ExtraExtension[]> {
  return {
    statements: [sql`SELECT path FROM field_mappings WHERE setting_key = ${settingKey} ORDER BY field_key`],
    decode: ([rows]) => rowsOf<{ path: string }>(rows).flatMap(({ path }) => toExtension(path)),
  };
}

function toExtension(path: string): ExtraExtension[] {
  const parsed = parsePath(resourceTypes().User, path);
  if (parsed.kind !== "attribute" || parsed.path.extension === undefined || !parsed.path.attribute.open) return [];
  return [{ urn: parsed.path.extension, attributes: [{ name: parsed.path.attribute.name }] }];
}
