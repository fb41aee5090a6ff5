import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../src/scim/json.ts";
import type { AutoEnrolmentItem, WriteResult } from "../../src/writer/operation.ts";
import { addSetting, type Bench, Client, newBench, requestOf, requireOutcome, settle, targetMembers } from "./bench.ts";
import {
  autoEnrolments,
  enrolIn,
  feedHead,
  feedSince,
  openEnrolments,
  setByHand,
  targetGroupId,
} from "./target-side.ts";

const basics: AutoEnrolmentItem = { kind: "training", id: "basics", name: "Basics" };
const phish: AutoEnrolmentItem = { kind: "phishing", id: "phish", name: "First phish" };

const IDP = { criteria: "idp" as const };
const BY_DEPARTMENT = { criteria: "field" as const, field: "department" };

type Rename = (client: Client, settingId: string, group: string, displayName: string) => Promise<WriteResult>;

function inBulk(item: (group: string, displayName: string) => JsonObject): Rename {
  return async (client, settingId, group, displayName) => {
    const result = await client.send({ kind: "bulk", settingId, items: [item(group, displayName)] });
    const outcome = requireOutcome(result);
    expect(outcome.kind === "bulk" && outcome.items.every(({ status }) => status < 300)).toBe(true);
    return result;
  };
}

/** Every way in which a provider renames a group. */
const RENAMES: [string, Rename][] = [
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

interface Crew extends Bench {
  client: Client;
  ada: string;
  bob: string;
  group: string;
}

/** A company with ada and bob, and an IdP group Eng with ada in it. */
async function newCrew(): Promise<Crew> {
  const bench = await newBench(IDP);
  const client = new Client(bench.queue, bench.settingId);
  const [ada, bob] = [await client.user("ada"), await client.user("bob")];
  return { ...bench, client, ada, bob, group: await client.group("Eng", [ada]) };
}

/** Renames, and checks that no enrolment that is open before was touched by it; gives the types of what the feed says. */
async function renameKeeping(crew: Crew, rename: Rename, displayName = "Engineers"): Promise<string[]> {
  const before = await openEnrolments(crew);
  const head = await feedHead(crew);
  requireOutcome(await rename(crew.client, crew.settingId, crew.group, displayName));
  await settle(crew.queue);
  expect(await openEnrolments(crew)).toEqual(before);
  const types = (await feedSince(crew, head)).map(({ type }) => type);
  expect(types.filter((type) => type.startsWith("enrolment."))).toEqual([]);
  return types;
}

describe.each(RENAMES)("an IdP group renamed by %s", (_, rename) => {
  it("takes its mirror along, with manual members and auto-enrolments", async () => {
    const crew = await newCrew();
    await setByHand(crew, "Eng", [crew.bob]);
    await enrolIn(crew, "Eng", [basics, phish]);
    const id = await targetGroupId(crew, "Eng");
    expect(await renameKeeping(crew, rename)).toEqual(["group.renamed"]);
    expect(await targetGroupId(crew, "Engineers")).toBe(id);
    expect(await targetMembers(crew.companyId)).toEqual({ Engineers: ["ada", "bob"] });
    expect(await autoEnrolments(crew)).toEqual({ Engineers: ["basics", "phish"] });
  });

  it("leaves a mirror that a second setting feeds, with its own; the new one has a copy of the auto-enrolments", async () => {
    const crew = await newCrew();
    const other = new Client(crew.queue, await addSetting(crew.queue, IDP));
    await other.group("Eng", [await other.user("eve")]);
    await enrolIn(crew, "Eng", [basics, phish]);
    expect(await renameKeeping(crew, rename)).toEqual(["group.created", "member.removed", "member.added"]);
    expect(await targetMembers(crew.companyId)).toEqual({ Eng: ["eve"], Engineers: ["ada"] });
    expect(await autoEnrolments(crew)).toEqual({ Eng: ["basics", "phish"], Engineers: ["basics", "phish"] });
    expect(await openEnrolments(crew)).toHaveProperty("ada basics");
  });

  it("leaves a target group that was made by hand first, and copies its auto-enrolments", async () => {
    const bench = await newBench(IDP);
    requireOutcome(await bench.queue.write(requestOf({ kind: "createTargetGroup", name: "Eng" })));
    const client = new Client(bench.queue, bench.settingId);
    const [ada, bob] = [await client.user("ada"), await client.user("bob")];
    await setByHand(bench, "Eng", [bob]);
    const crew = { ...bench, client, ada, bob, group: await client.group("eng", [ada]) };
    await enrolIn(crew, "Eng", [basics]);
    await renameKeeping(crew, rename);
    expect(await targetMembers(crew.companyId)).toEqual({ Eng: ["bob"], Engineers: ["ada"] });
    expect(await autoEnrolments(crew)).toEqual({ Eng: ["basics"], Engineers: ["basics"] });
  });

  it("takes along a mirror that a field made, once nobody groups by a field any more", async () => {
    const bench = await newBench(BY_DEPARTMENT);
    const client = new Client(bench.queue, bench.settingId);
    const [ada, bob] = [await client.user("ada", "Eng"), await client.user("bob")];
    const group = await client.group("Eng", [ada]);
    const { settingId } = bench;
    requireOutcome(await bench.queue.write(requestOf({ kind: "updateSetting", settingId, groupSettings: IDP })));
    await settle(bench.queue);
    const crew = { ...bench, client, ada, bob, group };
    await enrolIn(crew, "Eng", [basics]);
    await setByHand(crew, "Eng", [bob]);
    const id = await targetGroupId(crew, "Eng");
    expect(await renameKeeping(crew, rename)).toEqual(["group.renamed"]);
    expect(await targetMembers(crew.companyId)).toEqual({ Engineers: ["ada", "bob"] });
    expect(await targetGroupId(crew, "Engineers")).toBe(id);
    const source = await env.DB.prepare("SELECT source FROM target_groups WHERE id = ?").bind(id).first("source");
    expect(source).toBe("idp");
  });
});
