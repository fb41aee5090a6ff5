import { type Bounds, indexedReads, type Reads } from "../companies/bounded-reads.ts";
import type { ReadInShare } from "../companies/read-in-share.ts";
import { bytesOf, type Stretch, selectStretch } from "../platform/byte-budget.ts";
import { columnsOf } from "../platform/columns.ts";
import type { Database } from "../platform/database.ts";
import { type Read, runRead, together } from "../platform/read-batch.ts";
import { spanAfter } from "../platform/row-keys.ts";
import { rawSql, type Sql, sql } from "../platform/sql.ts";
import type { Filter } from "../scim/filter/parse-filter.ts";
import { selectFields } from "../settings/field-store.ts";
import type { Field } from "../settings/fields.ts";
import { walkEachSetting } from "../settings/merge-rows-of-settings.ts";
import { compileFilter } from "./compile-filter.ts";
import { describeUnindexed } from "./describe-unindexed.ts";
import { matchesFew } from "./indexed-condition.ts";
import { hasShadow, isSeen, SHOWS_PEOPLE } from "./seen-people.ts";
import { users } from "./tables.ts";
import { type FieldValue, toFieldValue } from "./typed-field-value.ts";
import { fieldsOf } from "./user.ts";
import { IS_HELD_UP, IS_MANAGED, ORIGIN, type Origin, readOrigin } from "./user-origin.ts";

/** What the platform sees of a SCIM user; times in milliseconds. */
export interface TargetUser extends Origin {
  key: number;
  id: string;
  userName: string;
  externalId: string | null;
  displayName: string | null;
  active: boolean;
  /** The folded e-mail, by which its person is known. */
  emailKey: string | null;
  /** The id of the hold by which it stays active, or stays at all, waiting or kept; null where none does. */
  heldBy: string | null;
  fields: Record<string, FieldValue>;
  createdAt: number;
  updatedAt: number;
}

const COLUMNS = columnsOf(users, "u", [
  "key",
  "id",
  "userName",
  "externalId",
  "displayName",
  "active",
  "emailKey",
  "email",
  "firstName",
  "lastName",
  "department",
  "phoneNumber",
  "customFields",
  "createdAt",
  "updatedAt",
]);

const SIZE = bytesOf(
  ["user_name", "external_id", "display_name", "email", "first_name", "last_name", "department", "phone_number"]
    .concat("custom_fields")
    .map((column) => `u.${column}`),
);

const HELD_BY = sql`(SELECT h.id FROM holds h WHERE h.hold_key = u.held_by AND ${IS_HELD_UP}) AS heldBy`;

const SELECT = sql`SELECT ${COLUMNS.list}, ${ORIGIN}, ${SIZE} AS size,
  ${HELD_BY} FROM users u JOIN scim_settings s ON s.setting_key = u.setting_key`;

/** A stretch of the list of users: up to `take` after the one with key `after`, of those the filter matches. */
interface TargetUserPage {
  take: number;
  after: number | null;
  filter: Filter | null;
  /** Only those whom a live SCIM setting keeps up to date, or only those whom none does; null for all. */
  managed: boolean | null;
  /** What a filter's `meta.location` is built on. */
  baseUrl: string;
}

/** Users of a company in the order they came; what a filter asks and no index answers is read as `readInShare` lets it. */
export async function listTargetUsers(
  database: Database,
  companyKey: number,
  { filter, baseUrl, ...page }: TargetUserPage,
  readInShare: ReadInShare,
): Promise<Stretch<TargetUser>> {
  if (filter === null) return runRead(database, readTargetUsers(companyKey, selectUnfiltered(companyKey, page)));
  const asked = { filter, baseUrl, ...page };
  // What an index finds does not depend on the setting.
  if (matchesFew({ type: "User", settingKey: 0, baseUrl }, filter))
    return walkTargetUsers(indexedReads(database), companyKey, asked, selectIndexed);
  const about = describeUnindexed({ types: ["User"], filter });
  return readInShare(about, (reads) => walkTargetUsers(reads, companyKey, asked, selectSpan));
}

/** The users of a setting that a filter matches, after a key: all of them, or those in the next span. */
type SelectUsers = (
  companyKey: number,
  matches: Sql,
  about: { settingKey: number; after: number; take: number; bounds: Bounds },
) => { select: Sql; end: Sql };

async function walkTargetUsers(
  reads: Reads,
  companyKey: number,
  { filter, baseUrl, take, managed, ...page }: TargetUserPage & { filter: Filter },
  select: SelectUsers,
): Promise<Stretch<TargetUser>> {
  const { after: first } = spanAfter(companyKey, page.after);
  const isManaged = managed === null ? isSeen() : sql`${IS_MANAGED} = ${Number(managed)} AND ${isSeen()}`;
  const compile = (settingKey: number, after: number | null, bounds: Bounds) =>
    select(companyKey, sql`${compileFilter({ type: "User", settingKey, baseUrl }, filter)} AND ${isManaged}`, {
      ...{ settingKey, after: after ?? first, take, bounds },
    });
  // The indexes of users start with the setting; those of deleted ones may have been kept.
  // Those whose deletion waits lie in deleted settings and are managed still.
  const which = { id: null, managed: managed === true ? null : managed, isSilent: false } as const;
  const { beside: fields, ...stretch } = await walkEachSetting(reads, companyKey, which, {
    select: (settingKey, after: number | null, bounds) => compile(settingKey, after, bounds).select,
    end: (settingKey, after, bounds) => compile(settingKey, after, bounds).end,
    toPlace: (selected) => (selected as { place: number | null }).place, // by the statements below
    toRow: readUser,
    compare: (left, right) => left.key - right.key,
    take,
    beside: selectFields(companyKey),
  });
  return { ...stretch, rows: stretch.rows.map((row) => toTargetUser(row, fields)) };
}

