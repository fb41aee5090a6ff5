import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import { DAY } from "../../../src/platform/clock.ts";
import { must } from "../../safety/populated-company.ts";
import { newSetting, operate } from "../../scim-api/scim-client.ts";
import { makeSetting, pushUser } from "../made-setting.ts";
import { getPage, makeAdmin } from "../sign-in-to.ts";

type Admin = Awaited<ReturnType<typeof makeAdmin>>;

const pathOf = ({ company }: Admin) => `/console/companies/${company.id}`;

/** A page's text as a reader has it: without tags, blanks drawn together. */
async function read(path: string, { cookie }: Pick<Admin, "cookie">): Promise<string> {
  const answer = await getPage(path, cookie);
  expect(answer.status).toBe(200);
  return textOf(await answer.text());
}

function textOf(html: string): string {
  return html
    .replace(/<(\w+)[^>]* class="[^"]*hidden[^"]*"[^>]*>.*?<\/\1>/gs, " ")
    .replace(/<[^>]+>/g, " ")
    .replace(/\s+/g, " ");
}

describe("the first page of a company", () => {
  it("says to make a setting where there is none", async () => {
    const admin = await makeAdmin("Empty");
    const empty = await read(pathOf(admin), admin);
    expect(empty).toContain("Connect your identity provider");
    expect(empty).toContain("New SCIM setting");
    expect(empty).not.toContain("All is well");
  });

  it("says that all is well where it is, with who is there, who came and what they are trained in", async () => {
    const admin = await makeAdmin("Well");
    const groupSettings = { criteria: "none", targetGroupName: "All" };
    const client = await newSetting(admin.company.id, { groupSettings });
    for (const userName of ["ada", "bob"]) must(await client.send("POST", "/Users", { userName }), 201);
    const at = `/companies/${admin.company.id}`;
    const { items } = must(await operate("GET", `${at}/target-groups`), 200);
    const course = [{ kind: "training", id: "basics", name: "Security basics" }];
    must(await operate("PUT", `${at}/target-groups/${items[0].id}/auto-enrolments`, course), 200);
    const html = await (await getPage(pathOf(admin), admin.cookie)).text();
    const text = textOf(html);
    expect(text).toContain("All is well The SCIM setting works, and nothing waits for you.");
    expect(text).toMatch(/Active people 2 Inactive people 0 Open enrolments 2 Trainings in use 1/);
    expect(html).toContain("<title>2 people joined and 0 left in the last 30 days</title>");
    expect(text).toContain("Whoever came back counts as joined, and whoever became inactive as left, each time.");
    expect(text).toMatch(/Day by day .*Joined Left \d+ \w{3} \d{4} 2 0/);
    expect(text).toMatch(/Security basics Training 2/);
  });

  it("says of each setting in words and colour what is not as it should be, the worst first", async () => {
    const admin = await makeAdmin("Troubled");
    const at = `/companies/${admin.company.id}`;
    const made = async (name: string, more = {}) => (await newSetting(admin.company.id, { name, ...more })).settingId;
    const paused = await made("Paused one");
    must(await operate("POST", `${at}/scim-settings/${paused}/pause`), 200);
    const bare = await newSetting(admin.company.id, { name: "Bare one" });
    must(await operate("DELETE", `${at}/scim-settings/${bare.settingId}/tokens/${bare.tokenId}`), 204);
    await made("Shadow one", { mode: "shadow" });
    const html = await (await getPage(pathOf(admin), admin.cookie)).text();
    const text = textOf(html);
    const own = await read(`${pathOf(admin)}/settings/${bare.settingId}`, admin);
    expect(own).toContain("Connection No credential. Nothing can sign in to this setting. Make one");
    expect(own).not.toContain("Waiting for the first request");
    expect(text).toContain(
      "Something is wrong “Bare one” does not work, “Paused one” needs a look, “Shadow one” is being set up.",
    );
    const [, table = ""] = /<caption>How each SCIM setting is<\/caption>(.*?)<\/table>/s.exec(html) ?? [];
    const rows = [...table.matchAll(/<th scope="row">.*?<\/tr>/gs)].map(([row]) => row);
    expect(rows.map((row) => /one/.exec(row) && textOf(row).trim().split(" ")[0])).toEqual([
      "Bare",
      "Paused",
      "Shadow",
    ]);
    expect(rows[0]).toContain('<span class="pill bad">No credential</span>');
    expect(rows[0]).toContain(`${pathOf(admin)}/alerts/`);
    expect(rows[1]).toContain('<span class="pill warn">Paused</span>');
    expect(rows[2]).toContain('<span class="pill warn">In shadow</span>');
    expect(textOf(rows[2] ?? "")).toContain("Nothing of it shows or enrols anybody until it goes live.");
    expect(textOf(rows[2] ?? "")).toContain("Nothing has come in yet.");
  });

  it("is calm about settings that were made of late and wait for what comes next, and not about those that wait on", async () => {
    const admin = await makeAdmin("Beginning");
    await newSetting(admin.company.id, { name: "Entra" });
    expect(await read(pathOf(admin), admin)).toContain("Nothing is wrong “Entra” is being set up.");
    await newSetting(admin.company.id, { name: "Okta", mode: "shadow" });
    expect(await read(pathOf(admin), admin)).toContain("Nothing is wrong 2 of 2 SCIM settings are being set up.");
    // As one by federation is, until the trust is made.
    const { settingId } = await newSetting(admin.company.id, { name: "No trust" });
    await env.DB.prepare("DELETE FROM tokens WHERE setting_key = (SELECT setting_key FROM scim_settings WHERE id = ?)")
      .bind(settingId)
      .run();
    expect(await read(pathOf(admin), admin)).toContain("Nothing is wrong 3 of 3 SCIM settings are being set up.");
    await env.DB.prepare("UPDATE scim_settings SET created_at = ? WHERE name = 'Entra' AND company_key = ?")
      .bind(Date.now() - 8 * DAY, admin.company.key)
      .run();
    expect(await read(pathOf(admin), admin)).toContain(
      "Something wants a look “Entra” needs a look, 2 of 3 SCIM settings are being set up.",
    );
  });

  it("is not at peace with people whom no setting keeps up to date any more, and leads to them", async () => {
    const admin = await makeAdmin("Left");
    const client = await newSetting(admin.company.id, {});
    must(await client.send("POST", "/Users", { userName: "ada" }), 201);
    const at = `/companies/${admin.company.id}/scim-settings/${client.settingId}`;
    must(await operate("DELETE", `${at}?users=keep`), 204);
    const html = await (await getPage(pathOf(admin), admin.cookie)).text();
    expect(textOf(html)).toContain("Something wants a look No SCIM setting is connected: nothing keeps 1 person up");
    expect(html).toContain(`href="${pathOf(admin)}/people?setting=none"`);
  });
});

