import { describe, expect, it } from "vitest";
import type { GroupSettingsInput } from "../../src/settings/setting.ts";
import { addSetting, type Bench, Client, newBench, requestOf, requireOutcome, settle, targetMembers } from "./bench.ts";
import { enrolIn, feedSince, setByHand, targetGroupId } from "./target-side.ts";

const IDP = { criteria: "idp" as const };
const ALL = { criteria: "none" as const, targetGroupName: "All" };
const BY_DEPARTMENT = { criteria: "field" as const, field: "department" };
const DEPARTMENT = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department";

/** A company whose setting mirrors the group Crew with ada in it; bo is in the setting too. */
interface Crew extends Bench {
  client: Client;
  ada: string;
  bo: string;
  group: string;
}

async function newCrew(): Promise<Crew> {
  const bench = await newBench(IDP);
  const client = new Client(bench.queue, bench.settingId);
  const [ada, bo] = [await client.user("ada"), await client.user("bo")];
  return { ...bench, client, ada, bo, group: await client.group("Crew", [ada]) };
}

async function changeSetting({ queue }: Bench, settingId: string, groupSettings: GroupSettingsInput): Promise<void> {
  requireOutcome(await queue.write(requestOf({ kind: "updateSetting", settingId, groupSettings })));
  await settle(queue);
}

async function deleteSetting({ queue }: Bench, settingId: string, users: "keep" | "remove"): Promise<void> {
  requireOutcome(await queue.write(requestOf({ kind: "deleteSetting", settingId, users })));
  await settle(queue);
}

/** How an IdP group leaves its mirror behind. */
const ENDS: [string, (crew: Crew) => Promise<unknown>][] = [
  ["was deleted", async ({ client, group }) => requireOutcome(await client.deleteGroup(group))],
  [
    "was renamed to a name that is taken",
    async ({ queue, client, group }) => {
      requireOutcome(await queue.write(requestOf({ kind: "createTargetGroup", name: "Deck" })));
      requireOutcome(await client.putGroup(group, "Deck"));
    },
  ],
  ["is not synchronised any more", (crew) => changeSetting(crew, crew.settingId, ALL)],
];

type LetGo = () => Promise<unknown>;

