import { expect } from "vitest";
import type { JsonObject } from "../../src/scim/json.ts";
import type { GroupSettingsInput } from "../../src/settings/setting.ts";
import type { AutoEnrolmentItem, WriteResult } from "../../src/writer/operation.ts";
import { type Bench, Client, finishFollowUps, NO_BRAKE, newBench, requestOf, requireOutcome } from "./bench.ts";
import { feedHead, feedSince, openEnrolments } from "./target-side.ts";

export const basics: AutoEnrolmentItem = { kind: "training", id: "basics", name: "Basics" };
export const phish: AutoEnrolmentItem = { kind: "phishing", id: "phish", name: "First phish" };

export const ALL = { criteria: "none" as const, targetGroupName: "All" };
export const IDP = { criteria: "idp" as const };
export const DEPARTMENT = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department";
export const BY_DEPARTMENT = { criteria: "field" as const, field: "department" };

/** A way to rename a group. */
export type Rename = (client: Client, settingId: string, group: string, displayName: string) => Promise<WriteResult>;

function inBulk(item: (group: string, displayName: string) => JsonObject): Rename {
  return async (client, settingId, group, displayName) => {
    const result = await client.send({ kind: "bulk", settingId, items: [item(group, displayName)] });
    const outcome = requireOutcome(result);
    expect(outcome.kind === "bulk" && outcome.items.every(({ status }) => status < 300)).toBe(true);
    return result;
  };
}

/** Every way in which a provider renames a group. */
export const RENAMES: [string, Rename][] = [
  [
    "PATCH with a path",
    (client, _, group, value) => client.patchGroup(group, { op: "Replace", path: "displayName", value }),
  ],
  [
    "PATCH without a path",
    (client, _, group, displayName) => client.patchGroup(group, { op: "replace", value: { id: group, displayName } }),
  ],
  ["PUT", (client, _, group, displayName) => client.putGroup(group, displayName)],
  [
    "a PATCH in Bulk",
    inBulk((group, value) => ({
      method: "PATCH",
      path: `/Groups/${group}`,
      data: { Operations: [{ op: "add", path: "displayName", value }] },
    })),
  ],
  [
    "a PUT in Bulk",
    inBulk((group, displayName) => ({ method: "PUT", path: `/Groups/${group}`, data: { displayName } })),
  ],
];

/** A company whose one setting synchronises groups, with ada in its group Eng. */
export interface Crew extends Bench {
  client: Client;
  ada: string;
  bob: string;
  group: string;
}

/** A company with ada and bob, and an IdP group Eng with ada in it. */
export async function newCrew(): Promise<Crew> {
  const bench = await newBench(IDP, NO_BRAKE);
  const client = new Client(bench.writer, bench.settingId);
  const [ada, bob] = [await client.user("ada"), await client.user("bob")];
  return { ...bench, client, ada, bob, group: await client.group("Eng", [ada]) };
}

/** Renames, and checks that no enrolment that is open before was touched by it; gives the types of what the feed says. */
export async function renameKeeping(crew: Crew, rename: Rename, displayName = "Engineers"): Promise<string[]> {
  const before = await openEnrolments(crew);
  const head = await feedHead(crew);
  requireOutcome(await rename(crew.client, crew.settingId, crew.group, displayName));
  await finishFollowUps(crew.writer);
  expect(await openEnrolments(crew)).toEqual(before);
  const types = (await feedSince(crew, head)).map(({ type }) => type);
  expect(types.filter((type) => type.startsWith("enrolment."))).toEqual([]);
  return types;
}

/** The way to rename that is tried where all ways were tried elsewhere. */
export const byPatch: Rename = (client, _, group, displayName) =>
  client.patchGroup(group, { op: "replace", value: { displayName } });

/** Gives a setting other group settings; what follows from it is for the caller to wait for. */
export async function changeSetting(
  { writer }: Pick<Bench, "writer">,
  settingId: string,
  groupSettings: GroupSettingsInput,
): Promise<void> {
  requireOutcome(await writer.write(requestOf({ kind: "updateSetting", settingId, groupSettings })));
}
