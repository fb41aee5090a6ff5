import { describe, expect, it } from "vitest";
import { inTurn } from "../generated-cases.ts";
import {
  addSetting,
  type Bench,
  Client,
  finishFollowUps,
  newBench,
  requestOf,
  requireOutcome,
  targetMembers,
} from "./bench.ts";
import { ENDS, HOLDERS, newMirrorCrew, regroup } from "./mirror-holders.ts";
import { ALL, BY_DEPARTMENT, changeSetting, DEPARTMENT, IDP } from "./renames.ts";
import { feedSince, setByHand, targetGroupId } from "./target-side.ts";

async function names({ companyId }: Bench): Promise<string[]> {
  return Object.keys(await targetMembers(companyId));
}

describe.each(ENDS.map(([how, end], place) => [how, end, inTurn(HOLDERS, place)] as const))(
  "a mirror whose group %s",
  (_, end, holders) => {
    it.each(holders)("goes with the last that holds it: a(n) %s", async (_, hold) => {
      const crew = await newMirrorCrew();
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
      const crew = await newMirrorCrew();
      await end(crew);
      expect(await names(crew)).not.toContain("Crew");
    });

    it("stays for as long as one of several holds it", async () => {
      const crew = await newMirrorCrew();
      const letGo = [];
      for (const [, hold] of [HOLDERS[0], HOLDERS[4]].filter((holder) => holder !== undefined))
        letGo.push(await hold(crew));
      await end(crew);
      await letGo[0]?.();
      expect(await names(crew)).toContain("Crew");
      await letGo[1]?.();
      expect(await names(crew)).not.toContain("Crew");
    });
  },
);

describe("when a holder goes", () => {
  it.each(inTurn(HOLDERS, 0))("a mirror stays for the group that it mirrors: a(n) %s", async (_, hold) => {
    const crew = await newMirrorCrew();
    const letGo = await hold(crew);
    await letGo();
    expect(await targetMembers(crew.companyId)).toMatchObject({ Crew: ["ada"] });
  });

  it.each(inTurn(HOLDERS, 1))("a target group that was made by hand stays: a(n) %s", async (_, hold) => {
    const bench = await newBench(IDP);
    requireOutcome(await bench.writer.write(requestOf({ kind: "createTargetGroup", name: "Crew" })));
    const client = new Client(bench.writer, bench.settingId);
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
    const crew = await newMirrorCrew();
    await Promise.all(Array.from({ length: 60 }, (_, n) => crew.client.group(`Group ${n}`, [crew.bo])));
    await regroup(crew, crew.settingId, ALL);
    expect(await targetMembers(crew.companyId)).toEqual({ All: ["ada", "bo"] });
  });

  it("go with the one person who was in all of them by hand", async () => {
    const crew = await newMirrorCrew();
    const groups = await Promise.all(Array.from({ length: 60 }, (_, n) => crew.client.group(`Group ${n}`)));
    await Promise.all([...groups.keys()].map((n) => setByHand(crew, `Group ${n}`, [crew.bo])));
    await Promise.all(groups.map((id) => crew.client.deleteGroup(id)));
    expect(await names(crew)).toHaveLength(61);
    requireOutcome(await crew.client.deleteUser(crew.bo));
    expect(await names(crew)).toEqual(["Crew"]);
  });
});

describe("a target group that a field's value named", () => {
  it.each(["before", "after"])("%s a provider's group stays, though both are gone", async (when) => {
    const crew = await newBench(IDP);
    const client = new Client(crew.writer, crew.settingId);
    const byField = new Client(crew.writer, await addSetting(crew.writer, BY_DEPARTMENT));
    const make = { value: () => byField.user("eve", "Crew"), group: () => client.group("crew") };
    const [first, second] = when === "before" ? [make.value, make.group] : [make.group, make.value];
    const [one, other] = [await first(), await second()];
    const [eve, group] = when === "before" ? [one, other] : [other, one];
    requireOutcome(await byField.patchUser(eve, { op: "replace", path: DEPARTMENT, value: "Deck" }));
    requireOutcome(await client.deleteGroup(group));
    const name = when === "before" ? "Crew" : "crew";
    expect(await targetMembers(crew.companyId)).toEqual({ [name]: [], Deck: ["eve"] });
  });

  it("goes with the group while those who had the value are about to leave it", async () => {
    const crew = await newMirrorCrew();
    const settingId = await addSetting(crew.writer, BY_DEPARTMENT);
    await new Client(crew.writer, settingId).user("eve", "Crew");
    await changeSetting(crew, settingId, ALL);
    requireOutcome(await crew.client.deleteGroup(crew.group));
    await finishFollowUps(crew.writer);
    expect(await targetMembers(crew.companyId)).toEqual({ All: ["eve"] });
  });

  it("is a mirror like another once it was renamed with the group, whoever groups by a field later", async () => {
    const bench = await newBench(BY_DEPARTMENT);
    const client = new Client(bench.writer, bench.settingId);
    const [ada, bo] = [await client.user("ada", "Crew"), await client.user("bo", "Deck")];
    const crew = { ...bench, client, ada, bo, group: await client.group("Crew", [ada]) };
    await regroup(crew, crew.settingId, IDP);
    requireOutcome(await client.putGroup(crew.group, "Staff"));
    await new Client(bench.writer, await addSetting(bench.writer, BY_DEPARTMENT)).user("eve", "Deck");
    requireOutcome(await client.deleteGroup(crew.group));
    expect(await targetMembers(crew.companyId)).toEqual({ Deck: ["eve"] });
  });

  it("is a mirror like another once no setting groups by a field", async () => {
    const bench = await newBench(BY_DEPARTMENT);
    const client = new Client(bench.writer, bench.settingId);
    const [ada, bo] = [await client.user("ada", "Crew"), await client.user("bo", "Deck")];
    const crew = { ...bench, client, ada, bo, group: await client.group("Crew", [ada]) };
    await regroup(crew, crew.settingId, IDP);
    await setByHand(crew, "Crew", [bo]);
    requireOutcome(await client.deleteGroup(crew.group));
    expect(await targetMembers(crew.companyId)).toEqual({ Crew: ["bo"], Deck: [] });
    await setByHand(crew, "Crew", [bo], false);
    expect(await targetMembers(crew.companyId)).toEqual({ Deck: [] });
  });
});

describe("a setting's own target group", () => {
  it("stays when the setting takes another one, with and without members", async () => {
    const crew = await newMirrorCrew();
    const settingId = await addSetting(crew.writer, ALL);
    await setByHand(crew, "All", [crew.bo]);
    await regroup(crew, settingId, { criteria: "none", targetGroupName: "Staff" });
    await setByHand(crew, "All", [crew.bo], false);
    expect(await targetMembers(crew.companyId)).toEqual({ All: [], Crew: ["ada"], Staff: [] });
  });
});
