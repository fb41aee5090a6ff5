import type { Database } from "../platform/database.ts";
import { type Read, rowsOf, runRead, together } from "../platform/read-batch.ts";
import { type Sql, sql } from "../platform/sql.ts";

/** A setting of a company, deleted or not. */
export interface SettingName {
  key: number;
  id: string;
  name: string;
}

/** Which settings of a company: that of one id, and only those that are there, or only deleted ones; null for all. */
export interface WhichSettings {
  id: string | null;
  managed: boolean | null;
}

/** What is read of each setting, and what else in the same batch. */
interface EachSetting<Beside> {
  walk(settingKey: number): Sql;
  beside: Read<Beside>;
}

/**
 * Runs a statement for each setting of a company, or for some of them, since indexes of people and requests begin with
 * the setting. All of it is of one moment: the settings are read again in the batch of the statements, and where another
 * one has come meanwhile, that batch was in vain. Gives the rows by setting.
 */
export async function readEachSetting<Row, Beside>(
  database: Database,
  companyKey: number,
  which: WhichSettings,
  { walk, beside }: EachSetting<Beside>,
): Promise<{ settings: SettingName[]; rows: Row[][]; beside: Beside }> {
  const settings = selectNames(companyKey, which);
  for (let known = await runRead(database, settings); ; ) {
    const walks: Read<Row[][]> = {
      statements: known.map(({ key }) => walk(key)),
      decode: (results) => results.map((rows) => rowsOf<Row>(rows)),
    };
    const answer = await runRead(database, together({ settings, walks, beside }));
    const keys = new Set(known.map(({ key }) => key));
    if (answer.settings.every(({ key }) => keys.has(key)) && keys.size === answer.settings.length)
      return { settings: answer.settings, rows: answer.walks, beside: answer.beside };
    known = answer.settings;
  }
}

function selectNames(companyKey: number, { id, managed }: WhichSettings): Read<SettingName[]> {
  const hasId = id === null ? sql`TRUE` : sql`id = ${id}`;
  const isManaged = managed === null ? sql`TRUE` : sql`(status <> 'deleted') = ${Number(managed)}`;
  return {
    statements: [
      sql`SELECT setting_key AS key, id, name FROM scim_settings WHERE company_key = ${companyKey} AND ${hasId} AND ${isManaged}
        ORDER BY setting_key`,
    ],
    decode: ([rows]) => rowsOf<SettingName>(rows),
  };
}