describe("the first page of a company, in its numbers", () => {
  it("leads from a bar to who joined and left on its day", async () => {
    const admin = await makeAdmin("Moving");
    const client = await newSetting(admin.company.id, { groupSettings: { criteria: "none", targetGroupName: "All" } });
    const add = async (userName: string) => must(await client.send("POST", "/Users", { userName }), 201).id;
    const [ada, bob, cas] = [await add("ada"), await add("bob"), await add("cas")];
    const set = (id: string, value: boolean) =>
      client.send("PATCH", `/Users/${id}`, { Operations: [{ op: "replace", path: "active", value }] });
    must(await set(bob, false), 200);
    must(await client.send("DELETE", `/Users/${cas}`), 204);
    const home = await (await getPage(pathOf(admin), admin.cookie)).text();
    const [, url = ""] =
      /<a href="([^"]*\/movement\?day=[\d-]+)" aria-label="[^"]*: 3 joined, 2 left"/.exec(home) ?? [];
    const page = await (await getPage(url, admin.cookie)).text();
    const rows = [...page.matchAll(/<th scope="row">.*?<\/tr>/gs)].map(([row]) => textOf(row).trim());
    expect(rows).toEqual([
      expect.stringMatching(/^ada Joined The identity provider/),
      expect.stringMatching(/^bob Joined/),
      expect.stringMatching(/^Somebody who was removed Joined/),
      expect.stringMatching(/^bob Inactive/),
      expect.stringMatching(/^Somebody who was removed Removed/),
    ]);
    expect(page).toContain(`/people/${ada}"`);
    for (const day of ["", "2020-01-01", "2999-01-01", "yesterday"])
      expect(await read(`${pathOf(admin)}/movement?day=${day}`, admin)).toContain("Joined and left on");
  });

  it("says since when it is counted of a company that is older than that", async () => {
    const admin = await makeAdmin("Old");
    await pushUser((await makeSetting(admin)).token, "ada@example.com");
    const today = Math.floor(Date.now() / DAY);
    const keep = (since: number) =>
      env.DB.prepare("UPDATE companies SET created_at = 1, people_days = ? WHERE id = ?")
        .bind(JSON.stringify({ since, days: { [today - 1]: { joined: 1_234, left: 5 } } }), admin.company.id)
        .run();
    await keep(today - 3);
    expect(await read(pathOf(admin), admin)).toMatch(/1,234 joined 5 left .*Counted since \d+ \w{3} \d{4}\./);
    await keep(today - 40);
    expect(await read(pathOf(admin), admin)).not.toContain("Counted since");
  });
});

