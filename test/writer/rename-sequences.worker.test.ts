import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { addSetting, Client, finishFollowUps, requireOutcome, targetMembers } from "./bench.ts";
import {
  BY_DEPARTMENT,
  basics,
  byPatch,
  changeSetting,
  DEPARTMENT,
  IDP,
  newCrew,
  phish,
  type Rename,
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

describe("groups renamed one after the other", () => {
  it("there and back is as it was", async () => {
    const crew = await newCrew();
    await setByHand(crew, "Eng", [crew.bob]);
    await enrolIn(crew, "Eng", [basics]);
    const id = await targetGroupId(crew, "Eng");
    await renameKeeping(crew, byPatch, "Engineers");
    await renameKeeping(crew, byPatch, "Eng");
    expect(await targetGroupId(crew, "Eng")).toBe(id);
    expect(await targetMembers(crew.companyId)).toEqual({ Eng: ["ada", "bob"] });
  });

  it("there and back from a shared mirror touches no enrolment", async () => {
    const crew = await newCrew();
    await new Client(crew.writer, await addSetting(crew.writer, IDP)).group("eng");
    await enrolIn(crew, "Eng", [basics]);
    for (const name of ["Engineers", "Eng", "Engineers", "Makers"]) await renameKeeping(crew, byPatch, name);
    expect(await targetMembers(crew.companyId)).toEqual({ Eng: [], Makers: ["ada"] });
  });

  it("swaps names with another in one Bulk through a third name, each with its manual members and items", async () => {
    const crew = await newCrew();
    const other = await crew.client.group("Ops", [crew.bob]);
    await setByHand(crew, "Eng", [crew.bob]);
    await enrolIn(crew, "Eng", [basics]);
    await enrolIn(crew, "Ops", [phish]);
    const swap: Rename = async (client, settingId, group) => {
      const steps = [
        [group, "Temporary"],
        [other, "Eng"],
        [group, "Ops"],
      ];
      const items = steps.map(([id, displayName]) => ({
        method: "PATCH" as const,
        path: `/Groups/${id}`,
        data: { Operations: [{ op: "replace", value: { displayName: displayName ?? "" } }] },
      }));
      return client.send({ kind: "bulk", settingId, items });
    };
    await renameKeeping(crew, swap);
    expect(await targetMembers(crew.companyId)).toEqual({ Eng: ["bob"], Ops: ["ada", "bob"] });
    expect(await autoEnrolments(crew)).toEqual({ Eng: ["phish"], Ops: ["basics"] });
  });

  it("swaps names with another setting's in one commit: each has what its new target group has", async () => {
    const crew = await newCrew();
    const other = new Client(crew.writer, await addSetting(crew.writer, IDP));
    const group = await other.group("Ops", [await other.user("eve")]);
    await enrolIn(crew, "Eng", [basics]);
    await enrolIn(crew, "Ops", [basics]);
    const both: Rename = async (client, settingId, own) => {
      const swapped = [byPatch(client, settingId, own, "Ops"), byPatch(other, settingId, group, "Eng")];
      const [first, second] = await Promise.all(swapped);
      if (second !== undefined) requireOutcome(second);
      return first ?? byPatch(client, settingId, own, "Ops");
    };
    await renameKeeping(crew, both);
    expect(await targetMembers(crew.companyId)).toEqual({ Eng: ["eve"], Ops: ["ada"] });
  });
});

describe("a group renamed and changed in the same request", () => {
  it.each(["PATCH", "PUT"])("by %s: who stays keeps, who leaves loses, who joins gets", async (verb) => {
    const crew = await newCrew();
    await new Client(crew.writer, await addSetting(crew.writer, IDP)).group("eng");
    await crew.client.patchGroup(crew.group, { op: "add", path: "members", value: [{ value: crew.bob }] });
    await enrolIn(crew, "Eng", [basics]);
    const eve = await crew.client.user("eve");
    const before = await openEnrolments(crew);
    const head = await feedHead(crew);
    const { client, notes } = loggedClient(crew);
    requireOutcome(
      verb === "PUT"
        ? await client.putGroup(crew.group, "Engineers", [crew.ada, eve])
        : await client.patchGroup(
            crew.group,
            { op: "remove", path: `members[value eq "${crew.bob}"]` },
            { op: "replace", value: { displayName: "Engineers", members: [{ value: crew.ada }, { value: eve }] } },
          ),
    );
    expect(await targetMembers(crew.companyId)).toEqual({ Eng: [], Engineers: ["ada", "eve"] });
    const after = await openEnrolments(crew);
    expect(Object.keys(after)).toEqual(["ada basics", "eve basics"]);
    expect(after["ada basics"]).toBe(before["ada basics"]);
    const feed = await feedSince(crew, head);
    const moved = feed.filter(({ type }) => type.startsWith("member."));
    expect(moved.map(({ type, userId, data }) => [type, userId, data.groupName])).toEqual([
      ["member.removed", crew.bob, "Eng"],
      ["member.added", eve, "Engineers"],
      ["member.removed", crew.ada, "Eng"],
      ["member.added", crew.ada, "Engineers"],
    ]);
    const enrolled = feed.filter(({ type }) => type.startsWith("enrolment."));
    expect(enrolled.map(({ type, userId }) => [type, userId])).toEqual([
      ["enrolment.withdrawn", crew.bob],
      ["enrolment.started", eve],
    ]);
    expect(await notes()).toEqual([]);
  });
});

describe("a group renamed while its setting stops to synchronise", () => {
  it.each([false, true])("has no mirror under either name, and one again when it starts again: %s", async (again) => {
    const crew = await newCrew();
    const held = await crew.client.group("Held", [crew.ada]);
    await setByHand(crew, "Held", [crew.bob]);
    await changeSetting(crew, crew.settingId, { criteria: "none", targetGroupName: "All" });
    requireOutcome(await byPatch(crew.client, crew.settingId, crew.group, "Engineers"));
    requireOutcome(await byPatch(crew.client, crew.settingId, held, "Holders"));
    if (again) await changeSetting(crew, crew.settingId, IDP);
    await finishFollowUps(crew.writer);
    const synchronised = again ? { Engineers: ["ada"], Holders: ["ada"] } : {};
    const all = again ? [] : ["ada", "bob"];
    expect(await targetMembers(crew.companyId)).toEqual({ All: all, Held: ["bob"], ...synchronised });
  });
});

describe("who groups by a field again", () => {
  it("finds the group of a value that a rename left, with its auto-enrolments", async () => {
    const crew = await newCrew();
    const client = new Client(crew.writer, await addSetting(crew.writer, BY_DEPARTMENT));
    const eve = await client.user("eve", "Eng");
    await enrolIn(crew, "Eng", [basics]);
    requireOutcome(await client.patchUser(eve, { op: "replace", path: DEPARTMENT, value: "Ops" }));
    await renameKeeping(crew, byPatch);
    requireOutcome(await client.patchUser(eve, { op: "replace", path: DEPARTMENT, value: "Eng" }));
    expect(Object.keys(await openEnrolments(crew))).toEqual(["ada basics", "eve basics"]);
    const { results } = await env.DB.prepare("SELECT name, source FROM target_groups WHERE id IN (?, ?) ORDER BY name")
      .bind(await targetGroupId(crew, "Eng"), await targetGroupId(crew, "Engineers"))
      .all();
    expect(results).toEqual([
      { name: "Eng", source: "idp" },
      { name: "Engineers", source: "idp" },
    ]);
  });
});
