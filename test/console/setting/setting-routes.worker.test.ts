import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { newId } from "../../../src/platform/ids.ts";
import { getPage, makeAdmin, postForm, request } from "../sign-in-to.ts";

interface Admin {
  company: { id: string; key: number };
  cookie: string;
}

const TOKEN = /<code id="secret-token">(rcl_[0-9a-f_]+)<\/code>/;

function reviewed(id: string, nonce: string, more: Record<string, string> = {}) {
  return { id, nonce, name: "Okta people", provider: "okta", criteria: "field", field: "department", ...more };
}

async function makeSetting({ company, cookie }: Admin, more: Record<string, string> = {}) {
  const id = newId(Date.now());
  const answer = await postForm(
    `/console/companies/${company.id}/settings/new`,
    reviewed(id, "a".repeat(64), more),
    cookie,
  );
  const token = TOKEN.exec(await answer.text())?.[1] ?? "";
  return { id, token, url: `/console/companies/${company.id}/settings/${id}` };
}

function scim(token: string, path = "/Users?count=0", init: RequestInit = {}) {
  return request(`/scim/v2${path}`, { headers: { Authorization: `Bearer ${token}` }, ...init });
}

async function pushUser(token: string, userName: string, department?: string): Promise<string> {
  const enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
  const response = await scim(token, "/Users", {
    method: "POST",
    headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/scim+json" },
    body: JSON.stringify({ userName, emails: [{ value: userName }], [enterprise]: { department } }),
  });
  expect(response.status).toBe(201);
  return (await response.json<{ id: string }>()).id;
}

/** Names may break before their @ and after their dots. */
function withoutBreaks(page: string): string {
  return page.replaceAll("<wbr/>", "");
}

async function countSettings(companyKey: number): Promise<number | null> {
  return env.DB.prepare("SELECT count(*) AS n FROM scim_settings WHERE company_key = ?")
    .bind(companyKey)
    .first<number>("n");
}

describe("the wizard", () => {
  it("carries everything in its URL, so that Back loses nothing", async () => {
    const { company, cookie } = await makeAdmin("Wizard");
    const query = `id=${newId(Date.now())}&name=A+%26+B&provider=okta&path.department=title&criteria=idp`;
    for (const step of [0, 1, 2, 3]) {
      const page = await (
        await getPage(`/console/companies/${company.id}/settings/new?${query}&step=${step}`, cookie)
      ).text();
      expect(page, String(step)).toContain("A &amp; B");
      expect(page, String(step)).toMatch(/name="path\.department"[^>]*value="title"|value="title"/);
    }
  });

  it("answers a wrong step with 422, the values kept and the error beside its field", async () => {
    const { company, cookie } = await makeAdmin("Wrong");
    const response = await getPage(`/console/companies/${company.id}/settings/new?name=&provider=okta&step=1`, cookie);
    expect(response.status).toBe(422);
    const text = await response.text();
    expect(text).toMatch(/id="name"[^>]*aria-invalid="true"[^>]*aria-describedby="name-hint name-error"/);
    expect(text).toMatch(/value="okta"[^>]*checked/);
  });

  it("makes the setting and shows its token, which works at once", async () => {
    const admin = await makeAdmin("Made");
    const { token, url } = await makeSetting(admin);
    expect((await scim(token)).status).toBe(200);
    const page = await (await getPage(url, admin.cookie)).text();
    expect(page).toContain("Okta people");
    expect(page).not.toContain(token);
    expect(page).toContain(`…${token.slice(-4)}`);
  });

  it("sent twice makes one setting with one token, and shows that token both times", async () => {
    const { company, cookie } = await makeAdmin("Twice");
    const fields = reviewed(newId(Date.now()), "b".repeat(64));
    const send = () => postForm(`/console/companies/${company.id}/settings/new`, fields, cookie);
    const answers = await Promise.all([send(), send()]);
    const [first, second] = await Promise.all(answers.map(async (answer) => TOKEN.exec(await answer.text())?.[1]));
    expect(first).toBeDefined();
    expect(second).toBe(first);
    expect(await countSettings(company.key)).toBe(1);
    expect((await scim(first ?? "")).status).toBe(200);
    await expect.poll(async () => (await send()).status).toBe(303);
  });

  it("sent again with other values changes nothing and says so", async () => {
    const admin = await makeAdmin("Again");
    const { id } = await makeSetting(admin);
    const again = reviewed(id, "c".repeat(64), { name: "Renamed" });
    const answer = await postForm(`/console/companies/${admin.company.id}/settings/new`, again, admin.cookie);
    expect(answer.status).toBe(303);
    expect(answer.headers.get("Location")).toContain(`${id}?done=made-before`);
    expect(await countSettings(admin.company.key)).toBe(1);
  });

  it("defines a custom field in place and comes back with all values", async () => {
    const { company, cookie } = await makeAdmin("Fields");
    const fields = { id: newId(Date.now()), name: "X", provider: "okta", "path.email": "userName", step: "1" };
    const post = (more: Record<string, string>) =>
      postForm(`/console/companies/${company.id}/settings/new/field`, { ...fields, ...more }, cookie);
    const made = await post({ newLabel: "Cost centre", newType: "text" });
    const page = await (await getPage(made.headers.get("Location") ?? "", cookie)).text();
    expect(page).toContain('name="path.costCentre"');
    expect(page).toMatch(/name="path\.email"[^>]*value="userName"/);
    const refused = await post({ newLabel: "cost centre", newType: "text" });
    const answer = await getPage(refused.headers.get("Location") ?? "", cookie);
    expect(answer.status).toBe(422);
    expect(await answer.text()).toMatch(/id="newLabel-error"[^>]*>There is a field/);
  });

  it("judges a path while it is typed", async () => {
    const { company, cookie } = await makeAdmin("Paths");
    const check = async (path: string) =>
      (
        await getPage(`/console/companies/${company.id}/settings/check-path?path=${encodeURIComponent(path)}`, cookie)
      ).json();
    expect(await check("name.givenName")).toEqual({ ok: true, message: "Example: Ada" });
    expect(await check("name.[")).toMatchObject({ ok: false });
  });
});

