/** Points at which a test pauses or breaks a writer, by the batches that it sends to D1. */
interface CommitHooks {
  /** After a batch that reads. */
  afterLoad?: () => Promise<void>;
  beforeCommit?: () => Promise<void>;
  afterCommit?: () => Promise<void>;
}

/** How the first statement of every commit begins: the fence. */
const FENCE = "UPDATE companies SET commit_no";

/** Whether the statement is the first of a commit. */
export function isFence(sql: string | undefined): boolean {
  return sql?.startsWith(FENCE) ?? false;
}

/** The same statement without what makes it a fence: the number moves, whatever it was. */
export function withoutFence(sql: string): string {
  return isFence(sql) ? sql.replace(/CASE WHEN .* END/, "? + iif(? IS NULL, 1, 1)") : sql;
}

/** A D1 that stops at the hooks; with `isFenced` false it takes commits whatever they were planned on. */
export function hookD1(d1: D1Database, hooks: CommitHooks, { isFenced } = { isFenced: true }): D1Database {
  const commits = new WeakSet<D1PreparedStatement>();
  return {
    prepare: (sql: string) => {
      const statement = d1.prepare(isFenced ? sql : withoutFence(sql));
      if (!isFence(sql)) return statement;
      const bind = statement.bind.bind(statement);
      statement.bind = (...values: unknown[]) => {
        const bound = bind(...values);
        commits.add(bound);
        return bound;
      };
      return statement;
    },
    batch: async <T>(statements: D1PreparedStatement[]) => {
      const isCommit = statements[0] !== undefined && commits.has(statements[0]);
      if (isCommit) await hooks.beforeCommit?.();
      const results = await d1.batch<T>(statements);
      await (isCommit ? hooks.afterCommit : hooks.afterLoad)?.();
      return results;
    },
  } as D1Database; // only what the writer uses
}
