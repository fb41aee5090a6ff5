import { type Sql, sql } from "../platform/sql.ts";
import { rememberCommit } from "./commit-outcome.ts";
import { peopleDaysAfter } from "./count-people-joined-and-left.ts";
import type { UnitOfWork } from "./unit-of-work.ts";

/** The name of the CHECK constraint that a commit planned on another state than the present one violates. */
const FENCE = "CHECK constraint failed: fence";

/**
 * The first statement of a commit; planned last, since planning the others allocates keys. It says of the commit that its
 * writer knows of stored forms: where the one before it did not, the first commit after that is a renewal's, which sets the
 * form anew. Likewise it says that it counted who is enrolled in what.
 */
export function planFence(unit: UnitOfWork, commitId: string): Sql {
  const { config, nextKey, changeSeq, changes } = unit;
  const days = peopleDaysAfter(unit);
  const number = sql`CASE WHEN commit_no = ${config.commitNo} AND commit_id IS ${config.commitId} THEN commit_no + 1 ELSE -1 END`;
  return sql`UPDATE companies SET commit_no = ${number}, commit_id = ${commitId}, next_key = ${nextKey},
    change_seq = ${changeSeq + changes.length}, ${rememberCommit(commitId)}, stored_form_commit = ${commitId},
    items_counted_commit = ${commitId}, people_days = coalesce(${days === null ? null : JSON.stringify(days)}, people_days)
    WHERE company_key = ${config.companyKey}`;
}

/** Whether D1 rolled a batch back because the commit it was planned on was no longer the company's last. */
export function isFence(error: unknown): boolean {
  return error instanceof Error && error.message.includes(FENCE);
}

/** The last commit is not the one the configuration was read at: another writer committed, or D1 was restored. */
export class Stale extends Error {}
