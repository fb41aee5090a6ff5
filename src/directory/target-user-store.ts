import type { ReadInShare } from "../companies/read-in-share.ts";
import { type Bounds, indexedReads, type Reads } from "../companies/split-long-reads.ts";
import {
  BYTES_AT_ONCE,
  bytesOf,
  isCut,
  type Stretch,
  selectStretch,
  totalOf,
  withinBytes,
} from "../platform/byte-budget.ts";
import { columnsOf } from "../platform/columns.ts";
import type { Database } from "../platform/database.ts";
import { type Read, rowsOf, runRead, together } from "../platform/read-batch.ts";
import { spanAfter } from "../platform/row-keys.ts";
import { rawSql, type Sql, sql } from "../platform/sql.ts";
import type { Filter } from "../scim/filter/parse-filter.ts";
import { selectFields } from "../settings/field-store.ts";
import type { Field } from "../settings/fields.ts";
import { walkEachSetting } from "../settings/merge-rows-of-settings.ts";
import { compileFilter } from "./compile-filter.ts";
import { describeUnindexed } from "./describe-unindexed.ts";
import { matchesFew } from "./indexed-condition.ts";
import { isSeen } from "./people-not-in-shadow.ts";
import { firstLook, isShown, type ShownPage } from "./shown-users.ts";
import { users } from "./tables.ts";
import { type FieldValue, toFieldValue } from "./typed-field-value.ts";
import { fieldsOf } from "./user.ts";
import { endOfUserSpan, withUserSpan } from "./user-key-span.ts";
import { IS_HELD_UP, ORIGIN, type Origin, readOrigin } from "./user-origin.ts";

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

const SELECTED = sql`${COLUMNS.list}, ${ORIGIN}, ${SIZE} AS size, ${HELD_BY}`;

const SELECT = sql`SELECT ${SELECTED} FROM users u JOIN scim_settings s ON s.setting_key = u.setting_key`;

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
  if (filter === null) return listShown(database, companyKey, page, readInShare);
  const asked = { filter, baseUrl, ...page };
  // What an index finds does not depend on the setting.
  if (matchesFew({ type: "User", settingKey: 0, baseUrl }, filter))
    return walkTargetUsers(indexedReads(database), companyKey, asked, selectIndexed);
  const about = describeUnindexed({ types: ["User"], filter });
  return readInShare(about, (reads) => walkTargetUsers(reads, companyKey, asked, selectSpan));
}

/** What a list beside people who are left out is refused with. */
const SPARSE = {
  what: "Many people in shadow, or whom the list leaves out, come before the next ones that it shows",
  quick: "At any time: a person by its id.",
};

/** As much of a page as was found, and the key that the rest comes after: null where no more follow. */
interface Shown extends Stretch<UserRow> {
  place: number | null;
  /** What its rows come to (bytes). */
  size: number;
}

/** Users of a company, and of them those that are managed or not: with a first look at the next few, or further as `readInShare` lets it. */
async function listShown(
  database: Database,
  companyKey: number,
  page: ShownPage,
  readInShare: ReadInShare,
): Promise<Stretch<TargetUser>> {
  const { keys, end } = firstLook(companyKey, page);
  const first = selectShown(sql`${SELECT} WHERE u.user_key IN (${keys}) ORDER BY u.user_key`, end, BYTES_AT_ONCE);
  const { fields, found } = await runRead(database, together({ fields: selectFields(companyKey), found: first }));
  const { rows, isCut } = isEnough(found, page)
    ? found
    : await readInShare(SPARSE, (reads) => lookOn(reads, companyKey, page, found));
  return { rows: rows.map((row) => toTargetUser(row, fields)), isCut };
}

function selectShown(select: Sql, end: Sql, budget: number): Read<Shown> {
  return {
    statements: [withinBytes(select, budget), end],
    decode: ([selected = [], ends]) => {
      const { place } = rowsOf<{ place: number | null }>(ends)[0] ?? { place: null };
      const size = totalOf(selected);
      return {
        rows: selected.map(readUser),
        isCut: isCut(selected) || (place !== null && size >= budget),
        place,
        size,
      };
    },
  };
}

async function lookOn(reads: Reads, companyKey: number, page: ShownPage, found: Shown): Promise<Shown> {
  let all = found;
  while (!isEnough(all, page)) {
    const { rows, place: after, size } = all;
    const next = await reads.run((bounds) => {
      const select = selectOfSpan(companyKey, isShown(page.managed), { take: page.take - rows.length, after, bounds });
      return selectShown(select, selectEnd(companyKey, after, bounds), BYTES_AT_ONCE - size);
    });
    all = { ...next, rows: [...rows, ...next.rows], size: size + next.size };
  }
  return all;
}

function isEnough({ rows, isCut, place }: Shown, { take }: ShownPage): boolean {
  return isCut || place === null || rows.length >= take;
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
  const compile = (settingKey: number, after: number | null, bounds: Bounds) =>
    select(companyKey, sql`${compileFilter({ type: "User", settingKey, baseUrl }, filter)} AND ${isShown(managed)}`, {
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

const selectSpan: SelectUsers = (companyKey, matches, { settingKey, after, take, bounds }) => ({
  select: selectOfSpan(companyKey, sql`+u.setting_key = ${settingKey} AND ${matches}`, { take, after, bounds }),
  end: selectEnd(companyKey, after, bounds),
});

function selectEnd(companyKey: number, after: number | null, bounds: Bounds): Sql {
  return sql`${withUserSpan(companyKey, after, bounds)} SELECT ${endOfUserSpan(bounds)} AS place`;
}

/** Those of the next users after a key that a condition holds for, in the order of their keys. */
function selectOfSpan(
  companyKey: number,
  condition: Sql,
  { take, after, bounds }: { take: number; after: number | null; bounds: Bounds },
): Sql {
  return sql`${withUserSpan(companyKey, after, bounds)}
    SELECT ${SELECTED} FROM span CROSS JOIN users u ON u.user_key = span.k
    JOIN scim_settings s ON s.setting_key = u.setting_key WHERE ${condition} ORDER BY u.user_key LIMIT ${take}`;
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

type UserRow = ReturnType<typeof readUser>;

function readUser(selected: unknown) {
  const { heldBy } = selected as { heldBy: string | null }; // by SELECT
  return { ...COLUMNS.read(selected), ...readOrigin(selected), heldBy };
}

function toTargetUser(row: UserRow, fields: readonly Field[]): TargetUser {
  const { email, firstName, lastName, department, phoneNumber, customFields, ...user } = row;
  // Of a deleted field the value goes a while after it, and may meet a new field of the same key and another type.
  const values = new Map(Object.entries(fieldsOf(row)));
  return {
    ...user,
    fields: Object.fromEntries(fields.map(({ key, type }) => [key, toFieldValue(type, values.get(key))])),
  };
}