const selectIndexed: SelectUsers = (_companyKey, matches, { settingKey, after, take }) => ({
  select: sql`${SELECT} WHERE u.setting_key = ${settingKey} AND u.user_key > ${after} AND ${matches}
    ORDER BY u.user_key LIMIT ${take}`,
  end: rawSql("SELECT NULL AS place"),
});

/** The next users of the company, whichever setting they are of, as many as the bounds allow: their keys have one order. */
const selectSpan: SelectUsers = (companyKey, matches, { settingKey, after, take, bounds }) => {
  const { before } = spanAfter(companyKey, null);
  const span = sql`WITH near AS MATERIALIZED (SELECT user_key AS k, octet_length(document) AS size FROM users
      WHERE user_key > ${after} AND user_key < ${before} ORDER BY user_key LIMIT ${rawSql(String(bounds.rows))}),
    sized AS (SELECT k, sum(size) OVER (ORDER BY k ROWS UNBOUNDED PRECEDING) AS size, row_number() OVER (ORDER BY k) AS nth FROM near),
    span AS MATERIALIZED (SELECT k FROM sized WHERE nth = 1 OR size <= ${rawSql(String(bounds.bytes))})`;
  return {
    select: sql`${span} SELECT ${COLUMNS.list}, ${ORIGIN}, ${SIZE} AS size, ${HELD_BY} FROM span CROSS JOIN users u ON u.user_key = span.k
      JOIN scim_settings s ON s.setting_key = u.setting_key
      WHERE +u.setting_key = ${settingKey} AND ${matches} ORDER BY u.user_key LIMIT ${take}`,
    end: sql`${span} SELECT CASE WHEN (SELECT count(*) FROM near) = ${rawSql(String(bounds.rows))}
      OR max(k) < (SELECT max(k) FROM near) THEN max(k) END AS place FROM span`,
  };
};

function selectUnfiltered(
  companyKey: number,
  { take, managed, ...page }: Pick<TargetUserPage, "take" | "after" | "managed">,
): Sql {
  const { after, before } = spanAfter(companyKey, page.after);
  const isManaged = managed === null ? sql`TRUE` : sql`${IS_MANAGED} = ${Number(managed)}`;
  // Those of deleted settings, and those beside many in shadow, may be few among many: their keys are found in a narrow index,
  // and only the page's rows read.
  const isOf = managed === false ? sql`s.status = 'deleted'` : sql`TRUE`;
  const found = sql`SELECT u.user_key FROM scim_settings s CROSS JOIN users u INDEXED BY users_by_id ON u.setting_key = s.setting_key
    WHERE s.company_key = ${companyKey} AND ${SHOWS_PEOPLE} AND ${isOf} AND u.user_key > ${after} AND ${isSeen()} AND ${isManaged}
    ORDER BY u.user_key LIMIT ${take}`;
  if (managed === false) return sql`${SELECT} WHERE u.user_key IN (${found}) ORDER BY u.user_key`;
  const all = sql`SELECT u.user_key FROM users u JOIN scim_settings s ON s.setting_key = u.setting_key
    WHERE u.user_key > ${after} AND u.user_key < ${before} AND ${isManaged} ORDER BY u.user_key LIMIT ${take}`;
  // A company with nobody in shadow is not looked through: of the two only one is read.
  return sql`${SELECT} WHERE u.user_key IN (
      SELECT * FROM (${all}) WHERE NOT ${hasShadow(companyKey)} UNION ALL SELECT * FROM (${found}) WHERE ${hasShadow(companyKey)})
    ORDER BY u.user_key`;
}

/** Reads one user of a company by its SCIM id, or null. */
export function selectTargetUser(companyKey: number, id: string): Read<TargetUser | null> {
  const read = readTargetUsers(companyKey, sql`${SELECT} WHERE u.user_key = ${userKeyOf(companyKey, id)}`);
  return { ...read, decode: (results) => read.decode(results).rows[0] ?? null };
}

/** The key of a company's target user, as a piece of SQL. */
export function userKeyOf(companyKey: number, id: string): Sql {
  return sql`(SELECT n.user_key FROM scim_settings o CROSS JOIN users n ON n.setting_key = o.setting_key AND n.id = ${id}
    WHERE o.company_key = ${companyKey} AND ${isSeen("n", "o")})`;
}

function readTargetUsers(companyKey: number, statement: Sql): Read<Stretch<TargetUser>> {
  const read = together({ users: selectStretch(statement, readUser), fields: selectFields(companyKey) });
  return {
    ...read,
    decode: (results) => {
      const { users, fields } = read.decode(results);
      return { ...users, rows: users.rows.map((row) => toTargetUser(row, fields)) };
    },
  };
}

function readUser(selected: unknown) {
  const { heldBy } = selected as { heldBy: string | null }; // by SELECT
  return { ...COLUMNS.read(selected), ...readOrigin(selected), heldBy };
}

function toTargetUser(row: ReturnType<typeof readUser>, fields: readonly Field[]): TargetUser {
  const { email, firstName, lastName, department, phoneNumber, customFields, ...user } = row;
  // Of a deleted field the value goes a while after it, and may meet a new field of the same key and another type.
  const values = new Map(Object.entries(fieldsOf(row)));
  return {
    ...user,
    fields: Object.fromEntries(fields.map(({ key, type }) => [key, toFieldValue(type, values.get(key))])),
  };
}
