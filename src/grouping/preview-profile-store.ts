import { selectCommitNo } from "../companies/read-at-one-moment.ts";
import type { Reads } from "../companies/split-long-reads.ts";
import { type CompiledMapping, deriveUser } from "../directory/derive-user-fields.ts";
import { selectEnd, type UserSpan, usersWithin } from "../directory/next-users.ts";
import { users } from "../directory/tables.ts";
import { columnOfField, fieldsOf } from "../directory/user.ts";
import { columnsOf } from "../platform/columns.ts";
import { packJson } from "../platform/pack-json.ts";
import { type Read, selectAll, together } from "../platform/read-batch.ts";
import { rawSql, type Sql, sql } from "../platform/sql.ts";
import type { Criteria, FieldMapping } from "../settings/setting.ts";
import { type Move, type MovePlan, type Profile, planMoves } from "./preview-moves.ts";

/** Users read at a time. */
const CHUNK = 1_000;
/** With more profiles than this among a setting's users, planning each of them costs no more than telling them apart. */
const MAX_PROFILES = 2_000;

/** A user with what it would join and leave. */
export interface Mover {
  key: number;
  userId: string;
  userName: string;
  moves: readonly Move[];
}

/** The users of one profile, who all move alike. */
interface Kind {
  profile: string;
  people: number;
  moves: readonly Move[];
}

/** Whose users are planned, and how. */
export interface PeoplePlan extends MovePlan {
  companyKey: number;
  /** The last commit that the plan knows of. */
  commitNo: number;
  /** Whether the columns of users are what their documents say. */
  hasCurrentColumns: boolean;
  /** How the fields of a user are read from its document. */
  mappings: readonly CompiledMapping[];
}

/** Whose users are counted: a setting's, by a change of its criteria. */
interface Asked {
  companyKey: number;
  settingKey: number;
  criteria: Criteria;
}

/** A profile that users have, as JSON text, and how many have it. */
interface FoundProfile {
  profile: string;
  people: number;
}

/** The field that names groups as the reads holds it: an expression that gives JSON. */
interface StoredField {
  key: string;
  value: Sql;
}

const NAME = columnsOf(users, "u", ["key", "id", "userName"]);
const USER = columnsOf(users, "u", ["key", "id", "userName", "active", "document"]);

const REASONS = sql`(SELECT json_group_array(json_array(t.target_group_key, t.setting_key)) FROM target_group_members t
  WHERE t.user_key = u.user_key)`;
const WAITS = sql`(u.held_by IS NOT NULL OR EXISTS (SELECT 1 FROM target_group_members t
  WHERE t.user_key = u.user_key AND t.held_version IS NOT NULL))`;
const GROUP_KEYS = sql`(SELECT json_group_array(m.group_key) FROM group_members m WHERE m.user_key = u.user_key)`;

/** Where the reads holds a field as `proposed` reads it; null where the mapping would change it. */
export function findStored(
  field: string | null,
  present: readonly FieldMapping[],
  proposed: readonly FieldMapping[],
): StoredField | null {
  if (field === null) return { key: "", value: sql`NULL` };
  const pathIn = (mappings: readonly FieldMapping[]) => mappings.find((mapping) => mapping.field === field)?.path;
  const path = pathIn(present);
  if (path === undefined || path !== pathIn(proposed)) return null;
  const column = columnOfField(field);
  if (column !== null) return { key: field, value: sql`json_quote(u.${rawSql(column)})` };
  return { key: field, value: sql`u.custom_fields -> ${field}` };
}

/** The profiles in one stretch of a company's users, and where that ends; null when no more follow. */
interface ProfileStretch {
  found: FoundProfile[];
  commitNo: number;
  edge: number | null;
}

/** Reads the profiles that users of a setting have in a stretch of the company's, in the order of the first who has each. */
export function selectProfiles(asked: Asked, stored: StoredField, at: Stretch): Read<ProfileStretch> {
  const span = { companyKey: asked.companyKey, ...at };
  const statement = sql`SELECT ${profileOf(asked.criteria, stored)} AS profile, count(*) AS people
    ${usersWithin(span, asked.settingKey)} GROUP BY profile ORDER BY min(u.user_key)`;
  const found = selectAll(statement, (row) => row as FoundProfile); // the columns of the statement
  return together({ found, commitNo: selectCommitNo(asked.companyKey), edge: selectEnd(span) });
}

/**
 * Reads on from a first stretch: the profiles that a setting's users have, in the order of the first who has each; null where
 * they are too many for it to be worth the while, or others wrote since the commit `commitNo`.
 */
export async function readProfiles(
  reads: Reads,
  select: (at: Stretch) => Read<ProfileStretch>,
  first: ProfileStretch,
  commitNo: number,
): Promise<FoundProfile[] | null> {
  const people = new Map<string, number>();
  for (let stretch = first; ; ) {
    if (stretch.commitNo !== commitNo) return null;
    for (const one of stretch.found) people.set(one.profile, (people.get(one.profile) ?? 0) + one.people);
    if (people.size > MAX_PROFILES) return null;
    const { edge } = stretch;
    if (edge === null) return Array.from(people, ([profile, count]) => ({ profile, people: count }));
    stretch = await reads.run(({ rows }) => select({ after: edge, rows }));
  }
}

