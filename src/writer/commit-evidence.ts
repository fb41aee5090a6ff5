import type { Pause } from "../platform/clock.ts";
import { isPassingFault } from "../platform/passing-fault.ts";
import type { Row, Statement, WorkingSet } from "./working-set.ts";

const MAX_LOOKS = 5;
/** The first pause between two looks (ms); it doubles with every further one. */
const FIRST_PAUSE = 40;
/** Marks of older commits than this many are dropped: a look for one comes seconds after its commit. */
const KEPT_MARKS = 1_000;

/**
 * The statements that leave a mark of a commit which no row of its own in the feed or the log would show. A step of a
 * replan needs none: done twice it comes to the same.
 */
export function planMark({ config, changes, logEntries }: WorkingSet, commitId: string): Statement[] {
  if (changes.length > 0 || logEntries.some(({ settingId }) => config.settings.has(settingId))) return [];
  const { companyKey, commitNo } = config;
  return [
    {
      sql: "INSERT INTO commit_marks (company_key, commit_no, commit_id) VALUES (?, ?, ?)",
      parameters: [companyKey, commitNo + 1, commitId],
    },
    {
      sql: "DELETE FROM commit_marks WHERE company_key = ? AND commit_no <= ?",
      parameters: [companyKey, commitNo + 1 - KEPT_MARKS],
    },
  ];
}

/**
 * After an error whose outcome is unknown: whether D1 shows that this commit got through. The company row names the last
 * commit; when another writer has committed since, the rows that only this commit can have written tell. The look is
 * tried several times, since a client must not be told that its own write is a duplicate.
 */
export async function isCommitted(
  d1: D1Database,
  { config, changeSeq, changes, logEntries }: WorkingSet,
  commitId: string,
  pause: Pause,
): Promise<boolean> {
  const logged = logEntries.find(({ settingId }) => config.settings.has(settingId));
  const statement = d1
    .prepare(
      `SELECT commit_id = ?2 OR EXISTS (SELECT 1 FROM provisioning_log WHERE company_key = ?1 AND id = ?3) OR EXISTS
         (SELECT 1 FROM changes WHERE company_key = ?1 AND seq = ?4 AND cause->>'requestId' = ?5) OR EXISTS
         (SELECT 1 FROM commit_marks WHERE company_key = ?1 AND commit_no = ?6 AND commit_id = ?2) AS found
       FROM companies WHERE company_key = ?1`,
    )
    .bind(
      ...[config.companyKey, commitId, logged?.id ?? "", changeSeq + 1, changes[0]?.cause.requestId ?? ""],
      config.commitNo + 1,
    );
  for (let attempt = 1; ; attempt += 1)
    try {
      return (await statement.first<Row>())?.found === 1;
    } catch (error) {
      if (attempt === MAX_LOOKS || !isPassingFault(error)) throw error;
      await pause(FIRST_PAUSE * 2 ** (attempt - 1));
    }
}
