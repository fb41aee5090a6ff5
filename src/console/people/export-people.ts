import { listPeople, type Person, positionOfPerson } from "../../directory/people-list-store.ts";
import { type ExportedPerson, selectExported } from "../../enrolment/person-export-store.ts";
import { isoTime } from "../../platform/clock.ts";
import type { Position } from "../../platform/list-position.ts";
import { NOTHING, runRead } from "../../platform/read-batch.ts";
import { listFields } from "../../settings/field-store.ts";
import type { ConsoleContext } from "../console-env.ts";
import { streamCsv } from "../csv.ts";
import { patientSearchOf } from "../search-in-share.ts";
import { readPeopleQuery } from "./people-page.tsx";
import { describeProgress } from "./progress-words.tsx";

type ExportedRow = Person & { exported: ExportedPerson };

const NOT_EXPORTED: ExportedPerson = { phoneNumber: null, customFields: {}, groups: [], enrolments: [], reported: [] };

/** The same list as a download, all of it, with everything the platform knows of each. */
export async function exportPeople(c: ConsoleContext) {
  const { company, database } = c.var;
  const query = readPeopleQuery(c);
  const fields = await listFields(database, company.key);
  const readInShare = patientSearchOf(c);
  const labels = fields.filter(({ standard }) => standard).map(({ label }) => label);
  const own = fields.filter(({ standard }) => !standard);
  const [email = "", first = "", last = "", department = "", phone = ""] = labels;
  const facts = ["Status", "Target groups", "Enrolments", "SCIM setting", "Added", "Id", "Progress"];
  return streamCsv<ExportedRow, Position>(`people-${company.name}`, {
    stretch: 600,
    head: ["User name", email, first, last, department, phone, ...own.map(({ label }) => label), ...facts],
    read: async (after, take) => {
      const { rows } = await listPeople(database, company.key, query, { take, after }, NOTHING, readInShare);
      if (rows.length === 0) return [];
      const exported = await runRead(database, selectExported(rows.map(({ key }) => key)));
      return rows.map((row) => ({ ...row, exported: exported.get(row.key) ?? NOT_EXPORTED }));
    },
    at: (person) => positionOfPerson(person, query.order),
    values: ({ exported, ...person }) => [
      ...[person.userName, person.email, person.firstName, person.lastName, person.department, exported.phoneNumber],
      ...own.map(({ key }) => cellOf(exported.customFields[key])),
      person.active ? "active" : "inactive",
      exported.groups.join("; "),
      exported.enrolments.join("; "),
      describeSetting(person),
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

function describeSetting({ managed, setting: { name, isDeleted } }: Pick<Person, "managed" | "setting">): string {
  if (isDeleted) return `${name} (deleted)`;
  return managed ? name : `${name} (without a connection)`;
}
