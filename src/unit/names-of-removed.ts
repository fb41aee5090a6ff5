import { selectFormerNamesOfAll } from "../log/former-name-store.ts";
import { runRead } from "../platform/read-batch.ts";
import { namesInLog } from "./erase-person-traces.ts";
import type { UnitOfWork } from "./unit-of-work.ts";

/** All that the people whom a commit removes are called and were called before, and their ids; in the log's folding. */
export async function namesOfRemoved({ users, documents }: UnitOfWork, d1: D1Database): Promise<Set<string>> {
  const removed = users
    .differences()
    .flatMap(({ key, before, after }) =>
      before !== undefined && after === undefined ? [{ ref: key, user: before }] : [],
    );
  if (removed.length === 0) return new Set();
  const former = selectFormerNamesOfAll(removed.map(({ user }) => user.key));
  return new Set([
    ...removed.flatMap(({ ref, user }) => [
      ...namesInLog(user, documents.knows(ref) ? documents.before(ref) : undefined),
    ]),
    ...(await runRead({ d1 }, former)),
  ]);
}
