import { columnsExcept } from "../platform/columns.ts";
import { rawSql, type Sql, sql } from "../platform/sql.ts";
import type { Change } from "./change.ts";
import { changes } from "./tables.ts";

const COLUMNS = columnsExcept(changes, "c", ["companyKey", "userId", "settingKey"]);

/** What is selected of a row of the feed as `c`, for `readChange`. */
export const CHANGE_COLUMNS = sql`${COLUMNS.list}, (SELECT s.id FROM scim_settings s WHERE s.setting_key = c.setting_key) AS settingId`;

/** The change that a row with these columns holds, its cause put together where that lies in columns of its own. */
export function readChange(selected: unknown): Change {
  const { subjectKind: kind, subjectId: id, requestId, provider, rule, ...change } = COLUMNS.read(selected);
  const subject = { kind, id };
  if (requestId === null) return { ...change, subject };
  const { settingId } = selected as { settingId: string | null }; // it is among the columns
  return { ...change, subject, cause: { requestId, actor: "scim", settingId, provider, rule } };
}

/** The request that made the change in a row `c`, as a piece of SQL. */
export const REQUEST_ID = rawSql("coalesce(c.request_id, c.cause ->> 'requestId')");

/** Rows of the feed as `c`: their table, and which of it. */
interface Source {
  table: Sql;
  condition: Sql;
}

/**
 * Where changes about a person lie, whose id a piece of SQL gives: with those that name the person beside their subject, as
 * all of before do, and with those whose subject it is. By itself SQLite would walk the company's whole feed.
 */
export function changesAbout(companyKey: number, person: Sql): Source[] {
  return changesOf(companyKey, sql`= ${person}`, sql`= substr(${person}, 29)`);
}

/** The same of people with these ids; of one, no list is read. */
export function changesAboutEach(companyKey: number, ids: readonly string[]): Source[] {
  const [sole = null, ...others] = ids;
  if (others.length === 0) return changesAbout(companyKey, sql`${sole}`);
  const people = JSON.stringify(ids);
  return changesOf(
    companyKey,
    sql`IN (SELECT value FROM json_each(${people}))`,
    sql`IN (SELECT substr(value, 29) FROM json_each(${people}))`,
  );
}

function changesOf(companyKey: number, isPerson: Sql, isEnd: Sql): Source[] {
  return [
    {
      table: rawSql("changes AS c INDEXED BY changes_by_user"),
      condition: sql`c.company_key = ${companyKey} AND c.user_id ${isPerson}`,
    },
    {
      table: rawSql("changes AS c INDEXED BY changes_by_person"),
      condition: sql`c.company_key = ${companyKey} AND c.user_id IS NULL AND c.subject_kind = 'user'
        AND substr(c.subject_id, 29) ${isEnd} AND c.subject_id ${isPerson}`,
    },
  ];
}
