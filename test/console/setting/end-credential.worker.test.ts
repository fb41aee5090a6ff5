import { describe, expect, it } from "vitest";
import { operate } from "../../scim-api/scim-client.ts";
import { makeSetting, pushUser, scim } from "../made-setting.ts";
import { getPage, makeAdmin, postForm } from "../sign-in-to.ts";

const words = (html: string) => html.replaceAll(/<[^>]*>/g, "").replaceAll(/\s+/g, " ");

describe("ending a credential", () => {
  it("is asked on a page that says when it was last used, by whom, and that nothing else lives; the page ends nothing", async () => {
    const admin = await makeAdmin("The only one");
    const { token, url } = await makeSetting(admin);
    await pushUser(token, "ada@example.com", "Research");
    const end = `${url}/tokens/${token.split("_")[1]}/revoke`;
    const list = await (await getPage(`${url}/tokens`, admin.cookie)).text();
    expect(list).toContain(`href="${end}"`);
    expect(list).not.toContain(`action="${end}"`);
    const asked = await (await getPage(end, admin.cookie)).text();
    expect(words(asked)).toMatch(/Last used just now, on .* UTC, by Okta\./);
    expect(words(asked)).toContain("No other credential lives. Every request of Okta is refused");
    expect(words(asked)).toContain("Until then 1 person stays as they are now.");
    expect(asked).toMatch(/<button class="danger" type="submit">\s*Revoke this token/);
    expect((await scim(token)).status).toBe(200);
    expect((await postForm(end, {}, admin.cookie)).headers.get("Location")).toBe(`${url}/tokens?done=revoked`);
    expect((await scim(token)).status).toBe(401);
  });

  it("counts what else lives, of each kind, and not what has ended", async () => {
    const admin = await makeAdmin("Several");
    const { token, url, id } = await makeSetting(admin);
    const api = `/companies/${admin.company.id}/scim-settings/${id}`;
    const other = (await operate("POST", `${api}/tokens`, {})).json;
    const client = (await operate("POST", `${api}/clients`, { name: "Ping" })).json;
    const [secret] = (await operate("GET", `${api}/clients/${client.id}`)).json.secrets;
    const show = async (path: string) => words(await (await getPage(`${url}${path}`, admin.cookie)).text());
    const first = `/tokens/${token.split("_")[1]}/revoke`;
    expect(await show(first)).toContain("2 other credentials live on: 1 token, 1 client secret.");
    expect(await show(`/clients/${client.id}/end`)).toContain("2 other credentials live on: 2 tokens.");
    expect(await show(`/clients/${client.id}/secrets/${secret.id}/end`)).toContain("It has never been used.");
    await postForm(`${url}/tokens/${other.id}/revoke`, {}, admin.cookie);
    await postForm(`${url}/clients/${client.id}/end`, {}, admin.cookie);
    expect(await show(first)).toContain("No other credential lives.");
  });
});
