import { companies } from "../companies/tables.ts";
import { columnsOf } from "../platform/columns.ts";
import { scimSettings } from "../settings/tables.ts";
import { Stale } from "./commit-fence.ts";
import type { Query, Row, UnitOfWork } from "./unit-of-work.ts";

const COUNTERS = columnsOf(companies, "c", ["commitNo", "commitId", "nextKey", "changeSeq"]);
const WINDOWS = columnsOf(scimSettings, "s", ["key", "activeUsers", "deactivationsSince", "deactivations"]);

/** How long deactivations are counted together (ms). */
const WINDOW = 3_600_000;

/** The company's counters, and the windows of the settings whose users may be deactivated; throws Stale. */
export function readCompany(unit: UnitOfWork): Query[] {
  const { companyKey, commitNo, commitId } = unit.config;
  // As many rows as the company has settings: only for a commit that adds people.
  const people =
    unit.people.wanted.size === 0
      ? "NULL"
      : "(SELECT sum(active_users + inactive_users) FROM scim_settings WHERE company_key = c.company_key)";
  return [
    {
      sql: `SELECT ${COUNTERS.list.sql}, ${WINDOWS.list.sql}, ${people} AS people
        FROM companies c LEFT JOIN scim_settings s ON s.setting_key IN (SELECT value FROM json_each(?)) WHERE c.company_key = ?`,
      params: [JSON.stringify([...unit.deactivations.wanted]), companyKey],
      receive: (rows) => {
        const counters = rows[0] === undefined ? undefined : COUNTERS.read(rows[0]);
        if (counters?.commitNo !== commitNo || counters.commitId !== commitId) throw new Stale();
        loadDeactivations(unit, rows);
        if (unit.people.wanted.size > 0) unit.people.load("all", Number(rows[0]?.people));
        unit.people.endLoad();
        unit.nextKey = counters.nextKey;
        unit.changeSeq = counters.changeSeq;
      },
    },
  ];
}

/** The present windows of the settings whose users may be deactivated from rows that hold their columns. */
function loadDeactivations(unit: UnitOfWork, rows: readonly Row[]): void {
  // A company of whose settings none was asked about has one row, with nothing of a setting in it.
  for (const row of rows.filter(({ key }) => key !== null)) {
    const { key, activeUsers, deactivationsSince: since, deactivations } = WINDOWS.read(row);
    const count = unit.now - since < WINDOW ? deactivations : 0;
    unit.deactivations.load(key, { since: count === 0 ? unit.now : since, count, users: activeUsers + count });
  }
  unit.deactivations.endLoad();
}
