import { compareFold, follow, judgeEnrolments, readPicture } from "../changes/company-picture.ts";
import { FeedFold } from "../changes/feed-fold.ts";
import { readUser } from "./connection.ts";
import { ModelSetting } from "./serial-model.ts";
import type { TortureRuntime } from "./torture-runtime.ts";
import type { Judge, WireClient } from "./wire-client.ts";
import type { World } from "./world.ts";

/** What of a setting's model the SCIM side must answer. */
type Directory = Pick<ModelSetting, "name" | "users" | "groups">;

/** Compares what a setting answers with what its model holds. */
export async function checkDirectory(client: WireClient, model: Directory, judge: Judge): Promise<void> {
  const users = (await listAll(client, "/Users")).map(readUser);
  compareSets(
    judge,
    `users of ${model.name}`,
    users.map((user) => `${user.id} ${ModelSetting.describe(user)}`),
    [...model.users.values()].map((user) => `${user.id} ${ModelSetting.describe(user)}`),
  );
  for (const group of await listAll(client, "/Groups")) {
    const expected = model.groups.get(group.id);
    if (expected === undefined) judge.report(`group ${group.displayName} should not be there`);
    else
      compareSets(
        judge,
        `members of ${group.displayName}`,
        (group.members ?? []).map(({ value }: { value: string }) => value),
        [...expected.members],
      );
  }
}

// biome-ignore lint/suspicious/noExplicitAny: a wrong shape fails the comparison.
async function listAll(client: WireClient, path: string): Promise<any[]> {
  const all = [];
  for (let startIndex = 1; ; startIndex += 200) {
    const { json } = await client.send("GET", `${path}?startIndex=${startIndex}&count=200`);
    all.push(...json.Resources);
    if (all.length >= json.totalResults || json.Resources.length === 0) return all;
  }
}

/** Compares the target groups with what the rules give for all settings together. */
export async function checkTargets(
  runtime: TortureRuntime,
  models: Pick<ModelSetting, "targetMembers">[],
  judge: Judge,
): Promise<void> {
  const rows = await runtime.rows(
    `SELECT DISTINCT g.name || ': ' || u.user_name AS line FROM target_group_members t
     JOIN target_groups g ON g.target_group_key = t.target_group_key JOIN users u ON u.user_key = t.user_key`,
  );
  const expected = models.flatMap((model) =>
    [...model.targetMembers()].flatMap(([name, users]) => [...users].map((user) => `${name}: ${user}`)),
  );
  compareSets(
    judge,
    "target members",
    rows.map(({ line }) => String(line)),
    [...new Set(expected)],
  );
}

