import type { ProgressStatus } from "../directory/enrolment-column-values.ts";
import { users } from "../directory/tables.ts";
import { columnsOf } from "../platform/columns.ts";
import { type Read, rowsOf } from "../platform/read-batch.ts";
import { sql } from "../platform/sql.ts";
import type { StoredProgress } from "./present-progress.ts";

/** What an export tells of a person beside the row of the list. */
export interface ExportedPerson {
  phoneNumber: string | null;
  /** Texts, numbers and booleans by the fields' keys. */
  customFields: Readonly<Record<string, unknown>>;
  /** The names of the target groups, and of what the person is enrolled in, in their order. */
  groups: readonly string[];
  enrolments: readonly string[];
  /** What the training platform reported of these, and of what was completed before it was withdrawn. */
  reported: readonly ({ name: string } & Omit<StoredProgress, "dueAt">)[];
}

const USER = columnsOf(users, "u", ["key", "phoneNumber", "customFields"]);

/** What the statement below selects beside the columns of the user. */
interface Row {
  groups: string;
  enrolments: string;
}

/** An enrolment as the statement below puts it into JSON. */
type Listed = [
  name: string,
  status: "active" | "withdrawn",
  progress: ProgressStatus | null,
  score: number | null,
  completedAt: number | null,
];

function readEnrolments(text: string): Pick<ExportedPerson, "enrolments" | "reported"> {
  const listed = (JSON.parse(text) as Listed[]).sort(([left], [right]) => (left < right ? -1 : 1));
  return {
    enrolments: listed.filter(([, status]) => status === "active").map(([name]) => name),
    reported: listed.flatMap(([name, _status, progressStatus, score, completedAt]) =>
      progressStatus === null ? [] : [{ name, progressStatus, score, completedAt }],
    ),
  };
}

/** Reads what an export tells of users, by their keys: one statement for all. */
export function selectExported(userKeys: readonly number[]): Read<Map<number, ExportedPerson>> {
  const statement = sql`SELECT ${USER.list},
      (SELECT json_group_array(t.name) FROM (SELECT DISTINCT m.target_group_key AS k FROM target_group_members m
        WHERE m.user_key = u.user_key) x JOIN target_groups t ON t.target_group_key = x.k) AS groups,
      (SELECT json_group_array(json_array(e.name, e.status, e.progress_status, e.score, e.completed_at))
        FROM enrolments e WHERE e.company_key = u.company_key AND e.person_key = coalesce(u.email_key, 'user:' || u.id)
        AND (e.status = 'active' OR e.progress_status = 'completed')) AS enrolments
    FROM json_each(${JSON.stringify(userKeys)}) j CROSS JOIN users u ON u.user_key = j.value`;
  return {
    statements: [statement],
    decode: ([rows]) =>
      new Map(
        rowsOf<Row>(rows).map((row) => {
          const { key, ...own } = USER.read(row);
          // Built by json_group_array above.
          const groups = (JSON.parse(row.groups) as string[]).sort();
          return [key, { ...own, groups, ...readEnrolments(row.enrolments) }];
        }),
      ),
  };
}
