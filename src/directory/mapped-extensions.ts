import { type Read, rowsOf } from "../platform/read-batch.ts";
import { rawSql, sql } from "../platform/sql.ts";
import { parsePath } from "../scim/filter/attribute-path.ts";
import { type ExtraExtension, resourceTypes } from "../scim/schema/resource-types.ts";

/** The extensions that a setting's field mapping names: published in /Schemas, and known to its filters and sorts. */
export function selectMappedExtensions(settingKey: number): Read<ExtraExtension[]> {
  return {
    statements: [sql`SELECT path FROM field_mappings WHERE setting_key = ${settingKey} ORDER BY field_key`],
    decode: ([rows]) => rowsOf<{ path: string }>(rows).flatMap(({ path }) => toExtension(path)),
  };
}

/** The same with all that the setting's resources hold, which is found by walking them. */
export function selectKnownExtensions(settingKey: number): Read<ExtraExtension[]> {
  const mapped = selectMappedExtensions(settingKey);
  const held = (
    table: "users" | "groups",
  ) => sql`SELECT DISTINCT e.key AS urn FROM ${rawSql(table)} r, json_each(r.document) e
    WHERE r.setting_key = ${settingKey} AND instr(e.key, ':') > 0 AND e.type = 'object'`;
  return {
    statements: [...mapped.statements, held("users"), held("groups")],
    decode: ([mappings, ...rows]) => [
      ...mapped.decode([mappings ?? []]),
      ...rows.flatMap((some) => rowsOf<{ urn: string }>(some).map(({ urn }) => ({ urn, attributes: [] }))),
    ],
  };
}

function toExtension(path: string): ExtraExtension[] {
  const parsed = parsePath(resourceTypes().User, path);
  if (parsed.kind !== "attribute" || parsed.path.extension === undefined || !parsed.path.attribute.open) return [];
  return [{ urn: parsed.path.extension, attributes: [{ name: parsed.path.attribute.name }] }];
}