/** Things that are wrong in any database, whatever was asked: each query must find nothing. */
const INVARIANTS: Record<string, string> = {
  "a group's count": `SELECT g.id FROM groups g WHERE g.member_count <>
    (SELECT count(*) FROM group_members m WHERE m.group_key = g.group_key)`,
  "a target group's count": `SELECT g.name FROM target_groups g WHERE g.member_count <>
    (SELECT count(DISTINCT user_key) FROM target_group_members m WHERE m.target_group_key = g.target_group_key)`,
  "a setting's counts": `SELECT s.name FROM scim_settings s WHERE s.active_users <>
    (SELECT count(*) FROM users u WHERE u.setting_key = s.setting_key AND u.active = 1) OR s.inactive_users <>
    (SELECT count(*) FROM users u WHERE u.setting_key = s.setting_key AND u.active = 0) OR s.group_count <>
    (SELECT count(*) FROM groups g WHERE g.setting_key = s.setting_key)`,
  "a membership without user or group": `SELECT m.user_key FROM group_members m
    LEFT JOIN users u ON u.user_key = m.user_key LEFT JOIN groups g ON g.group_key = m.group_key
    WHERE u.user_key IS NULL OR g.group_key IS NULL`,
  "a target membership without user or group": `SELECT m.user_key FROM target_group_members m
    LEFT JOIN users u ON u.user_key = m.user_key LEFT JOIN target_groups g ON g.target_group_key = m.target_group_key
    WHERE u.user_key IS NULL OR g.target_group_key IS NULL`,
  "a user without its e-mail": `SELECT u.user_name FROM users u WHERE NOT EXISTS
    (SELECT 1 FROM user_emails e WHERE e.setting_key = u.setting_key AND e.user_key = u.user_key)`,
  "an e-mail without its user": `SELECT e.value_key FROM user_emails e
    LEFT JOIN users u ON u.user_key = e.user_key WHERE u.user_key IS NULL`,
  "a gap in the feed": `SELECT c.id FROM companies c WHERE c.change_seq <>
    (SELECT count(*) FROM changes WHERE company_key = c.company_key) OR c.change_seq <>
    (SELECT coalesce(max(seq), 0) FROM changes WHERE company_key = c.company_key)`,
  "a user the feed does not know": `SELECT u.id FROM users u WHERE 1 <> (SELECT sum(CASE type
    WHEN 'user.created' THEN 1 WHEN 'user.deleted' THEN -1 ELSE 0 END) FROM changes WHERE subject_id = u.id)`,
  "a user the feed still has": `SELECT subject_id FROM changes WHERE type IN ('user.created', 'user.deleted')
    GROUP BY subject_id HAVING sum(CASE type WHEN 'user.created' THEN 1 ELSE -1 END) = 1
    AND subject_id NOT IN (SELECT id FROM users)`,
  "a name that the feed keeps of somebody erased": `SELECT c.subject_id FROM changes c WHERE c.subject_kind = 'user'
    AND c.data->>'userName' IS NOT NULL AND c.subject_id IN (SELECT subject_id FROM changes WHERE type = 'user.deleted')`,
  "a membership that the feed does not give": `SELECT subject_id || ' ' || (data->>'groupId') AS line FROM changes
    WHERE type IN ('member.added', 'member.removed') GROUP BY line
    HAVING sum(CASE type WHEN 'member.added' THEN 1 ELSE -1 END) <> (SELECT count(DISTINCT t.user_key)
      FROM target_group_members t JOIN users u ON u.user_key = t.user_key
      JOIN target_groups g ON g.target_group_key = t.target_group_key WHERE u.id || ' ' || g.id = line)`,
};

/** Looks for half-done work: counts, look-ups and feed that do not agree with the rows they speak of. */
export async function checkInvariants(runtime: Pick<TortureRuntime, "rows">, judge: Judge): Promise<void> {
  for (const [name, sql] of Object.entries(INVARIANTS)) {
    const [first] = await runtime.rows(sql);
    if (first !== undefined) judge.report(`${name} is wrong: ${JSON.stringify(first)}`);
  }
  const ids = judge.acknowledged.splice(0);
  const missing = await runtime.rows(
    `SELECT value FROM json_each(?) WHERE value NOT IN (SELECT id FROM request_log UNION ALL SELECT id FROM provisioning_log)`,
    JSON.stringify(ids),
  );
  if (missing.length > 0) judge.report(`${missing.length} acknowledged writes are not in the log`);
}

/**
 * Compares what the API lists with what consumers of the change feed alone know: one that has followed it all along, and, each
 * time the feed has grown by half, a new one that begins with its oldest entry; and the open enrolments with the rules.
 */
export async function checkFeed(world: World, judge: Judge): Promise<void> {
  const read = async (path: string) => (await world.operator.send("GET", `/companies/${world.companyId}${path}`)).json;
  const listed = await readPicture(read);
  await follow(read, world.follower);
  const differences = compareFold(world.follower, listed);
  if (world.follower.size > 1.5 * world.newcomer.size) {
    world.newcomer = new FeedFold();
    await follow(read, world.newcomer);
    differences.push(...compareFold(world.newcomer, listed));
  }
  for (const difference of differences) judge.report(`by the feed: ${difference}`);
  for (const fault of judgeEnrolments(listed)) judge.report(`enrolments: ${fault}`);
}

/** Reports what of two sets only one has, and what is in the first one twice. */
export function compareSets(judge: Judge, what: string, found: readonly string[], expected: readonly string[]): void {
  const wanted = new Set(expected);
  const held = new Set(found);
  if (held.size !== found.length) judge.report(`${what}: something is there twice`);
  for (const line of wanted) if (!held.has(line)) judge.report(`${what}: missing ${line}`);
  for (const line of held) if (!wanted.has(line)) judge.report(`${what}: should not be there: ${line}`);
}
