import type { Query, Row, UnitOfWork } from "./unit-of-work.ts";

/** How long deactivations are counted together (ms). */
const WINDOW = 3_600_000;

/** The last commit is not the one the configuration was read at: another writer committed, or D1 was restored. */
export class Stale extends Error {}

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
      sql: `SELECT c.commit_no, c.commit_id, c.next_key, c.change_seq, ${people} AS people,
          s.setting_key, s.active_users, s.deactivations_since, s.deactivations
        FROM companies c LEFT JOIN scim_settings s ON s.setting_key IN (SELECT value FROM json_each(?)) WHERE c.company_key = ?`,
      params: [JSON.stringify([...unit.deactivations.wanted]), companyKey],
      receive: (rows) => {
        const [row] = rows;
        if (row?.commit_no !== commitNo || row.commit_id !== commitId) throw new Stale();
        loadDeactivations(unit, rows);
        if (unit.people.wanted.size > 0) unit.people.load("all", Number(row.people));
        unit.people.endLoad();
        unit.nextKey = Number(row.next_key);
        unit.changeSeq = Number(row.change_seq);
      },
    },
  ];
}

/** The present windows of the settings whose users may be deactivated from rows that hold their columns. */
function loadDeactivations(unit: UnitOfWork, rows: readonly Row[]): void {
  for (const row of rows) {
    const since = Number(row.deactivations_since);
    const active = Number(row.active_users);
    const count = unit.now - since < WINDOW ? Number(row.deactivations) : 0;
    const window = { since: count === 0 ? unit.now : since, count, users: active + count };
    if (row.setting_key !== null) unit.deactivations.load(Number(row.setting_key), window);
  }
  unit.deactivations.endLoad();
}
