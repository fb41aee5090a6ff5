import { env } from "cloudflare:workers";
import { is } from "drizzle-orm";
import { getTableConfig, SQLiteTable } from "drizzle-orm/sqlite-core";
import { expect, it } from "vitest";
import * as ofAlerts from "../../src/alerts/tables.ts";
import * as ofChanges from "../../src/changes/tables.ts";
import * as ofCompanies from "../../src/companies/tables.ts";
import * as ofDirectory from "../../src/directory/tables.ts";
import * as ofHolds from "../../src/holds/tables.ts";
import * as ofLog from "../../src/log/tables.ts";
import * as ofSettings from "../../src/settings/tables.ts";
import * as ofUnit from "../../src/unit/tables.ts";
import * as ofWebhooks from "../../src/webhooks/tables.ts";

const ROOMS = [ofAlerts, ofChanges, ofCompanies, ofDirectory, ofHolds, ofLog, ofSettings, ofUnit, ofWebhooks];
/** What nothing fills any more. */
const ABANDONED = ["commit_marks", "ended_sessions"];
const ABANDONED_COLUMNS = new Set([
  "users left_at",
  "scim_settings deactivations",
  "scim_settings deactivations_since",
]);

/** Each column as `name type`, with what says whether it may be NULL. */
async function columnsInDatabase(table: string): Promise<string[]> {
  const statement = env.DB.prepare('SELECT name, type, "notnull", pk FROM pragma_table_info(?)').bind(table);
  const { results } = await statement.all<{ name: string; type: string; notnull: number; pk: number }>();
  return results
    .filter(({ name }) => !ABANDONED_COLUMNS.has(`${table} ${name}`))
    .map(({ name, type, notnull, pk }) => describe(name, type.toLowerCase(), notnull === 1 || pk > 0))
    .sort();
}

function columnsInCode(table: SQLiteTable): string[] {
  const { columns } = getTableConfig(table);
  return columns.map((column) => describe(column.name, column.getSQLType(), column.notNull || column.primary)).sort();
}

function describe(name: string, type: string, isRequired: boolean): string {
  return `${name} ${type}${isRequired ? "" : " or null"}`;
}

it("the tables of the rooms are those of the database, column by column", async () => {
  const tables = ROOMS.flatMap((room) => Object.values<unknown>(room).filter((value) => is(value, SQLiteTable)));
  for (const table of tables) {
    const { name } = getTableConfig(table);
    expect(columnsInCode(table), name).toEqual(await columnsInDatabase(name));
  }
  const { results } = await env.DB.prepare(
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name NOT LIKE '%\\_cf%' ESCAPE '\\' AND name <> 'd1_migrations'",
  ).all<{ name: string }>();
  const known = [...tables.map((table) => getTableConfig(table).name), ...ABANDONED];
  expect(known.sort()).toEqual(results.map(({ name }) => name).sort());
});
