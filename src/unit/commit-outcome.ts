import { literal, type Sql, sql } from "../platform/sql.ts";
import type { CompanyConfig } from "./company-config.ts";

/** The company's row names so many of its latest commits: evidence that costs no row of its own. */
const KEPT_COMMITS = 50;
/** An id and the blank after it. */
const ID_LENGTH = 37;

/** How the company's row takes in the id of a commit. */
export function rememberCommit(id: string): Sql {
  return sql`recent_commits = substr(${id} || ' ' || recent_commits, 1, ${literal(KEPT_COMMITS * ID_LENGTH)})`;
}

/** A commit whose outcome D1 left open: it may have got through, or may yet. */
export interface OpenCommit<Result> {
  id: string;
  /** The number of the commit that it was planned on. */
  plannedOn: number;
  /** What it answers if it got through. */
  results: (Result | null)[];
  isChanging: boolean;
  makesMessages: boolean;
  /** The keys of the webhooks whose couriers have to look at them. */
  webhooksToWake: readonly number[];
}

/**
 * The one of these commits that got through, going by its own id alone; null when none has. None of them will any more
 * once a commit planned on this configuration has: the fence lets only one of them pass.
 */
export function findDone<Result>(
  open: readonly OpenCommit<Result>[],
  { recentCommits }: CompanyConfig,
): OpenCommit<Result> | null {
  return open.find(({ id }) => recentCommits.includes(id)) ?? null;
}

/** Whether so many have committed since that the company's row would not name one of these commits any more. */
export function isForgotten(open: readonly OpenCommit<unknown>[], { commitNo }: CompanyConfig): boolean {
  return open.some(({ plannedOn }) => commitNo > plannedOn + KEPT_COMMITS);
}