describe("a setting", () => {
  it("shows who would join and leave what before other group settings are applied", async () => {
    const admin = await makeAdmin("Regrouped");
    const { token, url } = await makeSetting(admin);
    await pushUser(token, "ada@example.com", "Research");
    await pushUser(token, "bob@example.com");
    const query = "criteria=field&field=department&group=Left+over&scope=ungrouped";
    const show = async (path: string) => withoutBreaks(await (await getPage(url + path, admin.cookie)).text());
    const waiting = await show(`/grouping/preview?${query}`);
    expect(waiting).toContain("Working out who joins and leaves");
    const figures = /data-figures="([^"]+)"/.exec(waiting)?.[1]?.replaceAll("&amp;", "&") ?? "";
    const plain = /<noscript>.*?href="([^"]+)"/.exec(waiting)?.[1]?.replaceAll("&amp;", "&") ?? "";
    for (const path of [figures, plain]) {
      const preview = await show(path.slice(url.length));
      expect(preview).toContain("1 joining");
      expect(preview).toContain("0 leaving");
      expect(preview).toMatch(/bob@example\.com.*Left over/s);
    }
    expect(await show(figures.slice(url.length))).not.toContain("<html");
    const groups = `/console/companies/${admin.company.id}/groups`;
    expect(await (await getPage(groups, admin.cookie)).text()).not.toContain("Left over");
    const fields = { criteria: "field", field: "department", group: "Left over", scope: "ungrouped" };
    const applied = await postForm(`${url}/grouping`, fields, admin.cookie);
    expect(applied.headers.get("Location")).toBe(`${url}?done=regrouped`);
    expect(await (await getPage(groups, admin.cookie)).text()).toContain("Left over");
  });

  it("gives wrong group settings back with the error beside the field", async () => {
    const admin = await makeAdmin("Ungrouped");
    const { url } = await makeSetting(admin);
    const answer = await getPage(`${url}/grouping/preview?criteria=none&group=`, admin.cookie);
    expect(answer.status).toBe(422);
    expect(await answer.text()).toContain('id="criteria-error"');
  });

  it("keeps the field that it groups by mapped, and never groups by another unasked", async () => {
    const admin = await makeAdmin("Unmapped");
    const label = { newLabel: "Site", newType: "text" };
    await postForm(`/console/companies/${admin.company.id}/settings/new/field`, label, admin.cookie);
    const { url } = await makeSetting(admin, { field: "site", "path.site": "title" });
    const answers = [
      await getPage(`${url}/mapping/preview?path.site=`, admin.cookie),
      await postForm(`${url}/mapping`, { "path.site": "" }, admin.cookie),
    ];
    for (const answer of answers) {
      expect(answer.status).toBe(422);
      expect(await answer.text()).toContain('id="path.site-error"');
    }
    const form = await getPage(`${url}/grouping?criteria=field&field=site&path.site=`, admin.cookie);
    expect(await form.text()).toContain('<option value="" selected="">Choose…</option>');
    const left = await getPage(`${url}/grouping/preview?criteria=field&field=`, admin.cookie);
    expect(left.status).toBe(422);
    expect(await left.text()).toContain('<option value="" selected="">Choose…</option>');
  });

  it("rotates its token without a gap", async () => {
    const admin = await makeAdmin("Rotated");
    const { token, url } = await makeSetting(admin);
    const made = await postForm(`${url}/tokens`, { nonce: "d".repeat(64), until: "" }, admin.cookie);
    const second = TOKEN.exec(await made.text())?.[1] ?? "";
    expect([(await scim(token)).status, (await scim(second)).status]).toEqual([200, 200]);
    const id = token.split("_")[1];
    await postForm(`${url}/tokens/${id}/revoke`, {}, admin.cookie);
    expect([(await scim(token)).status, (await scim(second)).status]).toEqual([401, 200]);
  });

  it("refuses a token whose last day is over, with the day kept", async () => {
    const admin = await makeAdmin("Expired");
    const { url } = await makeSetting(admin);
    const answer = await postForm(`${url}/tokens`, { nonce: "e".repeat(64), until: "2020-01-01" }, admin.cookie);
    expect(answer.status).toBe(422);
    expect(await answer.text()).toMatch(/value="2020-01-01"[^>]*aria-invalid="true"/);
  });

  it("is paused, resumed and deleted with the choice made", async () => {
    const admin = await makeAdmin("Ended");
    const { token, url } = await makeSetting(admin);
    const id = await pushUser(token, "ada@example.com", "Research");
    await postForm(`${url}/pause`, {}, admin.cookie);
    expect((await scim(token)).status).toBe(403);
    await postForm(`${url}/resume`, {}, admin.cookie);
    expect((await scim(token)).status).toBe(200);
    expect((await postForm(`${url}/delete`, {}, admin.cookie)).status).toBe(422);
    expect((await postForm(`${url}/delete`, { users: "keep" }, admin.cookie)).status).toBe(303);
    expect((await scim(token)).status).toBe(401);
    expect((await getPage(url, admin.cookie)).status).toBe(404);
    expect((await getPage(`/console/companies/${admin.company.id}/people/${id}`, admin.cookie)).status).toBe(200);
  });
});

