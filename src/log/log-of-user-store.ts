import { type Stretch, selectStretch } from "../platform/byte-budget.ts";
import type { Read } from "../platform/read-batch.ts";
import { joinSql, rawSql, type Sql, sql } from "../platform/sql.ts";
import { type LogRecordInFull, toRecord } from "./log-store.ts";
import { type Extent, IN_FULL, type LogPosition, listsOf, SIZE_IN_FULL } from "./logged-requests.ts";
import { LANES } from "./tables.ts";

/** A user of a company whose requests are read: `userKey` is a piece of SQL for its key, `names` are further ones, folded. */
interface LoggedUser {
  userKey: Sql;
  userId: string;
  names: readonly string[];
}

/** Which of them: up to `take` after a place, made up to a time (ms). */
interface Part {
  take: number;
  after: LogPosition | null;
  until: number;
}

/**
 * Reads requests about a user, oldest first: by its id, or by a name that only it has, which its rows tell. What the parts of
 * a Bulk request say of it is among them.
 */
export function selectLogOfUser(user: LoggedUser, { take, after, until }: Part): Read<Stretch<LogRecordInFull>> {
  const setting = sql`(SELECT setting_key FROM users WHERE user_key = ${user.userKey})`;
  const isAfter =
    after === null ? rawSql("TRUE") : sql`(x.time > ${after.time} OR (x.time = ${after.time} AND x.id > ${after.id}))`;
  const places = joinSql(sourcesOf(user, setting, "place", rawSql("TRUE")), " UNION ALL ");
  const requests = joinSql(sourcesOf(user, setting, "whole", rawSql("x.id IN (SELECT id FROM page)")), " UNION ALL ");
  const statement = sql`WITH own AS MATERIALIZED (${namesOf(user)}), page AS MATERIALIZED (SELECT x.id FROM (${places}) x
      WHERE ${isAfter} AND x.time <= ${until} ORDER BY x.time, x.id LIMIT ${take})
    SELECT ${IN_FULL.list}, ${SIZE_IN_FULL} AS size, (SELECT id FROM scim_settings WHERE setting_key = ${setting}) AS settingId
    FROM (${requests}) x ORDER BY x.time, x.id LIMIT ${take}`;
  return selectStretch(statement, toRecord);
}

/** What the user is and was called, as the log folds its labels. */
function namesOf({ userKey, names }: LoggedUser): Sql {
  // The plus takes a column's affinity away, without which the index on lower(label) would not serve.
  return sql`SELECT lower(j.value) AS name FROM users u CROSS JOIN json_each(json_array(u.user_name, u.user_name_key, u.external_id,
        u.display_name, u.email, u.email_key, u.id)) j WHERE u.user_key = ${userKey}
    UNION SELECT lower(j.value ->> 'value') FROM users u CROSS JOIN json_each(u.document, '$.emails') j
      WHERE u.user_key = ${userKey} AND j.type = 'object'
    UNION SELECT +f.name FROM former_names f WHERE f.user_key = ${userKey}
    UNION SELECT lower(value) FROM json_each(${JSON.stringify(names)})`;
}

/** The requests that an index of either log leads to, `x` of them as a condition has it. */
function sourcesOf({ userId }: LoggedUser, setting: Sql, extent: Extent, condition: Sql): Sql[] {
  const { now, packed, before } = listsOf(extent);
  const own = rawSql("(SELECT name FROM own)");
  const ways = [
    ["by_resource", sql`resource_id = ${userId}`],
    ["by_label", sql`resource_id IS NULL AND label IS NOT NULL AND lower(label) IN ${own}`],
    ["by_label_key", sql`resource_id IS NULL AND label_key IN ${own} AND lower(label) NOT IN ${own}`],
  ] as const;
  // By itself SQLite may walk all that is of a setting.
  const rows = (list: Sql, table: string, alias: string) =>
    joinSql(
      ways.map(
        ([index, way]) => sql`SELECT ${list} FROM ${rawSql(`${table} ${alias} INDEXED BY ${table}_${index}`)}
          WHERE setting_key = ${setting} AND ${way}`,
      ),
      " UNION ALL ",
    );
  const isAbout = sql`CASE WHEN e.value->>'u' IS NULL THEN coalesce(lower(e.value->>'l') IN ${own}, 0)
    OR coalesce(e.value->>'k' IN ${own}, 0) ELSE e.value->>'u' = ${userId} END`;
  const packs = sql`SELECT ${packed} FROM request_log p CROSS JOIN json_each(p.entries) e
    WHERE p.setting_key = ${setting} AND p.lane = ${LANES.pack} AND p.id IN (SELECT pack_id FROM packed_look_ups
      WHERE setting_key = ${setting} AND name IN (SELECT name FROM own UNION ALL SELECT ${userId})) AND ${isAbout}`;
  return [rows(now, "request_log", "r"), packs, rows(before, "provisioning_log", "l")].map(
    (source) => sql`SELECT x.* FROM (${source}) x WHERE ${condition}`,
  );
}
