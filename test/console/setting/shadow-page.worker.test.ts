import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { newId } from "../../../src/platform/uuid.ts";
import { fillWithUsers } from "../../providers/crowd.ts";
import { must } from "../../safety/populated-company.ts";
import { newSetting, operate, type ScimClient } from "../../scim-api/scim-client.ts";
import { reviewed, withoutBreaks } from "../made-setting.ts";
import { follow, getPage, postForm, signInAdmin } from "../sign-in-to.ts";

const ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

function addUser(client: ScimClient, userName: string, department?: string, active = true) {
  const emails = [{ value: `${userName}@example.com`, type: "work" }];
  return client.send("POST", "/Users", { userName, emails, active, [ENTERPRISE]: { department } });
}

/** A company with a live setting and one in shadow, as its admin's browser sees it. */
async function openCompany() {
  const company = must(await operate("POST", "/companies", { name: "Shadow" }), 201);
  const groupSettings = { criteria: "field", field: "department" };
  const live = await newSetting(company.id, { name: "Head office", groupSettings });
  const sql = "SELECT company_key FROM companies WHERE id = ?";
  const cookie = await signInAdmin(Number(await env.DB.prepare(sql).bind(company.id).first("company_key")));
  const home = `/console/companies/${company.id}`;
  const page = async (path: string) => withoutBreaks(await (await getPage(home + path, cookie)).text());
  const post = (path: string, fields: Record<string, string> = {}) => postForm(home + path, fields, cookie);
  return { company, live, home, page, post, cookie, groupSettings };
}

async function openShadow() {
  const opened = await openCompany();
  const { company, groupSettings, live } = opened;
  await addUser(live, "ada", "Sales");
  const client = await newSetting(company.id, { name: "Contractors", groupSettings, mode: "shadow" });
  return { ...opened, client, at: `/settings/${client.settingId}` };
}

/** The figures of the page, by their labels. */
function figuresIn(page: string): Record<string, string> {
  return Object.fromEntries(
    [...page.matchAll(/<dt>([^<]+)<\/dt><dd>([^<]+)<\/dd>/g)].map(([, name, count]) => [name, count]),
  );
}

describe("the wizard's last step", () => {
  it("asks how the setting starts, in shadow where the company has people", async () => {
    const { page, post, live, company, cookie } = await openCompany();
    const review = () => page("/settings/new?name=S&provider=okta&criteria=idp&step=3");
    expect(await review()).toMatch(/value="live"[^>]*checked/);
    await addUser(live, "ada", "Sales");
    expect(await review()).toMatch(/value="shadow"[^>]*checked/);
    const id = newId(Date.now());
    const made = await post("/settings/new", reviewed(id, "a".repeat(64), { mode: "shadow" }));
    expect((await follow(made, cookie)).status).toBe(200);
    const path = `/companies/${company.id}/scim-settings`;
    expect(must(await operate("GET", `${path}/${id}`), 200)).toMatchObject({ status: "shadow" });
    const other = newId(Date.now());
    await post("/settings/new", reviewed(other, "b".repeat(64), { mode: "live", name: "Other people" }));
    expect(must(await operate("GET", `${path}/${other}`), 200)).toMatchObject({ status: "active", shadow: null });
  });
});

describe("a setting in shadow in the console", () => {
  it("says in red that nothing can sign in to it, and leads to where a credential is made", async () => {
    const { page, client, company, at } = await openShadow();
    expect(await page(`${at}/shadow`)).toContain("Nothing has come in yet.");
    const tokens = `/companies/${company.id}/scim-settings/${client.settingId}/tokens`;
    must(await operate("DELETE", `${tokens}/${client.tokenId}`), 204);
    const bare = await page(`${at}/shadow`);
    expect(bare).toMatch(/<p class="check bad">.*No credential\..*href="[^"]*\/tokens">Make one<\/a>/s);
    expect(bare).toContain("Nobody has arrived, and nobody can until it has a credential.");
    expect(bare).not.toContain("Waiting for the first request");
    expect(bare).not.toContain("The numbers come by themselves");
    must(await operate("POST", tokens, {}), 201);
    expect(await page(`${at}/shadow`)).not.toContain("No credential");
  });

  it("says that it is paused, and so that nobody arrives", async () => {
    const { page, client, company, at } = await openShadow();
    must(await operate("POST", `/companies/${company.id}/scim-settings/${client.settingId}/pause`), 200);
    expect(await page(`${at}/shadow`)).toContain("it refuses all requests, so nobody arrives");
  });

  it("is unmistakable on every page that has to do with it", async () => {
    const { page, client, at } = await openShadow();
    await addUser(client, "ben", "Sales");
    for (const path of [
      "/settings",
      at,
      `${at}/setup`,
      `${at}/grouping`,
      `${at}/mapping`,
      `${at}/delete`,
      `${at}/safeguards`,
    ])
      expect(await page(path), path).toMatch(/in shadow/i);
    expect(await page(at), "it opens the comparison").toMatch(/shadow"[^>]*>\s*Compare…/);
    expect(await page(at), "only the comparison leads to the question").not.toContain("Go live…");
    const people = await page("/people");
    expect(people).toContain("“Contractors” is in shadow");
    expect(people).toContain("1 person from one SCIM setting");
    expect(people).not.toContain("ben");
    expect(await page("/people?q=ben")).not.toContain(">ben<");
    expect(await page("/log")).toContain("“Contractors” is in shadow");
    const [, entry = ""] = /href="[^"]*(\/log\/[0-9a-f-]{36})"[^>]*>[^<]*ben/.exec(await page("/log")) ?? [];
    const shown = await page(entry);
    expect(shown).toContain("In shadow");
    expect(shown).not.toMatch(/href="[^"]*\/people\/[0-9a-f-]{36}"/);
    expect(await page(`${at}/grouping/preview?criteria=none&group=All&figures=now`)).toContain("1 joining");
  });

  it("is deleted without a choice that would mean nothing", async () => {
    const { page, post, client, at, company } = await openShadow();
    await addUser(client, "ben", "Deck");
    const asking = await page(`${at}/delete`);
    expect(asking).toContain("1 person in shadow is removed with it");
    expect(asking).not.toContain("Keep them as they are");
    expect((await post(`${at}/delete`, { users: "remove" })).status).toBe(303);
    expect(must(await operate("GET", `/companies/${company.id}/target-users`), 200).items).toHaveLength(1);
  });
});

