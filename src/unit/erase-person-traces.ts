import { changesAboutEach } from "../changes/stored-change.ts";
import { emailKeysOf } from "../directory/derive-user-fields.ts";
import { foldKey } from "../directory/fold-key.ts";
import { parseDocument } from "../directory/parse-document.ts";
import type { User } from "../directory/user.ts";
import { blankEntry } from "../log/blank-erased-row.ts";
import { describesUser, eraseFromLog, eraseLateRows } from "../log/erase-person-from-log.ts";
import { forgetFormerNames, keepFormerNames } from "../log/former-name-store.ts";
import type { LogEntry } from "../log/log-entry.ts";
import { foldAscii, formsInLog, nameFoundBy, namesOfPerson } from "../log/names-of-person.ts";
import { joinSql, rawSql, type Sql, sql } from "../platform/sql.ts";
import { refOf } from "./resource-references.ts";
import type { UnitOfWork } from "./unit-of-work.ts";

/** Members of a change's data that hold what a person is called and what is known of it. */
const PERSONAL = ["userName", "externalId", "displayName", "email", "personId", "fields", "changed"]
  .map((name) => `'$.${name}'`)
  .join(", ");

/** The statements that take the data of users removed in this commit out of the rows that outlive them; they run last. */
export function planErasure(unit: UnitOfWork): Sql[] {
  // One that came and went in this commit has no row, but its changes say who it was.
  const gone = unit.changes.flatMap(({ type, userId }) => (type === "user.deleted" && userId !== null ? [userId] : []));
  return [
    ...planFormerNames(unit),
    ...(gone.length === 0 ? [] : eraseChanges(unit, gone)),
    ...eraseRemoved(unit),
    ...planLateRows(unit),
  ];
}

/** The statements for users who have rows until this commit. */
function eraseRemoved(unit: UnitOfWork): Sql[] {
  const users = unit.users.differences();
  // Whose deletion waits lives on under another reference.
  const moved = new Set(
    users.flatMap(({ before, after }) => (before === undefined && after !== undefined ? [after.key] : [])),
  );
  const removed = users.flatMap(({ key, before, after }) =>
    before !== undefined && after === undefined && !moved.has(before.key)
      ? [{ user: before, names: namesInLog(before, unit.documents.before(key)) }]
      : [],
  );
  if (removed.length === 0) return [];
  for (const { names } of removed) for (const name of names) unit.namesErased.add(name);
  const keys = removed.map(({ user }) => user.key);
  return [
    eraseEnrolments(keys),
    ...[...Map.groupBy(removed, ({ user }) => loggedUnder(unit, user))].flatMap(([settingKey, erased]) =>
      eraseFromLog(settingKey, {
        ids: erased.map(({ user }) => user.id),
        keys: erased.map(({ user }) => user.key),
        names: erased.flatMap(({ names }) => [...names]),
      }),
    ),
    forgetFormerNames(keys),
  ];
}

/** The setting whose log has the requests about a user: not the one in which it waited for its deletion. */
function loggedUnder({ config }: UnitOfWork, { settingKey }: User): number {
  return config.settingsByKey.get(settingKey)?.heirOf ?? settingKey;
}

/** The statements for the names that become former ones in this commit. */
function planFormerNames({ users, documents, config, formerNamesOfCommit, now }: UnitOfWork): Sql[] {
  const former = users.differences().flatMap(({ key, before, after }) => {
    if (before === undefined || after === undefined) return [];
    const wasCalled = asSent(before, documents.knows(key) ? documents.before(key) : undefined);
    const isCalled = new Set(asSent(after, documents.knows(key) ? documents.get(key) : undefined));
    if (wasCalled.every((name) => isCalled.has(name))) return [];
    const kept = folded(isCalled);
    const names = [...folded(wasCalled)].filter((name) => !kept.has(name));
    for (const name of names) formerNamesOfCommit.add(refOf(before.settingKey, name));
    return names.map((name) => [before.key, name] as const);
  });
  return keepFormerNames(config.companyKey, former, now);
}

/** What a request may have called a user, in the log's folding. */
export function namesInLog(user: User, document: string | undefined): Set<string> {
  return folded(asSent(user, document));
}

function asSent(user: User, document: string | undefined): string[] {
  const emails = document === undefined ? [] : emailKeysOf(parseDocument(document)).map(([value]) => value);
  return namesOfPerson(user, emails);
}

function folded(names: Iterable<string>): Set<string> {
  return new Set([...names].flatMap((name) => formsInLog(name, foldKey(name))));
}

/** A row that asks for somebody who was erased meanwhile, without what it says. */
export function withoutErased(entry: LogEntry, { erased, now }: UnitOfWork): LogEntry {
  const asked = nameFoundBy(entry);
  if (asked === null || ![foldAscii(asked), foldKey(asked)].some((name) => erased.has(name, now))) return entry;
  return blankEntry(entry);
}

function eraseChanges({ config }: UnitOfWork, ids: readonly string[]): Sql[] {
  const { companyKey, webhooks } = config;
  const erased = rawSql(`json_set(json_remove(data, ${PERSONAL}), '$.erased', json('true'))`);
  const sources = changesAboutEach(companyKey, ids);
  const changes = sources.map(({ table, condition }) => sql`UPDATE ${table} SET data = ${erased} WHERE ${condition}`);
  if (webhooks.size === 0) return changes;
  const keys = JSON.stringify([...webhooks.values()].map(({ key }) => key));
  const places = sources.map(({ table, condition }) => sql`SELECT c.seq FROM ${table} WHERE ${condition}`);
  const deliveries = sql`UPDATE webhook_deliveries SET response_body = NULL, error = NULL
    WHERE webhook_key IN (SELECT value FROM json_each(${keys})) AND seq IN (${joinSql(places, " UNION ALL ")})`;
  return [...changes, deliveries];
}

/** Enrolments name a person by its e-mail; those of the past stay under the user's id. */
function eraseEnrolments(userKeys: readonly number[]): Sql {
  return sql`UPDATE enrolments SET person_key = 'user:' || user_id, given = NULL
    WHERE user_key IN (SELECT value FROM json_each(${JSON.stringify(userKeys)}))`;
}

/** Rows of reads come after the answer: one about a user that is gone by now must not bring its data back. */
function planLateRows({ logEntries, config, users }: UnitOfWork): Sql[] {
  const isThere = (settingKey: number, id: string) => {
    const ref = refOf(settingKey, id);
    return users.knows(ref) && users.get(ref) !== undefined;
  };
  const late = logEntries.filter(describesUser).flatMap(({ id, settingId, resourceId }) => {
    const settingKey = config.settings.get(settingId)?.key;
    return settingKey === undefined || isThere(settingKey, resourceId) ? [] : [{ id, settingKey }];
  });
  return [...Map.groupBy(late, ({ settingKey }) => settingKey)].flatMap(([settingKey, rows]) =>
    eraseLateRows(
      settingKey,
      rows.map(({ id }) => id),
    ),
  );
}
