import { selectCommitNo } from "../grouping/profile-store.ts";
import { runRead } from "../platform/read-batch.ts";
import type { ConsoleContext } from "./console-env.ts";

/** How often a page is read anew because others wrote in between. */
const MOST_ATTEMPTS = 3;

/** What several reads tell, of one moment: they are repeated where the company was written to in between. */
export async function atOneMoment<T>(c: ConsoleContext, read: () => Promise<T>): Promise<T> {
  const { database, company } = c.var;
  const commitNo = selectCommitNo(company.key);
  let before = await runRead(database, commitNo);
  for (let attempt = 1; ; attempt += 1) {
    const found = await read();
    const after = await runRead(database, commitNo);
    if (after === before || attempt === MOST_ATTEMPTS) return found;
    before = after;
  }
}