describe("what the first page makes of refusals and of what signs in", () => {
  it("is amber of somebody who was refused once, too little for an alert, until that is made good", async () => {
    const admin = await makeAdmin("One refused");
    const client = await newSetting(admin.company.id, { name: "Entra main" });
    must(await client.send("POST", "/Users", { userName: "bob" }), 201);
    must(await client.send("POST", "/Users", { userName: "ada", emails: [{ value: { no: "text" } }] }), 400);
    const home = async () => textOf(await (await getPage(pathOf(admin), admin.cookie)).text());
    await vi.waitFor(async () => expect(await home()).toContain("1 write was refused and not made good."), {
      timeout: 10_000,
      interval: 300,
    });
    must(await client.send("POST", "/Users", { userName: "ada" }), 201);
    await vi.waitFor(async () => expect(await home()).toContain("All is well The SCIM setting works"), {
      timeout: 10_000,
      interval: 300,
    });
  });

  it("is red of a setting of which nothing is accepted any more, amber of one with some refused, and knows no alert put aside", async () => {
    const admin = await makeAdmin("Some refused");
    const client = await newSetting(admin.company.id, { name: "Entra main" });
    const refuse = async (userName: string) =>
      must(await client.send("POST", "/Users", { userName, emails: [{ value: { no: "text" } }] }), 400);
    for (let n = 0; n < 3; n += 1) await refuse("ada");
    const state = async () => {
      const pages = await Promise.all(
        ["", "/settings", `/settings/${client.settingId}`].map(async (path) =>
          (await getPage(`${pathOf(admin)}${path}`, admin.cookie)).text(),
        ),
      );
      const pill = /<span class="pill \w+">(Failing|Needs a look|Active)</;
      return { words: pages.map((html) => pill.exec(html)?.[1]), home: textOf(pages[0] ?? "") };
    };
    await vi.waitFor(async () => expect((await state()).words).toEqual(["Failing", "Failing", "Failing"]), {
      timeout: 10_000,
      interval: 300,
    });
    for (const userName of ["bob", "cid"]) must(await client.send("POST", "/Users", { userName }), 201);
    const some = await state();
    expect(some.words).toEqual(["Needs a look", "Needs a look", "Needs a look"]);
    expect(some.home).toContain("Something wants a look “Entra main” needs a look.");
    expect(some.home).toContain("1 was refused, and the rest works.");
    const { items } = must(await operate("GET", `/companies/${admin.company.id}/alerts?status=open`), 200);
    must(await operate("POST", `/companies/${admin.company.id}/alerts/${items[0].id}/dismiss`), 200);
    expect((await state()).home).toContain("All is well The SCIM setting works");
  });

  it("is at peace again after answers that were lost: the client sends its creates again, looks the names up and goes on", async () => {
    const admin = await makeAdmin("Lost answers");
    const client = await newSetting(admin.company.id, {});
    const statusOf = async (method: string, path: string, body?: object) =>
      (await client.send(method, path, body)).status;
    for (let n = 0; n < 24; n += 1) {
      const [path, body, filter] =
        n < 12
          ? ["/Users", { userName: `p${n}@example.com` }, `userName eq "p${n}@example.com"`]
          : ["/Groups", { displayName: `Team ${n}` }, `displayName eq "Team ${n}"`];
      expect([await statusOf("POST", path, body), await statusOf("POST", path, body)]).toEqual([201, 409]);
      expect(await statusOf("GET", `${path}?filter=${encodeURIComponent(filter ?? "")}`)).toBe(200);
    }
    const refused = () =>
      env.DB.prepare(
        "SELECT count(*) AS n FROM failing_writes f JOIN scim_settings s ON s.setting_key = f.setting_key WHERE s.id = ?",
      )
        .bind(client.settingId)
        .first("n");
    await vi.waitFor(async () => expect(await refused()).toBe(0), { timeout: 15_000, interval: 300 });
    expect(await read(pathOf(admin), admin)).toContain("All is well");
  });

  it("says of a setting that nothing can sign in to it before there is an alert, and waits for nothing there", async () => {
    const admin = await makeAdmin("Federated");
    const client = await newSetting(admin.company.id, { name: "Okta" });
    await env.DB.prepare("DELETE FROM tokens WHERE id = ?").bind(client.tokenId).run();
    const home = await read(pathOf(admin), admin);
    expect(home).toContain("No credential Nothing can sign in to it: it has no credential that works. Make one");
    const own = await read(`${pathOf(admin)}/settings/${client.settingId}`, admin);
    expect(own).toContain("Connection No credential. Nothing can sign in to this setting. Make one");
    expect(own).not.toContain("Waiting for the first request");
  });
});
