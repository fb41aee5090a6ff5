import { joinSql, rawSql, type Sql, sql } from "../platform/sql.ts";
import { firstIdAt } from "../platform/uuid.ts";
import { type Extent, type LogPosition, listsOf, PACK, packAt } from "./logged-requests.ts";
import { LANES } from "./tables.ts";

/**
 * Which requests of a setting are walked, newest first or, with `isUp`, oldest first: those after a place in that order,
 * within a time (ms; `until` no longer counts).
 */
export interface Walked {
  settingKey: number;
  after: LogPosition | null;
  isUp: boolean;
  since: number;
  until: number;
  by: Way | null;
}

/**
 * Only the requests that an index leads to: those about one resource, or about nobody here and by a name (folded), refused
 * ones, those refused with one status, those about groups, or all but the look-ups that share rows.
 */
export type Way = { resourceId: string } | { name: string } | { status: number } | "failures" | "groups" | "apart";

/** A statement that selects requests, and the columns of an order that an index has. */
interface Source {
  select: Sql;
  order: readonly string[];
}

/** The last place that is looked at, as pieces of SQL that give it; they give NULL where all are. */
interface Last {
  id: Sql;
  time: Sql;
}

/**
 * The statements, each from an index, that together give the requests of a walk: rows of one, look-ups of many in a row, and
 * those that were logged before there was this log. They share the names of their columns, `id` and `time` at least.
 */
export function selectSources(walked: Walked, extent: Extent, last: Last | null = null): Source[] {
  const lists = listsOf(extent);
  return [
    ...selectRows(walked, last, lists.now),
    ...selectPacked(walked, last, lists.packed),
    ...selectBefore(walked, last, lists.before),
  ];
}

/** The bounds of a walk in ids: those of requests tell the time. */
interface Bounds {
  /** No request that is walked has a lower id. */
  from: Sql;
  above(id: string): Sql;
  below(id: string): Sql;
}

const AFTER_ALL_IDS = "~";

function boundsOf({ after, isUp, since, until }: Walked, last: Last | null): Bounds {
  const [start, end] = [firstIdAt(since), firstIdAt(until)];
  if (isUp) {
    const from = after !== null && after.id > start ? after.id : start;
    const isLooked = (id: string) =>
      last === null ? rawSql("TRUE") : sql`${rawSql(id)} <= coalesce(${last.id}, ${AFTER_ALL_IDS})`;
    return {
      from: sql`${from}`,
      above: (id) => sql`${rawSql(id)} > ${from}`,
      below: (id) => sql`${rawSql(id)} < ${end} AND ${isLooked(id)}`,
    };
  }
  const from = last === null ? sql`${start}` : sql`max(${start}, coalesce(${last.id}, ''))`;
  const to = after !== null && after.id < end ? after.id : end;
  return { from, above: (id) => sql`${rawSql(id)} >= ${from}`, below: (id) => sql`${rawSql(id)} < ${to}` };
}

const BY_ID = ["id"];

function selectRows(walked: Walked, last: Last | null, list: Sql): Source[] {
  const { above, below } = boundsOf(walked, last);
  const within = sql`r.setting_key = ${walked.settingKey} AND ${above("r.id")} AND ${below("r.id")}`;
  return rowsLedTo(walked.by).map(([index, condition]) => ({
    select: sql`SELECT ${list} FROM request_log r ${rawSql(index === null ? "" : `INDEXED BY request_log_${index}`)}
      WHERE ${within} AND ${condition}`,
    order: BY_ID,
  }));
}

/** The indexes that lead to rows, and the conditions under which they do; without one, it is the key. */
function rowsLedTo(by: Way | null): [index: string | null, condition: Sql][] {
  if (by === "failures") return [["failures", rawSql("r.status >= 400")]];
  if (by === "groups") return [[null, ofLane(LANES.ofGroup)]];
  if (by === "apart" || by === null) return [LANES.request, LANES.ofGroup].map((lane) => [null, ofLane(lane)]);
  // That it is one of a refusal is what tells SQLite that the index has all.
  if ("status" in by) return [["by_status", sql`r.status = ${by.status} AND r.status >= 400`]];
  if ("resourceId" in by) return [["by_resource", sql`r.resource_id = ${by.resourceId} AND r.status <> 0`]];
  return namedBy(by.name, "r").map(([index, condition]) => [index, sql`${condition} AND r.status <> 0`]);
}

function ofLane(lane: number): Sql {
  return rawSql(`r.lane = ${lane}`);
}

/** The indexes that have what is about nobody here by its label, of either log. */
function namedBy(name: string, alias: string): [index: string, condition: Sql][] {
  const of = (column: string) => rawSql(`${alias}.${column}`);
  const label = sql`lower(${of("label")})`;
  const isNobody = sql`${of("resource_id")} IS NULL`;
  return [
    ["by_label", sql`${isNobody} AND ${of("label")} IS NOT NULL AND ${label} = ${name}`],
    ["by_label_key", sql`${isNobody} AND ${of("label_key")} = ${name} AND ${label} <> ${name}`],
  ];
}

