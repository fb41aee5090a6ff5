import { describe, expect, it } from "vitest";
import { addSetting, Client, finishFollowUps, requestOf, requireOutcome, targetMembers } from "./bench.ts";
import {
  BY_DEPARTMENT,
  basics,
  byPatch,
  type Crew,
  changeSetting,
  IDP,
  newCrew,
  phish,
  renameKeeping,
} from "./renames.ts";
import {
  autoEnrolments,
  enrolIn,
  feedHead,
  feedSince,
  loggedClient,
  openEnrolments,
  setByHand,
  targetGroupId,
} from "./target-side.ts";

async function makeByHand({ writer }: Crew, name: string): Promise<void> {
  requireOutcome(await writer.write(requestOf({ kind: "createTargetGroup", name })));
}

/** What else can feed the target group Eng, and who is in it then besides ada. */
const FEEDERS: [string, (crew: Crew) => Promise<string[]>][] = [
  [
    "a setting's group for everyone",
    async ({ writer }) => {
      const settingId = await addSetting(writer, { criteria: "none", targetGroupName: "eng" });
      await new Client(writer, settingId).user("eve");
      return ["eve"];
    },
  ],
  [
    "a setting's group for those left over, of whom there are none",
    async ({ writer }) => {
      await addSetting(writer, { ...BY_DEPARTMENT, targetGroupName: "Eng", targetGroupScope: "ungrouped" });
      return [];
    },
  ],
  [
    "the own group of the group's setting",
    async (crew) => {
      await changeSetting(crew, crew.settingId, { ...IDP, targetGroupName: "Eng" });
      await finishFollowUps(crew.writer);
      return ["ada", "bob"];
    },
  ],
  [
    "a field's value",
    async ({ writer }) => {
      await new Client(writer, await addSetting(writer, BY_DEPARTMENT)).user("eve", "Eng");
      return ["eve"];
    },
  ],
  [
    "a field's value that nobody has at present",
    async ({ writer }) => {
      const client = new Client(writer, await addSetting(writer, BY_DEPARTMENT));
      const eve = await client.user("eve", "ENG");
      requireOutcome(await client.patchUser(eve, { op: "replace", path: "active", value: false }));
      return [];
    },
  ],
  [
    "an empty group of another setting",
    async ({ writer }) => {
      await new Client(writer, await addSetting(writer, IDP)).group("ENG");
      return [];
    },
  ],
  [
    "what users kept of a deleted setting",
    async ({ writer }) => {
      const settingId = await addSetting(writer, IDP);
      const client = new Client(writer, settingId);
      await client.group("Eng", [await client.user("eve")]);
      requireOutcome(await writer.write(requestOf({ kind: "deleteSetting", settingId, users: "keep" })));
      await finishFollowUps(writer);
      return ["eve"];
    },
  ],
];

describe.each(FEEDERS)("a mirror that is fed by %s too", (_, feed) => {
  it("stays as it is when its group is renamed; the members move and keep their trainings", async () => {
    const crew = await newCrew();
    const others = await feed(crew);
    await enrolIn(crew, "Eng", [basics, phish]);
    const id = await targetGroupId(crew, "Eng");
    await renameKeeping(crew, byPatch);
    expect(await targetGroupId(crew, "Eng")).toBe(id);
    expect(await targetMembers(crew.companyId)).toMatchObject({ Eng: others, Engineers: ["ada"] });
    expect(await autoEnrolments(crew)).toMatchObject({ Eng: ["basics", "phish"], Engineers: ["basics", "phish"] });
  });
});

describe("a target group that a rename made", () => {
  it("enrols who joins it in the same commit, in later ones, and by another writer", async () => {
    const crew = await newCrew();
    await new Client(crew.writer, await addSetting(crew.writer, IDP)).group("eng");
    await enrolIn(crew, "Eng", [basics]);
    const ids = await Promise.all(["eve", "flo", "gus"].map((name) => crew.client.user(name)));
    const clients = [crew.client, crew.client, crew.client.through(crew.another())];
    const join = (n: number) =>
      clients[n]?.patchGroup(crew.group, { op: "add", path: "members", value: [{ value: ids[n] ?? "" }] });
    await Promise.all([byPatch(crew.client, crew.settingId, crew.group, "Engineers"), join(0)]);
    await join(1);
    await join(2);
    expect(Object.keys(await openEnrolments(crew))).toEqual(["ada basics", "eve basics", "flo basics", "gus basics"]);
  });
});

