import { foldKey } from "../../directory/fold-key.ts";
import type { Database } from "../../platform/database.ts";
import type { Position } from "../cursor.ts";

/** The orders a list of people has; each follows an index of every setting's people. */
export type PeopleOrder = "name" | "-name" | "added" | "-added";

/** Which people a list shows, and in what order. */
export interface PeopleQuery {
  /** Part of a user name, e-mail address or name. */
  search: string;
  status: "active" | "inactive" | null;
  settingId: string | null;
  /** Only those whose setting was deleted. */
  isUnmanaged: boolean;
  order: PeopleOrder;
}

/** A person in a list; times in milliseconds. */
export interface Person {
  key: number;
  id: string;
  userName: string;
  nameKey: string;
  active: boolean;
  email: string | null;
  firstName: string | null;
  lastName: string | null;
  department: string | null;
  settingName: string;
  /** Whether a live setting keeps the person up to date. */
  managed: boolean;
  createdAt: number;
}

type Row = Omit<Person, "active" | "managed"> & { active: number; managed: number };

function toPerson(row: Row): Person {
  return { ...row, active: row.active === 1, managed: row.managed === 1 };
}

const ORDERS = {
  name: { column: "u.user_name_key", direction: "ASC", beyond: ">" },
  "-name": { column: "u.user_name_key", direction: "DESC", beyond: "<" },
  added: { column: "u.id", direction: "ASC", beyond: ">" },
  "-added": { column: "u.id", direction: "DESC", beyond: "<" },
} as const;

const COLUMNS = `
SELECT u.user_key AS key, u.id, u.user_name AS userName, u.user_name_key AS nameKey, u.active, u.email,
  u.first_name AS firstName, u.last_name AS lastName, u.department, s.name AS settingName,
  s.status <> 'deleted' AS managed, u.created_at AS createdAt`;

/** A search reads its own narrow index and only the rows it finds; a walk follows the index of its order. */
const FROM = {
  search: "FROM users u INDEXED BY users_by_words CROSS JOIN scim_settings s ON s.setting_key = u.setting_key",
  walk: "FROM users u CROSS JOIN scim_settings s ON s.setting_key = u.setting_key",
} as const;

const MATCHES = `
(instr(u.user_name_key, ?) > 0 OR instr(u.email_key, ?) > 0
 OR instr(lower(coalesce(u.first_name, '') || ' ' || coalesce(u.last_name, '')), ?) > 0)`;

/**
 * Up to `take` people of a company after a position. The indexes of people begin with their setting, and a company has
 * few: each setting is walked in its own order, all in one trip, and the walks are merged here.
 */
export async function listPeople(
  database: Database,
  companyKey: number,
  query: PeopleQuery,
  page: { take: number; after: Position | null },
): Promise<Person[]> {
  const { results: settings } = await database.d1
    .prepare(
      `SELECT setting_key AS key FROM scim_settings
       WHERE company_key = ?1 AND (?2 IS NULL OR id = ?2) AND (?3 = 0 OR status = 'deleted')`,
    )
    .bind(companyKey, query.settingId, Number(query.isUnmanaged))
    .all<{ key: number }>();
  if (settings.length === 0) return [];
  const statements = settings.map(({ key }) => prepareWalk(database, key, query, page));
  const walks = await database.d1.batch<Row>(statements);
  const people = walks.flatMap(({ results }) => results.map(toPerson));
  return people.sort(comparisonOf(query.order)).slice(0, page.take);
}

function prepareWalk(
  { d1 }: Database,
  settingKey: number,
  query: PeopleQuery,
  { take, after }: { take: number; after: Position | null },
): D1PreparedStatement {
  const { column, direction, beyond } = ORDERS[query.order];
  const words = foldKey(query.search).split(/\s+/).filter(Boolean).slice(0, 5);
  const conditions = ["u.setting_key = ?"];
  const params: (string | number)[] = [settingKey];
  const [value, key] = after ?? [];
  if (value !== undefined && key !== undefined) {
    conditions.push(`${column} ${beyond}= ? AND (${column} <> ? OR u.user_key ${beyond} ?)`);
    params.push(value, value, key);
  }
  if (query.status !== null) conditions.push(query.status === "active" ? "u.active = 1" : "u.active = 0");
  for (const word of words) {
    conditions.push(MATCHES);
    params.push(word, word, word);
  }
  const from = words.length > 0 || query.status !== null ? FROM.search : FROM.walk;
  const sql = `${COLUMNS} ${from} WHERE ${conditions.join(" AND ")} ORDER BY ${column} ${direction} LIMIT ?`;
  return d1.prepare(sql).bind(...params, take);
}

/** Where a person stands in a list of this order. */
export function positionOf(person: Person, order: PeopleOrder): Position {
  return [order.endsWith("name") ? person.nameKey : person.id, person.key];
}

/** The order of SQLite's BINARY collation on what the lists hold: by code unit, then by key. */
function comparisonOf(order: PeopleOrder): (a: Person, b: Person) => number {
  const sign = order.startsWith("-") ? -1 : 1;
  return (a, b) => {
    const [left = "", right = ""] = [positionOf(a, order)[0], positionOf(b, order)[0]];
    if (left !== right) return left < right ? -sign : sign;
    return (a.key - b.key) * sign;
  };
}

/** How many people of a company no live setting keeps up to date: their setting was deleted, and they were kept. */
export async function countUnmanaged({ d1 }: Database, companyKey: number): Promise<number> {
  const sql = `SELECT coalesce(sum(active_users + inactive_users), 0) AS people FROM scim_settings
    WHERE company_key = ? AND status = 'deleted'`;
  return (await d1.prepare(sql).bind(companyKey).first<number>("people")) ?? 0;
}
