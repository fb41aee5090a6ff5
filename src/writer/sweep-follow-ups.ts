import { findCompaniesPastTerm } from "../holds/term.ts";
import type { Database } from "../platform/database.ts";
import type { Env } from "../platform/env.ts";
import { REST } from "./held-up-work.ts";
import { openWriter } from "./open-writer.ts";

/** Work that a living writer does steps of is younger than this (ms), or is not harmed by a second word about it. */
const GRACE = 60_000;

/**
 * Has the writers of a database's companies go on with work that earlier commits left and nobody does, and release deletions
 * that have waited for too long: a commit can reach D1 after its writer died and after the alarm that was to look for its work. Gives how many.
 */
export async function sweepFollowUps(env: Env, { d1 }: Database, now: number): Promise<number> {
  const ids = new Set([...(await findCompaniesWithWork(d1, now)), ...(await findCompaniesPastTerm({ d1 }, now))]);
  const resumed = await Promise.allSettled(Array.from(ids, (id) => openWriter(env, id).resume(id)));
  return resumed.filter(({ status }) => status === "fulfilled").length;
}

/** Work that rests is left alone: many companies with some must not keep the others' from being found. */
async function findCompaniesWithWork(d1: D1Database, now: number): Promise<string[]> {
  const { results } = await d1
    .prepare(
      `SELECT DISTINCT c.id FROM replans r JOIN companies c ON c.company_key = r.company_key
       WHERE r.created_at < ?1 AND (r.refused_at IS NULL OR r.refused_at <= ?2) LIMIT 500`,
    )
    .bind(now - GRACE, now - REST)
    .all<{ id: string }>();
  return results.map(({ id }) => id);
}
