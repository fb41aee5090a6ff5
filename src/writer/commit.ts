import { planDirectoryRows } from "./commit-directory.ts";
import { planFeedRows } from "./commit-feed.ts";
import { planSettingRows } from "./commit-settings.ts";
import { planTargetRows } from "./commit-targets.ts";
import { planDeactivationRows } from "./mass-change.ts";
import type { Statement, WorkingSet } from "./working-set.ts";

/** The name of the CHECK constraint that a commit on a stale commit number violates. */
export const FENCE = "CHECK constraint failed: fence";

/** The statements of one commit: the fence first, then everything that differs from what was read. */
export function planCommit(workingSet: WorkingSet, commitId: string): Statement[] {
  const rows = [
    ...planDirectoryRows(workingSet),
    ...planTargetRows(workingSet),
    ...planDeactivationRows(workingSet),
    ...workingSet.statements,
    ...planFeedRows(workingSet),
    ...planSettingRows(workingSet),
  ];
  return rows.length === 0 ? [] : [fence(workingSet, commitId), ...rows];
}

/** Planned last, since the other rows allocate keys. */
function fence({ config, nextKey, changeSeq, changes }: WorkingSet, commitId: string): Statement {
  return {
    sql: `UPDATE companies SET commit_no = CASE WHEN commit_no = ?1 THEN commit_no + 1 ELSE -1 END,
      commit_id = ?2, next_key = ?3, change_seq = ?4 WHERE company_key = ?5`,
    parameters: [config.commitNo, commitId, nextKey, changeSeq + changes.length, config.companyKey],
  };
}
