import type { Read } from "../platform/read-batch.ts";
import { rawSql, type Sql, sql } from "../platform/sql.ts";

/** What a row tells that stands before the resources of a page. */
type HeadName = "access" | "total";

/** Such a row: in the columns of a resource's, but without a document. */
interface HeadRow {
  document: null;
  facts: string | number;
  related: HeadName;
}

/** The statement of a head row; `facts` is one value, and `from` gives one row at most. */
export function selectHead(name: HeadName, facts: Sql, from: Sql = rawSql("")): Sql {
  return sql`SELECT NULL AS document, ${facts} AS facts, ${rawSql(`'${name}'`)} AS related ${from}`;
}

/**
 * A read with a head row before it, in one statement where the rows of the read are such that it can be: a further one
 * costs D1 more than what it looks up here. SQLite runs the parts of a UNION ALL one after the other, so those rows keep
 * their order. Gives the facts of the head row, undefined when there is none.
 */
export function withHead<T>(
  name: HeadName,
  head: Sql,
  { statements, takesHead, share, decode }: Read<T>,
): Read<{ facts: HeadRow["facts"] | undefined; value: T }> {
  const [first, ...others] = statements;
  const isJoined = takesHead === true && first !== undefined;
  return {
    statements: isJoined ? [sql`${head} UNION ALL SELECT * FROM (${first})`, ...others] : [head, ...statements],
    takesHead: true,
    share,
    decode: ([rows = [], ...own]) => {
      const facts = rows.find((row) => isHead(name, row))?.facts;
      const rest = rows.filter((row) => !isHead(name, row));
      return { facts, value: decode(isJoined ? [rest, ...own] : own) };
    },
  };
}

/** Whether a row of such a statement, with a document or without, is the head row of this name. */
function isHead(name: HeadName, row: unknown): row is HeadRow {
  const { document, related } = row as HeadRow | { document: string; related: string | null };
  return document === null && related === name;
}
