import { packCounts } from "../holds/pack-loss-counts.ts";
import { HOLD } from "../holds/tables.ts";
import { namesOf, pick, valuesOfRow } from "../platform/columns.ts";
import { type Sql, sql } from "../platform/sql.ts";
import { insertRows, updateRows } from "./row-statements.ts";
import type { UnitOfWork } from "./unit-of-work.ts";

const CHANGEABLE = pick(
  HOLD,
  ...(["status", "version", "people", "released", "kept", "dissolved", "causes", "closedAt"] as const),
  ...(["decidedAt", "decidedBy"] as const),
);

/** The statements for what settings lost and for the holds that wait: one row a setting, one a hold. */
export function planHoldRows(unit: UnitOfWork): Sql[] {
  return [...planBrakes(unit), ...planHolds(unit)];
}

function planBrakes({ brakes, now }: UnitOfWork): Sql[] {
  return brakes.differences().flatMap(({ key, after }) =>
    after === undefined
      ? []
      : sql`INSERT INTO brakes (setting_key, counts) VALUES (${key}, ${packCounts(after.counts, now).text})
          ON CONFLICT (setting_key) DO UPDATE SET counts = excluded.counts`,
  );
}

function planHolds({ holds, config }: UnitOfWork): Sql[] {
  const changed = holds.differences();
  if (changed.length === 0) return [];
  return [
    ...insertRows(
      "holds",
      ["company_key", ...namesOf(HOLD)],
      changed.flatMap(({ before, after }) =>
        before === undefined && after !== undefined ? [[config.companyKey, ...valuesOfRow(HOLD, after)]] : [],
      ),
    ),
    ...updateRows(
      "holds",
      "hold_key",
      namesOf(CHANGEABLE),
      changed.flatMap(({ before, after }) =>
        before !== undefined && after !== undefined ? [[after.key, ...valuesOfRow(CHANGEABLE, after)]] : [],
      ),
    ),
  ];
}
