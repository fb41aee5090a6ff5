import { and, asc, between, desc, sql as drizzleSql, eq, getTableColumns, gt, isNull, lt, type SQL } from "drizzle-orm";
import { columnsOf, pick } from "../platform/columns.ts";
import { type Database, openDatabase, openDatabases, openRegistry, REGISTRY } from "../platform/database.ts";
import type { Env } from "../platform/env.ts";
import type { KeyedPage } from "../platform/list-position.ts";
import { sendBatch } from "../platform/read-batch.ts";
import { retry } from "../platform/retry.ts";
import { type Sql, sql } from "../platform/sql.ts";
import { PRESENT_FORM } from "../platform/stored-row-forms.ts";
import { newId } from "../platform/uuid.ts";
import { chooseDatabase } from "./choose-database.ts";
import type { Company, CompanyMetadata } from "./company.ts";
import { companies } from "./tables.ts";

/*
 * A company's row stands in its directory database, beside the data that its commit number fences. The registry knows
 * every company: of one that lives elsewhere it has a copy of what it is called, which a step brings along.
 * The registry's key is the company's in either, so that keys are unique over all databases.
 */

const NAMES = ["key", "id", "name", "externalId", "metadata", "shard", "createdAt"] as const;
const COLUMNS = pick(getTableColumns(companies), ...NAMES);
const RETURNED = columnsOf(companies, "companies", NAMES);

/** What a new company is made with beside its name. */
interface NewCompany {
  id?: string;
  externalId?: string | null;
  metadata?: CompanyMetadata;
  /**
   * What the database of its directory takes in with its row, or not at all, given that database's binding: statements that
   * do nothing to a row with another one's.
   */
  inDirectory?: (shard: string) => readonly Sql[];
  /** What the registry takes in with it. */
  inRegistry?: readonly Sql[];
}

/**
 * Makes a company in the database that has room for it: the only mutation outside the writer, since a writer belongs to a
 * company that exists. A company whose second row could not be made does not exist; once it is tried again it goes where the
 * registry says already.
 */
export async function createCompany(env: Env, name: string, now: number, more: NewCompany = {}): Promise<Company> {
  const shard = await chooseDatabase(env);
  const { id = newId(now), externalId = null, metadata = {}, inDirectory = () => [], inRegistry = [] } = more;
  const row = { id, name, externalId, metadata, shard, createdAt: now };
  const beside = shard === REGISTRY ? [...inRegistry, ...inDirectory(REGISTRY)] : inRegistry;
  const company = await insertOnce(openRegistry(env), row, beside);
  if (company.shard === REGISTRY) return company;
  return insertOnce(openDatabase(env, company), company, inDirectory(company.shard));
}

/** A company of that id is there, and is another one. */
export class CompanyThere extends Error {
  constructor(id: string) {
    super(`company ${id} is there already`);
  }
}

/** Makes a company's row, and takes one that an earlier try made whose answer was lost; any other row is in the way. */
async function insertOnce(
  { d1 }: Database,
  row: Omit<Company, "key"> & { key?: number },
  beside: readonly Sql[],
): Promise<Company> {
  const { key = null, id, name, externalId, metadata, shard, createdAt } = row;
  const insert = sql`INSERT INTO companies (company_key, id, name, external_id, metadata, shard, stored_form, created_at)
    VALUES (${key}, ${id}, ${name}, ${externalId}, ${JSON.stringify(metadata)}, ${shard}, ${PRESENT_FORM}, ${createdAt})
    ON CONFLICT (id) DO UPDATE SET name = excluded.name WHERE name = excluded.name RETURNING ${RETURNED.list}`;
  const [answer] = await retry(() => sendBatch(d1, [insert, ...beside]));
  const [made] = answer?.results ?? [];
  if (made === undefined) throw new CompanyThere(id);
  return RETURNED.read(made);
}

/** The company of an id, or null when there is none or it was deleted. */
export async function findCompany(env: Env, id: string): Promise<Company | null> {
  const found = await openRegistry(env)
    .orm.select(COLUMNS)
    .from(companies)
    .where(and(eq(companies.id, id), isNull(companies.deletedAt)))
    .get();
  if (found === undefined) return null;
  return (await fromTheirShards(env, [found]))[0] ?? null;
}

/** Whether the registry has a company of an id that it does not know to be deleted. */
export async function isRegistered(env: Env, id: string): Promise<boolean> {
  const isThere = and(eq(companies.id, id), isNull(companies.deletedAt));
  const { orm } = openRegistry(env);
  return (await orm.select({ key: companies.key }).from(companies).where(isThere).get()) !== undefined;
}

