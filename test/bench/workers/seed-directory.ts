import type { Clock } from "../../../src/platform/clock.ts";
import { newId } from "../../../src/platform/uuid.ts";
import { parsePatch } from "../../../src/scim/patch/patch.ts";
import { readResource } from "../../../src/scim/read-resource-body.ts";
import { resourceTypes } from "../../../src/scim/schema/resource-types.ts";
import { Committer } from "../../../src/writer/committer.ts";
import type { QueuedOperation } from "../../../src/writer/operation-table.ts";
import type { QueuedRequest } from "../../../src/writer/run-requests.ts";
import { UNHEARD } from "../../writer/unheard.ts";
import { person } from "../people.ts";

/** Which people to make: `count` from the `first` on. */
export interface UserSeed {
  companyId: string;
  settingId: string;
  first: number;
  count: number;
}

/** A group to make with members. */
export interface GroupSeed {
  companyId: string;
  settingId: string;
  displayName: string;
  memberIds: string[];
}

/** Members whose target groups are changed in the same commit; of more they would follow. */
const MEMBERS_AT_ONCE = 1_000;

/** Makes people by the writer's own code, all in one commit, so that seeded rows are what written ones are; gives their ids. */
export async function seedUsers(
  d1: D1Database,
  clock: Clock,
  { companyId, settingId, first, count }: UserSeed,
): Promise<string[]> {
  const operations = Array.from({ length: count }, (_, index): QueuedOperation => {
    const { document } = readResource(resourceTypes().User, person(first + index));
    return { kind: "createUser", settingId, document };
  });
  return run(new Committer({ ...UNHEARD, d1, companyId, clock }), clock, { settingId, operations });
}

/** Makes a group by the writer's own code and adds its members, some thousands a commit; gives its id. */
export async function seedGroup(
  d1: D1Database,
  clock: Clock,
  { companyId, settingId, displayName, memberIds }: GroupSeed,
): Promise<string> {
  const committer = new Committer({ ...UNHEARD, d1, companyId, clock });
  const document = { displayName, schemas: ["urn:ietf:params:scim:schemas:core:2.0:Group"] };
  const [id = ""] = await run(committer, clock, {
    settingId,
    operations: [{ kind: "createGroup", settingId, document }],
  });
  for (let start = 0; start < memberIds.length; start += MEMBERS_AT_ONCE) {
    const members = memberIds.slice(start, start + MEMBERS_AT_ONCE).map((value) => ({ value }));
    const body = { Operations: [{ op: "add", path: "members", value: members }] };
    const request = parsePatch(resourceTypes().Group, body);
    await run(committer, clock, { settingId, operations: [{ kind: "patchGroup", settingId, id, request }] });
  }
  return id;
}

async function run(
  committer: Committer,
  clock: Clock,
  { settingId, operations }: { settingId: string; operations: readonly QueuedOperation[] },
): Promise<string[]> {
  const requests = operations.map((operation): QueuedRequest => {
    const cause = { requestId: newId(clock()), actor: "scim" as const, settingId, provider: null };
    return { operation, cause };
  });
  const results = await committer.run(requests);
  return results.map((result) => {
    if (result === null) throw new Error("seeding wanted a commit for each");
    if (!result.ok) throw new Error(`seeding was refused: ${result.status} ${result.detail}`);
    const { outcome } = result;
    if (outcome.kind === "user") return outcome.user.id;
    return outcome.kind === "group" ? outcome.group.id : "";
  });
}

/** The integer key of a setting, which the floor's statements use as the product's do. */
export async function readSettingKey(d1: D1Database, { settingId }: { settingId: string }): Promise<number | null> {
  return d1.prepare("SELECT setting_key FROM scim_settings WHERE id = ?").bind(settingId).first<number>("setting_key");
}