/** Where a stretch of users begins, and how many it has. */
type Stretch = Omit<UserSpan, "companyKey">;

/** What the users of each profile would do; null when those who move are too many for it to be worth the while. */
export function planKinds(found: readonly FoundProfile[], plan: PeoplePlan, stored: StoredField): Kind[] | null {
  const kinds = found.map((row) => ({ ...row, moves: planMoves(readProfile(row.profile, stored), plan) }));
  // The profiles of those who move are bound as one parameter.
  return packJson(movingProfiles(kinds)).length > 1 ? null : kinds;
}

/** The users of the kinds that move, in the order of their keys. */
export async function* walkKinds(
  reads: Reads,
  plan: PeoplePlan,
  stored: StoredField,
  kinds: readonly Kind[],
): AsyncGenerator<Mover> {
  const moves = new Map(kinds.map((kind) => [kind.profile, kind.moves]));
  const [moving] = packJson(movingProfiles(kinds));
  if (moving === undefined) return;
  for (let after = 0; ; ) {
    const { movers, edge } = await reads.run(({ rows }) => {
      const span = { companyKey: plan.companyKey, after, rows };
      const profiled = sql`SELECT ${NAME.list}, ${profileOf(plan.settings.criteria, stored)} AS profile
        ${usersWithin(span, plan.settingKey)}`;
      const moved = sql`SELECT * FROM (${profiled}) WHERE profile IN (SELECT value FROM json_each(${moving})) ORDER BY key`;
      const toRow = (row: unknown) => ({ ...NAME.read(row), ...(row as { profile: string }) }); // by the statement above
      return together({ movers: selectAll(moved, toRow), edge: selectEnd(span) });
    });
    for (const { key, id, userName, profile } of movers)
      yield { key, userId: id, userName, moves: moves.get(profile) ?? [] };
    if (edge === null) return;
    after = edge;
  }
}

function movingProfiles(kinds: readonly Kind[]): string[] {
  return kinds.filter(({ moves }) => moves.length > 0).map(({ profile }) => profile);
}

/**
 * All users of a setting in the order of their keys, each read anew from its document; those that are read after another
 * commit by a plan that is read with them.
 */
export async function* walkEach(reads: Reads, select: Read<PeoplePlan>, first: PeoplePlan): AsyncGenerator<Mover> {
  let plan = first;
  for (let after = 0; ; ) {
    const users = selectUsers(plan, { after, rows: CHUNK });
    let chunk = await reads.once(together({ commitNo: selectCommitNo(plan.companyKey), users }));
    if (chunk.commitNo !== plan.commitNo) {
      const fresh = await reads.once(together({ plan: select, users }));
      plan = fresh.plan;
      chunk = { commitNo: plan.commitNo, users: fresh.users };
    }
    for (const row of chunk.users.found) yield toMover(row, plan);
    if (chunk.users.edge === null) return;
    after = chunk.users.edge;
  }
}

/** A user as it stands, ready to be planned. */
interface PlannableUser {
  key: number;
  id: string;
  userName: string;
  active: boolean;
  document: string;
  reasons: Profile["reasons"];
  groupKeys: number[];
  waits: boolean;
}

function selectUsers(plan: PeoplePlan, at: Stretch): Read<{ found: PlannableUser[]; edge: number | null }> {
  const span = { companyKey: plan.companyKey, ...at };
  const statement = sql`SELECT ${USER.list}, ${REASONS} AS reasons, ${groupKeysBy(plan.settings.criteria)} AS groupKeys, ${WAITS} AS waits
    ${usersWithin(span, plan.settingKey)} ORDER BY u.user_key`;
  const found = selectAll(statement, (row) => {
    const { reasons, groupKeys, waits } = row as { reasons: string; groupKeys: string; waits: number }; // JSON, by the statement above
    return { ...USER.read(row), reasons: JSON.parse(reasons), groupKeys: JSON.parse(groupKeys), waits: waits === 1 };
  });
  return together({ found, edge: selectEnd(span) });
}

function toMover({ id, userName, document, ...profile }: PlannableUser, plan: PeoplePlan): Mover {
  const fields = fieldsOf(deriveUser(JSON.parse(document), plan.mappings));
  return { key: profile.key, userId: id, userName, moves: planMoves({ ...profile, fields }, plan) };
}

/** A user's profile as JSON text: the same text for the same profile. */
function profileOf(criteria: Criteria, { value }: StoredField): Sql {
  return sql`json_array(u.active, json(${value}), json(${REASONS}), json(${groupKeysBy(criteria)}), ${WAITS})`;
}

function groupKeysBy(criteria: Criteria): Sql {
  return criteria === "idp" ? GROUP_KEYS : sql`'[]'`;
}

function readProfile(text: string, { key }: StoredField): Profile {
  const parts = JSON.parse(text) as [number, unknown, Profile["reasons"], number[], number]; // by profileOf
  const [active, value, reasons, groupKeys, waits] = parts;
  return { active: active === 1, fields: { [key]: value }, reasons, groupKeys, waits: waits === 1 };
}
