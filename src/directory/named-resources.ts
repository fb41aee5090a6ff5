import type { ReadInShare } from "../companies/read-in-share.ts";
import type { Database } from "../platform/database.ts";
import { NOTHING, type Read, rowsOf, runRead, together } from "../platform/read-batch.ts";
import { joinSql, type Sql, sql } from "../platform/sql.ts";
import { keysOf } from "./fold-key.ts";
import { listPeople } from "./people-list-store.ts";
import { isSeen } from "./people-not-in-shadow.ts";

/** A SCIM user or group as it is called: by its userName or displayName. */
export interface NamedResource {
  type: "User" | "Group";
  id: string;
  name: string;
  /** What else a user is called, or null. */
  more: string | null;
  settingKey: number;
  settingId: string;
  settingName: string;
  /** The id of the target user or target group that the platform sees of it; null in shadow, and for a group that feeds none. */
  seenId: string | null;
}

/** So many people, and so many groups, are found by a part of a name. */
const MOST_PEOPLE = 10;
const MOST_GROUPS = 5;

const SEARCH = {
  what: "No index answers a search by a part of a name",
  quick: "At any time: the whole user name or e-mail address of somebody.",
};

const USER = sql`'User' AS type, u.id, u.user_name AS name,
  coalesce(u.display_name, nullif(trim(coalesce(u.first_name, '') || ' ' || coalesce(u.last_name, '')), '')) AS more,
  s.setting_key AS settingKey, s.id AS settingId, s.name AS settingName, iif(${isSeen()}, u.id, NULL) AS seenId`;
const GROUP = sql`'Group' AS type, g.id, g.display_name AS name, NULL AS more, s.setting_key AS settingKey, s.id AS settingId, s.name AS settingName,
  (SELECT t.id FROM target_groups t WHERE t.target_group_key = g.target_group_key) AS seenId`;

function select(...statements: Sql[]): Read<NamedResource[]> {
  // The columns are those of the statements, by the lists above.
  return { statements, decode: (results) => results.flatMap((rows) => rowsOf<NamedResource>(rows)) };
}

/** Reads the SCIM user or group of a company that has an id, or null. */
export function selectNamedResource(companyKey: number, id: string): Read<NamedResource | null> {
  const read = select(
    sql`SELECT ${USER} FROM scim_settings s CROSS JOIN users u ON u.setting_key = s.setting_key AND u.id = ${id}
      WHERE s.company_key = ${companyKey} LIMIT 1`,
    sql`SELECT ${GROUP} FROM scim_settings s CROSS JOIN groups g ON g.setting_key = s.setting_key AND g.id = ${id}
      WHERE s.company_key = ${companyKey} LIMIT 1`,
  );
  return { ...read, decode: (results) => read.decode(results)[0] ?? null };
}

/** Reads who has a name in a setting of a company: the one SCIM user, or the one group; null for nobody. */
export function selectHolderOfName(
  companyKey: number,
  { type, settingId, name }: Pick<NamedResource, "type" | "settingId" | "name">,
): Read<NamedResource | null> {
  const keys = sql`(SELECT value FROM json_each(${JSON.stringify(keysOf(name))}))`;
  const ofSetting = sql`s.company_key = ${companyKey} AND s.id = ${settingId}`;
  const read = select(
    type === "User"
      ? sql`SELECT ${USER} FROM scim_settings s CROSS JOIN users u ON u.setting_key = s.setting_key AND u.user_name_key IN ${keys}
          WHERE ${ofSetting} LIMIT 1`
      : sql`SELECT ${GROUP} FROM scim_settings s CROSS JOIN groups g ON g.setting_key = s.setting_key AND g.display_name_key IN ${keys}
          WHERE ${ofSetting} LIMIT 1`,
  );
  return { ...read, decode: (results) => read.decode(results)[0] ?? null };
}

/**
 * The SCIM users and groups of a company with a text in their names, those in shadow too, the first of each; `isCut` says that
 * there may be more. An address is looked up; anything else is searched for as `readInShare` lets it.
 */
export async function findNamedResources(
  database: Database,
  companyKey: number,
  text: string,
  readInShare: ReadInShare,
): Promise<{ found: NamedResource[]; isCut: boolean }> {
  if (text.includes("@")) {
    const found = await runRead(database, selectByAddress(companyKey, text));
    if (found.length > 0) return { found: onceEach(found).slice(0, MOST_PEOPLE), isCut: false };
  }
  const query = { search: text, status: null, settingId: null, isUnmanaged: false, order: "name" } as const;
  const { people, groups } = await readInShare(SEARCH, async (reads) => {
    const inSlot: ReadInShare = (_about, read) => read(reads);
    const page = { take: MOST_PEOPLE, after: null };
    const { rows } = await listPeople(database, companyKey, { ...query, inShadowToo: true }, page, NOTHING, inSlot);
    const keys = rows.map(({ key }) => key);
    return reads.once(
      together({ people: selectByKeys(companyKey, keys), groups: selectByPartOfName(companyKey, text) }),
    );
  });
  const isCut = people.length === MOST_PEOPLE || groups.length > MOST_GROUPS;
  return { found: [...people, ...groups.slice(0, MOST_GROUPS)], isCut };
}

function onceEach(found: readonly NamedResource[]): NamedResource[] {
  return [...new Map(found.map((one) => [one.id, one])).values()];
}

function selectByAddress(companyKey: number, address: string): Read<NamedResource[]> {
  const keys = sql`(SELECT value FROM json_each(${JSON.stringify(keysOf(address))}))`;
  return select(
    sql`SELECT ${USER} FROM scim_settings s CROSS JOIN users u ON u.setting_key = s.setting_key AND u.user_name_key IN ${keys}
      WHERE s.company_key = ${companyKey} LIMIT ${MOST_PEOPLE}`,
    sql`SELECT ${USER} FROM users u CROSS JOIN scim_settings s ON s.setting_key = u.setting_key
      WHERE u.company_key = ${companyKey} AND u.email_key IN ${keys} LIMIT ${MOST_PEOPLE}`,
  );
}

function selectByKeys(companyKey: number, keys: readonly number[]): Read<NamedResource[]> {
  return select(sql`SELECT ${USER} FROM json_each(${JSON.stringify(keys)}) j CROSS JOIN users u ON u.user_key = j.value
    CROSS JOIN scim_settings s ON s.setting_key = u.setting_key WHERE u.company_key = ${companyKey} ORDER BY j.key`);
}

/** A company has hundreds of groups, of which the index of names is looked through. */
function selectByPartOfName(companyKey: number, text: string): Read<NamedResource[]> {
  const isIn = keysOf(text).map((key) => sql`instr(g.display_name_key, ${key}) > 0`);
  return select(sql`SELECT ${GROUP} FROM scim_settings s CROSS JOIN groups g INDEXED BY groups_by_name ON g.setting_key = s.setting_key
    WHERE s.company_key = ${companyKey} AND (${joinSql(isIn, " OR ")}) LIMIT ${MOST_GROUPS + 1}`);
}
