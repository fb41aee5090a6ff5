import { ENROLMENT } from "../directory/tables.ts";
import { namesOf, pick, valuesOfRow } from "../platform/columns.ts";
import { type Sql, sql } from "../platform/sql.ts";
import { updateRows } from "./row-statements.ts";
import type { UnitOfWork } from "./unit-of-work.ts";

/** What a report of progress, or the end of its time, changes of an enrolment's row: its name is that of its item while it is open. */
const PROGRESS = pick(
  ENROLMENT,
  ...(["personKey", "name", "progressStatus", "score", "completedAt", "dueAt", "isOverdue", "given"] as const),
);

/** The statements for how far enrolments are, and for when the next of the company is due. */
export function planProgressRows({ namedEnrolments, config, dueAt }: UnitOfWork): Sql[] {
  const rows = namedEnrolments
    .differences()
    .flatMap(({ after }) => (after === undefined ? [] : [[after.key, ...valuesOfRow(PROGRESS, after)]]));
  return [
    ...updateRows("enrolments", "enrolment_key", namesOf(PROGRESS), rows),
    ...(dueAt === config.enrolmentsDueAt
      ? []
      : [sql`UPDATE companies SET enrolments_due_at = ${dueAt} WHERE company_key = ${config.companyKey}`]),
  ];
}
