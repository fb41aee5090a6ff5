import { changesAboutEach } from "../changes/stored-change.ts";
import { emailKeysOf } from "../directory/derive-user-fields.ts";
import { foldKey } from "../directory/fold-key.ts";
import { parseDocument } from "../directory/parse-document.ts";
import type { User } from "../directory/user.ts";
import type { LogEntry } from "../log/log-entry.ts";
import { LANES } from "../log/tables.ts";
import { packJson } from "../platform/pack-json.ts";
import { joinSql, rawSql, type Sql, sql } from "../platform/sql.ts";
import { NOTE_KINDS } from "../scim/note.ts";
import { refOf } from "./resource-references.ts";
import type { UnitOfWork } from "./unit-of-work.ts";

/** Kinds of notes whose values say nothing of anybody, as an SQL list. */
const IMPERSONAL = Object.entries(NOTE_KINDS)
  .flatMap(([kind, { isPersonal }]) => (isPersonal ? [] : [`'${kind}'`]))
  .join(", ");

/**
 * What is left of a logged request about an erased person: that it was made, when, and what came of it. Of its notes the
 * kinds, and the paths that are names of attributes; of sentences of before notes had kinds those that quote nothing.
 */
const BLANK = `label = NULL, label_key = NULL,
  detail = CASE status WHEN 404 THEN detail END,
  notes = (SELECT json_group_array(json(CASE n.type WHEN 'object' THEN json_object('kind', n.value->>'kind',
      'path', CASE WHEN n.value->>'path' NOT GLOB '*[^A-Za-z0-9_$:.-]*' THEN n.value->>'path' END,
      'value', CASE WHEN n.value->>'kind' IN (${IMPERSONAL}) THEN n.value->>'value' END) ELSE json_quote(n.value) END))
    FROM json_each(notes) n WHERE n.type = 'object' OR instr(n.value, '"') = 0),
  path = CASE instr(path, '?') WHEN 0 THEN path ELSE substr(path, 1, instr(path, '?')) || '[erased]' END`;

/** The logs, with the columns of each that hold what was sent and answered. */
const LOGS = {
  request_log: "bodies = NULL",
  provisioning_log: "request_body = NULL, response_body = NULL",
};

/** Members of a change's data that hold what a person is called and what is known of it. */
const PERSONAL = ["userName", "externalId", "displayName", "email", "personId", "fields", "changed"]
  .map((name) => `'$.${name}'`)
  .join(", ");

/** The statements that take the data of users removed in this commit out of the rows that outlive them; they run last. */
export function planErasure(unit: UnitOfWork): Sql[] {
  const users = unit.users.changes();
  // Whose deletion waits lives on under another reference.
  const moved = new Set(
    users.flatMap(({ before, after }) => (before === undefined && after !== undefined ? [after.key] : [])),
  );
  const removed = users.flatMap(({ key, before, after }) =>
    before !== undefined && after === undefined && !moved.has(before.key) ? [{ ref: key, user: before }] : [],
  );
  // One that came and went in this commit has no row, but its changes say who it was.
  const gone = unit.changes.flatMap(({ type, userId }) => (type === "user.deleted" && userId !== null ? [userId] : []));
  const traces = gone.length === 0 ? [] : eraseChanges(unit, gone);
  if (removed.length === 0) return [...keepFormerNames(unit), ...traces, ...blankLateRows(unit)];
  const keys = JSON.stringify(removed.map(({ user }) => user.key));
  for (const { ref, user } of removed)
    for (const name of namesOf(user, unit.documents.before(ref))) unit.namesErased.add(name);
  return [
    ...keepFormerNames(unit),
    ...traces,
    eraseEnrolments(keys),
    ...[...new Set(removed.map(({ user }) => loggedUnder(unit, user)))].flatMap((settingKey) =>
      eraseLog(
        settingKey,
        removed.filter(({ user }) => loggedUnder(unit, user) === settingKey).map(({ user }) => user),
        removed
          .filter(({ user }) => loggedUnder(unit, user) === settingKey)
          .flatMap(({ ref, user }) => [...namesOf(user, unit.documents.before(ref))]),
      ),
    ),
    { sql: "DELETE FROM former_names WHERE user_key IN (SELECT value FROM json_each(?))", params: [keys] },
    ...blankLateRows(unit),
  ];
}