/** What can hold a mirror beside its IdP group, each with the ways in which it goes. */
const HOLDERS: [string, (crew: Crew) => Promise<LetGo>][] = [
  [
    "manual member",
    async (crew) => {
      await setByHand(crew, "Crew", [crew.bo]);
      return () => setByHand(crew, "Crew", [crew.bo], false);
    },
  ],
  [
    "manual member who is deleted",
    async (crew) => {
      await setByHand(crew, "Crew", [crew.bo]);
      return async () => requireOutcome(await crew.client.deleteUser(crew.bo));
    },
  ],
  [
    "inactive manual member who is deleted in a Bulk request",
    async (crew) => {
      await setByHand(crew, "Crew", [crew.bo]);
      requireOutcome(await crew.client.patchUser(crew.bo, { op: "replace", path: "active", value: false }));
      const items = [{ method: "DELETE" as const, path: `/Users/${crew.bo}` }];
      return async () => requireOutcome(await crew.client.send({ kind: "bulk", settingId: crew.settingId, items }));
    },
  ],
  [
    "manual member whose setting is deleted with its users",
    async (crew) => {
      const settingId = await addSetting(crew.queue, ALL);
      await setByHand(crew, "Crew", [await new Client(crew.queue, settingId).user("eve")]);
      return () => deleteSetting(crew, settingId, "remove");
    },
  ],
  [
    "auto-enrolment",
    async (crew) => {
      await enrolIn(crew, "Crew", [{ kind: "training", id: "basics", name: "Basics" }]);
      return () => enrolIn(crew, "Crew", []);
    },
  ],
  [
    "IdP group of another setting that is deleted",
    async (crew) => {
      const other = new Client(crew.queue, await addSetting(crew.queue, IDP));
      const group = await other.group("crew", [await other.user("eve")]);
      return async () => requireOutcome(await other.deleteGroup(group));
    },
  ],
  [
    "IdP group of another setting that is renamed to a name that is taken",
    async (crew) => {
      requireOutcome(await crew.queue.write(requestOf({ kind: "createTargetGroup", name: "Bridge" })));
      const other = new Client(crew.queue, await addSetting(crew.queue, IDP));
      const group = await other.group("crew");
      return async () =>
        requireOutcome(await other.patchGroup(group, { op: "replace", path: "displayName", value: "Bridge" }));
    },
  ],
  [
    "IdP group of another setting that is deleted with its users",
    async (crew) => {
      const settingId = await addSetting(crew.queue, IDP);
      const other = new Client(crew.queue, settingId);
      await other.group("crew", [await other.user("eve")]);
      return () => deleteSetting(crew, settingId, "remove");
    },
  ],
  [
    "empty IdP group of another setting that is deleted with its users kept",
    async (crew) => {
      const settingId = await addSetting(crew.queue, IDP);
      const other = new Client(crew.queue, settingId);
      await other.user("eve");
      await other.group("crew");
      return () => deleteSetting(crew, settingId, "keep");
    },
  ],
  [
    "IdP group of another setting that stops to synchronise them",
    async (crew) => {
      const settingId = await addSetting(crew.queue, IDP);
      const other = new Client(crew.queue, settingId);
      await other.group("crew", [await other.user("eve")]);
      return () => changeSetting(crew, settingId, ALL);
    },
  ],
  ...[true, false].map((hasUsers): [string, (crew: Crew) => Promise<LetGo>] => [
    `setting that has it as its own group, ${hasUsers ? "with" : "without"} users, and takes another`,
    async (crew) => {
      const settingId = await addSetting(crew.queue, { criteria: "none", targetGroupName: "CREW" });
      if (hasUsers) await new Client(crew.queue, settingId).user("eve");
      return () => changeSetting(crew, settingId, ALL);
    },
  ]),
  [
    "setting that has it as the group of those left over, and takes another",
    async (crew) => {
      const settings = { ...BY_DEPARTMENT, targetGroupName: "Crew", targetGroupScope: "ungrouped" as const };
      const settingId = await addSetting(crew.queue, settings);
      await new Client(crew.queue, settingId).user("eve");
      return () => changeSetting(crew, settingId, BY_DEPARTMENT);
    },
  ],
  [
    "setting that has it as its own group and is deleted with its users",
    async (crew) => {
      const settingId = await addSetting(crew.queue, { criteria: "none", targetGroupName: "Crew" });
      await new Client(crew.queue, settingId).user("eve");
      return () => deleteSetting(crew, settingId, "remove");
    },
  ],
  [
    "setting that has it as its own group and is deleted, users kept, of whom it has none",
    async (crew) => {
      const settingId = await addSetting(crew.queue, { criteria: "none", targetGroupName: "Crew" });
      return () => deleteSetting(crew, settingId, "keep");
    },
  ],
];

async function names({ companyId }: Bench): Promise<string[]> {
  return Object.keys(await targetMembers(companyId));
}

describe.each(ENDS)("a mirror whose group %s", (_, end) => {
  it.each(HOLDERS)("goes with the last that holds it: a(n) %s", async (_, hold) => {
    const crew = await newCrew();
    const letGo = await hold(crew);
    await end(crew);
    expect(await names(crew)).toContain("Crew");
    const id = await targetGroupId(crew, "Crew");
    await letGo();
    expect(await names(crew)).not.toContain("Crew");
    const deleted = (await feedSince(crew, 0)).filter(({ type }) => type === "group.deleted");
    expect(deleted.map(({ subject }) => subject)).toContain(id);
  });

  it("goes at once when nothing holds it", async () => {
    const crew = await newCrew();
    await end(crew);
    expect(await names(crew)).not.toContain("Crew");
  });

  it("stays for as long as one of several holds it", async () => {
    const crew = await newCrew();
    const letGo = [];
    for (const [, hold] of [HOLDERS[0], HOLDERS[4]].filter((holder) => holder !== undefined))
      letGo.push(await hold(crew));
    await end(crew);
    await letGo[0]?.();
    expect(await names(crew)).toContain("Crew");
    await letGo[1]?.();
    expect(await names(crew)).not.toContain("Crew");
  });
});

describe.each(HOLDERS)("when a(n) %s goes", (_, hold) => {
  it("a mirror stays for the group that it mirrors", async () => {
    const crew = await newCrew();
    const letGo = await hold(crew);
    await letGo();
    expect(await targetMembers(crew.companyId)).toMatchObject({ Crew: ["ada"] });
  });

  it("a target group that was made by hand stays", async () => {
    const bench = await newBench(IDP);
    requireOutcome(await bench.queue.write(requestOf({ kind: "createTargetGroup", name: "Crew" })));
    const client = new Client(bench.queue, bench.settingId);
    const [ada, bo] = [await client.user("ada"), await client.user("bo")];
    const crew = { ...bench, client, ada, bo, group: await client.group("Crew", [ada]) };
    const letGo = await hold(crew);
    requireOutcome(await client.deleteGroup(crew.group));
    await letGo();
    expect(await targetMembers(crew.companyId)).toMatchObject({ Crew: [] });
  });
});

