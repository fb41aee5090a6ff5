import { describe, expect, it } from "vitest";
import { must } from "../../safety/populated-company.ts";
import { operate } from "../../scim-api/scim-client.ts";
import { makeSetting, pushUser, scim, withoutBreaks } from "../made-setting.ts";
import { getPage, makeAdmin, postForm } from "../sign-in-to.ts";

/** A company of an admin with two settings, whose people are grouped by department, and Sales enrolled in a training. */
async function make(name: string) {
  const admin = await makeAdmin(name);
  const [one, two] = [await makeSetting(admin), await makeSetting(admin, { name: "Second" })];
  const url = `/console/companies/${admin.company.id}`;
  const base = `/companies/${admin.company.id}`;
  const show = async (path: string) => withoutBreaks(await (await getPage(url + path, admin.cookie)).text());
  const enrol = async (group: string) => {
    const { items } = must(await operate("GET", `${base}/target-groups`), 200);
    const { id } = items.find((each: { name: string }) => each.name === group);
    const training = [{ kind: "training", id: "t/1", name: "Basics" }];
    must(await operate("PUT", `${base}/target-groups/${id}/auto-enrolments`, training), 200);
    return id as string; // an id of the API
  };
  const patch = (id: string, ...Operations: unknown[]) =>
    scim(one.token, `/Users/${id}`, {
      method: "PATCH",
      headers: { Authorization: `Bearer ${one.token}`, "Content-Type": "application/scim+json" },
      body: JSON.stringify({ Operations }),
    });
  return { admin, one, two, url, base, show, enrol, patch };
}

/** The text of a page's part from a heading's id on, without tags. */
function textFrom(page: string, id: string): string {
  const part = page.slice(page.indexOf(`id="${id}"`));
  return part
    .replace(/<\/(p|li|h2|h3)>/g, "\n")
    .replace(/<[^>]+>/g, "")
    .replaceAll("&quot;", '"');
}

const DEPARTMENT = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department";

describe("the timeline of a person", () => {
  it("tells in four steps how they came to what they are enrolled in, each with the way there", async () => {
    const { one, two, show, enrol, patch, url } = await make("Timeline");
    const first = await pushUser(one.token, "ada@example.com", "Research");
    await pushUser(one.token, "bob@example.com", "Sales");
    const sales = await enrol("Sales");
    await patch(first, { op: "replace", path: DEPARTMENT, value: "Sales" });
    const page = await show(`/people/${first}`);
    const told = textFrom(page, "timeline");
    expect(told).toMatch(/Import.*made as a new user.*Match.*With nobody.*Group.*Joined “Research”/s);
    // The newest first, and in each what was imported before what followed from it.
    expect(told).toMatch(
      /Import\s*Department: “Research” → “Sales”\s*Group\s*Left “Research” – given by the value of a field/,
    );
    expect(told).toMatch(/Joined “Sales” – department is “Sales”\s*Enrol\s*Enrolled in “Basics” – by “Sales”/);
    expect(told.indexOf("Enrolled in")).toBeLessThan(told.indexOf("made as a new user"));
    for (const link of [`/groups/${sales}`, "/trainings/item?kind=training&amp;id=t%2F1", `/settings/${one.id}`])
      expect(page.slice(page.indexOf('id="timeline"')), link).toContain(`href="${url}${link}"`);
    const steps = textFrom(page, "steps-title");
    expect(steps).toMatch(
      /1\. Imported.*by .*The request.*2\. Matched.*With nobody: no other user.*In 1 target group.*In 1 training/s,
    );

    const second = await pushUser(two.token, "ADA@example.com", "Research");
    const matched = await show(`/people/${second}`);
    expect(textFrom(matched, "timeline")).toContain("By the e-mail address with ada@example.com (");
    expect(matched).toContain(`href="${url}/people/${first}"`);
    expect(textFrom(await show(`/people/${first}`), "steps-title")).toContain(
      "with ADA@example.com (Second): one person",
    );
  });

  it("leads to nothing that is gone, and never shows which person by its opaque id", async () => {
    const { one, show, base, url, patch } = await make("Gone");
    const id = await pushUser(one.token, "ada@example.com");
    const { id: group } = must(await operate("POST", `${base}/target-groups`, { name: "Board" }), 201);
    must(await operate("PUT", `${base}/target-groups/${group}/members/${id}`), 204);
    must(await operate("DELETE", `${base}/target-groups/${group}?force=true`), 204);
    await patch(id, { op: "replace", path: "emails", value: [{ value: "countess@example.com" }] });
    const page = await show(`/people/${id}`);
    const told = textFrom(page, "timeline");
    expect(told).toContain("Joined “Board”");
    expect(page).not.toContain(`${url}/groups/${group}`);
    expect(told).toContain("By the e-mail address of then");
    const { personId } = must(await operate("GET", `${base}/target-users/${id}`), 200);
    expect(page).not.toContain(personId);
  });

  it("is walked page by page both ways, each change once", async () => {
    const { one, show, base } = await make("Long");
    const id = await pushUser(one.token, "ada@example.com");
    const { id: group } = must(await operate("POST", `${base}/target-groups`, { name: "Board" }), 201);
    for (let turn = 0; turn < 30; turn += 1) {
      must(await operate("PUT", `${base}/target-groups/${group}/members/${id}`), 204);
      must(await operate("DELETE", `${base}/target-groups/${group}/members/${id}`), 204);
    }
    const linkTo = (page: string, rel: string) =>
      new RegExp(`href="([^"]+)#timeline" rel="${rel}"`).exec(page)?.[1]?.replace(/^.*(?=\/people)/, "") ?? null;
    const count = (page: string) => textFrom(page, "timeline").match(/(Joined|Left) “Board”/g)?.length ?? 0;
    const newest = await show(`/people/${id}`);
    expect(linkTo(newest, "prev")).toBeNull();
    const older = await show(linkTo(newest, "next") ?? "");
    expect(linkTo(older, "next")).toBeNull();
    expect(count(newest) + count(older)).toBe(60);
    expect(older).toContain("made as a new user");
    const back = await show(linkTo(older, "prev") ?? "");
    expect(textFrom(back, "timeline").replace(/\d+ min ago/g, "")).toContain("Joined “Board”");
    expect(count(back)).toBe(count(newest));
  });
});

