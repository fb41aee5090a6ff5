import { emailKeysOf } from "../directory/derive-user.ts";
import type { User } from "../directory/user.ts";
import { parseJsonObject } from "../scim/json.ts";
import { refOf, type Statement, type WorkingSet } from "./working-set.ts";

/** What is left of a logged request about an erased person: that it was made, when, and what came of it. */
const BLANK = `label = NULL, request_body = NULL, response_body = NULL,
  detail = CASE status WHEN 404 THEN detail END,
  path = CASE instr(path, '?') WHEN 0 THEN path ELSE substr(path, 1, instr(path, '?')) || '[erased]' END`;

/** Members of a change's data that hold what a person is called and what is known of it. */
const PERSONAL = ["userName", "externalId", "fields", "changed"].map((name) => `'$.${name}'`).join(", ");

/** The statements that take the data of users removed in this commit out of the rows that outlive them; they run last. */
export function planErasure(workingSet: WorkingSet): Statement[] {
  const removed = workingSet.users
    .changes()
    .flatMap(({ key, before, after }) =>
      before !== undefined && after === undefined ? [{ ref: key, user: before }] : [],
    );
  return [
    ...(removed.length === 0 ? [] : eraseChanges(workingSet, JSON.stringify(removed.map(({ user }) => user.id)))),
    ...(removed.length === 0 ? [] : [eraseEnrolments(JSON.stringify(removed.map(({ user }) => user.key)))]),
    ...[...new Set(removed.map(({ user }) => user.settingKey))].flatMap((settingKey) =>
      eraseLog(
        settingKey,
        removed
          .filter(({ user }) => user.settingKey === settingKey)
          .map(({ ref, user }) => namesOf(workingSet, ref, user)),
      ),
    ),
    ...blankLateRows(workingSet),
  ];
}

interface Names {
  id: string;
  names: string[];
}

/** What a request may have called a user: compared without regard to the case of ASCII letters, as SQLite folds. */
function namesOf(workingSet: WorkingSet, ref: string, user: User): Names {
  const document = workingSet.documents.before(ref);
  const emails = document === undefined ? [] : emailKeysOf(parseJsonObject(document)).map(([value]) => value);
  const names = [user.userName, user.userNameKey, user.externalId, user.email, user.displayName, user.id, ...emails];
  return { id: user.id, names: names.flatMap((name) => (name === null ? [] : [foldAscii(name)])) };
}

function foldAscii(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

function eraseChanges({ config }: WorkingSet, ids: string): Statement[] {
  const { companyKey, webhooks } = config;
  const ofUsers = "company_key = ? AND user_id IN (SELECT value FROM json_each(?))";
  const changes = {
    sql: `UPDATE changes SET data = json_set(json_remove(data, ${PERSONAL}), '$.erased', json('true')) WHERE ${ofUsers}`,
    parameters: [companyKey, ids],
  };
  if (webhooks.size === 0) return [changes];
  const keys = JSON.stringify([...webhooks.values()].map(({ key }) => key));
  const deliveries = {
    sql: `UPDATE webhook_deliveries SET response_body = NULL, error = NULL
      WHERE webhook_key IN (SELECT value FROM json_each(?)) AND seq IN (SELECT seq FROM changes WHERE ${ofUsers})`,
    parameters: [keys, companyKey, ids],
  };
  return [changes, deliveries];
}

/** Enrolments name a person by its e-mail; those of the past stay under the user's id. */
function eraseEnrolments(keys: string): Statement {
  return {
    sql: "UPDATE enrolments SET person_key = 'user:' || user_id WHERE user_key IN (SELECT value FROM json_each(?))",
    parameters: [keys],
  };
}

function eraseLog(settingKey: number, removed: readonly Names[]): Statement[] {
  return [
    {
      sql: `UPDATE provisioning_log SET ${BLANK} WHERE setting_key = ? AND resource_id IN (SELECT value FROM json_each(?))`,
      parameters: [settingKey, JSON.stringify(removed.map(({ id }) => id))],
    },
    {
      sql: `UPDATE provisioning_log SET ${BLANK} WHERE setting_key = ? AND resource_id IS NULL AND label IS NOT NULL
        AND lower(label) IN (SELECT value FROM json_each(?))`,
      parameters: [settingKey, JSON.stringify(removed.flatMap(({ names }) => names))],
    },
  ];
}

/** Rows of reads come after the answer: one about a user that is gone by now must not bring its data back. */
function blankLateRows({ logEntries, config, users }: WorkingSet): Statement[] {
  const isThere = (settingId: string, id: string) => {
    const ref = refOf(config.settings.get(settingId)?.key ?? 0, id);
    return users.knows(ref) && users.get(ref) !== undefined;
  };
  const ids = logEntries.flatMap(({ id, settingId, resourceType, resourceId, label, method, responseBody }) =>
    resourceType === "User" &&
    resourceId !== null &&
    (label ?? responseBody) !== null &&
    method !== "DELETE" &&
    !isThere(settingId, resourceId)
      ? [id]
      : [],
  );
  if (ids.length === 0) return [];
  return [
    {
      sql: `UPDATE provisioning_log SET ${BLANK} WHERE company_key = ? AND id IN (SELECT value FROM json_each(?)) AND NOT EXISTS
        (SELECT 1 FROM users u WHERE u.setting_key = provisioning_log.setting_key AND u.id = provisioning_log.resource_id)`,
      parameters: [config.companyKey, JSON.stringify(ids)],
    },
  ];
}