/** Which companies a list shows: those that are called exactly so. */
interface CompanyFilter {
  name?: string;
  externalId?: string;
}

/** The orders of a list of companies: as they were made, or by what the registry knows them to be called. */
export const COMPANY_ORDERS = ["made", "-made", "name", "-name"] as const;
type CompanyOrder = (typeof COMPANY_ORDERS)[number];

/** A page of the companies in an order, the one they were made in unless another is asked for. */
export async function listCompanies(
  env: Env,
  page: KeyedPage,
  { name, externalId }: CompanyFilter = {},
  order: CompanyOrder = "made",
): Promise<Company[]> {
  const listed: Company[] = [];
  const asked = and(
    isNull(companies.deletedAt),
    name === undefined ? undefined : eq(companies.name, name),
    externalId === undefined ? undefined : eq(companies.externalId, externalId),
  );
  const isDown = order.startsWith("-") !== ((page.before ?? null) !== null);
  const direction = isDown ? desc : asc;
  for (let from = page.before ?? page.after; ; ) {
    const rows = await openRegistry(env)
      .orm.select(COLUMNS)
      .from(companies)
      .where(and(isBeyond(from, order, isDown), asked))
      .orderBy(...(order.endsWith("name") ? [direction(FOLDED_NAME)] : []), direction(companies.key))
      .limit(page.take)
      .all();
    listed.push(...(await fromTheirShards(env, rows)));
    const last = rows.at(-1);
    if (last === undefined || rows.length < page.take || listed.length >= page.take) return listed.slice(0, page.take);
    from = last.key;
  }
}

const FOLDED_NAME = drizzleSql`${companies.name} COLLATE NOCASE`;

/** Whether a company comes after the one with a key, or before it; from the beginning (null) any does. */
function isBeyond(key: number | null, order: CompanyOrder, isDown: boolean): SQL | undefined {
  if (!order.endsWith("name"))
    return isDown ? lt(companies.key, key ?? Number.MAX_SAFE_INTEGER) : gt(companies.key, key ?? 0);
  if (key === null) return undefined;
  const name = drizzleSql`(SELECT o.name FROM companies o WHERE o.company_key = ${key})`;
  return drizzleSql`(${FOLDED_NAME}, ${companies.key}) ${drizzleSql.raw(isDown ? "<" : ">")} (${name}, ${key})`;
}

/**
 * Opens the directory database of a company that only its id or key is known of. While there is but one database, nobody
 * is asked; a company that is nowhere has nothing in any, so that the registry stands for it.
 */
export async function openDirectory(env: Env, company: { key: number } | { id: string }): Promise<Database> {
  const [registry = openRegistry(env), ...others] = openDatabases(env);
  if (others.length === 0) return registry;
  const which = "key" in company ? eq(companies.key, company.key) : eq(companies.id, company.id);
  const found = await registry.orm.select({ shard: companies.shard }).from(companies).where(which).get();
  return openDatabase(env, found ?? { shard: REGISTRY });
}

/** Whether there is any company: a deployment without one is new, and nothing is lost by refusing its requests. */
export async function hasCompanies(env: Env): Promise<boolean> {
  const { orm } = openRegistry(env);
  const found = await orm
    .select({ key: companies.key })
    .from(companies)
    .where(isNull(companies.deletedAt))
    .limit(1)
    .get();
  return found !== undefined;
}

/** Asks every directory database something; throws for one that does not answer or has no tables. */
export async function askEachDatabase(env: Env): Promise<void> {
  for (const { orm } of openDatabases(env)) await orm.select({ key: companies.key }).from(companies).limit(1).get();
}

/** Rows of the registry as their own databases have them, without those that were deleted there. */
async function fromTheirShards(env: Env, rows: Company[]): Promise<Company[]> {
  const elsewhere = Map.groupBy(
    rows.filter(({ shard }) => shard !== REGISTRY),
    ({ shard }) => shard,
  );
  const found = await Promise.all(
    [...elsewhere].map(([shard, away]) => {
      const keys = away.map(({ key }) => key);
      // No other company of this database is in that range.
      const among = between(companies.key, Math.min(...keys), Math.max(...keys));
      const { orm } = openDatabase(env, { shard });
      return orm
        .select(COLUMNS)
        .from(companies)
        .where(and(among, isNull(companies.deletedAt)))
        .all();
    }),
  );
  const own = new Map(found.flat().map((company) => [company.key, company]));
  return rows.flatMap((row) => (row.shard === REGISTRY ? row : (own.get(row.key) ?? [])));
}
