import { columnsOf } from "../platform/columns.ts";
import { joinSql, rawSql, type Sql, sql } from "../platform/sql.ts";
import { firstIdAt } from "../platform/uuid.ts";
import { LANES, provisioningLog, requestLog } from "./tables.ts";

const FIELDS = [
  ...(["id", "time", "method", "path", "resourceType", "resourceId", "label", "status", "code"] as const),
  ...(["scimType", "detail", "duration", "notes"] as const),
];

/** What every list shows of a request, of a statement `x` from below. */
export const LISTED = columnsSelected(FIELDS);
/** All that is kept of it. */
export const IN_FULL = columnsSelected([...FIELDS, "bodies"]);

function columnsSelected<Field extends (typeof FIELDS)[number] | "bodies">(fields: readonly Field[]) {
  const { read } = columnsOf(requestLog, "x", fields);
  return { list: rawSql(fields.map((field) => `x.${field}`).join(", ")), read };
}

/** Where a request stands in a list: by its time, and by its id among those of one millisecond. */
export interface LogPosition {
  time: number;
  id: string;
}

/** What a look-up has in the row of many, under the names of the columns. */
const PACKED: Record<(typeof FIELDS)[number], string> = {
  id: "e.value->>'i'",
  time: "e.value->>'t'",
  method: "'GET'",
  path: "e.value->>'p'",
  resourceType: "e.value->>'r'",
  resourceId: "e.value->>'u'",
  label: "e.value->>'l'",
  status: "e.value->>'s'",
  code: "NULL",
  scimType: "NULL",
  detail: "NULL",
  duration: "e.value->>'d'",
  notes: "'[]'",
};
/** How many a question was told of; an answer that was cut says nothing. */
const FOUND_BEFORE = `iif(l.method = 'GET' AND instr(l.path, 'filter=') > 0 AND json_valid(l.response_body),
  json_extract(l.response_body, '$.totalResults'), NULL)`;

const SIZED = ["path", "label", "detail", "notes"] as const;
/** How many bytes a listed request takes, and one in full. */
export const SIZE = sizeOf(SIZED);
export const SIZE_IN_FULL = sizeOf([...SIZED, "bodies"]);

function sizeOf(fields: readonly string[]): Sql {
  return rawSql(fields.map((field) => `coalesce(octet_length(${field}), 0)`).join(" + "));
}

/** What of a request is selected. */
export type Extent = "listed" | "whole" | "place";

/** The lists of columns that a request has in each place where it may be: rows `r`, look-ups `e` of a row `p`, and `l`. */
export function listsOf(extent: Extent): { now: Sql; packed: Sql; before: Sql } {
  if (extent === "place")
    return {
      now: rawSql("r.id, r.time"),
      packed: rawSql("e.value->>'i' AS id, e.value->>'t' AS time"),
      before: rawSql("l.id, l.time"),
    };
  const bodies = (of: string) => rawSql(extent === "whole" ? `, ${of} AS bodies` : "");
  return {
    now: sql`${columnsOf(requestLog, "r", FIELDS).list}, r.found${bodies("r.bodies")}`,
    packed: sql`${rawSql(FIELDS.map((field) => `${PACKED[field]} AS ${field}`).join(", "))}, e.value->>'f' AS found${bodies("json_array(NULL, e.value->>'a')")}`,
    before: sql`${columnsOf(provisioningLog, "l", FIELDS).list}, ${rawSql(FOUND_BEFORE)} AS found${bodies("json_array(l.request_body, l.response_body)")}`,
  };
}

/** Which requests of a setting are walked, newest first: those after a place, within a time (ms; `until` no longer counts). */
export interface Walked {
  settingKey: number;
  after: LogPosition | null;
  since: number;
  until: number;
  /** Only those about one resource, only refused ones, or only those about groups: what an index leads to. */
  by: { resourceId: string } | "failures" | "groups" | null;
}

