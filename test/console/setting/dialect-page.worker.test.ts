import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { newId } from "../../../src/platform/uuid.ts";
import { PROVIDERS } from "../../../src/settings/setting.ts";
import { follow, getPage, makeAdmin, postForm } from "../sign-in-to.ts";

/** Makes a setting by the wizard; gives the address of its page. */
async function makeSetting(company: { id: string }, cookie: string, provider: string): Promise<string> {
  const id = newId(Date.now());
  const nonce = "b".repeat(64);
  const values = { id, nonce, name: `By ${provider}`, provider, criteria: "idp" };
  const made = await postForm(`/console/companies/${company.id}/settings/new`, values, cookie);
  expect((await follow(made, cookie)).status, provider).toBe(200);
  return `/console/companies/${company.id}/settings/${id}`;
}

describe("how requests are read, in the console", () => {
  it("is on the setting's page as its provider began it, and is changed by its form", async () => {
    const { company, cookie } = await makeAdmin("Dialect");
    const url = await makeSetting(company, cookie, "keycloak");
    const page = async () => (await getPage(url, cookie)).text();
    expect(await page()).toContain("A group sent without its members has none; pagination is hidden from clients.");
    const form = await (await getPage(`${url}/dialect`, cookie)).text();
    for (const words of ["Keycloak’s plug-ins", "ConnId", "PingOne", "RFC 9865"]) expect(form).toContain(words);
    expect(form).toMatch(/value="empty" checked/);
    const saved = await postForm(`${url}/dialect`, { members: "keep", pagination: "show" }, cookie);
    expect([saved.status, saved.headers.get("location")]).toEqual([303, `${url}?done=dialect-changed`]);
    expect(await page()).toContain("A group sent without its members keeps them; pagination is shown to clients.");
  });

  it("is not changed by a form that says something else", async () => {
    const { company, cookie } = await makeAdmin("Wrong dialect");
    const url = await makeSetting(company, cookie, "okta");
    const wrong = await postForm(`${url}/dialect`, { members: "drop", pagination: "show" }, cookie);
    expect(wrong.status).toBe(422);
    expect(await wrong.text()).toContain("Choose one of these.");
    const rows = "SELECT put_without_members, show_pagination FROM scim_settings WHERE company_key = ?";
    expect(await env.DB.prepare(rows).bind(company.key).first()).toEqual({
      put_without_members: "keep",
      show_pagination: 1,
    });
  });
});

describe("the set-up guide", () => {
  it.each(PROVIDERS)("for %s shows the real address, whole or in its two parts", async (provider) => {
    const { company, cookie } = await makeAdmin(`Guide ${provider}`);
    const url = await makeSetting(company, cookie, provider);
    const guide = await (await getPage(`${url}/setup`, cookie)).text();
    const shown = [...guide.matchAll(/<code id="value-\d+-\d+">([^<]*)<\/code>/g)].map((match) => match[1]);
    const { host, origin } = new URL(/<code id="tenant-url">([^<]*)<\/code>/.exec(guide)?.[1] ?? "");
    if (provider === "oracle") expect(shown).toEqual(expect.arrayContaining([host, "/scim/v2"]));
    else expect(shown).toContain(`${origin}/scim/v2`);
    expect(guide).not.toMatch(/\{(tenant\w+|token)\}/);
  });
});
