import { itemKeyOf } from "../enrolment/plan-enrolments.ts";
import { packJson } from "../platform/pack-json.ts";
import { KEY_SPAN } from "../platform/row-keys.ts";
import { type Sql, sql } from "../platform/sql.ts";
import type { CompanyConfig } from "./company-config.ts";
import type { Enrolment } from "./enrolment-and-brake-rows.ts";
import type { UnitOfWork } from "./unit-of-work.ts";

/** The statements that keep how many people are enrolled in each item, after those that write the enrolments. */
export function planItemCounts(unit: UnitOfWork): Sql[] {
  const { companyKey } = unit.config;
  if (!isCounted(unit.config)) return recount(companyKey);
  if (unit.enrolments.differences().length + unit.namedEnrolments.differences().length + unit.withdrawals.length === 0)
    return [];
  const rows = [...differencesOf(unit).values()].filter(({ active, withdrawn }) => active !== 0 || withdrawn !== 0);
  const values = rows.map(({ item: { kind, itemId, name }, active, withdrawn }) => [
    kind,
    itemId,
    name,
    active,
    withdrawn,
  ]);
  return packJson(values).map(
    (text) => sql`INSERT INTO enrolled_items (company_key, kind, item_id, name, active, withdrawn)
      SELECT ${companyKey}, j.value->>0, j.value->>1, j.value->>2, j.value->>3, j.value->>4
      FROM json_each(${text}) j WHERE true
      ON CONFLICT (company_key, kind, item_id) DO UPDATE
      SET active = active + excluded.active, withdrawn = withdrawn + excluded.withdrawn, name = excluded.name`,
  );
}

/** Whether every commit so far has kept the counts: a Worker from before does not. */
function isCounted({ itemsCountedBy, commitId, deleted }: CompanyConfig): boolean {
  return deleted || itemsCountedBy === commitId;
}

function recount(companyKey: number): Sql[] {
  return [
    sql`DELETE FROM enrolled_items WHERE company_key = ${companyKey}`,
    // With max() the name is that of the youngest.
    sql`INSERT INTO enrolled_items (company_key, kind, item_id, name, active, withdrawn)
      SELECT company_key, kind, item_id, name, active, enrolments - active FROM (
        SELECT company_key, kind, item_id, name, coalesce(sum(status = 'active' AND given = 1), 0) AS active,
          count(*) AS enrolments, max(enrolment_key)
        FROM enrolments
        WHERE enrolment_key >= ${companyKey * KEY_SPAN} AND enrolment_key < ${(companyKey + 1) * KEY_SPAN}
        GROUP BY kind, item_id)`,
  ];
}

interface Difference {
  item: Enrolment;
  active: number;
  withdrawn: number;
}

/** By how much the numbers of enrolments change, by item; one that changes hands is neither more nor less. */
function differencesOf(unit: UnitOfWork): Map<string, Difference> {
  const { before, after } = statesOf(unit);
  const found = new Map<string, Difference>();
  for (const [key, item] of after) {
    const was = before.get(key);
    const active = Number(isEnrolled(item)) - Number(was !== undefined && isEnrolled(was));
    const known = found.get(itemKeyOf(item)) ?? { active: 0, withdrawn: 0 };
    const withdrawn = known.withdrawn + Number(was === undefined) - active;
    found.set(itemKeyOf(item), { item, active: known.active + active, withdrawn });
  }
  return found;
}

/** Whether a person is in the item now: what is completed counts for as long as a target group gives it. */
function isEnrolled({ status, given }: Enrolment): boolean {
  return status === "active" && given === true;
}

/** The enrolments that a commit touches, by their keys, as they were and as they will be. */
function statesOf({ enrolments, namedEnrolments, withdrawals }: UnitOfWork) {
  const before = new Map<number, Enrolment>();
  const after = new Map<number, Enrolment>();
  for (const named of namedEnrolments.differences()) {
    if (named.before !== undefined) before.set(named.before.key, named.before);
    if (named.after !== undefined) after.set(named.after.key, named.after);
  }
  const present = new Set<number>();
  for (const change of enrolments.differences()) {
    for (const enrolment of change.before ?? []) before.set(enrolment.key, enrolment);
    for (const enrolment of change.after ?? []) {
      after.set(enrolment.key, enrolment);
      present.add(enrolment.key);
    }
  }
  for (const enrolment of withdrawals)
    if (!present.has(enrolment.key)) after.set(enrolment.key, { ...enrolment, status: "withdrawn" });
  return { before, after };
}