/**
 * The statements, newest first and each from an index, that together give the requests of a walk: rows of one, look-ups of
 * many in a row, and those that were logged before there was this log. They share the names of their columns, `id` and `time`
 * at least.
 */
export function selectSources(walked: Walked, extent: Extent, last: Last | null = null): Source[] {
  const lists = listsOf(extent);
  return [
    ...selectRows(walked, last, lists.now),
    ...selectPacked(walked, last, lists.packed),
    selectBefore(walked, last, lists.before),
  ];
}

/** A statement that selects requests newest first, in an order that an index has. */
interface Source {
  select: Sql;
  order: Sql;
}

/** The last place that is looked at, as pieces of SQL that give it; they give NULL where all are. */
interface Last {
  id: Sql;
  time: Sql;
}

/** The bounds of a walk in ids: those of requests tell the time. */
function boundsOf({ after, since, until }: Walked, last: Last | null): { from: Sql; end: string } {
  const [from, end] = [firstIdAt(since), firstIdAt(until)];
  return {
    from: last === null ? sql`${from}` : sql`max(${from}, coalesce(${last.id}, ''))`,
    end: after !== null && after.id < end ? after.id : end,
  };
}

function selectRows(walked: Walked, last: Last | null, list: Sql): Source[] {
  const { settingKey, by } = walked;
  const { from, end } = boundsOf(walked, last);
  const within = sql`r.setting_key = ${settingKey} AND r.id >= ${from} AND r.id < ${end}`;
  const order = rawSql("id DESC");
  if (by === "failures")
    return [
      {
        select: sql`SELECT ${list} FROM request_log r INDEXED BY request_log_failures WHERE ${within} AND r.status >= 400`,
        order,
      },
    ];
  if (by !== null && by !== "groups") {
    const select = sql`SELECT ${list} FROM request_log r INDEXED BY request_log_by_resource
      WHERE ${within} AND r.resource_id = ${by.resourceId} AND r.status <> 0`;
    return [{ select, order }];
  }
  const lanes = by === "groups" ? [LANES.ofGroup] : [LANES.request, LANES.ofGroup];
  return lanes.map((lane) => ({
    select: sql`SELECT ${list} FROM request_log r WHERE ${within} AND r.lane = ${rawSql(String(lane))}`,
    order,
  }));
}

function selectPacked(walked: Walked, last: Last | null, list: Sql): Source[] {
  const { settingKey, by } = walked;
  if (by === "failures" || by === "groups") return [];
  const { from, end } = boundsOf(walked, last);
  const order = rawSql("pack DESC, place DESC");
  const select = sql`SELECT ${list}, p.id AS pack, e.key AS place FROM ${packsOf(settingKey, from, end, by)}
    AND e.value->>'i' >= ${from} AND e.value->>'i' < ${end}`;
  return [{ select, order }];
}

/** The rows of many look-ups from one id on up to another, with the one that the first may lie in. */
function packsOf(settingKey: number, from: Sql, end: string, by: Walked["by"]): Sql {
  if (by !== null && typeof by === "object")
    return sql`packed_look_ups n CROSS JOIN request_log p ON p.setting_key = n.setting_key AND p.lane = ${PACK} AND p.id = n.pack_id
      CROSS JOIN json_each(p.entries) e
      WHERE n.setting_key = ${settingKey} AND n.name = ${by.resourceId} AND e.value->>'u' = ${by.resourceId}`;
  return sql`request_log p CROSS JOIN json_each(p.entries) e WHERE p.setting_key = ${settingKey} AND p.lane = ${PACK}
    AND p.id >= ${packAt(sql`${settingKey}`, from)} AND p.id < ${end}`;
}

const PACK = rawSql(String(LANES.pack));

/** The id of the row of many look-ups in which one with this id would be; the id itself where there is none before it. */
export function packAt(settingKey: Sql, id: Sql): Sql {
  return sql`coalesce((SELECT max(id) FROM request_log WHERE setting_key = ${settingKey} AND lane = ${PACK} AND id <= ${id}), ${id})`;
}

