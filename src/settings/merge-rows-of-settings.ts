import { BYTES_AT_ONCE, isCut, type Stretch, withinBytes } from "../platform/byte-budget.ts";
import { columnsOf } from "../platform/columns.ts";
import type { Database } from "../platform/database.ts";
import { type Read, runRead, selectAll, together } from "../platform/read-batch.ts";
import { type Sql, sql } from "../platform/sql.ts";
import { scimSettings } from "./tables.ts";

const NAMES = columnsOf(scimSettings, "s", ["key", "id", "name"]);

/** A setting of a company, deleted or not. */
type SettingName = ReturnType<typeof NAMES.read>;

/** Which settings of a company: that of one id, and only those that are there, or only deleted ones; null for all. */
interface WhichSettings {
  id: string | null;
  managed: boolean | null;
}

/** How the rows of a setting are read, and in what order those of all settings come together. */
interface Walk<Row, Beside> {
  /** Selects the first `take` rows of a setting in the order of `compare`, each with its `size` in bytes. */
  select(settingKey: number): Sql;
  toRow(selected: unknown, setting: SettingName): Row;
  compare(left: Row, right: Row): number;
  take: number;
  /** What else is read in the same moment. */
  beside: Read<Beside>;
}

/**
 * The first rows of a company in one order, as far as they come to what is read at once. Indexes of people and requests begin with the setting, of which a company has
 * few: each is walked by itself, and the walks are merged here. All of it is of one moment: the settings are read again in
 * the batch of the walks, and where another one has come meanwhile, that batch was in vain.
 */
export async function walkEachSetting<Row, Beside>(
  database: Database,
  companyKey: number,
  which: WhichSettings,
  { select, toRow, compare, take, beside }: Walk<Row, Beside>,
): Promise<Stretch<Row> & { beside: Beside }> {
  const settings = selectNames(companyKey, which);
  for (let known = await runRead(database, settings); ; ) {
    const walks: Read<unknown[][]> = {
      statements: known.map(({ key }) => withinBytes(select(key), Math.floor(BYTES_AT_ONCE / known.length))),
      decode: (results) => results,
    };
    const answer = await runRead(database, together({ settings, walks, beside }));
    if (isSame(known, answer.settings)) {
      const walks = answer.settings.map((setting, index) => {
        const selected = answer.walks[index] ?? [];
        return { rows: selected.map((row) => toRow(row, setting)), isCut: isCut(selected) };
      });
      return { ...merge(walks, compare, take), beside: answer.beside };
    }
    known = answer.settings;
  }
}

/** The first rows of all walks; beyond the end of one that is cut nobody knows what comes next. */
function merge<Row>(
  walks: readonly Stretch<Row>[],
  compare: (left: Row, right: Row) => number,
  take: number,
): Stretch<Row> {
  const ends = walks.flatMap(({ rows, isCut }) => (isCut ? rows.slice(-1) : [])).sort(compare);
  const [end] = ends;
  const rows = walks.flatMap(({ rows }) => rows).sort(compare);
  const known = end === undefined ? rows : rows.filter((row) => compare(row, end) <= 0);
  return { rows: known.slice(0, take), isCut: end !== undefined };
}

function isSame(known: readonly SettingName[], present: readonly SettingName[]): boolean {
  return known.length === present.length && known.every(({ key }, index) => key === present[index]?.key);
}

function selectNames(companyKey: number, { id, managed }: WhichSettings): Read<SettingName[]> {
  const hasId = id === null ? sql`TRUE` : sql`s.id = ${id}`;
  const isManaged = managed === null ? sql`TRUE` : sql`(s.status <> 'deleted') = ${Number(managed)}`;
  return selectAll(
    sql`SELECT ${NAMES.list} FROM scim_settings s WHERE s.company_key = ${companyKey} AND ${hasId} AND ${isManaged}
      ORDER BY s.setting_key`,
    NAMES.read,
  );
}
