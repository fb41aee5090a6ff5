import { type Position, toPosition } from "../platform/list-position.ts";
import { type Read, rowsOf } from "../platform/read-batch.ts";
import { rawSql, type Sql, type SqlValue, sql } from "../platform/sql.ts";
import type { JsonObject } from "../scim/json.ts";
import { cutBySize, type FoundPage } from "./cut-page-by-size.ts";
import { parseDocument } from "./parse-document.ts";
import { RESOURCE_TABLES, type ResourceName } from "./resource-tables.ts";

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
  /** The texts of the document and of the list of the extensions in it, where the row has both. */
  stored?: { text: string; extensions: string };
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

/** The resources of a page; `isCut` when it ends early because of their size. */
export interface PlacedPage {
  placed: PlacedResource[];
  isCut: boolean;
}

/**
 * A row of a page, in few columns: D1 takes its time by the cell. `facts` holds, by lines, the row's key, version, times,
 * id, list of extensions and how many rows the page had before it was cut.
 */
interface ResourceRow {
  document: string;
  facts: string;
  related: string | null;
}

/** A row of a page of several types, or in another order than that of ids. */
interface SortedRow extends ResourceRow {
  kind: ResourceName;
  sort_value: SqlValue;
}

interface RelatedRow extends Related {
  row_key: number;
}

/**
 * Reads the resources that `page` names (columns kind, row_key, sort_value), in the order of its `order`, as far as they
 * come to `budget` bytes; and, for the types in `related`, the rows tied to them. `types` are those the page can hold.
 */
export function selectResources(
  page: FoundPage,
  budget: number,
  types: readonly ResourceName[],
  related: readonly ResourceName[],
): Read<PlacedPage> {
  const parts = types.map((type) => {
    const { from, key } = RESOURCE_TABLES[type];
    return `SELECT p.kind, p.row_key, p.sort_value, ${cellsOf(type, related.includes(type), "p.found")}
FROM page p CROSS JOIN ${from.sql} ON ${key.sql} = p.row_key`;
  });
  const all = rawSql(parts.join(" UNION ALL "));
  const cut = cutBySize(page, budget, types, related);
  const rows = sql`WITH ${cut} SELECT kind, sort_value, document, facts, related FROM (${all}) ORDER BY ${page.order}`;
  return {
    statements: [rows, ...related.flatMap((type) => tiesOf(type, cut))],
    decode: ([main, ...tied]) => {
      const ties = groupByKey(tied);
      const found = rowsOf<SortedRow>(main);
      const placed = found.map((row) =>
        placeRow(row.kind, row, related.includes(row.kind) ? ties : null, row.sort_value),
      );
      return { placed, isCut: found.length < Number(found[0]?.facts.split("\n").at(-1) ?? 0) };
    },
  };
}

/** Reads the resources of one type that `place` (a FROM, a WHERE, and an order by id where there may be several) gives. */
export function selectFrom(type: ResourceName, place: Sql, withRelated: boolean): Read<PlacedPage> {
  const { key } = RESOURCE_TABLES[type];
  const ties = withRelated ? tiesOf(type, sql`page AS (SELECT ${key} AS row_key ${place})`) : [];
  return {
    statements: [sql`SELECT ${rawSql(cellsOf(type, withRelated, "1"))} ${place}`, ...ties],
    decode: ([main, ...tied]) => {
      const related = withRelated ? groupByKey(tied) : null;
      return { placed: rowsOf<ResourceRow>(main).map((row) => placeRow(type, row, related)), isCut: false };
    },
  };
}

/** Reads the one resource, or none, that `place` (a FROM and a WHERE) gives. */
export function selectOne(type: ResourceName, place: Sql, withRelated: boolean): Read<PlacedResource | null> {
  const { statements, decode } = selectFrom(type, place, withRelated);
  return {
    statements,
    // What is tied to it in a statement of its own may be much, as the members of a group.
    weight: statements.length === 1 ? 1 : undefined,
    decode: (results) => decode(results).placed[0] ?? null,
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
  const one = selectOne(type, place, withRelated);
  return { ...one, decode: (results) => one.decode(results)?.resource ?? null };
}

/** What is read of a row, what is tied to it included where that fits the row; `found` is how many rows its page had. */
function cellsOf(type: ResourceName, withRelated: boolean, found: string): string {
  const { alias, key, related, extensions } = RESOURCE_TABLES[type];
  const [version, createdAt, updatedAt, id] = ["version", "created_at", "updated_at", "id"].map(
    (name) => `${alias}.${name}`,
  );
  const facts = [key.sql, version, createdAt, updatedAt, id, extensions, found].join(" || '\n' || ");
  const inline = withRelated && "inline" in related ? related.inline : "NULL";
  return `${alias}.document, ${facts} AS facts, ${inline} AS related`;
}

/** The statement for what is tied to the resources of a page, where it does not fit their rows; `tables` define the page. */
function tiesOf(type: ResourceName, tables: Sql): Sql[] {
  const { related } = RESOURCE_TABLES[type];
  return "ofPage" in related ? [sql`WITH ${tables} ${rawSql(related.ofPage)}`] : [];
}

/**
 * A row with its place in the order of its page, which is that of ids unless a value is given; `ties` are the rows tied to
 * the page's, null when nobody wants them.
 */
function placeRow(
  type: ResourceName,
  row: ResourceRow,
  ties: ReadonlyMap<number, Related[]> | null,
  value?: SqlValue,
): PlacedResource {
  const [key, version, createdAt, updatedAt, id = "", extensions = ""] = row.facts.split("\n");
  const rowKey = Number(key);
  let document: JsonObject | undefined;
  const resource: StoredResource = {
    type,
    id,
    /** Read when somebody asks for it: a page that is answered from the stored text has a hundred that nobody does. */
    get document() {
      document ??= parseDocument(row.document);
      return document;
    },
    stored: extensions === "" ? undefined : { text: row.document, extensions },
    version: Number(version),
    createdAt: Number(createdAt),
    updatedAt: Number(updatedAt),
    related: ties === null ? undefined : (inlineOf(row) ?? ties.get(rowKey) ?? []),
  };
  return { resource, position: toPosition(value === undefined ? id : value, rowKey) };
}

function inlineOf({ related }: ResourceRow): Related[] | null {
  // Built by json_object in the row's own query.
  return related === null ? null : (JSON.parse(related) as Related[]);
}

function groupByKey(tied: unknown[][]): Map<number, Related[]> {
  const byKey = new Map<number, Related[]>();
  for (const { row_key, value, display, type } of tied.flatMap((rows) => rowsOf<RelatedRow>(rows))) {
    const list = byKey.get(row_key);
    if (list === undefined) byKey.set(row_key, [{ value, display, type }]);
    else list.push({ value, display, type });
  }
  return byKey;
}
