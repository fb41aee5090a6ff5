import { type CompiledMapping, deriveUser } from "../directory/derive-user.ts";
import { fieldsOf, type User } from "../directory/user.ts";
import { spanAfter } from "../platform/ids.ts";
import { packJson } from "../platform/json-parameter.ts";
import type { FieldMapping } from "../settings/setting.ts";
import { type Move, type MovePlan, type Profile, planMoves } from "./plan-moves.ts";

/** Users read at a time. */
const CHUNK = 1_000;
/** With more profiles than this among a setting's users, planning each of them costs no more than telling them apart. */
const MAX_PROFILES = 2_000;

/** A user with what it would join and leave. */
export interface Mover {
  userId: string;
  userName: string;
  moves: readonly Move[];
}

/** The users of one profile, who all move alike. */
export interface Kind {
  profile: string;
  people: number;
  moves: readonly Move[];
}

/** Whose users are planned, and how. */
export interface PeoplePlan extends MovePlan {
  companyKey: number;
}

/** The field that names groups as the database holds it: an expression that gives JSON, and what it binds. */
export interface StoredField {
  key: string;
  sql: string;
  params: string[];
}

/** The columns of the fields that have one; custom fields lie together in one of JSON. */
const COLUMNS: Record<string, string> = {
  email: "email",
  firstName: "first_name",
  lastName: "last_name",
  department: "department",
  phoneNumber: "phone_number",
};

const HELD = `(SELECT json_group_array(json_array(t.target_group_key, t.setting_key)) FROM target_group_members t
  WHERE t.user_key = u.user_key)`;
const GROUP_KEYS = "(SELECT json_group_array(m.group_key) FROM group_members m WHERE m.user_key = u.user_key)";
/** The unary plus keeps SQLite from reading an index of the setting and sorting all of it anew for every chunk. */
const USERS = "FROM users u WHERE +u.setting_key = ?1 AND u.user_key > ?2 AND u.user_key < ?3";

/** Where the database holds a field as `proposed` reads it; null where the mapping would change it. */
export function findStored(
  field: string | null,
  present: readonly FieldMapping[],
  proposed: readonly FieldMapping[],
): StoredField | null {
  if (field === null) return { key: "", sql: "NULL", params: [] };
  const pathIn = (mappings: readonly FieldMapping[]) => mappings.find((mapping) => mapping.field === field)?.path;
  const path = pathIn(present);
  if (path === undefined || path !== pathIn(proposed)) return null;
  const column = COLUMNS[field];
  if (column !== undefined) return { key: field, sql: `json_quote(u.${column})`, params: [] };
  return { key: field, sql: "u.custom_fields -> ?4", params: [field] };
}

/** The kinds of users a setting has; null when they are too many for it to be worth the while. */
export async function readKinds(d1: D1Database, plan: PeoplePlan, stored: StoredField): Promise<Kind[] | null> {
  const { results } = await d1
    .prepare(
      `SELECT ${profileSql(plan, stored)} AS profile, count(*) AS people ${USERS}
       GROUP BY profile LIMIT ${MAX_PROFILES + 1}`,
    )
    .bind(plan.settingKey, ...rangeAfter(0, plan), ...stored.params)
    .all<{ profile: string; people: number }>();
  if (results.length > MAX_PROFILES) return null;
  const kinds = results.map((row) => ({ ...row, moves: planMoves(readProfile(row.profile, stored), plan) }));
  // The profiles of those who move are bound as one parameter.
  return packJson(movingProfiles(kinds)).length > 1 ? null : kinds;
}

/** The users of the kinds that move, in the order of their keys. */
export async function* walkKinds(
  d1: D1Database,
  plan: PeoplePlan,
  stored: StoredField,
  kinds: readonly Kind[],
): AsyncGenerator<Mover> {
  const moves = new Map(kinds.map((kind) => [kind.profile, kind.moves]));
  const [moving] = packJson(movingProfiles(kinds));
  if (moving === undefined) return;
  const params = [...stored.params, moving];
  const sql = `SELECT * FROM (SELECT u.user_key AS key, u.id AS userId, u.user_name AS userName,
      ${profileSql(plan, stored)} AS profile ${USERS} ORDER BY u.user_key)
    WHERE profile IN (SELECT value FROM json_each(?${3 + params.length})) LIMIT ${CHUNK}`;
  for await (const { userId, userName, profile } of walk<UserRow & { profile: string }>(d1, sql, plan, params))
    yield { userId, userName, moves: moves.get(profile) ?? [] };
}

function movingProfiles(kinds: readonly Kind[]): string[] {
  return kinds.filter(({ moves }) => moves.length > 0).map(({ profile }) => profile);
}

/** All users of a setting in the order of their keys, each read anew from its document by these mappings. */
export async function* walkEach(
  d1: D1Database,
  plan: PeoplePlan,
  mappings: readonly CompiledMapping[],
): AsyncGenerator<Mover> {
  const sql = `SELECT u.user_key AS key, u.id AS userId, u.user_name AS userName, u.active, u.document, ${HELD} AS held,
    ${groupKeysSql(plan)} AS groupKeys ${USERS} ORDER BY u.user_key LIMIT ${CHUNK}`;
  for await (const row of walk<DocumentRow>(d1, sql, plan, [])) {
    const { userId, userName } = row;
    // Only the mapped fields of the user are read.
    const fields = fieldsOf(deriveUser(JSON.parse(row.document), mappings) as User);
    const held = JSON.parse(row.held) as Profile["held"]; // built by the query above
    const groupKeys = JSON.parse(row.groupKeys) as number[]; // likewise
    yield { userId, userName, moves: planMoves({ active: row.active === 1, fields, held, groupKeys }, plan) };
  }
}

interface UserRow {
  key: number;
  userId: string;
  userName: string;
}

interface DocumentRow extends UserRow {
  active: number;
  document: string;
  held: string;
  groupKeys: string;
}

async function* walk<Row extends UserRow>(
  d1: D1Database,
  sql: string,
  plan: PeoplePlan,
  params: readonly string[],
): AsyncGenerator<Row> {
  const statement = d1.prepare(sql);
  for (let after = 0; ; ) {
    const { results } = await statement.bind(plan.settingKey, ...rangeAfter(after, plan), ...params).all<Row>();
    yield* results;
    const last = results.at(-1);
    if (last === undefined || results.length < CHUNK) return;
    after = last.key;
  }
}

/** The company's keys after one of them: without an end the last chunk would look through all companies. */
function rangeAfter(key: number, { companyKey }: PeoplePlan): [after: number, before: number] {
  const { after, before } = spanAfter(companyKey, key);
  return [after, before];
}

/** A user's profile as JSON text: the same text for the same profile. */
function profileSql(plan: PeoplePlan, stored: StoredField): string {
  return `json_array(u.active, json(${stored.sql}), json(${HELD}), json(${groupKeysSql(plan)}))`;
}

function groupKeysSql({ settings }: PeoplePlan): string {
  return settings.criteria === "idp" ? GROUP_KEYS : "'[]'";
}

function readProfile(text: string, { key }: StoredField): Profile {
  const [active, value, held, groupKeys] = JSON.parse(text) as [number, unknown, Profile["held"], number[]]; // by profileSql
  return { active: active === 1, fields: { [key]: value }, held, groupKeys };
}
