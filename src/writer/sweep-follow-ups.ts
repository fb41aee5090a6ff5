import { findCompaniesDue } from "../companies/companies-due-store.ts";
import { findCompaniesPastTerm } from "../holds/held-deletion-term.ts";
import type { Database } from "../platform/database.ts";
import type { Env } from "../platform/env.ts";
import { runRead, selectValues, together } from "../platform/read-batch.ts";
import { sql } from "../platform/sql.ts";
import { PRESENT_FORM } from "../platform/stored-row-forms.ts";
import { openWriter } from "./open-writer.ts";
import { REST } from "./retry-refused-follow-ups.ts";

/** Work that a living writer does steps of is younger than this (ms), or is not harmed by a second word about it. */
const GRACE = 60_000;

/**
 * Has the writers of a database's companies go on with work that earlier commits scheduled and nobody does: a commit can reach
 * D1 after its writer died and after the alarm that was to look for its work. So they do whose rows an earlier version wrote
 * in another form, those in which a deletion has waited for too long, and those whose alerts or enrolments are past their time. Gives how many.
 */
export async function sweepFollowUps(env: Env, { d1 }: Database, now: number): Promise<number> {
  const ids = new Set([
    ...(await findCompaniesWithWork(d1, now)),
    ...(await findCompaniesPastTerm({ d1 }, now)),
    ...(await findCompaniesDue({ d1 }, "alerts_due_at", now - GRACE)),
    ...(await findCompaniesDue({ d1 }, "enrolments_due_at", now - GRACE)),
  ]);
  const resumed = await Promise.allSettled(Array.from(ids, (id) => openWriter(env, id).resume(id)));
  return resumed.filter(({ status }) => status === "fulfilled").length;
}

/** Companies whose rows are in an older form are taken a few at a time: each of them goes through all that it has. */
const RENEWED_AT_ONCE = 50;

/** Work that rests is left alone: many companies with some must not keep the others' from being found. */
async function findCompaniesWithWork(d1: D1Database, now: number): Promise<string[]> {
  const withWork = sql`SELECT DISTINCT c.id FROM replans r JOIN companies c ON c.company_key = r.company_key
    WHERE r.created_at < ${now - GRACE} AND (r.refused_at IS NULL OR r.refused_at <= ${now - REST}) LIMIT 500`;
  // The registry's row of a company that lives in another database commits nothing, nor has it rows to be renewed.
  const inOldForm = sql`SELECT id FROM companies
    WHERE stored_form < ${PRESENT_FORM} AND commit_id IS NOT NULL AND deleted_at IS NULL LIMIT ${RENEWED_AT_ONCE}`;
  const read = together({ withWork: selectValues<string>(withWork), inOldForm: selectValues<string>(inOldForm) });
  const found = await runRead({ d1 }, read);
  return [...new Set([...found.withWork, ...found.inOldForm])];
}
