import { BYTES_AT_ONCE } from "../platform/byte-budget.ts";
import { spanAfter } from "../platform/row-keys.ts";
import { rawSql, type Sql, sql } from "../platform/sql.ts";
import { hasShadow, isSeen, SHOWS_PEOPLE } from "./seen-people.ts";
import { endOfUserSpan, withUserSpan } from "./user-key-span.ts";
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
  const bounds = { rows: take + AT_ONCE, bytes: BYTES_AT_ONCE };
  const { after, before } = spanAfter(companyKey, place);
  const isPlain = managed === null ? sql`NOT ${hasShadow(companyKey)}` : rawSql("FALSE");
  const plain = sql`SELECT user_key FROM users WHERE user_key > ${after} AND user_key < ${before} ORDER BY user_key LIMIT ${take}`;
  const isOf = managed === false ? rawSql("s.status = 'deleted'") : rawSql("TRUE");
  const entries = sql`SELECT u.user_key FROM scim_settings s CROSS JOIN users u INDEXED BY users_by_id ON u.setting_key = s.setting_key
    WHERE s.company_key = ${companyKey} AND ${SHOWS_PEOPLE} AND ${isOf}`;
  const areFew = sql`(SELECT count(*) FROM (${entries} LIMIT ${AT_ONCE + 1})) <= ${AT_ONCE}`;
  const few = sql`${entries} AND u.user_key > ${after} AND ${isShown(managed)} ORDER BY u.user_key LIMIT ${take}`;
  const span = withUserSpan(companyKey, place, bounds);
  const next = sql`${span} SELECT u.user_key FROM span CROSS JOIN users u ON u.user_key = span.k
    JOIN scim_settings s ON s.setting_key = u.setting_key WHERE ${isShown(managed)} ORDER BY u.user_key LIMIT ${take}`;
  return {
    // Of the three only one is read.
    keys: sql`SELECT * FROM (${plain}) WHERE ${isPlain}
      UNION ALL SELECT * FROM (${few}) WHERE NOT ${isPlain} AND ${areFew}
      UNION ALL SELECT * FROM (${next}) WHERE NOT ${isPlain} AND NOT ${areFew}`,
    end: sql`${span} SELECT CASE WHEN NOT ${isPlain} AND NOT ${areFew} THEN ${endOfUserSpan(bounds)} END AS place`,
  };
}
