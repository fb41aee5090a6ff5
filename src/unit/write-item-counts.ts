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
  const rows = [...differencesOf(unit).values()].filter(({ active, withdrawn }) => active !== 0 || withdrawn !== 0);
  const values = rows.map(({ item: { kind, itemId, name }, active, withdrawn }) => [
    kind,
    itemId,
    name,
    active,
    withdrawn,
  ]);
  return packJson(values).map((text) => ({
    sql: `INSERT INTO enrolled_items (company_key, kind, item_id, name, active, withdrawn)
      SELECT ?, j.value->>0, j.value->>1, j.value->>2, j.value->>3, j.value->>4 FROM json_each(?) j WHERE true
      ON CONFLICT (company_key, kind, item_id) DO UPDATE
      SET active = active + excluded.active, withdrawn = withdrawn + excluded.withdrawn, name = excluded.name`,
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
      sql: `INSERT INTO enrolled_items (company_key, kind, item_id, name, active, withdrawn)
        SELECT company_key, kind, item_id, name, active, enrolments - active FROM (
          SELECT company_key, kind, item_id, name, sum(status = 'active') AS active, count(*) AS enrolments, max(enrolment_key)
          FROM enrolments
          WHERE enrolment_key >= ? AND enrolment_key < ? GROUP BY kind, item_id)`,
      params: [companyKey * KEY_SPAN, (companyKey + 1) * KEY_SPAN],
    },
  ];
}

interface Difference {
  item: Enrolment;
  active: number;
  withdrawn: number;
}

/** By how much the numbers of enrolments change, by item; one that changes hands is neither more nor less. */
function differencesOf({ enrolments, withdrawals }: UnitOfWork): Map<string, Difference> {
  const found = new Map<string, Difference>();
  const kept = new Set<number>();
  const add = (item: Enrolment, active: number, withdrawn: number) => {
    const before = found.get(itemKeyOf(item)) ?? { active: 0, withdrawn: 0 };
    const after = { item, active: before.active + active, withdrawn: before.withdrawn + withdrawn };
    found.set(itemKeyOf(item), after);
  };
  for (const { before = [], after = [] } of enrolments.changes()) {
    // What was completed after it was withdrawn is among them too.
    for (const enrolment of before) if (enrolment.status === "active") add(enrolment, -1, 0);
    for (const enrolment of after) {
      kept.add(enrolment.key);
      if (enrolment.status === "active") add(enrolment, 1, 0);
    }
  }
  for (const enrolment of withdrawals) if (!kept.has(enrolment.key)) add(enrolment, 0, 1);
  return found;
}