/** The setting whose log has the requests about a user: not the one in which it waited for its deletion. */
function loggedUnder({ config }: UnitOfWork, { settingKey }: User): number {
  return config.settingsByKey.get(settingKey)?.heirOf ?? settingKey;
}

/** The names that users lost in this commit, so that what was asked by them is found when the users are erased. */
function keepFormerNames({ users, documents, config, namesLost, now }: UnitOfWork): Sql[] {
  const rows = users.changes().flatMap(({ key, before, after }) => {
    if (before === undefined || after === undefined) return [];
    const wasCalled = asSent(before, documents.knows(key) ? documents.before(key) : undefined);
    const isCalled = new Set(asSent(after, documents.knows(key) ? documents.get(key) : undefined));
    if (wasCalled.every((name) => isCalled.has(name))) return [];
    const kept = folded(isCalled);
    const names = [...folded(wasCalled)].filter((name) => !kept.has(name));
    for (const name of names) namesLost.add(refOf(before.settingKey, name));
    return names.map((name) => [before.key, name]);
  });
  return packJson(rows).map((text) => ({
    sql: `INSERT OR REPLACE INTO former_names (user_key, name, company_key, lost_at)
      SELECT j.value->>0, j.value->>1, ?, ? FROM json_each(?) j`,
    params: [config.companyKey, now, text],
  }));
}

/**
 * What a request may have called a user: folded as names are, and as SQLite folds the log's labels, ASCII letters only, hence
 * the forms in capital and small letters beside the one that was sent.
 */
export function namesOf(user: User, document: string | undefined): Set<string> {
  return folded(asSent(user, document));
}

function asSent(user: User, document: string | undefined): (string | null)[] {
  const emails = document === undefined ? [] : emailKeysOf(parseDocument(document)).map(([value]) => value);
  return [user.userName, user.userNameKey, user.externalId, user.email, user.displayName, user.id, ...emails];
}

function folded(names: Iterable<string | null>): Set<string> {
  return new Set(
    [...names].flatMap((name) =>
      name === null ? [] : [name, name.toUpperCase(), name.toLowerCase(), foldKey(name)].map(foldAscii),
    ),
  );
}

/** A row that asks for somebody who was erased meanwhile, without what it says. */
export function withoutErased(entry: LogEntry, { erased, now }: UnitOfWork): LogEntry {
  const { resourceId, label, path } = entry;
  if (resourceId !== null || label === null) return entry;
  if (![foldAscii(label), foldKey(label)].some((name) => erased.has(name, now))) return entry;
  const [bare = "", query] = path.split("?", 2);
  return {
    ...entry,
    ...{ label: null, detail: null, requestBody: null, responseBody: null, notes: [] },
    path: query === undefined ? bare : `${bare}?[erased]`,
  };
}

