import { packJson } from "../platform/pack-json.ts";
import { runRead, selectFirst, selectValue } from "../platform/read-batch.ts";
import { type Sql, sql } from "../platform/sql.ts";
import { countNamed } from "../unit/member-change.ts";
import { mayNameMembers } from "./assert-long-list-of-ids.ts";
import type { GroupOperation } from "./operation.ts";
import { memberChangeOf, memberListsOf, setMemberChange } from "./requested-member-change.ts";

/** A list that names more is looked up before it stands in the queue: its commit then compares and switches keys alone. */
const LONGEST_UNRESOLVED = 20_000;
/** Ids that one look-up takes: others' calls of D1 come in between. */
const RESOLVED_AT_ONCE = 10_000;

/** Whether an operation names so many members that they are looked up beforehand. */
export function isVeryLong(operation: { kind: string }): operation is GroupOperation {
  if (!mayNameMembers(operation)) return false;
  const lists = memberListsOf(operation);
  return lists !== null && countNamed({ keys: null, ...lists }) > LONGEST_UNRESOLVED;
}

/**
 * Looks up, in steps, the users that a very long list names, so that their keys stand in its place. What is no user stays:
 * it may be a group. A user deleted after this is left out by the commit, as if it had gone right after it.
 */
export async function resolveMembers(
  { d1, companyId }: { d1: D1Database; companyId: string },
  operation: GroupOperation,
): Promise<GroupOperation> {
  const settingKey = await findSettingKey(d1, companyId, operation.settingId);
  const change = settingKey === null ? null : memberChangeOf(operation, settingKey);
  if (settingKey === null || change === null) return operation;
  const users = change.added.filter(({ type }) => type !== "Group").map(({ value }) => value);
  const added = await findKeys(d1, settingKey, users);
  const removed = await findKeys(d1, settingKey, change.removed);
  const isNoUser = new Set(added.others);
  const resolved = withoutMembers(operation);
  setMemberChange(resolved, {
    ...change,
    added: change.added.filter(({ type, value }) => type === "Group" || isNoUser.has(value)),
    removed: removed.others,
    keys: { added: added.keys, removed: removed.keys },
  });
  return resolved;
}

async function findSettingKey(d1: D1Database, companyId: string, settingId: string): Promise<number | null> {
  const statement = sql`SELECT s.setting_key FROM companies c JOIN scim_settings s USING (company_key)
    WHERE c.id = ${companyId} AND s.id = ${settingId}`;
  return runRead({ d1 }, selectValue<number>(statement));
}

async function findKeys(
  d1: D1Database,
  settingKey: number,
  ids: readonly string[],
): Promise<{ keys: number[]; others: string[] }> {
  const found: { keys: number[]; others: string[] } = { keys: [], others: [] };
  for (let start = 0; start < ids.length; start += RESOLVED_AT_ONCE)
    for (const text of packJson(ids.slice(start, start + RESOLVED_AT_ONCE))) {
      const lists = await runRead(
        { d1 },
        selectFirst(lookUp(settingKey, text), (row) => row as { keys: string; others: string }), // its columns
      );
      // Made by json_group_array in the statement below.
      for (const key of JSON.parse(String(lists?.keys)) as number[]) found.keys.push(key);
      for (const id of JSON.parse(String(lists?.others)) as string[]) found.others.push(id);
    }
  return found;
}

function lookUp(settingKey: number, ids: string): Sql {
  return sql`WITH named(id, k) AS MATERIALIZED
      (SELECT j.value, u.user_key FROM json_each(${ids}) j LEFT JOIN users u ON u.setting_key = ${settingKey} AND u.id = j.value)
    SELECT (SELECT json_group_array(k) FROM named WHERE k IS NOT NULL) AS keys,
      (SELECT json_group_array(id) FROM named WHERE k IS NULL) AS others`;
}

/** The operation without the lists that it was sent with, so that they need not be kept. */
function withoutMembers(operation: GroupOperation): GroupOperation {
  if (operation.kind === "patchGroup") {
    const operations = operation.request.operations.filter(({ kind }) => kind !== "members");
    return { ...operation, request: { ...operation.request, operations } };
  }
  return operation.kind === "deleteGroup" ? operation : { ...operation, members: [] };
}
