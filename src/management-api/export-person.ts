import type { z } from "zod";
import { selectChangesOfUser } from "../changes/change-store.ts";
import { publishChange } from "../changes/published-change.ts";
import type { Company } from "../companies/company.ts";
import { emailKeysOf } from "../directory/derive-user.ts";
import { foldKey } from "../directory/fold-key.ts";
import { selectPersonRecord } from "../directory/person-record-store.ts";
import { userKeyOf } from "../directory/target-user-store.ts";
import { selectFormerNames, selectLogOfUser } from "../log/log-store.ts";
import { isoTime } from "../platform/clock.ts";
import type { Database } from "../platform/database.ts";
import { runRead, together } from "../platform/read-batch.ts";
import type { JsonObject } from "../scim/json.ts";
import type { personExportShape } from "./answer-shapes.ts";
import { presentLogEntry } from "./log.ts";
import { presentPerson, selectPerson } from "./present-person.ts";
import { notFound } from "./problem.ts";

/** What a document calls its person, folded. */
function namesIn(document: JsonObject): string[] {
  const { userName, displayName, externalId } = document;
  const names = [userName, displayName, externalId].filter((name) => typeof name === "string").map(foldKey);
  return [...names, ...emailKeysOf(document).map(([value]) => value)];
}

/** Everything that is held on one person, for the answer to its request for access; `now` in milliseconds. */
export async function exportPerson(
  database: Database,
  company: Company,
  userId: string,
  now: number,
): Promise<z.infer<typeof personExportShape>> {
  const userKey = userKeyOf(company.key, userId);
  // Only the names of a document that SQLite cannot fold are looked up ahead: what is answered is of one moment.
  const known = await runRead(database, selectPersonRecord(userKey));
  const names = known === null ? [] : namesIn(known.document);
  const held = await runRead(
    database,
    together({
      person: selectPerson(company.key, userId),
      record: selectPersonRecord(userKey),
      formerNames: selectFormerNames(userKey),
      changes: selectChangesOfUser(company.key, userId),
      requests: selectLogOfUser(userKey, userId, names),
    }),
  );
  const { person, record } = held;
  if (person === null || record === null) throw notFound("no_such_user", userId);
  return {
    exportedAt: isoTime(now),
    company: { id: company.id, name: company.name },
    user: presentPerson(person),
    scimUser: record.document,
    scimGroups: record.groups,
    formerNames: held.formerNames,
    changes: held.changes.map((change) => publishChange(change, company.id)),
    requests: held.requests.map((entry) => {
      const { requestBody, responseBody } = entry;
      return { ...presentLogEntry(entry), requestBody, responseBody };
    }),
  };
}
