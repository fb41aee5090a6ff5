import { and, asc, eq, gt, isNull } from "drizzle-orm";
import type { Database } from "../platform/database.ts";
import { newId } from "../platform/ids.ts";
import type { Company } from "./company.ts";
import { companies } from "./tables.ts";

const COLUMNS = {
  key: companies.key,
  id: companies.id,
  name: companies.name,
  shard: companies.shard,
  createdAt: companies.createdAt,
};

/** Makes a company: the only mutation outside the writer, since a writer belongs to a company that exists. */
export async function createCompany(registry: Database, name: string, now: number): Promise<Company> {
  return registry.orm
    .insert(companies)
    .values({ id: newId(now), name, createdAt: now })
    .returning(COLUMNS)
    .get();
}

/** The company of an id, or null when there is none or it was deleted. */
export async function findCompany(registry: Database, id: string): Promise<Company | null> {
  const found = await registry.orm
    .select(COLUMNS)
    .from(companies)
    .where(and(eq(companies.id, id), isNull(companies.deletedAt)))
    .get();
  return found ?? null;
}

/** Up to `take` companies in the order they were made, after the one with key `after`. */
export async function listCompanies(
  registry: Database,
  page: { take: number; after: number | null },
): Promise<Company[]> {
  return registry.orm
    .select(COLUMNS)
    .from(companies)
    .where(and(gt(companies.key, page.after ?? 0), isNull(companies.deletedAt)))
    .orderBy(asc(companies.key))
    .limit(page.take)
    .all();
}
