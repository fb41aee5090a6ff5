import type { Database } from "../platform/database.ts";
import { type Read, rowsOf, runRead } from "../platform/read-batch.ts";
import { sql } from "../platform/sql.ts";

/** How often something is read anew because others wrote in between. */
const MOST_ATTEMPTS = 3;

/** Reads the number of a company's last commit. */
export function selectCommitNo(companyKey: number): Read<number> {
  return {
    statements: [sql`SELECT commit_no AS commitNo FROM companies WHERE company_key = ${companyKey}`],
    decode: ([rows]) => rowsOf<{ commitNo: number }>(rows)[0]?.commitNo ?? 0,
  };
}

/** What several reads of a company tell, of one moment: they are repeated where the company was written to in between. */
export async function readAtOneMoment<T>(database: Database, companyKey: number, read: () => Promise<T>): Promise<T> {
  const commitNo = selectCommitNo(companyKey);
  let before = await runRead(database, commitNo);
  for (let attempt = 1; ; attempt += 1) {
    const found = await read();
    const after = await runRead(database, commitNo);
    if (after === before || attempt === MOST_ATTEMPTS) return found;
    before = after;
  }
}
