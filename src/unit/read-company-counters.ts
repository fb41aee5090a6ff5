import { companies } from "../companies/tables.ts";
import { type PackedCounts, unpackCounts } from "../holds/pack-loss-counts.ts";
import { brakes } from "../holds/tables.ts";
import { columnsOf } from "../platform/columns.ts";
import { sql } from "../platform/sql.ts";
import { scimSettings } from "../settings/tables.ts";
import { Stale } from "./commit-fence.ts";
import type { Query, Row, UnitOfWork } from "./unit-of-work.ts";

const COUNTERS = columnsOf(companies, "c", ["commitNo", "commitId", "nextKey", "changeSeq", "peopleDays"]);
const OF_SETTING = columnsOf(scimSettings, "s", ["key", "activeUsers"]);
const BRAKE = columnsOf(brakes, "b", ["counts"]);

/** The company's counters, and what the settings asked about lost within the last hour; throws Stale. */
export function readCompany(unit: UnitOfWork): Query[] {
  const { companyKey, commitNo, commitId } = unit.config;
  // As many rows as the company has settings: only for a commit that adds people.
  const people =
    unit.people.wanted.size === 0
      ? sql`NULL`
      : sql`(SELECT sum(active_users + inactive_users) FROM scim_settings WHERE company_key = c.company_key)`;
  return [
    {
      ...sql`SELECT ${COUNTERS.list}, ${OF_SETTING.list}, ${BRAKE.list}, ${people} AS people FROM companies c
        LEFT JOIN scim_settings s ON s.setting_key IN (SELECT value FROM json_each(${JSON.stringify([...unit.brakes.wanted])}))
        LEFT JOIN brakes b ON b.setting_key = s.setting_key WHERE c.company_key = ${companyKey}`,
      receive: (rows) => {
        const counters = rows[0] === undefined ? undefined : COUNTERS.read(rows[0]);
        if (counters?.commitNo !== commitNo || counters.commitId !== commitId) throw new Stale();
        unit.isProven = true;
        loadBrakes(unit, rows);
        if (unit.people.wanted.size > 0) unit.people.load("all", Number(rows[0]?.people));
        unit.people.endLoad();
        unit.nextKey = counters.nextKey;
        unit.changeSeq = counters.changeSeq;
        unit.peopleDays = counters.peopleDays;
      },
    },
  ];
}

/** What settings lost, from rows that hold their columns. */
function loadBrakes(unit: UnitOfWork, rows: readonly Row[]): void {
  // A company of whose settings none was asked about has one row, with nothing of a setting in it.
  for (const row of rows.filter(({ key }) => key !== null)) {
    const { key, activeUsers } = OF_SETTING.read(row);
    // A setting that lost nobody yet has no row.
    const counts: PackedCounts | null = BRAKE.read(row).counts;
    unit.brakes.load(key, { counts: unpackCounts(counts ?? {}), activeUsers });
  }
  unit.brakes.endLoad();
}
