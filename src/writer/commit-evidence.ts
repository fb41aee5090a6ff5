import { isPassingFault } from "../platform/passing-fault.ts";
import type { Row, WorkingSet } from "./working-set.ts";

const MAX_LOOKS = 5;

/**
 * After an error whose outcome is unknown: whether D1 shows that this commit got through. The company row names the last
 * commit; when another writer has committed since, the rows that only this commit can have written tell. The look is
 * tried several times, since a client must not be told that its own write is a duplicate. `patience` is in milliseconds.
 */
export async function isCommitted(
  d1: D1Database,
  workingSet: WorkingSet,
  commitId: string,
  patience: number,
): Promise<boolean> {
  const { config, changeSeq, changes, logEntries } = workingSet;
  const statement = d1
    .prepare(
      `SELECT commit_id = ?2 OR EXISTS (SELECT 1 FROM provisioning_log WHERE company_key = ?1 AND id = ?3) OR EXISTS
         (SELECT 1 FROM changes WHERE company_key = ?1 AND seq = ?4 AND cause->>'requestId' = ?5) AS found
       FROM companies WHERE company_key = ?1`,
    )
    .bind(config.companyKey, commitId, logEntries[0]?.id ?? "", changeSeq + 1, changes[0]?.cause.requestId ?? "");
  for (let attempt = 1; ; attempt += 1)
    try {
      return (await statement.first<Row>())?.found === 1;
    } catch (error) {
      if (attempt === MAX_LOOKS || !isPassingFault(error)) throw error;
      await new Promise((resolve) => setTimeout(resolve, patience * 2 ** attempt));
    }
}
