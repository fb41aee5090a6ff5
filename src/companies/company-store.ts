import { and, asc, between, eq, gt, isNull } from "drizzle-orm";
import { type Database, openDatabase, openDatabases, openRegistry, REGISTRY } from "../platform/database.ts";
import type { Env } from "../platform/env.ts";
import { retry } from "../platform/retry.ts";
import { PRESENT_FORM } from "../platform/stored-forms.ts";
import { newId } from "../platform/uuid.ts";
import type { Company } from "./company.ts";
import { companies } from "./tables.ts";

/*
 * A company's row stands in its directory database, beside the data that its commit number fences. The registry knows
 * every company: the row of one that lives elsewhere says only where (its name, and whether it was deleted, are there).
 * The registry's key is the company's in either, so that keys are unique over all databases.
 */

const COLUMNS = {
  key: companies.key,
  id: companies.id,
  name: companies.name,
  shard: companies.shard,
  createdAt: companies.createdAt,
};

/**
 * Makes a company in the database that NEW_COMPANIES_DB names: the only mutation outside the writer, since a writer belongs
 * to a company that exists. A company whose second row could not be made does not exist.
 */
export async function createCompany(env: Env, name: string, now: number): Promise<Company> {
  const shard = env.NEW_COMPANIES_DB ?? REGISTRY;
  const directory = openDatabase(env, { shard });
  const row = { id: newId(now), name: shard === REGISTRY ? name : "", shard, createdAt: now };
  const company = { ...(await insertOnce(openRegistry(env), row)), name };
  if (shard !== REGISTRY) await insertOnce(directory, company);
  return company;
}

/** Makes a company's row, and takes one that an earlier try made whose answer was lost; any other row is in the way. */
async function insertOnce({ orm }: Database, row: Omit<Company, "key"> & { key?: number }): Promise<Company> {
  const made = await retry(() =>
    orm
      .insert(companies)
      .values({ ...row, storedForm: PRESENT_FORM })
      .onConflictDoUpdate({ target: companies.id, set: { name: row.name }, setWhere: eq(companies.name, row.name) })
      .returning(COLUMNS)
      .get(),
  );
  // Drizzle's type does not know that a condition may leave nothing.
  if ((made as Company | undefined) === undefined) throw new Error(`company ${row.id} is there already`);
  return made;
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

/** Up to `take` companies in the order they were made, after the one with key `after`. */
export async function listCompanies(env: Env, page: { take: number; after: number | null }): Promise<Company[]> {
  const listed: Company[] = [];
  for (let after = page.after ?? 0; ; ) {
    const rows = await openRegistry(env)
      .orm.select(COLUMNS)
      .from(companies)
      .where(and(gt(companies.key, after), isNull(companies.deletedAt)))
      .orderBy(asc(companies.key))
      .limit(page.take)
      .all();
    listed.push(...(await fromTheirShards(env, rows)));
    const last = rows.at(-1);
    if (last === undefined || rows.length < page.take || listed.length >= page.take) return listed.slice(0, page.take);
    after = last.key;
  }
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
