import { getTableColumns } from "drizzle-orm";
import { ALERT } from "../alerts/alert-store.ts";
import { failingWrites } from "../alerts/tables.ts";
import { namesOf, pick, valuesOfRow } from "../platform/columns.ts";
import { packJson } from "../platform/pack-json.ts";
import { joinSql, literal, rawSql, type Sql, sql } from "../platform/sql.ts";
import { deleteRows, insertRows } from "./row-statements.ts";
import type { UnitOfWork } from "./unit-of-work.ts";

const CHANGEABLE = pick(
  ALERT,
  ...(["id", "status", "facts", "lastSeenAt", "count", "toldAt", "dismissedAt", "closedAt"] as const),
);
const FAILING = getTableColumns(failingWrites);
const INSERT_FAILING = rawSql(`INSERT INTO failing_writes (${namesOf(FAILING).join(", ")})
  SELECT ${namesOf(FAILING).map((_, index) => ` j.value->>${index}`)}`);

/** The statements for alerts, for what they are about, and for when they are to be looked at again. */
export function planAlertRows(unit: UnitOfWork): Sql[] {
  const { config, alertsDueAt } = unit;
  const isDueMoved = alertsDueAt !== undefined && alertsDueAt !== config.alertsDueAt;
  return [
    ...planAlerts(unit),
    ...planFailingWrites(unit),
    ...(isDueMoved
      ? [sql`UPDATE companies SET alerts_due_at = ${alertsDueAt} WHERE company_key = ${config.companyKey}`]
      : []),
  ];
}

function planAlerts({ alerts, config }: UnitOfWork): Sql[] {
  const changed = alerts.differences();
  if (changed.length === 0) return [];
  const made = changed.flatMap(({ before, after }) =>
    before === undefined && after !== undefined ? [[config.companyKey, ...valuesOfRow(ALERT, after)]] : [],
  );
  const renewed = changed.flatMap(({ before, after }) =>
    before !== undefined && after !== undefined ? [valuesOfRow(CHANGEABLE, after)] : [],
  );
  const sets = namesOf(CHANGEABLE).map((column, index) => sql`${rawSql(column)} = j.value->>${literal(index)}`);
  return [
    ...insertRows("alerts", ["company_key", ...namesOf(ALERT)], made),
    ...packJson(renewed).map(
      (text) => sql`UPDATE alerts SET ${joinSql(sets.slice(1), ", ")} FROM json_each(${text}) j
        WHERE alerts.company_key = ${config.companyKey} AND alerts.id = j.value->>0`,
    ),
  ];
}

function planFailingWrites(unit: UnitOfWork): Sql[] {
  const changed = unit.failingWrites.differences();
  if (changed.length === 0) return [];
  const gone = changed.flatMap(({ before, after }) =>
    before !== undefined && after === undefined ? [[before.settingKey, before.code, before.subject]] : [],
  );
  const kept = changed.flatMap(({ after }) => (after === undefined ? [] : [valuesOfRow(FAILING, after)]));
  return [
    ...deleteRows("failing_writes", ["setting_key", "code", "subject"], gone),
    ...packJson(kept).map(
      (text) => sql`${INSERT_FAILING} FROM json_each(${text}) j WHERE true
        ON CONFLICT (setting_key, code, subject) DO UPDATE SET name = excluded.name, count = excluded.count,
          last_at = excluded.last_at, request_ids = excluded.request_ids`,
    ),
  ];
}
