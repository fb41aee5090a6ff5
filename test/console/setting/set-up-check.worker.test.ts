import { describe, expect, it, vi } from "vitest";
import { newSetting, operate } from "../../scim-api/scim-client.ts";
import { makeSetting, pushUser, scim } from "../made-setting.ts";
import { getPage, makeAdmin } from "../sign-in-to.ts";

/** A setting, the check of its guide as script fetches it, and what a provider sends to it. */
async function connect(name: string, choices: Record<string, string>) {
  const admin = await makeAdmin(name);
  const { token, url } = await makeSetting(admin, choices);
  const read = async (path: string) => {
    const answer = await getPage(url + path, admin.cookie);
    expect(answer.status).toBe(200);
    return (await answer.text()).replace(/<[^>]+>/g, " ").replace(/\s+/g, " ");
  };
  return {
    guide: () => read("/setup"),
    /** What it says first, once it says so: refusals and reads are logged a moment after their answers. */
    says: (sentence: string) =>
      vi.waitFor(async () => expect(await read("/live")).toContain(sentence), { timeout: 20_000, interval: 400 }),
    check: () => read("/live"),
    /** The milestones that are reached. */
    done: async () =>
      (await (await getPage(`${url}/live`, admin.cookie)).text()).match(/<li class="done"><strong>[^<]*/g),
    token,
    send: (method: string, path: string, body?: unknown) =>
      scim(token, path, {
        method,
        headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/scim+json" },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      }),
  };
}

describe("the check at the end of a set-up guide", () => {
  it("goes from nothing over a refusal and a first answer to a person, and turns green with what people are grouped by", async () => {
    const { guide, check, done, says, send, token } = await connect("Checked", { criteria: "idp", field: "" });
    expect(await check()).toContain("Nothing has come in yet.");
    expect(await check()).toContain("If nothing comes in");
    expect(await guide()).toContain("Send one person now");
    expect((await send("POST", "/Users", { name: { givenName: "Nameless" } })).status).toBe(400);
    await says("The last request was refused.");
    expect(await check()).toMatch(/userName is required.*400 missing_attribute/);
    expect((await send("GET", "/Users?count=1")).status).toBe(200);
    await says("The connection works. Now send one person.");
    expect(await check()).not.toContain("missing_attribute");
    expect(await done()).toHaveLength(1);
    await pushUser(token, "ada@example.com");
    await says("1 person has arrived. Now send one of their groups.");
    expect(await done()).toHaveLength(2);
    expect((await send("POST", "/Groups", { displayName: "Mathematicians" })).status).toBe(201);
    await says("It works: 1 person has arrived.");
    expect(await done()).toHaveLength(4);
  });

  it("waits for nothing where nothing can sign in, and leads to where a credential is made", async () => {
    const admin = await makeAdmin("Mute");
    const { settingId, tokenId } = await newSetting(admin.company.id, { provider: "entra" });
    const url = `/console/companies/${admin.company.id}/settings/${settingId}/setup`;
    const read = async (more = "") => (await getPage(url + more, admin.cookie)).text();
    expect(await read()).toContain("Nothing has come in yet.");
    const path = `/companies/${admin.company.id}/scim-settings/${settingId}/tokens/${tokenId}`;
    expect((await operate("DELETE", path)).status).toBe(204);
    for (const page of [await read(), await read("?signIn=federation")]) {
      expect(page).toMatch(/<p class="check bad">.*No credential\..*\/tokens">Make one</s);
      expect(page).not.toContain("Nothing has come in yet.");
    }
  });

  it("says of a refusal what the provider's guide knows by its code, and nothing once it was made good", async () => {
    const { check, says, send, token } = await connect("Known", { provider: "onelogin" });
    await send("POST", "/Users", { name: { givenName: "Nameless" } });
    await says("At OneLogin: Set it under Parameters");
    await pushUser(token, "ada@example.com");
    await says("It works: 1 person has arrived.");
    expect(await check()).not.toContain("refused");
  });

  it("takes no connection test, which removes its person again, for somebody who came", async () => {
    const { says, send, token } = await connect("Tested", { provider: "jumpcloud" });
    const id = await pushUser(token, "rollcall-test@example.com");
    await send("DELETE", `/Users/${id}`);
    await says("Somebody came and is gone again");
    // A question about somebody who is not there is no refusal that stands in the way.
    expect((await send("GET", `/Users/${id}`)).status).toBe(404);
    await says("Somebody came and is gone again");
  });

  it("has the credential refused told by its code", async () => {
    const { says, token } = await connect("Cut", {});
    const cut = token.slice(0, -6);
    const answer = await scim(cut, "/Users?count=1", { headers: { Authorization: `Bearer ${cut}` } });
    expect(answer.status).toBe(401);
    await says("The token was mistyped or cut");
    await says("401 unknown_token");
  });
});

describe("a set-up guide", () => {
  it.each([
    { criteria: "idp", has: "Push groups", lacks: ["Everybody goes into one target group", "read from"] },
    { criteria: "field", has: "People are grouped by “Department”, read from", lacks: ["Find groups by name"] },
    { criteria: "none", has: "Everybody goes into one target group here", lacks: ["Find groups by name", "read from"] },
  ])("holds what grouping by $criteria needs and nothing else", async ({ criteria, has, lacks }) => {
    const { guide } = await connect(`By ${criteria}`, { criteria, group: "All employees" });
    const text = await guide();
    expect(text).toContain(has);
    for (const each of lacks) expect(text).not.toContain(each);
  });
});
