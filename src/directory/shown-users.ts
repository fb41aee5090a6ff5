import { spanAfter } from "../platform/row-keys.ts";
import { rawSql, type Sql, sql } from "../platform/sql.ts";
import { hasShadow, isSeen, SHOWS_PEOPLE } from "./people-not-in-shadow.ts";
import { IS_MANAGED } from "./user-origin.ts";

/** Users of a company in the order they came, after the one of a key: all that are target users, or of them the managed or the unmanaged ones. */
export interface ShownPage {
  take: number;
  after: number | null;
  managed: boolean | null;
}

/** Users that are looked at for a page beside those that it shows. */
const AT_ONCE = 500;

/** Whether the user `u` of the setting `s` is one of them, as a condition. */
export function isShown(managed: boolean | null): Sql {
  return managed === null ? isSeen() : sql`${IS_MANAGED} = ${Number(managed)} AND ${isSeen()}`;
}

/**
 * What a first look finds of a page, however many are left out before it: the keys, and the place that it came to, null where
 * no more follow. Nobody is looked through where nobody can be left out. Those who may be shown are few among many in
 * shadow, or in deleted settings: then a narrow index has them all.
 */
export function firstLook(companyKey: number, { take, after: place, managed }: ShownPage): { keys: Sql; end: Sql } {
  const { after, before } = spanAfter(companyKey, place);
  const isPlain = managed === null ? sql`NOT ${hasShadow(companyKey)}` : rawSql("FALSE");
  const isOf = managed === false ? rawSql("s.status = 'deleted'") : rawSql("TRUE");
  const entries = sql`SELECT u.user_key FROM scim_settings s CROSS JOIN users u INDEXED BY users_by_id ON u.setting_key = s.setting_key
    WHERE s.company_key = ${companyKey} AND ${SHOWS_PEOPLE} AND ${isOf}`;
  const areFew = sql`(SELECT count(*) FROM (${entries} LIMIT ${AT_ONCE + 1})) <= ${AT_ONCE}`;
  const until = sql`(SELECT w.user_key FROM users w WHERE w.user_key > ${after} AND w.user_key < ${before}
    ORDER BY w.user_key LIMIT 1 OFFSET ${take + AT_ONCE - 1})`;
  // A limit is known before anything is read: of the three only one is.
  const firstIf = (guard: Sql) => sql`ORDER BY u.user_key LIMIT CASE WHEN ${guard} THEN ${take} ELSE 0 END`;
  const plain = sql`SELECT u.user_key FROM users u WHERE u.user_key > ${after} AND u.user_key < ${before} ${firstIf(isPlain)}`;
  const few = sql`${entries} AND u.user_key > ${after} AND ${isShown(managed)} ${firstIf(sql`NOT ${isPlain} AND ${areFew}`)}`;
  const next = sql`SELECT u.user_key FROM users u CROSS JOIN scim_settings s ON s.setting_key = u.setting_key
    WHERE u.user_key > ${after} AND u.user_key <= coalesce(${until}, ${before - 1}) AND ${isShown(managed)}
    ${firstIf(sql`NOT ${isPlain} AND NOT ${areFew}`)}`;
  return {
    keys: sql`SELECT * FROM (${plain}) UNION ALL SELECT * FROM (${few}) UNION ALL SELECT * FROM (${next})`,
    end: sql`SELECT CASE WHEN NOT ${isPlain} AND NOT ${areFew} THEN ${until} END AS place`,
  };
}
