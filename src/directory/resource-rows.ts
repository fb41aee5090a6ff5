import type { JsonObject } from "../scim/json.ts";
import type { Position } from "./compile-sort.ts";
import { type Read, rowsOf } from "./read-batch.ts";
import { RESOURCE_TABLES, type ResourceName } from "./resource-tables.ts";
import { rawSql, type Sql, type SqlValue, sql } from "./sql.ts";

/** A group of a user, or a member of a group. */
export interface Related {
  value: string;
  display: string;
  type: "direct" | "User" | "Group";
}

/** A resource as its row has it. Times in milliseconds. */
export interface StoredResource {
  type: ResourceName;
  id: string;
  document: JsonObject;
  version: number;
  createdAt: number;
  updatedAt: number;
  /** Groups of a user or members of a group; absent when they were not asked for. */
  related?: Related[];
}

/** A stored resource and its place in the order of the page. */
export interface PlacedResource {
  resource: StoredResource;
  position: Position;
}

interface ResourceRow {
  kind: ResourceName;
  row_key: number;
  sort_value: SqlValue;
  id: string;
  document: string;
  version: number;
  created_at: number;
  updated_at: number;
  related: string | null;
}

interface RelatedRow extends Related {
  row_key: number;
}

/**
 * Reads the resources that `page` names (columns kind, row_key, sort_value), in the order of its `order`; and,
 * for the types in `related`, the rows tied to them. `types` are those the page can hold.
 */
export function selectResources(
  page: Sql,
  order: Sql,
  types: readonly ResourceName[],
  related: readonly ResourceName[],
): Read<PlacedResource[]> {
  const parts = types.map((type) => {
    const { from, key } = RESOURCE_TABLES[type];
    return `SELECT p.kind, p.row_key, p.sort_value, ${columnsOf(type, related.includes(type))}
FROM page p CROSS JOIN ${from.sql} ON ${key.sql} = p.row_key`;
  });
  const rows = sql`WITH page AS (${page}) SELECT * FROM (${rawSql(parts.join(" UNION ALL "))}) ORDER BY ${order}`;
  return {
    statements: [rows, ...related.flatMap((type) => tiesOf(type, page))],
    decode: ([main, ...tied]) => decodeRows(main, tied, related),
  };
}

/** Reads the one resource, or none, of the rows that `place` (a FROM and a WHERE) gives. */
export function selectOne(
  type: ResourceName,
  place: Sql,
  sortValue: Sql,
  withRelated: boolean,
): Read<PlacedResource | null> {
  const { key } = RESOURCE_TABLES[type];
  const columns = rawSql(columnsOf(type, withRelated));
  const row = sql`SELECT ${rawSql(`'${type}'`)} AS kind, ${key} AS row_key, ${sortValue} AS sort_value, ${columns} ${place}`;
  const ties = withRelated ? tiesOf(type, sql`SELECT ${key} AS row_key ${place}`) : [];
  return {
    statements: [row, ...ties],
    isSingle: true,
    // What is tied to it may be much, as the members of a group.
    share: ties.length === 0 ? 1 : undefined,
    decode: ([main, ...tied]) => decodeRows(main, tied, withRelated ? [type] : [])[0] ?? null,
  };
}

/** Reads one resource by its id, or null. */
export function findResource(
  settingKey: number,
  type: ResourceName,
  id: string,
  withRelated: boolean,
): Read<StoredResource | null> {
  const { from, alias } = RESOURCE_TABLES[type];
  const name = rawSql(alias);
  const place = sql`FROM ${from} WHERE ${name}.setting_key = ${settingKey} AND ${name}.id = ${id}`;
  const one = selectOne(type, place, rawSql("NULL"), withRelated);
  return { ...one, decode: (results) => one.decode(results)?.resource ?? null };
}

/** What is read of a row, what is tied to it included where that fits the row. */
function columnsOf(type: ResourceName, withRelated: boolean): string {
  const { alias, related } = RESOURCE_TABLES[type];
  const columns = ["id", "document", "version", "created_at", "updated_at"].map((name) => `${alias}.${name}`);
  return `${columns.join(", ")}, ${withRelated && "inline" in related ? related.inline : "NULL"} AS related`;
}

/** The statement for what is tied to the resources of a page, where it does not fit their rows. */
function tiesOf(type: ResourceName, page: Sql): Sql[] {
  const { related } = RESOURCE_TABLES[type];
  return "ofPage" in related ? [sql`WITH page AS (${page}) ${rawSql(related.ofPage)}`] : [];
}

function decodeRows(
  main: unknown[] | undefined,
  tied: unknown[][],
  related: readonly ResourceName[],
): PlacedResource[] {
  const byKey = groupByKey(tied.flatMap((rows) => rowsOf<RelatedRow>(rows)));
  return rowsOf<ResourceRow>(main).map((row) => ({
    resource: {
      ...decodeRow(row),
      ...(related.includes(row.kind) ? { related: inlineOf(row) ?? byKey.get(row.row_key) ?? [] } : {}),
    },
    position: { value: row.sort_value, key: row.row_key },
  }));
}

function inlineOf({ related }: ResourceRow): Related[] | null {
  // Built by json_object in the row's own query.
  return related === null ? null : (JSON.parse(related) as Related[]);
}

function decodeRow(row: ResourceRow): StoredResource {
  return {
    type: row.kind,
    id: row.id,
    // The writer stores documents as JSON objects only.
    document: JSON.parse(row.document) as JsonObject,
    version: row.version,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

function groupByKey(rows: readonly RelatedRow[]): Map<number, Related[]> {
  const byKey = new Map<number, Related[]>();
  for (const { row_key, value, display, type } of rows) {
    const list = byKey.get(row_key);
    if (list === undefined) byKey.set(row_key, [{ value, display, type }]);
    else list.push({ value, display, type });
  }
  return byKey;
}
