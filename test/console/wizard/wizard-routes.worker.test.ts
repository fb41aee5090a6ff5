import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { newId } from "../../../src/platform/uuid.ts";
import { makeSetting, reviewed, scim, TOKEN } from "../made-setting.ts";
import { cookieOf, follow, getPage, makeAdmin, postForm } from "../sign-in-to.ts";

/** How many settings a company has. */
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
    const [first, second] = await Promise.all(
      answers.map(async (answer) => TOKEN.exec(await (await follow(answer, cookie)).text())?.[1]),
    );
    expect(first).toBeDefined();
    expect(second).toBe(first);
    expect(await countSettings(company.key)).toBe(1);
    expect((await scim(first ?? "")).status).toBe(200);
    await expect.poll(async () => (await send()).headers.get("Location")).toContain("done=made-before");
  });

  it("leads to the token, which a reload or another page shows no more, and from which Back sends nothing again", async () => {
    const { company, cookie } = await makeAdmin("Shown once");
    const fields = reviewed(newId(Date.now()), "d".repeat(64));
    const made = await postForm(`/console/companies/${company.id}/settings/new`, fields, cookie);
    const flash = cookieOf(made);
    expect(flash).not.toContain("rcl_");
    const setup = made.headers.get("Location") ?? "";
    // Another page, or that of another setting, does not use it up.
    const other = await getPage(`/console/companies/${company.id}/settings`, `${cookie}; ${flash}`);
    expect([cookieOf(other), await other.text()]).toEqual(["", expect.not.stringContaining("rcl_")]);
    const shown = await getPage(setup, `${cookie}; ${flash}`);
    expect(await shown.text()).toMatch(TOKEN);
    expect(shown.headers.get("Set-Cookie")).toMatch(/^__Host-rollcall_shown=;.*Max-Age=0/);
    expect(await (await getPage(setup, cookie)).text()).not.toContain("rcl_");
  });

  it("shows no secret to whom another form's nonce is planted", async () => {
    const admin = await makeAdmin("Planted");
    const { url, id } = await makeSetting(admin);
    for (const value of [`token.${id}.${"e".repeat(64)}`, `token.other.${"a".repeat(64)}`, "token", `x.${id}.y`]) {
      const page = await getPage(`${url}/setup`, `${admin.cookie}; __Host-rollcall_shown=${value}`);
      expect([page.status, await page.text()]).toEqual([200, expect.not.stringContaining("rcl_")]);
    }
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
});