describe("a setting in shadow in the console, on its way to go live", () => {
  it("tells who would be new, known and skipped, and which groups there would be, with downloads", async () => {
    const { page, client, at } = await openShadow();
    expect(await page(`${at}/shadow`)).toContain("Nobody has arrived yet");
    await addUser(client, "ada", "Sales");
    await addUser(client, "ben", "Deck");
    await addUser(client, "cem");
    await addUser(client, "dua", "Deck", false);
    const figures = { "New people": "1", "Known here": "1", "In no group": "2", "Target groups": "2" };
    expect(figuresIn(await page(`${at}/shadow`))).toEqual(figures);
    expect(figuresIn(await page(`${at}/shadow/figures`))).toEqual(figures);
    expect(await page(`${at}/shadow`)).toContain(
      "1 target group is made, 1 target group that is here already gets people.",
    );
    expect(await page(`${at}/shadow?as=new`)).toMatch(/ben.*Deck/s);
    expect(await page(`${at}/shadow?as=known`)).toMatch(/ada.*Sales/s);
    const skipped = await page(`${at}/shadow?as=skipped`);
    expect(skipped).toMatch(/cem.*No value in the field.*dua.*Inactive at the identity provider/s);
    expect(skipped).not.toContain(">ben<");
    expect(await page(`${at}/shadow?as=groups`)).toMatch(/Deck.*Made.*Sales.*Here already/s);
    const csv = await page(`${at}/shadow/people.csv`);
    expect(csv).toMatch(/ada,ada@example\.com,known,,Sales/);
    expect(csv).toMatch(/cem,cem@example\.com,skipped,No value in the field/);
    expect(await page(`${at}/shadow/people.csv?as=groups`)).toMatch(/Deck,true,1/);
  });

  it("works the numbers of many people out when they are asked for, and follows what has arrived", async () => {
    const { page, client, at, company } = await openShadow();
    await fillWithUsers({ companyId: company.id, settingId: client.settingId }, 1_001);
    const waiting = await page(`${at}/shadow?as=skipped`);
    expect(waiting).toContain(`data-figures="/console/companies/${company.id}${at}/shadow/figures"`);
    expect(waiting).toContain("1,001 active users");
    expect(waiting).toContain("50 shown");
    const figures = { "New people": "0", "Known here": "0", "In no group": "1,001", "Target groups": "0" };
    expect(figuresIn(await page(`${at}/shadow/figures`))).toEqual(figures);
    expect(figuresIn(await page(`${at}/shadow?figures=now`))).toEqual(figures);
    const asking = await page(`${at}/go-live`);
    expect(asking).toContain(`data-figures="/console/companies/${company.id}${at}/go-live/figures"`);
    expect(asking).not.toContain('name="version"');
    for (const told of [await page(`${at}/go-live/figures`), await page(`${at}/go-live?figures=now`)])
      for (const words of ["1,001 people are added and in no target group", 'name="version"', "Go live</button>"])
        expect(told).toContain(words);
    expect((await page(`${at}/shadow/people.csv?as=skipped`)).trim().split("\r\n")).toHaveLength(1_002);
  });

  it("goes live by a page that asks, and asks again where the configuration has changed", async () => {
    const { page, post, client, at, company } = await openShadow();
    await addUser(client, "ben", "Deck");
    const asking = await page(`${at}/go-live`);
    expect(asking).toContain("1 person is new");
    expect(asking).toContain("1 target group is made");
    const version = /name="version" value="([^"]+)"/.exec(asking)?.[1] ?? "";
    const path = `/companies/${company.id}/scim-settings/${client.settingId}`;
    must(await operate("PATCH", path, { groupSettings: { criteria: "none", targetGroupName: "Crew" } }), 200);
    const refused = await post(`${at}/go-live`, { version });
    expect(refused.status).toBe(422);
    const again = await refused.text();
    expect(again).toContain("has changed since");
    const fresh = /name="version" value="([^"]+)"/.exec(again)?.[1] ?? "";
    const done = await post(`${at}/go-live`, { version: fresh });
    expect(done.headers.get("location")).toContain("done=live");
    expect(await page("/people")).toContain("ben");
    expect(await page(`${at}?done=live`)).not.toMatch(/in shadow:/i);
    expect((await getPage(`/console/companies/${company.id}${at}/shadow`, (await openCompany()).cookie)).status).toBe(
      404,
    );
  });
});
