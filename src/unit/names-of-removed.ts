import { formerNames } from "../log/tables.ts";
import { columnsOf } from "../platform/columns.ts";
import { runRead, selectAll } from "../platform/read-batch.ts";
import { sql } from "../platform/sql.ts";
import { namesInLog } from "./erase-person-traces.ts";
import type { UnitOfWork } from "./unit-of-work.ts";

const NAME = columnsOf(formerNames, "f", ["name"]);

/** All that the people whom a commit removes are called and were called before, and their ids; in the log's folding. */
export async function namesOfRemoved({ users, documents }: UnitOfWork, d1: D1Database): Promise<Set<string>> {
  const removed = users
    .changes()
    .flatMap(({ key, before, after }) =>
      before !== undefined && after === undefined ? [{ ref: key, user: before }] : [],
    );
  if (removed.length === 0) return new Set();
  const keys = JSON.stringify(removed.map(({ user }) => user.key));
  const former = selectAll(
    sql`SELECT ${NAME.list} FROM json_each(${keys}) j CROSS JOIN former_names f ON f.user_key = j.value`,
    NAME.read,
  );
  return new Set([
    ...removed.flatMap(({ ref, user }) => [
      ...namesInLog(user, documents.knows(ref) ? documents.before(ref) : undefined),
    ]),
    ...(await runRead({ d1 }, former)).map(({ name }) => name),
  ]);
}
