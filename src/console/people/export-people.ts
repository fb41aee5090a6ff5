import type { Person } from "../../directory/listed-person.ts";
import { readAllPeople } from "../../directory/people-list-store.ts";
import { type ExportedPerson, selectExported } from "../../enrolment/person-export-store.ts";
import { isoTime } from "../../platform/clock.ts";
import { runRead } from "../../platform/read-batch.ts";
import { listFields } from "../../settings/field-store.ts";
import type { ConsoleContext } from "../console-env.ts";
import { inPortions, streamCsv } from "../csv.ts";
import { patientSearchOf } from "../search-in-share.ts";
import { sourceName } from "./name-of-person.tsx";
import { readPeopleQuery } from "./people-page.tsx";
import { describeProgress } from "./progress-words.tsx";

type ExportedRow = Person & { exported: ExportedPerson };

const NOT_EXPORTED: ExportedPerson = { phoneNumber: null, customFields: {}, groups: [], enrolments: [], reported: [] };

/** People of whom all is read at once: 300,000 take 500 queries, and as many more to be found at most. */
const AT_ONCE = 600;

/** The same list as a download, all of it, by user name where no index has its order, with everything the platform knows of each. */
export async function exportPeople(c: ConsoleContext) {
  const { company, database } = c.var;
  const query = readPeopleQuery(c);
  const fields = await listFields(database, company.key);
  const next = inPortions(await readAllPeople(database, company.key, query, patientSearchOf(c)), AT_ONCE);
  const labels = fields.filter(({ standard }) => standard).map(({ label }) => label);
  const own = fields.filter(({ standard }) => !standard);
  const [email = "", first = "", last = "", department = "", phone = ""] = labels;
  const facts = ["Status", "Target groups", "Enrolments", "SCIM setting", "Added", "Id", "Progress"];
  return streamCsv<ExportedRow>(`people-${company.name}`, {
    head: ["User name", email, first, last, department, phone, ...own.map(({ label }) => label), ...facts],
    next: async () => {
      const rows = await next();
      if (rows.length === 0) return [];
      const exported = await runRead(database, selectExported(rows.map(({ key }) => key)));
      return rows.map((row) => ({ ...row, exported: exported.get(row.key) ?? NOT_EXPORTED }));
    },
    values: ({ exported, ...person }) => [
      ...[person.userName, person.email, person.firstName, person.lastName, person.department, exported.phoneNumber],
      ...own.map(({ key }) => cellOf(exported.customFields[key])),
      person.active ? "active" : "inactive",
      exported.groups.join("; "),
      exported.enrolments.join("; "),
      sourceName(person),
      isoTime(person.createdAt),
      person.id,
      exported.reported.map(({ name, ...progress }) => `${name}: ${describeProgress(progress)}`).join("; "),
    ],
  });
}

function cellOf(value: unknown): string | number | boolean | null {
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return value;
  return value === undefined || value === null ? null : JSON.stringify(value);
}
