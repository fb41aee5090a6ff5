import type { Person } from "../../directory/listed-person.ts";
import { readAllEnrolledPeople } from "../../enrolment/enrolled-people-store.ts";
import { type Enrolment, selectEnrolmentsInItem } from "../../enrolment/enrolment-store.ts";
import { selectGroupsOfItem, selectTrainings } from "../../enrolment/training-store.ts";
import { isoTime } from "../../platform/clock.ts";
import { runRead, together } from "../../platform/read-batch.ts";
import type { ConsoleContext } from "../console-env.ts";
import { inPortions, streamCsv } from "../csv.ts";
import { describeProgress } from "../people/progress-words.tsx";
import { notHere } from "../refused.ts";
import { patientSearchOf } from "../search-in-share.ts";
import { enrolledQuery, peopleOf, SHOWN_WORDS } from "./enrolled-query.ts";

/** People whose enrolments are read at once. */
const AT_ONCE = 1_000;

/** The people that an item's page shows as a download, all of them. */
export async function exportTraining(c: ConsoleContext) {
  const { company, database } = c.var;
  const query = enrolledQuery.parse(c.req.query());
  const { trainings, groups } = await runRead(
    database,
    together({ trainings: selectTrainings(company.key), groups: selectGroupsOfItem(company.key, query) }),
  );
  const item = trainings.find(({ kind, id }) => kind === query.kind && id === query.id);
  if (item === undefined) throw notHere();
  const names = new Map(groups.map(({ id, name }) => [id, name]));
  const people = await readAllEnrolledPeople(database, company.key, peopleOf(query), patientSearchOf(c));
  const next = inPortions(people, AT_ONCE);
  return streamCsv<Person & { enrolment: Enrolment | undefined }>(`${item.name}-${SHOWN_WORDS[query.show]}`, {
    head: [
      "User name",
      "E-mail",
      "First name",
      "Last name",
      "Department",
      "Status",
      "Enrolled",
      "Withdrawn",
      "By",
      "Id",
      "Progress",
      "Due",
    ],
    next: async () => {
      const rows = await next();
      if (rows.length === 0) return [];
      const keys = rows.map(({ key }) => key);
      const enrolments = await runRead(database, selectEnrolmentsInItem(keys, query));
      return rows.map((row) => ({ ...row, enrolment: enrolments.get(row.key) }));
    },
    values: ({ enrolment, ...person }) => [
      ...[person.userName, person.email, person.firstName, person.lastName, person.department],
      person.active ? "active" : "inactive",
      isoTime(enrolment?.startedAt ?? null),
      isoTime(enrolment?.withdrawnAt ?? null),
      enrolment?.groupIds.flatMap((id) => names.get(id) ?? []).join("; "),
      person.id,
      enrolment === undefined ? null : describeProgress(enrolment),
      isoTime(enrolment?.dueAt ?? null),
    ],
  });
}
