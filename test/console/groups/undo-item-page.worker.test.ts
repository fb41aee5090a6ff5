import { describe, expect, it } from "vitest";
import { must } from "../../safety/populated-company.ts";
import { operate } from "../../scim-api/scim-client.ts";
import { holdLeavers } from "../holds/held-company.ts";

const PHISHING = { kind: "phishing", id: "bait", name: "Bait" };
const BASICS = { kind: "training", id: "basics", name: "Security basics" };
const TERMS = { ...PHISHING, dueInDays: 30, reenrol: "always" };

/** Ten people in a phishing simulation on terms, of whom the second is half through and the third has completed it. */
async function begin(name: string) {
  const world = await holdLeavers(name, 0);
  const group = `${world.at}/target-groups/${world.groupId}/auto-enrolments`;
  must(await operate("PUT", group, [BASICS, TERMS]), 200);
  await world.workDone();
  const all = async (status: string) =>
    must(await operate("GET", `${world.at}/enrolments?itemId=bait&status=${status}&limit=100`), 200).items;
  const of = async (userId: string | undefined, status = "active") =>
    (await all(status)).filter((enrolment: { userId: string }) => enrolment.userId === userId);
  const report = async (userId: string | undefined, progress: Record<string, unknown>) => {
    const [enrolment] = await of(userId);
    must(await operate("PUT", `${world.at}/enrolments/${enrolment.id}/progress`, progress), 200);
  };
  const [, half, done] = world.ids;
  await report(half, { status: "inProgress", score: 40, dueAt: "2031-02-03T04:05:06.000Z" });
  await report(done, { status: "completed", score: 90 });
  const path = `/groups/${world.groupId}/auto-enrolments`;
  const { kind, id } = PHISHING;
  const stop = async () => {
    const answer = await world.post(`${path}/remove`, { kind, id });
    expect(answer.headers.get("location")).toContain("done=enrolment-removed");
    await world.workDone();
  };
  const undo = async () => {
    const answer = await world.post(`${path}/undo`, { kind, id });
    await world.workDone();
    return answer;
  };
  return { ...world, group, path, all, of, stop, undo };
}

describe("the undo of “Stop enrolling”", () => {
  it("brings back whom it withdrew, as they were, but for who has left since; what is completed does not begin again", async () => {
    const world = await begin("Undo");
    const [first, half, done, leaver] = world.ids;
    const before = { half: (await world.of(half))[0], done: (await world.of(done))[0] };
    await world.stop();
    expect(await world.all("active")).toHaveLength(1);
    must(await world.client.send("DELETE", `/Users/${leaver}`), 204);
    const joiner = must(await world.client.send("POST", "/Users", { userName: "joiner@held.example" }), 201).id;
    await world.workDone();

    expect((await world.undo()).headers.get("location")).toContain("done=enrolment-restored");
    expect(must(await operate("GET", world.group), 200).items).toEqual([TERMS, BASICS]);
    const [again] = await world.of(half);
    expect(again.progress).toEqual(before.half.progress);
    expect(again.id).not.toBe(before.half.id);
    expect(await world.of(done)).toEqual([before.done]);
    expect(await world.of(leaver)).toEqual([]);
    for (const userId of [first, joiner]) expect(await world.of(userId)).toHaveLength(1);
    expect((await world.of(joiner))[0].progress.status).toBe("assigned");
    expect(await world.all("active")).toHaveLength(10);
  });

  it("is offered where it was stopped, in numbers, until it is done", async () => {
    const world = await begin("Offered");
    expect(await world.page(`/groups/${world.groupId}`)).not.toContain("Undo…");
    expect(await world.page(`${world.path}/remove?kind=phishing&id=bait`)).toContain("has an Undo");
    await world.stop();
    const page = await world.page(`/groups/${world.groupId}?done=enrolment-removed`);
    expect(page.match(/auto-enrolments\/undo\?kind=phishing&amp;id=bait/g)).toHaveLength(2);
    const asked = "undo?kind=phishing&id=bait";
    expect(await world.page(`${world.path}/${asked}`)).toContain("progress and the due date of then");
    for (const counted of [`${asked}&figures=now`, asked.replace("?", "/figures?")])
      expect(await world.page(`${world.path}/${counted}`)).toContain("Phishing simulation “Bait”: starts for 9 people");
    must(await operate("PUT", `${world.at}/catalogue`, [{ ...PHISHING, name: "Lure" }]), 200);
    expect(await world.page(`${world.path}/${asked}`)).toContain("Undo: enrol in Lure again?");
    await world.undo();
    expect(must(await operate("GET", world.group), 200).items[0]).toEqual({ ...TERMS, name: "Lure" });
    expect(await world.page(`/groups/${world.groupId}`)).not.toContain("Undo…");
    for (const gone of [asked, asked.replace("?", "/figures?")])
      expect(await world.page(`${world.path}/${gone}`)).toContain("Nothing here");
    expect((await world.undo()).status).toBe(404);
    // And once more.
    await world.stop();
    expect(await world.page(`/groups/${world.groupId}`)).toContain("Undo…");
  });

  it("is over when the item is added anew: then everybody begins as somebody who comes back does", async () => {
    const world = await begin("Anew");
    const [, half] = world.ids;
    await world.stop();
    must(await operate("PUT", world.group, [BASICS, TERMS]), 200);
    await world.workDone();
    expect(await world.page(`/groups/${world.groupId}`)).not.toContain("Undo…");
    expect((await world.of(half))[0].progress.status).toBe("assigned");
    expect((await world.undo()).status).toBe(404);
  });

  it("takes up nothing of an earlier time: whoever was withdrawn before it was stopped begins anew", async () => {
    const world = await begin("Earlier");
    const [, half] = world.ids;
    const active = (value: boolean) =>
      world.client.send("PATCH", `/Users/${half}`, { Operations: [{ op: "replace", path: "active", value }] });
    must(await active(false), 200);
    await world.workDone();
    await world.stop();
    must(await active(true), 200);
    await world.undo();
    expect((await world.of(half))[0].progress.status).toBe("assigned");
  });
});
