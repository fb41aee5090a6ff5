import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { must } from "../../safety/populated-company.ts";
import { operate } from "../../scim-api/scim-client.ts";
import { type HeldCompany, holdEmptied, holdLeavers } from "./held-company.ts";

/** A page's words without its markup. */
const wordsOf = (html: string) => html.replace(/<[^>]*>/g, " ").replace(/\s+/g, " ");

const outcome = async ({ at, holdId }: HeldCompany) => must(await operate("GET", `${at}/holds/${holdId}`), 200);

const enrolled = async ({ at }: HeldCompany) =>
  must(await operate("GET", `${at}/enrolments?status=active`), 200).items.length;

let waiting: Promise<HeldCompany> | undefined;

/** A company of the tests that decide nothing, in which three wait. */
function someWait(): Promise<HeldCompany> {
  waiting ??= holdLeavers("Waiting", 5);
  return waiting;
}

describe("an open hold", () => {
  it("is told on every page of the company, with the way to it", async () => {
    const world = await someWait();
    for (const path of ["/settings", "/people", "/groups", "/log", "/webhooks", `/groups/${world.groupId}`]) {
      const html = await world.page(path);
      expect(wordsOf(html), path).toContain("3 people wait for your decision");
      expect(html, path).toContain(`${world.home}/holds/${world.holdId}`);
    }
    for (const path of ["/holds", `/holds/${world.holdId}`]) {
      const html = await world.page(path);
      expect(wordsOf(html), "the pages of holds say it themselves").not.toContain("for your decision");
      expect(html).toContain("Many people leaving");
    }
    const calm = await holdLeavers("Calm", 2);
    for (const path of ["/settings", "/people", "/holds"])
      expect(wordsOf(await calm.page(path)), path).not.toContain("for your decision");
  });

  it("shows its causes with their requests and its people, who are searched and downloaded", async () => {
    const world = await someWait();
    const html = await world.page(`/holds/${world.holdId}`);
    expect(wordsOf(html)).toMatch(/Many people leaving.*Waiting 3.*Deactivated : 3 times/);
    expect(html).toMatch(/\/log\/[0-9a-f-]{36}"/);
    for (const n of [3, 4, 5]) expect(wordsOf(html)).toContain(`p${n} @held. example`);
    const found = wordsOf(await world.page(`/holds/${world.holdId}?q=P4`));
    expect(found).toContain("p4 @held. example");
    expect(found).not.toContain("p5 @held. example");
    const csv = await world.page(`/holds/${world.holdId}/people.csv`);
    expect(csv.split("\r\n")).toHaveLength(5);
    expect(csv).toContain('p3@held.example,waiting,"Set inactive, out of Everyone",Everyone,Security basics,');
  });

  it("is told on the page of whoever waits in it, with since when and because of what, and on its group's", async () => {
    const world = await someWait();
    const waiting = wordsOf(await world.page(`/people/${world.ids[3]}`));
    expect(waiting).toMatch(/Waits Being set inactive since .*Because of: Many people leaving in Head office/);
    expect(wordsOf(await world.page(`/people/${world.ids[9]}`))).not.toContain("Because of: Many people");
    expect(wordsOf(await world.page(`/groups/${world.groupId}`)).match(/Waits See the hold/g)).toHaveLength(3);
  });
});

describe("what a hold says", () => {
  it("tells how many had left before it tripped, and leads to them, also after a part was released", async () => {
    const world = await holdLeavers("Before", 5);
    const path = `/holds/${world.holdId}`;
    const html = await world.page(path);
    expect(wordsOf(html)).toContain("Before the brake tripped it had been carried out for 2 people");
    expect(wordsOf(html)).toMatch(/Before it tripped 2 /);
    expect(wordsOf(html)).not.toContain("nobody has left");
    expect(html.match(new RegExp(`href="${world.home}${path}/undo"`, "g"))).toHaveLength(2);
    const one = { version: "3", users: world.ids[2] ?? "" };
    expect((await world.post(`${path}/release`, one)).status).toBe(303);
    await world.workDone();
    const part = wordsOf(await world.page(`${path}?done=released`));
    expect(part).toContain("it had been carried out for 2 people. See who , and undo it there. 1 person was released");
    expect(part).not.toContain("Load this page again");
    expect((await world.post(`${path}/keep`, { version: "3" })).status).toBe(303);
    await world.workDone();
    const kept = wordsOf(await world.page(`${path}?done=kept`));
    expect(kept).toContain("Kept: those it was about stay as they are");
    expect(kept).not.toMatch(/everybody stays|Load this page again/);
  });

  it("says how many are undone, how far it is, and that something is under way only while it is", async () => {
    const world = await holdLeavers("Undone", 5);
    const path = `/holds/${world.holdId}`;
    expect(wordsOf(await world.page(`${path}/undo`))).toContain("2 people go back to where they were");
    expect((await world.post(`${path}/undo`)).status).toBe(303);
    await world.workDone();
    const undone = wordsOf(await world.page(`${path}?done=undone`));
    expect(undone).toMatch(/Before it tripped 2 Of these undone 2/);
    expect(undone).toContain("Undone for 2 people.");
    expect(undone).not.toContain("Load this page again");
    await env.DB.prepare(
      `INSERT INTO hold_decisions (decision_key, company_key, hold_key, action, version)
       SELECT hold_key * 1000, company_key, hold_key, 'undo', 3 FROM holds WHERE id = ?`,
    )
      .bind(world.holdId)
      .run();
    for (const query of ["", "?done=undone"])
      expect(wordsOf(await world.page(path + query)), query).toContain("Load this page again to see how far it is");
  });

  it("is of its kind: of a field emptied nobody is said to leave what they do not leave", async () => {
    const world = await holdEmptied("Emptied");
    const path = `/holds/${world.holdId}`;
    const banner = wordsOf(await world.page("/people"));
    expect(banner).toContain(
      "the brake stopped a change that would take many people out of their target groups at once.",
    );
    const page = wordsOf(await world.page(path));
    expect(page).toContain("Department is no longer “R&amp;D &quot;Skunk&quot; Works”");
    expect(page).toContain("q3 @held. example Quinn Lab 3");
    expect(page).toContain("Withdrawn from");
    expect(page).toContain("Lab safety");
    expect(page).not.toContain("Security basics");
    const csv = await world.page(`${path}/people.csv`);
    expect(csv).toContain("Lab safety");
    expect(csv).not.toContain("Security basics");
    expect(wordsOf(await world.page(`${path}/release?version=3`))).toContain(
      "3 people are withdrawn from the training “Lab safety”",
    );
    const keeping = wordsOf(await world.page(`${path}/keep?version=3`));
    expect(keeping).toContain("somebody whose field has a value there again and then loses it follows as usual");
    expect(keeping).not.toContain("active there");
    expect(wordsOf(await world.page(`/people/${world.ids[2]}`))).toContain("no longer “R&amp;D");
  });

  it("has its decisions within reach of those ticked: all of the page at once, above and below", async () => {
    const world = await someWait();
    for (const path of [`/holds/${world.holdId}`, `/holds/${world.holdId}/undo`]) {
      const html = await world.page(path);
      expect(html, path).toMatch(/<input type="checkbox" data-tick-all="user"[^>]* hidden/);
      expect(html, path).toContain('class="pager ticked"');
    }
  });
});

describe("somebody whose deletion waits, or was kept", () => {
  it("is said to have lost no setting: not in the list, not on its page, not by its groups", async () => {
    const world = await holdLeavers("Deleted", 4);
    const [userId = "", other = ""] = world.ids.slice(5, 7);
    for (const id of [userId, other]) must(await world.client.send("DELETE", `/Users/${id}`), 204);
    await world.workDone();
    const pages = async () => [wordsOf(await world.page("/people")), wordsOf(await world.page(`/people/${userId}`))];
    const [list = "", page = ""] = await pages();
    // Two were set inactive before; four wait.
    expect(list).toContain("10 people from one SCIM setting");
    for (const text of [list, page]) expect(text).not.toMatch(/setting .*was deleted|Without a connection/);
    expect(page).toContain("Being removed since");
    const edit = wordsOf(await world.page(`/people/${userId}/edit`));
    expect(edit).toContain("The deletion of this person waits");
    const { items } = must(await operate("GET", `${world.at}/scim-settings`), 200);
    expect(wordsOf(await world.page(`/people?setting=${items[0].id}`))).toContain("p6 @held. example");
    expect(wordsOf(await world.page("/people?setting=none"))).not.toContain("p6 @held. example");
    const keep = { version: String((await outcome(world)).version), users: userId };
    expect((await world.post(`/holds/${world.holdId}/keep`, keep)).status).toBe(303);
    await world.workDone();
    const [keptList = "", keptPage = ""] = await pages();
    expect(keptList).toContain("9 people from one SCIM setting");
    expect(keptList).toContain("1 person without a connection: deleted at the identity provider, and kept");
    expect(keptPage).toContain("the identity provider deleted this person through the SCIM setting “Head office”");
    for (const text of [keptList, keptPage]) expect(text).not.toMatch(/etting (“[^”]*” )?was deleted/);
    expect(wordsOf(await world.page(`/people?setting=${items[0].id}`))).not.toContain("p6 @held. example");
    expect(wordsOf(await world.page("/people?setting=none"))).toContain("p6 @held. example");
  });
});

describe("the decision about a hold", () => {
  it("is asked in numbers that the release then carries out, exactly", async () => {
    const world = await holdLeavers("Release", 6);
    // Somebody else of the same person goes on in the training.
    const asked = wordsOf(await world.page(`/holds/${world.holdId}/release?version=4`));
    expect(asked).toMatch(/4 people are set inactive.*4 memberships of target groups end.*4 people are withdrawn/);
    expect(asked).toContain("Release 4 people?");
    // Of many who wait the page comes without them, and its script asks for them.
    const at = `/holds/${world.holdId}`;
    const released = await world.page(`${at}/release/figures?version=4`);
    expect(wordsOf(released)).toMatch(/4 people are set inactive.*4 people are withdrawn.*Release 4 people/);
    expect(released).toContain('<button class="danger" type="submit">Release 4 people');
    expect(wordsOf(await world.page(`${at}/keep/figures?version=4`))).toMatch(
      /4 people stay as they are.*Keep 4 people/,
    );
    for (const decision of ["release", "keep"])
      expect(wordsOf(await world.page(`${at}/${decision}/figures?version=9`))).toContain("was never shown");
    const before = await enrolled(world);
    expect((await world.post(`/holds/${world.holdId}/release`, { version: "4" })).status).toBe(303);
    await world.workDone();
    expect(before - (await enrolled(world))).toBe(4);
    expect(await outcome(world)).toMatchObject({ status: "closed", people: 0, outcome: { released: 4 } });
    const closed = wordsOf(await world.page(`/holds/${world.holdId}`));
    expect(closed).toContain("Nothing waits here any more");
    expect(closed).toContain("4 people were released: what was carried out is told by the history");
  });

  it("is about those ticked only, and about nobody where nobody is ticked", async () => {
    const world = await holdLeavers("Ticked", 6);
    const path = `/holds/${world.holdId}`;
    const [, , third = "", fourth = ""] = world.ids;
    const asked = await world.page(`${path}/release?version=4&of=ticked&user=${third}`);
    expect(wordsOf(asked)).toContain("Release 1 person?");
    expect((await world.post(`${path}/release`, { version: "4", users: third })).status).toBe(303);
    expect((await world.post(`${path}/keep`, { version: "4", users: fourth })).status).toBe(303);
    await world.workDone();
    expect(await outcome(world)).toMatchObject({ status: "open", people: 2, outcome: { released: 1, kept: 1 } });
    expect(wordsOf(await world.page(`/people/${fourth}`))).toContain("An admin kept it");
    expect(wordsOf(await world.page(`${path}/release?version=4&of=ticked`))).toContain("Nobody is ticked");
    expect((await world.post(`${path}/release`, { version: "4", users: "" })).status).toBe(422);
    expect(await outcome(world)).toMatchObject({ people: 2 });
  });

  it("to release leaves what came after the page was shown", async () => {
    const world = await holdLeavers("Version", 6);
    expect((await world.post(`/holds/${world.holdId}/release`, { version: "2" })).status).toBe(303);
    await world.workDone();
    expect(await outcome(world)).toMatchObject({ people: 2, outcome: { released: 2 } });
    expect((await world.post(`/holds/${world.holdId}/release`, { version: "x" })).status).toBe(400);
  });

  it("is refused with a sentence where the version was never shown, and where nobody waits any more", async () => {
    const world = await someWait();
    const path = `/holds/${world.holdId}`;
    for (const decision of ["release", "keep"]) {
      const asked = wordsOf(await world.page(`${path}/${decision}?version=9`));
      expect(asked).toContain("This version of the hold was never shown");
      const posted = await world.post(`${path}/${decision}`, { version: "9" });
      expect([posted.status, wordsOf(await posted.text())]).toEqual([409, expect.stringContaining("is at version 3")]);
      const gone = await world.post(`${path}/${decision}`, { version: "3", users: world.ids[8] ?? "" });
      expect([gone.status, wordsOf(await gone.text())]).toEqual([
        ...[409, expect.stringContaining("Nothing of this waits any more")],
      ]);
    }
    expect(await outcome(world)).toMatchObject({ status: "open", people: 3, decidedAt: null });
  });

  it("erases somebody whose deletion waits, and nobody else", async () => {
    const world = await holdLeavers("Erase", 4);
    const path = `/holds/${world.holdId}/people`;
    must(await world.client.send("DELETE", `/Users/${world.ids[5]}`), 204);
    await world.workDone();
    expect(wordsOf(await world.page(`/holds/${world.holdId}`))).toContain("Erase now");
    const asked = wordsOf(await world.page(`${path}/${world.ids[5]}/erase`));
    expect(asked).toContain("p6@held.example leaves 1 target group and is withdrawn from “Security basics”");
    expect((await world.post(`${path}/${world.ids[3]}/erase`)).status).toBe(404);
    expect((await world.post(`${path}/${world.ids[5]}/erase`)).status).toBe(303);
    await world.workDone();
    expect((await operate("GET", `${world.at}/target-users/${world.ids[5]}`)).status).toBe(404);
    expect(await outcome(world)).toMatchObject({ people: 2 });
  });
});

describe("the decision about a hold, with what was carried out before it", () => {
  it("leaves what was carried out before to be undone, and says of whom it cannot be", async () => {
    const world = await holdLeavers("Closed", 5);
    const path = `/holds/${world.holdId}`;
    expect((await world.post(`${path}/release`, { version: "3" })).status).toBe(303);
    await world.workDone();
    must(await world.client.send("DELETE", `/Users/${world.ids[1]}`), 204);
    expect(await world.page(path)).toContain(`${path}/undo`);
    const shown = wordsOf(await world.page(`${path}/undo`));
    expect(shown).toMatch(/Undo all.*p1 @held. example.*Can be undone.*Erased.*No: the person was deleted and erased/);
    expect((await world.post(`${path}/undo`)).status).toBe(303);
    await world.workDone();
    expect(must(await operate("GET", `${world.at}/target-users/${world.ids[0]}`), 200).status).toBe("active");
    expect(wordsOf(await world.page(`${path}/undo`))).toContain("Nothing of this can be undone any more");
    const again = await world.post(`${path}/undo`);
    expect([again.status, wordsOf(await again.text())]).toEqual([
      ...[409, expect.stringContaining("Nothing of this can be undone")],
    ]);
  });

  it("undoes what was carried out before it tripped, of all or of those ticked", async () => {
    const world = await holdLeavers("Undo", 5);
    const path = `/holds/${world.holdId}/undo`;
    expect(wordsOf(await world.page(path))).toMatch(/p1 @held. example.*p2 @held. example/);
    expect(wordsOf(await world.page(`${path}?of=ticked&user=${world.ids[0]}`))).toContain("Undo it for 1 person?");
    expect((await world.post(path, { users: world.ids[0] ?? "" })).status).toBe(303);
    await world.workDone();
    expect(must(await operate("GET", `${world.at}/target-users/${world.ids[0]}`), 200).status).toBe("active");
    expect(wordsOf(await world.page(path))).toContain("Undone");
    expect((await world.post(path)).status).toBe(303);
    await world.workDone();
    expect(must(await operate("GET", `${world.at}/target-users/${world.ids[1]}`), 200).status).toBe("active");
  });
});
