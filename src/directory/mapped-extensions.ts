import type { Reads } from "../companies/split-long-reads.ts";
import { type Read, rowsOf } from "../platform/read-batch.ts";
import { rawSql, sql } from "../platform/sql.ts";
import { parsePath } from "../scim/filter/attribute-path.ts";
import { type ExtraExtension, resourceTypes } from "../scim/schema/resource-types.ts";
import { nextAfter, SPAN_END, type SpanEnd, withSpan } from "./bounded-id-span.ts";
import { RESOURCE_TABLES, type ResourceName } from "./resource-tables.ts";

/** The extensions that a setting's field mapping names: published in /Schemas, and known to its filters and sorts. */
export function selectMappedExtensions(settingKey: number): Read<ExtraExtension[]> {
  return {
    statements: [sql`SELECT path FROM field_mappings WHERE setting_key = ${settingKey} ORDER BY field_key`],
    decode: ([rows]) => rowsOf<{ path: string }>(rows).flatMap(({ path }) => toExtension(path)),
  };
}

/** The same with all that the setting's resources hold, which is found by walking them: no index answers it. */
export async function walkKnownExtensions(settingKey: number, reads: Reads): Promise<ExtraExtension[]> {
  const mapped = await reads.once(selectMappedExtensions(settingKey));
  const present = [
    ...(await walkPresent("User", settingKey, reads)),
    ...(await walkPresent("Group", settingKey, reads)),
  ];
  return [...mapped, ...[...new Set(present)].map((urn) => ({ urn, attributes: [] }))];
}

/** The URNs of the extensions that the resources of a type hold; one may come several times. */
async function walkPresent(type: ResourceName, settingKey: number, reads: Reads): Promise<string[]> {
  const { from, alias, key } = RESOURCE_TABLES[type];
  const present: string[] = [];
  for (let after: string | null = ""; after !== null; ) {
    const place: string = after;
    after = await reads.run((bounds): Read<string | null> => {
      const statement = sql`${withSpan({ type, settingKey, after: place, bounds })}
        SELECT NULL AS urn, ${SPAN_END} UNION ALL SELECT * FROM (SELECT DISTINCT e.key, NULL, NULL, NULL FROM span s
          CROSS JOIN ${from} ON ${key} = s.k CROSS JOIN json_each(${rawSql(alias)}.document) e
          WHERE instr(e.key, ':') > 0 AND e.type = 'object')`;
      return {
        statements: [statement],
        decode: ([rows]) => {
          const found = rowsOf<SpanEnd & { urn: string | null }>(rows);
          present.push(...found.flatMap(({ urn }) => urn ?? []));
          return nextAfter(
            found.find(({ urn }) => urn === null),
            bounds,
          );
        },
      };
    });
  }
  return present;
}

function toExtension(path: string): ExtraExtension[] {
  const parsed = parsePath(resourceTypes().User, path);
  if (parsed.kind !== "attribute" || parsed.path.extension === undefined || !parsed.path.attribute.open) return [];
  return [{ urn: parsed.path.extension, attributes: [{ name: parsed.path.attribute.name }] }];
}
