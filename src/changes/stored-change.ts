import { columnsExcept } from "../platform/columns.ts";
import { rawSql, type Sql, sql } from "../platform/sql.ts";
import type { Change } from "./change-store.ts";
import { changes } from "./tables.ts";

const COLUMNS = columnsExcept(changes, "c", ["companyKey", "userId", "settingKey"]);

/** What is selected of a row of the feed as `c`, for `readChange`. */
export const CHANGE_COLUMNS = sql`${COLUMNS.list}, (SELECT s.id FROM scim_settings s WHERE s.setting_key = c.setting_key) AS settingId`;

/** The change that a row with these columns holds, with what its row says once put where it belongs. */
export function readChange(selected: unknown): Change {
  const { subjectKind: kind, subjectId: id, requestId, provider, rule, ...change } = COLUMNS.read(selected);
  const subject = { kind, id };
  if (requestId === null) return { ...change, subject };
  const { settingId } = selected as { settingId: string | null }; // it is among the columns
  const data = change.type === MADE ? withSetting(change.data, settingId) : change.data;
  return { ...change, subject, data, cause: { requestId, actor: "scim", settingId, provider, rule } };
}

/** The change that tells of a user tells of its setting, which mostly is the one that it came through. */
const MADE = "user.created";
const SETTING = "settingId";
/** What stands behind the setting in the data of such a change. */
const BEHIND = new Set(["personId", "createdAt", "erased"]);

/** The data of a change as the row has it that says which setting it came through. */
export function storedData(
  type: string,
  data: Record<string, unknown>,
  settingId: string | null,
): Record<string, unknown> {
  if (type !== MADE || data[SETTING] !== settingId) return data;
  const { [SETTING]: _, ...others } = data;
  return others;
}

function withSetting(data: Record<string, unknown>, settingId: string | null): Record<string, unknown> {
  if (SETTING in data) return data;
  const entries = Object.entries(data);
  const place = entries.findIndex(([name]) => BEHIND.has(name));
  return Object.fromEntries(entries.toSpliced(place === -1 ? entries.length : place, 0, [SETTING, settingId]));
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

/** The same of many people, whose ids are the values of a JSON array. */
export function changesAboutEach(companyKey: number, people: string): Source[] {
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
