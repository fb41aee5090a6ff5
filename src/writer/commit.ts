import { planDirectoryRows } from "./commit-directory.ts";
import { rememberCommit } from "./commit-evidence.ts";
import { planFeedRows } from "./commit-feed.ts";
import { planSettingRows } from "./commit-settings.ts";
import { planTargetRows } from "./commit-targets.ts";
import { planErasure } from "./erase-traces.ts";
import type { Statement, WorkingSet } from "./working-set.ts";

/** The name of the CHECK constraint that a commit planned on another state than the present one violates. */
export const FENCE = "CHECK constraint failed: fence";

/** Everything of a working set that differs from what was read, as statements. */
export function planRows(workingSet: WorkingSet): Statement[] {
  return [
    ...planDirectoryRows(workingSet),
    ...planTargetRows(workingSet),
    ...workingSet.statements,
    ...planFeedRows(workingSet),
    ...planSettingRows(workingSet),
    ...workingSet.config.sightings.plan(workingSet),
    ...planErasure(workingSet),
  ];
}

/** The first statement of a commit; planned last, with the last of its working sets, since the others allocate keys. */
export function planFence({ config, nextKey, changeSeq, changes }: WorkingSet, commitId: string): Statement {
  return {
    sql: `UPDATE companies SET commit_no = CASE WHEN commit_no = ?1 AND commit_id IS ?6 THEN commit_no + 1 ELSE -1 END,
      commit_id = ?2, next_key = ?3, change_seq = ?4, ${rememberCommit("?2")} WHERE company_key = ?5`,
    parameters: [config.commitNo, commitId, nextKey, changeSeq + changes.length, config.companyKey, config.commitId],
  };
}