describe("the page of a person", () => {
  it("adds to a target group by hand, with what that starts said before, and takes out again", async () => {
    const { one, show, enrol, admin, url, base } = await make("Added");
    const id = await pushUser(one.token, "ada@example.com", "Research");
    await pushUser(one.token, "bob@example.com", "Sales");
    const sales = await enrol("Sales");
    const choice = await show(`/people/${id}/groups`);
    expect(choice).toContain("In it by a rule");
    expect(choice).toContain(`/people/${id}/groups?group=${sales}`);
    expect(await show(`/people/${id}/groups?q=sal`)).not.toContain("Research");
    const asked = await show(`/people/${id}/groups?group=${sales}`);
    expect(asked).toContain("Training “Basics”: starts for 1 person");
    const find = async () => must(await operate("GET", `${base}/target-users/${id}`), 200);
    expect((await find()).groups).toHaveLength(1);
    const done = await postForm(`${url}/people/${id}/groups`, { group: sales }, admin.cookie);
    expect([done.status, done.headers.get("Location")]).toEqual([303, `${url}/people/${id}?done=member-added`]);
    expect((await find()).enrolments).toMatchObject([{ itemId: "t/1", status: "active" }]);
    const page = await show(`/people/${id}`);
    const out = `/groups/${sales}/members/${id}/remove`;
    expect(page).toContain(`href="${url}${out}?back=person"`);
    // What a rule of a live setting gives is not taken back by hand.
    expect(page.match(/members\/[^"]+\/remove/g)).toHaveLength(1);
    const leaving = await show(`${out}?back=person`);
    expect(leaving).toContain("ends for 1 person");
    expect(leaving).toContain(`href="${url}/people/${id}"`);
    const left = await postForm(url + out, { back: "person" }, admin.cookie);
    expect(left.headers.get("Location")).toBe(`${url}/people/${id}?done=member-removed`);
    expect((await find()).groups).toHaveLength(1);
    for (const group of ["nothing", ""])
      expect((await postForm(`${url}/people/${id}/groups`, { group }, admin.cookie)).status).toBe(404);
    expect((await getPage(`${url}/people/${id}/groups?group=nothing`, admin.cookie)).status).toBe(404);
  });

  it("gives everything that is held on somebody as the API does, whoever manages them", async () => {
    const { one, admin, url, base } = await make("Exported");
    const id = await pushUser(one.token, "ada@example.com", "Research");
    expect(await (await getPage(`${url}/people/${id}`, admin.cookie)).text()).toContain(
      `href="${url}/people/${id}/export"`,
    );
    const answer = await getPage(`${url}/people/${id}/export`, admin.cookie);
    expect(answer.headers.get("Content-Disposition")).toBe(`attachment; filename="${id}.json"`);
    const { exportedAt, ...exported } = await answer.json<Record<string, unknown>>();
    const { exportedAt: later, ...same } = must(await operate("GET", `${base}/target-users/${id}/export`), 200);
    expect(exported).toEqual(same);
    expect([exportedAt, later].every((time) => typeof time === "string")).toBe(true);
    expect((await getPage(`${url}/people/nobody/export`, admin.cookie)).status).toBe(404);
  });
});
