import { columnsOf } from "../platform/columns.ts";
import { literal, rawSql, type Sql, sql } from "../platform/sql.ts";
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
  // Of requests from before there was this log the credential is not known.
  const all = [...fields, "tokenId" as const];
  const { read } = columnsOf(requestLog, "x", all);
  return { list: rawSql(all.map((field) => `x.${field}`).join(", ")), read };
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
    now: sql`${columnsOf(requestLog, "r", FIELDS).list}, r.token_id AS tokenId, r.found${bodies("r.bodies")}`,
    packed: sql`${rawSql(FIELDS.map((field) => `${PACKED[field]} AS ${field}`).join(", "))}, e.value->>'c' AS tokenId,
      e.value->>'f' AS found${bodies("json_array(NULL, e.value->>'a')")}`,
    before: sql`${columnsOf(provisioningLog, "l", FIELDS).list}, NULL AS tokenId, ${rawSql(FOUND_BEFORE)} AS found${bodies("json_array(l.request_body, l.response_body)")}`,
  };
}

/** The lane of rows that many look-ups share, as a piece of SQL. */
export const PACK = literal(LANES.pack);

/** The id of the row of many look-ups in which one with this id would be; the id itself where there is none before it. */
export function packAt(settingKey: Sql, id: Sql): Sql {
  return sql`coalesce((SELECT max(id) FROM request_log WHERE setting_key = ${settingKey} AND lane = ${PACK} AND id <= ${id}), ${id})`;
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
