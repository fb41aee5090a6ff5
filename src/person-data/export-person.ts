import { selectChangesOfUser, selectFeedHead } from "../changes/change-store.ts";
import { publishChange } from "../changes/published-change.ts";
import type { Company } from "../companies/company.ts";
import { emailKeysOf } from "../directory/derive-user-fields.ts";
import { foldKey } from "../directory/fold-key.ts";
import { selectPersonRecord } from "../directory/person-record-store.ts";
import { userKeyOf } from "../directory/target-user-store.ts";
import { selectFormerNames } from "../log/former-name-store.ts";
import { selectLogOfUser } from "../log/log-of-user-store.ts";
import { publishLogEntryInFull } from "../log/published-log-entry.ts";
import type { Stretch } from "../platform/byte-budget.ts";
import { isoTime } from "../platform/clock.ts";
import type { Database } from "../platform/database.ts";
import { runRead, together } from "../platform/read-batch.ts";
import { streamJson } from "../platform/stream-json.ts";
import type { JsonObject } from "../scim/json.ts";
import { presentPerson, selectPerson } from "./present-person.ts";

/** Changes or requests that are read at once. */
const AT_ONCE = 200;

/** How the first of either are read. */
const FIRST_CHANGES = { take: AT_ONCE, after: 0, head: Number.MAX_SAFE_INTEGER };
const FIRST_REQUESTS = { take: AT_ONCE, after: null, until: Number.MAX_SAFE_INTEGER };

/** What a document calls its person, folded. */
function namesIn(document: JsonObject): string[] {
  const { userName, displayName, externalId } = document;
  const names = [userName, displayName, externalId].filter((name) => typeof name === "string").map(foldKey);
  return [...names, ...emailKeysOf(document).map(([value]) => value)];
}

/**
 * Everything that is held on one person, for the answer to its request for access, as JSON; `now` in milliseconds. Null
 * where the company has no such user. It is of one moment, but for changes and requests beyond what is read at once: those
 * made by then follow in stretches.
 */
export async function exportPerson(
  database: Database,
  company: Company,
  userId: string,
  now: number,
): Promise<{ id: string; body: ReadableStream<Uint8Array> } | null> {
  const userKey = userKeyOf(company.key, userId);
  // Only the names of a document that SQLite cannot fold are looked up ahead: what is answered is of one moment.
  const known = await runRead(database, selectPersonRecord(userKey));
  const names = known === null ? [] : namesIn(known.document);
  const user = { userKey, userId, names };
  const held = await runRead(
    database,
    together({
      person: selectPerson(company.key, userId),
      record: selectPersonRecord(userKey),
      formerNames: selectFormerNames(userKey),
      feedHead: selectFeedHead(company.key),
      changes: selectChangesOfUser(company.key, userId, FIRST_CHANGES),
      requests: selectLogOfUser(user, FIRST_REQUESTS),
    }),
  );
  const { person, record, feedHead } = held;
  if (person === null || record === null) return null;
  const head = {
    exportedAt: isoTime(now),
    company: { id: company.id, name: company.name },
    user: presentPerson(person, company.id),
    scimUser: record.document,
    scimGroups: record.groups,
    formerNames: held.formerNames,
  };
  const changes = walk(
    held.changes,
    ({ seq }) => seq,
    (after) => runRead(database, selectChangesOfUser(company.key, userId, { take: AT_ONCE, after, head: feedHead })),
  );
  const requests = walk(
    held.requests,
    ({ time, id }) => ({ time, id }),
    (after) => runRead(database, selectLogOfUser(user, { take: AT_ONCE, after, until: now })),
  );
  const body = streamJson(head, {
    changes: present(changes, (change) => publishChange(change, company.id)),
    requests: present(requests, publishLogEntryInFull),
  });
  return { id: person.user.id, body };
}

/** All rows of a list from its first stretch on. */
async function* walk<Row, Place>(
  first: Stretch<Row>,
  placeOf: (row: Row) => Place,
  read: (after: Place) => Promise<Stretch<Row>>,
): AsyncGenerator<Row[]> {
  for (let stretch = first; ; ) {
    const { rows, isCut } = stretch;
    yield rows;
    const last = rows.at(-1);
    if (last === undefined || (!isCut && rows.length < AT_ONCE)) return;
    stretch = await read(placeOf(last));
  }
}

async function* present<Row, Item>(
  stretches: AsyncGenerator<Row[]>,
  toItem: (row: Row) => Item,
): AsyncGenerator<Item[]> {
  for await (const rows of stretches) yield rows.map(toItem);
}
