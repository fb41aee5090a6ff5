import { itemKeyOf } from "../enrolment/plan-enrolments.ts";
import { packJson } from "../platform/pack-json.ts";
import { KEY_SPAN } from "../platform/row-keys.ts";
import type { Sql } from "../platform/sql.ts";
import type { CompanyConfig } from "./company-config.ts";
import type { UnitOfWork } from "./unit-of-work.ts";
import type { Enrolment } from "./unit-rows.ts";

/** The statements that keep how many people are enrolled in each item, after those that write the enrolments. */
export function planItemCounts(unit: UnitOfWork): Sql[] {
  const { companyKey } = unit.config;
  if (!isCounted(unit.config)) return recount(companyKey);
  const rows = [...differencesOf(unit).values()].filter(({ by }) => by !== 0);
  return packJson(rows.map(({ item: { kind, itemId, name }, by }) => [kind, itemId, name, by])).map((text) => ({
    sql: `INSERT INTO enrolled_items (company_key, kind, item_id, name, active)
      SELECT ?, j.value->>0, j.value->>1, j.value->>2, j.value->>3 FROM json_each(?) j WHERE true
      ON CONFLICT (company_key, kind, item_id) DO UPDATE SET active = active + excluded.active, name = excluded.name`,
    params: [companyKey, text],
  }));
}

/** Whether every commit so far has kept the counts: a Worker from before does not. */
function isCounted({ itemsCountedBy, commitId, deleted }: CompanyConfig): boolean {
  return deleted || itemsCountedBy === commitId;
}

function recount(companyKey: number): Sql[] {
  return [
    { sql: "DELETE FROM enrolled_items WHERE company_key = ?", params: [companyKey] },
    {
      // With max() the name is that of the youngest.
      sql: `INSERT INTO enrolled_items (company_key, kind, item_id, name, active)
        SELECT company_key, kind, item_id, name, active FROM (
          SELECT company_key, kind, item_id, name, sum(status = 'active') AS active, max(enrolment_key) FROM enrolments
          WHERE enrolment_key >= ? AND enrolment_key < ? GROUP BY kind, item_id)`,
      params: [companyKey * KEY_SPAN, (companyKey + 1) * KEY_SPAN],
    },
  ];
}

/** By how much the number of active enrolments changes, by item; one that changes hands is neither more nor less. */
function differencesOf({ enrolments }: UnitOfWork): Map<string, { item: Enrolment; by: number }> {
  const found = new Map<string, { item: Enrolment; by: number }>();
  const add = (item: Enrolment, by: number) => {
    const key = itemKeyOf(item);
    found.set(key, { item, by: (found.get(key)?.by ?? 0) + by });
  };
  for (const { before = [], after = [] } of enrolments.changes()) {
    for (const enrolment of before) add(enrolment, -1);
    for (const enrolment of after) add(enrolment, 1);
  }
  return found;
}
