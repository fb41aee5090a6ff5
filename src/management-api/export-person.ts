import type { z } from "zod";
import { listChangesOfUser } from "../changes/change-store.ts";
import { publishChange } from "../changes/published-change.ts";
import type { Company } from "../companies/company.ts";
import { emailKeysOf } from "../directory/derive-user.ts";
import { findPersonRecord } from "../directory/person-record-store.ts";
import type { TargetUser } from "../directory/target-user-store.ts";
import { listEnrolmentsOfUser } from "../enrolment/enrolment-store.ts";
import { listGroupsOfUser } from "../grouping/target-group-store.ts";
import { listFormerNames, listLogOfUser } from "../log/log-store.ts";
import { isoTime } from "../platform/clock.ts";
import type { Database } from "../platform/database.ts";
import type { personExportShape } from "./answer-shapes.ts";
import { presentLogEntry } from "./log.ts";
import { presentEnrolment, presentTargetUser } from "./present-person.ts";
import { notFound } from "./problem.ts";

/** Everything that is held on a person, for the answer to its request for access; `now` in milliseconds. */
export async function exportPerson(
  database: Database,
  company: Company,
  user: TargetUser,
  now: number,
): Promise<z.infer<typeof personExportShape>> {
  const [record, formerNames] = await Promise.all([
    findPersonRecord(database, user.key),
    listFormerNames(database, user.key),
  ]);
  if (record === null) throw notFound("no_such_user", user.id);
  const emails = emailKeysOf(record.document).map(([value]) => value);
  const { displayName } = record.document;
  const names = [user.userName, user.externalId, displayName, ...emails, ...formerNames];
  const [groups, enrolments, changes, requests] = await Promise.all([
    listGroupsOfUser(database, user.key),
    listEnrolmentsOfUser(database, company.key, user.key),
    listChangesOfUser(database, company.key, user.id),
    listLogOfUser(database, record.settingKey, {
      id: user.id,
      names: names.filter((name) => typeof name === "string"),
    }),
  ]);
  return {
    exportedAt: isoTime(now),
    company: { id: company.id, name: company.name },
    user: { ...presentTargetUser(user), groups, enrolments: enrolments.map(presentEnrolment) },
    scimUser: record.document,
    scimGroups: record.groups,
    formerNames,
    changes: changes.map((change) => publishChange(change, company.id)),
    requests: requests.map((entry) => {
      const { requestBody, responseBody } = entry;
      return { ...presentLogEntry(entry), requestBody, responseBody };
    }),
  };
}