function foldAscii(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
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
function eraseEnrolments(keys: string): Sql {
  return {
    sql: "UPDATE enrolments SET person_key = 'user:' || user_id, given = NULL WHERE user_key IN (SELECT value FROM json_each(?))",
    params: [keys],
  };
}

function eraseLog(settingKey: number, users: readonly User[], names: readonly string[]): Sql[] {
  const ids = JSON.stringify(users.map(({ id }) => id));
  const keys = JSON.stringify(users.map(({ key }) => key));
  // The plus takes the column's affinity away, without which the index on lower(label) would not serve.
  const called = `SELECT value AS name FROM json_each(?1)
    UNION ALL SELECT +f.name FROM json_each(?2) j CROSS JOIN former_names f ON f.user_key = j.value`;
  // That a key is not null follows from the list; said besides, it would have the index walked.
  const labels = { by_label: "label IS NOT NULL AND lower(label)", by_label_key: "label_key" };
  return [
    ...Object.entries(LOGS).flatMap(([table, bodies]) => [
      {
        sql: `UPDATE ${table} SET ${BLANK}, ${bodies} WHERE setting_key = ? AND resource_id IN (SELECT value FROM json_each(?))`,
        params: [settingKey, ids],
      },
      ...Object.entries(labels).flatMap(([index, label]) =>
        packJson(names).map((text) => ({
          sql: `UPDATE ${table} INDEXED BY ${table}_${index} SET ${BLANK}, ${bodies} WHERE setting_key = ?3 AND resource_id IS NULL AND ${label} IN (${called})`,
          params: [text, keys, settingKey],
        })),
      ),
    ]),
    ...packJson(names).flatMap((text) => eraseLookUps(settingKey, called, [text, keys, ids])),
  ];
}

/** What is left of a look-up about an erased person: as of a row of its own. */
const BLANK_LOOK_UP = `json_set(e.value, '$.l', NULL, '$.k', NULL, '$.a', NULL, '$.p',
  CASE instr(e.value->>'p', '?') WHEN 0 THEN e.value->>'p' ELSE substr(e.value->>'p', 1, instr(e.value->>'p', '?')) || '[erased]' END)`;

function blankLookUps(isAbout: string): string {
  return `entries = (SELECT json_group_array(json(CASE WHEN ${isAbout} THEN ${BLANK_LOOK_UP} ELSE e.value END)) FROM json_each(entries) e)`;
}

/** Of look-ups that share a row, those about users are found by the names they are listed under, which go as well. */
function eraseLookUps(settingKey: number, called: string, [names, keys, ids]: [string, string, string]): Sql[] {
  const isAbout = `CASE WHEN e.value->>'u' IS NULL
    THEN lower(e.value->>'l') IN (SELECT name FROM given) OR e.value->>'k' IN (SELECT name FROM given)
    ELSE e.value->>'u' IN (SELECT value FROM json_each(?3)) END`;
  const given = `WITH given (name) AS MATERIALIZED (${called})`;
  return [
    {
      sql: `${given} UPDATE request_log SET ${blankLookUps(isAbout)} WHERE setting_key = ?4 AND lane = ${LANES.pack}
        AND id IN (SELECT pack_id FROM packed_look_ups WHERE setting_key = ?4
          AND name IN (SELECT value FROM json_each(?3) UNION ALL SELECT name FROM given))`,
      params: [names, keys, ids, settingKey],
    },
    {
      // An id names nobody.
      sql: `${given} DELETE FROM packed_look_ups WHERE setting_key = ?4
        AND name IN (SELECT name FROM given EXCEPT SELECT value FROM json_each(?3))`,
      params: [names, keys, ids, settingKey],
    },
  ];
}

/** Rows of reads come after the answer: one about a user that is gone by now must not bring its data back. */
function blankLateRows({ logEntries, config, users }: UnitOfWork): Sql[] {
  const isThere = (settingId: string, id: string) => {
    const ref = refOf(config.settings.get(settingId)?.key ?? 0, id);
    return users.knows(ref) && users.get(ref) !== undefined;
  };
  const late = logEntries.flatMap(({ id, settingId, resourceType, resourceId, label, method, responseBody }) => {
    const setting = config.settings.get(settingId);
    const mayTell = resourceType === "User" && (label ?? responseBody) !== null && method !== "DELETE";
    return mayTell && setting !== undefined && resourceId !== null && !isThere(settingId, resourceId)
      ? [{ id, settingKey: setting.key }]
      : [];
  });
  const isGone = (id: string) =>
    `${id} IS NOT NULL AND NOT EXISTS (SELECT 1 FROM users u WHERE u.setting_key = request_log.setting_key AND u.id = ${id})`;
  const entry = isGone("e.value->>'u'");
  return [...Map.groupBy(late, ({ settingKey }) => settingKey)].flatMap(([settingKey, rows]) => {
    const ids = JSON.stringify(rows.map(({ id }) => id));
    return [
      {
        sql: `UPDATE request_log SET ${BLANK}, ${LOGS.request_log} WHERE setting_key = ? AND lane <= ${LANES.part}
          AND id IN (SELECT value FROM json_each(?)) AND ${isGone("resource_id")}`,
        params: [settingKey, ids],
      },
      {
        sql: `UPDATE request_log SET ${blankLookUps(entry)} WHERE setting_key = ?1 AND lane = ${LANES.pack}
          AND id IN (SELECT (SELECT max(p.id) FROM request_log p WHERE p.setting_key = ?1 AND p.lane = ${LANES.pack} AND p.id <= j.value)
            FROM json_each(?2) j) AND EXISTS (SELECT 1 FROM json_each(entries) e WHERE ${entry})`,
        params: [settingKey, ids],
      },
    ];
  });
}