function selectPacked(walked: Walked, last: Last | null, list: Sql): Source[] {
  const { settingKey, by } = walked;
  if (by !== null && (typeof by === "string" || "status" in by)) return [];
  const { from, above, below } = boundsOf(walked, last);
  const rows =
    by === null
      ? sql`request_log p CROSS JOIN json_each(p.entries) e
          WHERE p.setting_key = ${settingKey} AND p.lane = ${PACK}`
      : sql`packed_look_ups n CROSS JOIN request_log p ON p.setting_key = n.setting_key AND p.lane = ${PACK} AND p.id = n.pack_id
          CROSS JOIN json_each(p.entries) e WHERE n.setting_key = ${settingKey} AND ${namedInPack(by)}
          AND n.pack_id >= ${packAt(sql`${settingKey}`, from)} AND ${below("n.pack_id")}`;
  // With the row that the first of the ids may lie in.
  const select = sql`SELECT ${list}, p.id AS pack, e.key AS place FROM ${rows}
    AND p.id >= ${packAt(sql`${settingKey}`, from)} AND ${below("p.id")}
    AND ${above("e.value->>'i'")} AND ${below("e.value->>'i'")}`;
  return [{ select, order: ["pack", "place"] }];
}

function namedInPack(by: { resourceId: string } | { name: string }): Sql {
  if ("resourceId" in by) return sql`n.name = ${by.resourceId} AND e.value->>'u' = ${by.resourceId}`;
  const isNamed = sql`coalesce(lower(e.value->>'l') = ${by.name}, 0) OR coalesce(e.value->>'k' = ${by.name}, 0)`;
  return sql`n.name = ${by.name} AND e.value->>'u' IS NULL AND (${isNamed})`;
}

function selectBefore({ settingKey, after, isUp, since, until, by }: Walked, last: Last | null, list: Sql): Source[] {
  const beyond = (edge: { id: Sql; time: Sql }, isOrAt: boolean, isAbove: boolean) => {
    const sign = rawSql(isAbove ? ">" : "<");
    return sql`l.time ${sign}= ${edge.time} AND (l.time ${sign} ${edge.time} OR l.id ${rawSql(`${isAbove ? ">" : "<"}${isOrAt ? "=" : ""}`)} ${edge.id})`;
  };
  const isAfter =
    after === null ? rawSql("TRUE") : beyond({ id: sql`${after.id}`, time: sql`${after.time}` }, false, isUp);
  const edge = last && {
    id: sql`coalesce(${last.id}, ${isUp ? AFTER_ALL_IDS : ""})`,
    time: sql`coalesce(${last.time}, ${isUp ? Number.MAX_SAFE_INTEGER : 0})`,
  };
  const isLooked = edge === null ? rawSql("TRUE") : beyond(edge, true, !isUp);
  return ledToBefore(by).map(([index, condition]) => ({
    select: sql`SELECT ${list} FROM provisioning_log l INDEXED BY ${rawSql(`provisioning_log_${index}`)}
      WHERE l.setting_key = ${settingKey} AND ${isAfter} AND ${isLooked} AND l.time >= ${since} AND l.time < ${until}
      AND ${condition} AND l.status <> 0`,
    order: ["time", "id"],
  }));
}

function ledToBefore(by: Way | null): [index: string, condition: Sql][] {
  if (by === null || by === "apart") return [["activity", rawSql("TRUE")]];
  if (by === "failures") return [["failures", rawSql("l.status >= 400")]];
  if (by === "groups") return [["groups", rawSql("l.resource_type = 'Group'")]];
  if ("status" in by) return [["failures", sql`l.status >= 400 AND l.status = ${by.status}`]];
  if ("resourceId" in by) return [["by_resource", sql`l.resource_id = ${by.resourceId}`]];
  return namedBy(by.name, "l");
}

/** The first `take` of what several statements select, as one: the columns of `list`, in which their rows are `x`. */
export function mergeSources(
  sources: readonly Source[],
  { isUp }: Pick<Walked, "isUp">,
  list: Sql,
  tests: Sql,
  take: number,
): Sql {
  const direction = isUp ? "" : " DESC";
  const orderOf = (columns: readonly string[]) => rawSql(columns.map((column) => column + direction).join(", "));
  const parts = sources.map(
    ({ select, order }) =>
      sql`SELECT * FROM (SELECT ${list} FROM (${select}) x WHERE ${tests} ORDER BY ${orderOf(order)} LIMIT ${take})`,
  );
  return sql`SELECT * FROM (${joinSql(parts, " UNION ALL ")}) ORDER BY ${orderOf(["time", "id"])} LIMIT ${take}`;
}