describe("a group renamed to the name of another target group", () => {
  const TAKEN: [string, (crew: Crew) => Promise<unknown>][] = [
    ["made by hand", (crew) => makeByHand(crew, "Engineers")],
    [
      "of a field's value",
      async ({ writer }) => new Client(writer, await addSetting(writer, BY_DEPARTMENT)).user("eve", "Engineers"),
    ],
    [
      "that mirrors another setting's group",
      async ({ writer }) => new Client(writer, await addSetting(writer, IDP)).group("Engineers"),
    ],
    ["that is a setting's own", ({ writer }) => addSetting(writer, { criteria: "none", targetGroupName: "Engineers" })],
  ];

  it.each(TAKEN)("%s keeps what both have; what it has not is withdrawn, and noted", async (_, make) => {
    const crew = await newCrew();
    await make(crew);
    await enrolIn(crew, "Eng", [basics, phish]);
    await enrolIn(crew, "Engineers", [
      { ...basics, name: "The basics" },
      { ...phish, id: "more" },
    ]);
    const before = await openEnrolments(crew);
    const { client, notes } = loggedClient(crew);
    requireOutcome(await byPatch(client, crew.settingId, crew.group, "engineers"));
    const after = await openEnrolments(crew);
    expect(after["ada basics"]).toBe(before["ada basics"]);
    expect(after).not.toHaveProperty("ada phish");
    expect(after).toHaveProperty("ada more");
    expect(await autoEnrolments(crew)).toEqual({ Eng: ["basics", "phish"], Engineers: ["basics", "more"] });
    expect(await notes()).toEqual([
      'Rename: 1 enrolment is withdrawn, because the members of the group move from the target group "Eng" to "Engineers", which does not have: First phish (1).',
    ]);
  });

  it("notes nothing when nothing is withdrawn: manual members stay behind with what they have", async () => {
    const crew = await newCrew();
    await makeByHand(crew, "Engineers");
    await setByHand(crew, "Eng", [crew.bob]);
    await enrolIn(crew, "Eng", [basics]);
    await enrolIn(crew, "Engineers", [basics]);
    const { client, notes } = loggedClient(crew);
    await renameKeeping({ ...crew, client }, byPatch);
    expect(await targetMembers(crew.companyId)).toEqual({ Eng: ["bob"], Engineers: ["ada"] });
    expect(await notes()).toEqual([]);
  });

  it("notes nothing of those whom the same request takes out", async () => {
    const crew = await newCrew();
    await makeByHand(crew, "Engineers");
    await crew.client.patchGroup(crew.group, { op: "add", path: "members", value: [{ value: crew.bob }] });
    await enrolIn(crew, "Eng", [basics]);
    const { client, notes } = loggedClient(crew);
    requireOutcome(await client.putGroup(crew.group, "Engineers", [crew.ada]));
    expect(await openEnrolments(crew)).toEqual({});
    expect(await notes()).toEqual([expect.stringContaining("does not have: Basics (1).")]);
  });

  it("leaves a training to whom another group or another user of the person gives it", async () => {
    const crew = await newCrew();
    await makeByHand(crew, "Engineers");
    const other = new Client(crew.writer, await addSetting(crew.writer, { criteria: "none", targetGroupName: "All" }));
    await other.user("ada");
    await crew.client.patchGroup(crew.group, { op: "add", path: "members", value: [{ value: crew.bob }] });
    await crew.client.group("Crew", [crew.bob]);
    for (const name of ["Eng", "All", "Crew"]) await enrolIn(crew, name, [basics]);
    const before = await openEnrolments(crew);
    const head = await feedHead(crew);
    requireOutcome(await byPatch(crew.client, crew.settingId, crew.group, "Engineers"));
    expect(await openEnrolments(crew)).toEqual(before);
    const told = (await feedSince(crew, head)).filter(({ type }) => type.startsWith("enrolment."));
    expect(told.map(({ type, data }) => [type, data.oldUserId])).toEqual([["enrolment.reassigned", crew.ada]]);
  });
});

describe("a group renamed in case or spacing only", () => {
  it("is spelt anew when nobody shares its mirror, a manual member in it or not", async () => {
    const crew = await newCrew();
    await setByHand(crew, "Eng", [crew.bob]);
    await enrolIn(crew, "Eng", [basics]);
    const id = await targetGroupId(crew, "Eng");
    expect(await renameKeeping(crew, byPatch, " ENG ")).toEqual(["group.renamed"]);
    expect(await targetGroupId(crew, "ENG")).toBe(id);
  });

  it("keeps the first spelling when somebody does", async () => {
    const crew = await newCrew();
    await new Client(crew.writer, await addSetting(crew.writer, IDP)).group("eng");
    await enrolIn(crew, "Eng", [basics]);
    expect(await renameKeeping(crew, byPatch, "ENG")).toEqual([]);
    expect(await targetMembers(crew.companyId)).toEqual({ Eng: ["ada"] });
  });
});
