import type { Bounds } from "../companies/split-long-reads.ts";
import { literal, rawSql, type Sql, sql } from "../platform/sql.ts";
import type { ResourceName } from "./resource-tables.ts";

const TEXT = "octet_length(r.document) + coalesce(octet_length(r.folded_document), 0)";

/** The rows of a type as `r`, and what looking at one takes, in bytes of text: a group's conditions may look at its members. */
const ROWS: Record<ResourceName, { table: Sql; key: Sql; weight: Sql }> = {
  User: { table: rawSql("users"), key: rawSql("r.user_key"), weight: rawSql(TEXT) },
  Group: { table: rawSql("groups"), key: rawSql("r.group_key"), weight: rawSql(`${TEXT} + r.member_count * 300`) },
};

/** What one statement of a walk in the order of ids looks at. */
interface Span {
  type: ResourceName;
  settingKey: number;
  /** The id that it begins after; "" for the beginning. */
  after: string;
  bounds: Bounds;
}

/** A WITH clause that defines `span(k, id)`, the next resources of a setting: as many as the bounds allow, one at least. */
export function withSpan({ type, settingKey, after, bounds }: Span): Sql {
  const { table, key, weight } = ROWS[type];
  return sql`WITH near AS MATERIALIZED (SELECT ${key} AS k, r.id FROM ${table} r
      WHERE r.setting_key = ${settingKey} AND r.id > ${after} ORDER BY r.id LIMIT ${literal(bounds.rows)}),
    sized AS (SELECT n.k, n.id, sum(${weight}) OVER (ORDER BY n.id ROWS UNBOUNDED PRECEDING) AS size,
      row_number() OVER (ORDER BY n.id) AS nth FROM near n CROSS JOIN ${table} r ON ${key} = n.k),
    span AS MATERIALIZED (SELECT k, id FROM sized WHERE nth = 1 OR size <= ${literal(bounds.bytes)})`;
}

/** What a statement with such a clause selects to know where the next one begins. */
export const SPAN_END = rawSql(
  "(SELECT max(id) FROM span) AS edge, (SELECT count(*) FROM near) AS near, (SELECT max(id) FROM near) AS far",
);

/** The columns of `SPAN_END`. */
export interface SpanEnd {
  edge: string | null;
  near: number | null;
  far: string | null;
}

/** The id that the next span begins after; null after the last. */
export function nextAfter(end: SpanEnd | undefined, { rows }: Bounds): string | null {
  if (end === undefined) return null;
  const isLast = Number(end.near) < rows && end.edge === end.far;
  return isLast ? null : end.edge;
}

/** Whether a setting has no more resources of a type than `rows`, with no more to look at than `bytes`: a condition. */
export function hasFew(type: ResourceName, settingKey: number, { rows, bytes }: Bounds): Sql {
  const { table, weight } = ROWS[type];
  return sql`(SELECT count(*) <= ${literal(rows)} AND coalesce(sum(weight), 0) <= ${literal(bytes)} FROM
    (SELECT ${weight} AS weight FROM ${table} r WHERE r.setting_key = ${settingKey} LIMIT ${literal(rows + 1)}))`;
}