describe("a step of the wizard", () => {
  it("takes no name that another setting of the company has, nor does renaming; another company's may", async () => {
    const admin = await makeAdmin("Named alike");
    const { company, cookie } = admin;
    const { url } = await makeSetting(admin);
    const wizard = `/console/companies/${company.id}/settings/new`;
    const twin = reviewed(newId(Date.now()), "a".repeat(64), { name: " OKTA People" });
    const other = reviewed(newId(Date.now()), "b".repeat(64), { name: "Contractors" });
    const refused = await postForm(wizard, twin, cookie);
    expect([refused.status, await refused.text()]).toEqual([422, expect.stringContaining("Another SCIM setting")]);
    const next = await getPage(`${wizard}?name=okta+people&provider=okta&step=1`, cookie);
    expect([next.status, await next.text()]).toEqual([422, expect.stringContaining('id="name-error"')]);
    expect((await postForm(wizard, other, cookie)).status).toBe(303);
    expect(await countSettings(company.key)).toBe(2);
    const rename = (name: string) => postForm(`${url}/rename`, { name }, cookie);
    const taken = await rename("contractors ");
    expect([taken.status, await taken.text()]).toEqual([422, expect.stringContaining("Another SCIM setting")]);
    expect((await rename(" ")).status).toBe(422);
    expect(await (await getPage(url, cookie)).text()).toContain(`href="${url}/rename"`);
    expect((await rename("Okta, head office")).headers.get("Location")).toBe(`${url}?done=renamed`);
    expect(await (await getPage(`${url}/rename`, cookie)).text()).toContain('value="Okta, head office"');
    await makeSetting(await makeAdmin("Named alike too"), { name: "Contractors" });
  });

  it("puts the focus on the first control that is wrong", async () => {
    const { company, cookie } = await makeAdmin("Focused");
    const focused = async (query: string) => {
      const answer = await getPage(`/console/companies/${company.id}/settings/new?${query}`, cookie);
      expect(answer.status, query).toBe(422);
      const [first = ""] = /<(?:input|select|div)[^>]* autofocus[^>]*>/.exec(await answer.text()) ?? [];
      return /(?:id|class)="([^"]*)"/.exec(first.replace(/class="mono"/, ""))?.[1];
    };
    expect(await focused("provider=okta&step=1")).toBe("name");
    expect(await focused("name=X&step=1")).toBe("provider-entra");
    expect(await focused("name=X&provider=okta&path.email=%5B&step=2")).toBe("path-email");
    const third = "name=X&provider=okta&step=3";
    expect(await focused(third)).toBe("criteria-field");
    expect(await focused(`${third}&criteria=field&field=nothing`)).toBe("field");
    expect(await focused(`${third}&criteria=idp&group=${"g".repeat(300)}`)).toBe("own-group");
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

describe("a step of the wizard, about a custom field", () => {
  it("defines a custom field in place and comes back with all values", async () => {
    const { company, cookie } = await makeAdmin("Fields");
    const fields = { id: newId(Date.now()), name: "X", provider: "okta", "path.email": "userName", step: "1" };
    const post = (more: Record<string, string>) =>
      postForm(`/console/companies/${company.id}/settings/new/field`, { ...fields, ...more }, cookie);
    const made = await post({ newLabel: "Cost centre", newType: "text" });
    const page = await (await getPage(made.headers.get("Location") ?? "", cookie)).text();
    expect(made.headers.get("Location")).toMatch(/#path-costCentre$/);
    expect(page).toContain('id="path-costCentre" name="path.costCentre"');
    expect(page).toMatch(/name="path\.email"[^>]*value="userName"/);
    const refused = await post({ newLabel: "cost centre", newType: "text" });
    const answer = await getPage(refused.headers.get("Location") ?? "", cookie);
    expect(answer.status).toBe(422);
    expect(await answer.text()).toMatch(/id="newLabel-error"[^>]*>There is a field.*empty this name/);
  });

  it("has the new field before its buttons, goes on at Enter, and says what is stored at once", async () => {
    const admin = await makeAdmin("Order");
    const { company, cookie } = admin;
    const { url } = await makeSetting(admin);
    const step = `/console/companies/${company.id}/settings/new?name=X&provider=okta&step=1`;
    const forms = [
      { path: step, first: 'name="step" value="2"', last: "Next: groups" },
      { path: `${url}/mapping`, first: "", last: "Preview the change" },
    ];
    for (const { path, first, last } of forms) {
      const page = await (await getPage(path, cookie)).text();
      const [form = ""] = /<form class="card stack".*?<\/form>/s.exec(page) ?? [];
      const [enter = ""] = /<button[^>]*>/.exec(form) ?? [];
      expect(enter).toMatch(/class="hidden" type="submit" tabindex="-1"/);
      expect(enter).toContain(first);
      expect(form.indexOf('id="add-field"')).toBeGreaterThan(0);
      expect(form.indexOf(last)).toBeGreaterThan(form.indexOf('id="add-field"'));
      expect(form).toContain("The field is added at once");
      expect(page).not.toContain("Nothing is stored");
    }
  });

  it("goes on with no field that was named and not added, nor does the change of a setting's fields", async () => {
    const admin = await makeAdmin("Named");
    const { company, cookie } = admin;
    const { url } = await makeSetting(admin);
    const next = `id=${newId(Date.now())}&name=X&provider=okta&step=2&newType=number`;
    const at = `/console/companies/${company.id}/settings/new?${next}`;
    for (const path of [`${at}&newLabel=Cost+centre`, `${url}/mapping/preview?newType=number&newLabel=Cost+centre`]) {
      const answer = await getPage(path, cookie);
      expect(answer.status).toBe(422);
      const page = await answer.text();
      expect(page).toMatch(/id="newLabel-error"[^>]*>Press “Add field”/);
      expect(page.match(/<input [^>]* autofocus[^>]*>/g)).toEqual([expect.stringContaining('id="newLabel"')]);
      expect(page).toMatch(/id="newLabel"[^>]*value="Cost centre"/);
      expect(page).toMatch(/value="number" selected/);
    }
    expect((await getPage(`${at}&newLabel=+`, cookie)).status).toBe(200);
  });

  it("says of a custom field that has no path that nothing fills it, until it has one; so does the setting's page", async () => {
    const admin = await makeAdmin("Unfilled");
    const { company, cookie } = admin;
    const fields = { id: newId(Date.now()), name: "X", provider: "okta", criteria: "idp" };
    const path = `/console/companies/${company.id}/settings/new`;
    await postForm(`${path}/field`, { ...fields, newLabel: "Place of work", newType: "text", step: "1" }, cookie);
    const read = async (more: Record<string, string>) =>
      (await (await getPage(`${path}?${new URLSearchParams({ ...fields, ...more })}`, cookie)).text()).replace(
        /<[^>]+>/g,
        "",
      );
    const unfilled = "Place of work: no path, so this setting does not fill it";
    for (const step of ["2", "3"]) {
      expect(await read({ step }), step).toContain(unfilled);
      expect(await read({ step, "path.placeOfWork": "title" }), step).not.toContain(unfilled);
    }
    const { url } = await makeSetting(admin);
    expect(await (await getPage(url, cookie)).text()).toMatch(
      /Place of work<\/dt><dd class="soft">no path: not filled/,
    );
  });
});