describe("many mirrors at once", { timeout: 60_000 }, () => {
  it("go in the steps of a setting that does not synchronise its groups any more", async () => {
    const crew = await newCrew();
    await Promise.all(Array.from({ length: 60 }, (_, n) => crew.client.group(`Group ${n}`, [crew.bo])));
    await changeSetting(crew, crew.settingId, ALL);
    expect(await targetMembers(crew.companyId)).toEqual({ All: ["ada", "bo"] });
  });

  it("go with the one person who was in all of them by hand", async () => {
    const crew = await newCrew();
    const groups = await Promise.all(Array.from({ length: 60 }, (_, n) => crew.client.group(`Group ${n}`)));
    for (const n of groups.keys()) await setByHand(crew, `Group ${n}`, [crew.bo]);
    await Promise.all(groups.map((id) => crew.client.deleteGroup(id)));
    expect(await names(crew)).toHaveLength(61);
    requireOutcome(await crew.client.deleteUser(crew.bo));
    expect(await names(crew)).toEqual(["Crew"]);
  });
});

describe("a target group that a field's value named", () => {
  it.each(["before", "after"])("%s a provider's group stays, though both are gone", async (when) => {
    const crew = await newBench(IDP);
    const client = new Client(crew.queue, crew.settingId);
    const byField = new Client(crew.queue, await addSetting(crew.queue, BY_DEPARTMENT));
    const make = { value: () => byField.user("eve", "Crew"), group: () => client.group("crew") };
    const [first, second] = when === "before" ? [make.value, make.group] : [make.group, make.value];
    const [one, other] = [await first(), await second()];
    const [eve, group] = when === "before" ? [one, other] : [other, one];
    requireOutcome(await byField.patchUser(eve, { op: "replace", path: DEPARTMENT, value: "Deck" }));
    requireOutcome(await client.deleteGroup(group));
    const name = when === "before" ? "Crew" : "crew";
    expect(await targetMembers(crew.companyId)).toEqual({ [name]: [], Deck: ["eve"] });
  });

  it("is a mirror like another once it was renamed with the group, whoever groups by a field later", async () => {
    const bench = await newBench(BY_DEPARTMENT);
    const client = new Client(bench.queue, bench.settingId);
    const [ada, bo] = [await client.user("ada", "Crew"), await client.user("bo", "Deck")];
    const crew = { ...bench, client, ada, bo, group: await client.group("Crew", [ada]) };
    await changeSetting(crew, crew.settingId, IDP);
    requireOutcome(await client.putGroup(crew.group, "Staff"));
    await new Client(bench.queue, await addSetting(bench.queue, BY_DEPARTMENT)).user("eve", "Deck");
    requireOutcome(await client.deleteGroup(crew.group));
    expect(await targetMembers(crew.companyId)).toEqual({ Deck: ["eve"] });
  });

  it("is a mirror like another once no setting groups by a field", async () => {
    const bench = await newBench(BY_DEPARTMENT);
    const client = new Client(bench.queue, bench.settingId);
    const [ada, bo] = [await client.user("ada", "Crew"), await client.user("bo", "Deck")];
    const crew = { ...bench, client, ada, bo, group: await client.group("Crew", [ada]) };
    await changeSetting(crew, crew.settingId, IDP);
    await setByHand(crew, "Crew", [bo]);
    requireOutcome(await client.deleteGroup(crew.group));
    expect(await targetMembers(crew.companyId)).toEqual({ Crew: ["bo"], Deck: [] });
    await setByHand(crew, "Crew", [bo], false);
    expect(await targetMembers(crew.companyId)).toEqual({ Deck: [] });
  });
});

describe("a setting's own target group", () => {
  it("stays when the setting takes another one, with and without members", async () => {
    const crew = await newCrew();
    const settingId = await addSetting(crew.queue, ALL);
    await setByHand(crew, "All", [crew.bo]);
    await changeSetting(crew, settingId, { criteria: "none", targetGroupName: "Staff" });
    await setByHand(crew, "All", [crew.bo], false);
    expect(await targetMembers(crew.companyId)).toEqual({ All: [], Crew: ["ada"], Staff: [] });
  });
});
