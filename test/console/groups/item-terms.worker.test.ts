import { describe, expect, it } from "vitest";
import { must } from "../../safety/populated-company.ts";
import { operate } from "../../scim-api/scim-client.ts";
import { getPage, makeAdmin, postForm } from "../sign-in-to.ts";

const ITEM = { kind: "training", id: "t1", name: "Welcome" };

/** A target group of a company, and what it enrols its members in. */
async function make(name: string) {
  const { company, cookie } = await makeAdmin(name);
  const base = `/companies/${company.id}`;
  const { id } = must(await operate("POST", `${base}/target-groups`, { name: "Board" }), 201);
  const url = `/console${base}/groups/${id}`;
  const post = (path: string, fields: Record<string, string>) => postForm(url + path, fields, cookie);
  const show = async (path: string) => (await getPage(url + path, cookie)).text();
  const items = async () => must(await operate("GET", `${base}/target-groups/${id}/auto-enrolments`), 200).items;
  return { base, post, show, items, url };
}

describe("the terms of what a target group enrols in", () => {
  it("are asked before it is added, and kept as they were typed where one is wrong", async () => {
    const { post, items } = await make("Terms");
    const asked = await post("/auto-enrolments", ITEM);
    expect(asked.status).toBe(200);
    const page = await asked.text();
    expect(page).toContain("Enrol members in Welcome?");
    expect(page).toMatch(/<label for="dueInDays">.*<label for="reenrol">.*<label for="afterDays">/s);
    expect(await items()).toEqual([]);
    const wrong: [Record<string, string>, string][] = [
      [{ dueInDays: "soon" }, "Give a whole number of days, or none."],
      [{ dueInDays: "0" }, "The least is 1."],
      [{ dueInDays: "3651" }, "The most is 3650."],
      [{ reenrol: "after" }, "Give the number of days, or choose something else above."],
      [{ reenrol: "sometimes" }, "Choose one of these."],
    ];
    for (const [fields, error] of wrong) {
      const answer = await post("/auto-enrolments", { ...ITEM, ...fields, confirmed: "yes" });
      expect(answer.status).toBe(422);
      const again = await answer.text();
      expect(again).toContain(error);
      expect(again).toContain("Enrol members in Welcome?");
      for (const [name, value] of Object.entries(fields))
        if (name === "dueInDays")
          expect(again).toMatch(new RegExp(`id="${name}"[^>]*value="${value}"[^>]*aria-invalid`));
    }
    expect(await items()).toEqual([]);
    const given = { dueInDays: " 30 ", reenrol: "after", afterDays: "365", confirmed: "yes" };
    expect((await post("/auto-enrolments", { ...ITEM, ...given })).status).toBe(303);
    expect(await items()).toEqual([{ ...ITEM, dueInDays: 30, reenrol: { afterDays: 365 } }]);
  });

  it("are changed later, for one item alone, and can be taken away", async () => {
    const { base, post, show, items, url } = await make("Changed");
    const other = { kind: "phishing", id: "p1", name: "Invoice", dueInDays: 7 };
    const set = { ...ITEM, reenrol: { afterDays: 30 } };
    must(await operate("PUT", `${base}/target-groups/${url.split("/").at(-1)}/auto-enrolments`, [set, other]), 200);
    const link = "/auto-enrolments/terms?kind=training&amp;id=t1";
    expect(await show("")).toContain(`href="${url}${link}"`);
    const form = await show(link.replace("&amp;", "&"));
    expect(form).toMatch(/<option value="after" selected/);
    expect(form).toMatch(/id="afterDays"[^>]*value="30"/);
    const about = { kind: "training", id: "t1" };
    const refused = await post("/auto-enrolments/terms", { ...about, reenrol: "after", afterDays: "" });
    expect(refused.status).toBe(422);
    expect((await post("/auto-enrolments/terms", { ...about, reenrol: "always", dueInDays: "14" })).status).toBe(303);
    expect(await items()).toEqual([other, { ...ITEM, dueInDays: 14, reenrol: "always" }]);
    await post("/auto-enrolments/terms", { ...about, reenrol: "", dueInDays: "" });
    expect(await items()).toEqual([other, ITEM]);
    const none: Record<string, string>[] = [{ kind: "training", id: "p1" }, {}];
    for (const unknown of none) expect((await post("/auto-enrolments/terms", unknown)).status).toBe(404);
    expect((await post("/auto-enrolments/terms", about)).status).toBe(303);
  });
});