function selectBefore({ settingKey, after, since, until, by }: Walked, last: Last | null, list: Sql): Source {
  const isAfter =
    after === null ? rawSql("TRUE") : sql`l.time <= ${after.time} AND (l.time < ${after.time} OR l.id < ${after.id})`;
  const isWithin =
    last === null
      ? sql`l.time >= ${since}`
      : sql`l.time >= max(${since}, coalesce(${last.time}, 0)) AND (l.time > coalesce(${last.time}, 0) OR l.id >= coalesce(${last.id}, ''))`;
  const [index, condition] = indexBefore(by);
  return {
    select: sql`SELECT ${list} FROM provisioning_log l INDEXED BY ${rawSql(index)} WHERE l.setting_key = ${settingKey}
      AND ${isAfter} AND ${isWithin} AND l.time < ${until} AND ${condition} AND l.status <> 0`,
    order: rawSql("time DESC, id DESC"),
  };
}

function indexBefore(by: Walked["by"]): [index: string, condition: Sql] {
  if (by === null) return ["provisioning_log_activity", rawSql("TRUE")];
  if (by === "failures") return ["provisioning_log_failures", rawSql("l.status >= 400")];
  if (by === "groups") return ["provisioning_log_groups", rawSql("l.resource_type = 'Group'")];
  return ["provisioning_log_by_resource", sql`l.resource_id = ${by.resourceId}`];
}

/** The first `take` of what several statements select, as one: the columns of `list`, in which their rows are `x`. */
export function mergeNewest(sources: readonly Source[], list: Sql, tests: Sql, take: number): Sql {
  const parts = sources.map(
    ({ select, order }) =>
      sql`SELECT * FROM (SELECT ${list} FROM (${select}) x WHERE ${tests} ORDER BY ${order} LIMIT ${take})`,
  );
  return sql`SELECT * FROM (${joinSql(parts, " UNION ALL ")}) ORDER BY time DESC, id DESC LIMIT ${take}`;
}

/** The settings of a company, whose rows are all that it has in the log, as a condition on `setting_key`. */
export function ofCompany(companyKey: number): Sql {
  return sql`setting_key IN (SELECT setting_key FROM scim_settings WHERE company_key = ${companyKey})`;
}

/** Selects the request of an id of a company, with `settingId`, wherever it is logged. */
export function selectRequest(companyKey: number, id: Sql, extent: Extent): Sql {
  const lists = listsOf(extent);
  const of = rawSql("scim_settings s CROSS JOIN");
  return sql`SELECT ${lists.now}, s.id AS settingId FROM ${of} request_log r
      WHERE s.company_key = ${companyKey} AND r.setting_key = s.setting_key AND r.lane IN (0, 1) AND r.id = ${id}
    UNION ALL SELECT ${lists.packed}, s.id FROM ${of} request_log p CROSS JOIN json_each(p.entries) e
      WHERE s.company_key = ${companyKey} AND p.setting_key = s.setting_key AND p.lane = ${PACK}
        AND p.id = ${packAt(rawSql("s.setting_key"), id)} AND e.value->>'i' = ${id}
    UNION ALL SELECT ${lists.before}, s.id FROM provisioning_log l JOIN scim_settings s ON s.setting_key = l.setting_key
      WHERE l.company_key = ${companyKey} AND l.id = ${id}`;
}

/** Selects something where the log has a write of a company with this id. */
export function selectWrite(companyKey: number, id: Sql): Sql {
  return sql`SELECT 1 FROM scim_settings s CROSS JOIN request_log r
      WHERE s.company_key = ${companyKey} AND r.setting_key = s.setting_key AND r.lane IN (0, 1) AND r.id = ${id}
    UNION ALL SELECT 1 FROM provisioning_log l WHERE l.company_key = ${companyKey} AND l.id = ${id}`;
}
