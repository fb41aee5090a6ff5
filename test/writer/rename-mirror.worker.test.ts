import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import {
  addSetting,
  Client,
  finishFollowUps,
  NO_BRAKE,
  newBench,
  requestOf,
  requireOutcome,
  targetMembers,
} from "./bench.ts";
import { BY_DEPARTMENT, basics, IDP, newCrew, phish, RENAMES, renameKeeping } from "./renames.ts";
import { autoEnrolments, enrolIn, loggedClient, openEnrolments, setByHand, targetGroupId } from "./target-side.ts";

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
    const other = new Client(crew.writer, await addSetting(crew.writer, IDP));
    await other.group("Eng", [await other.user("eve")]);
    await enrolIn(crew, "Eng", [basics, phish]);
    expect(await renameKeeping(crew, rename)).toEqual([
      "group.created",
      "auto_enrolments.changed",
      "member.removed",
      "member.added",
    ]);
    expect(await targetMembers(crew.companyId)).toEqual({ Eng: ["eve"], Engineers: ["ada"] });
    expect(await autoEnrolments(crew)).toEqual({ Eng: ["basics", "phish"], Engineers: ["basics", "phish"] });
    expect(await openEnrolments(crew)).toHaveProperty("ada basics");
  });

  it("leaves a target group that was made by hand first, and copies its auto-enrolments", async () => {
    const bench = await newBench(IDP, NO_BRAKE);
    requireOutcome(await bench.writer.write(requestOf({ kind: "createTargetGroup", name: "Eng" })));
    const client = new Client(bench.writer, bench.settingId);
    const [ada, bob] = [await client.user("ada"), await client.user("bob")];
    await setByHand(bench, "Eng", [bob]);
    const crew = { ...bench, client, ada, bob, group: await client.group("eng", [ada]) };
    await enrolIn(crew, "Eng", [basics]);
    await renameKeeping(crew, rename);
    expect(await targetMembers(crew.companyId)).toEqual({ Eng: ["bob"], Engineers: ["ada"] });
    expect(await autoEnrolments(crew)).toEqual({ Eng: ["basics"], Engineers: ["basics"] });
  });

  it("moves to a target group that has the name: what both have is kept, the rest withdrawn and noted", async () => {
    const crew = await newCrew();
    requireOutcome(await crew.writer.write(requestOf({ kind: "createTargetGroup", name: "Engineers" })));
    await enrolIn(crew, "Eng", [basics, phish]);
    await enrolIn(crew, "Engineers", [basics]);
    const before = await openEnrolments(crew);
    const { client, notes } = loggedClient(crew);
    requireOutcome(await rename(client, crew.settingId, crew.group, "Engineers"));
    expect(await openEnrolments(crew)).toEqual({ "ada basics": before["ada basics"] });
    expect(await targetMembers(crew.companyId)).toEqual({ Eng: [], Engineers: ["ada"] });
    // A PUT notes besides that it left the members as they were.
    const told = (await notes()).filter((note) => !/^(?:Operations\[0\]\.data\.)?members was not sent/.test(note));
    expect(told).toEqual([expect.stringMatching(/^Rename: 1 enrolment is withdrawn.*First phish \(1\)\.$/)]);
  });

  it("takes along a mirror that a field made, once nobody groups by a field any more", async () => {
    const bench = await newBench(BY_DEPARTMENT);
    const client = new Client(bench.writer, bench.settingId);
    const [ada, bob] = [await client.user("ada", "Eng"), await client.user("bob")];
    const group = await client.group("Eng", [ada]);
    const { settingId } = bench;
    requireOutcome(await bench.writer.write(requestOf({ kind: "updateSetting", settingId, groupSettings: IDP })));
    await finishFollowUps(bench.writer);
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