describe("people", () => {
  it("say why they are in a group, and by which request", async () => {
    const admin = await makeAdmin("Reasons");
    const { token } = await makeSetting(admin);
    const id = await pushUser(token, "ada@example.com", "Research");
    const page = await (await getPage(`/console/companies/${admin.company.id}/people/${id}`, admin.cookie)).text();
    expect(page).toContain("Because: department is &quot;Research&quot;.");
    const link = /href="(\/console\/companies\/[^"]+\/log\/[^"]+)"/.exec(page)?.[1] ?? "";
    const entry = await (await getPage(link, admin.cookie)).text();
    expect(entry).toContain("The provider created the user “ada@example.com”.");
    expect(entry).toContain("Joined “Research”");
  });

  it("are searched, sorted and walked page by page, each once", async () => {
    const admin = await makeAdmin("Many");
    const { token } = await makeSetting(admin);
    const names = Array.from({ length: 53 }, (_, index) => `user${String(index).padStart(3, "0")}@example.com`);
    await Promise.all(names.map((name) => pushUser(token, name, "Sales")));
    const url = `/console/companies/${admin.company.id}/people`;
    const shown: string[] = [];
    for (let next: string | undefined = `${url}?sort=-name`; next !== undefined; ) {
      const page: string = withoutBreaks(await (await getPage(next, admin.cookie)).text());
      shown.push(...[...page.matchAll(/people\/[0-9a-f-]{36}">([^<]+)</g)].map((match) => match[1] ?? ""));
      next = /href="([^"]+)" rel="next"/.exec(page)?.[1]?.replaceAll("&amp;", "&");
    }
    expect(shown).toEqual([...names].reverse());
    const found = withoutBreaks(await (await getPage(`${url}?q=USER007`, admin.cookie)).text());
    expect([...found.matchAll(/user\d+@example\.com<\/a>/g)].map((match) => match[0])).toEqual([
      "user007@example.com</a>",
    ]);
    const csv = await (await getPage(`${url}.csv?q=user01`, admin.cookie)).text();
    expect(csv.trimEnd().split("\r\n")).toHaveLength(11);
  });
});

describe("a target group", () => {
  it("takes people and enrolments by hand, and refuses bad input beside its field", async () => {
    const admin = await makeAdmin("By hand");
    const { token } = await makeSetting(admin);
    await pushUser(token, "ada@example.com");
    const groups = `/console/companies/${admin.company.id}/groups`;
    const made = await postForm(groups, { name: "Board" }, admin.cookie);
    const url = (made.headers.get("Location") ?? "").split("?")[0] ?? "";
    const twice = await postForm(groups, { name: "BOARD" }, admin.cookie);
    expect(twice.status).toBe(422);
    expect(await twice.text()).toMatch(/value="BOARD"[^>]*aria-invalid="true"/);
    const nobody = await postForm(`${url}/members`, { person: "eve@example.com" }, admin.cookie);
    expect(await nobody.text()).toMatch(/value="eve@example.com"[^>]*aria-invalid="true"/);
    await postForm(`${url}/members`, { person: "ADA@example.com" }, admin.cookie);
    await postForm(`${url}/auto-enrolments`, { kind: "training", id: "t1", name: "Welcome" }, admin.cookie);
    const page = await (await getPage(url, admin.cookie)).text();
    expect(page).toContain("Because: added by hand.");
    expect(page).toContain("Welcome");
    const again = await postForm(
      `${url}/auto-enrolments`,
      { kind: "training", id: "t1", name: "Welcome" },
      admin.cookie,
    );
    expect(again.status).toBe(422);
    await postForm(`${url}/auto-enrolments/remove`, { kind: "training", id: "t1" }, admin.cookie);
    const left = await (await getPage(url, admin.cookie)).text();
    expect(left).toContain("Nothing yet.");
  });
});
