import { describe, expect, it } from "vitest";
import { call, errorOf, newClient, operate } from "./scim-client.ts";

/** The ways in which a name is written by clients that do not write it as RFC 7644 section 3.2 does. */
const SPELLINGS = [(path: string) => path.toLowerCase(), (path: string) => path.toUpperCase()];

describe("the names of endpoints", () => {
  it("are found in any case, discovery without a token included", async () => {
    const client = await newClient();
    for (const path of ["/Users", "/Groups", "/ServiceProviderConfig", "/ResourceTypes", "/Schemas"]) {
      const right = await client.send("GET", path);
      for (const spell of SPELLINGS) {
        const answer = await client.send("GET", spell(path));
        expect([answer.status, answer.json], spell(path)).toEqual([200, right.json]);
      }
    }
    for (const spell of SPELLINGS)
      expect((await call("GET", `/scim/v2${spell("/ServiceProviderConfig")}`)).status).toBe(200);
  });

  it("lead to single resources and documents by every verb, and to the answers that refuse one", async () => {
    const client = await newClient();
    for (const spell of SPELLINGS) {
      const user = (await client.send("POST", spell("/Users"), { userName: "ann" })).json;
      const group = (await client.send("POST", spell("/Groups"), { displayName: "G" })).json;
      expect(user.meta.location).toBe(`https://rollcall.test/scim/v2/Users/${user.id}`);
      const at = `${spell("/Users")}/${user.id}`;
      expect((await client.send("GET", at)).json).toEqual(user);
      expect((await client.send("PUT", at, { userName: "ann", title: "T" })).json.title).toBe("T");
      const patch = { Operations: [{ op: "add", path: "members", value: [{ value: user.id }] }] };
      expect((await client.send("PATCH", `${spell("/Groups")}/${group.id}`, patch)).status).toBe(204);
      expect((await client.send("DELETE", `${spell("/Groups")}/${group.id}`)).status).toBe(204);
      expect((await client.send("DELETE", at)).status).toBe(204);
      expect((await client.send("GET", spell("/ResourceTypes/User"))).json.id).toBe("User");
      const refused = await client.send("DELETE", spell("/Users"));
      expect([refused.status, refused.headers.get("allow")]).toEqual([405, "GET, POST"]);
      expect((await client.send("GET", spell("/Me"))).status).toBe(501);
    }
  });

  it("lead to searches and to Bulk", async () => {
    const client = await newClient();
    await client.send("POST", "/Users", { userName: "ann" });
    for (const spell of SPELLINGS) {
      for (const path of ["/.search", "/Users/.search"])
        expect((await client.send("POST", spell(path), { filter: 'id pr and userName eq "ann"' })).json).toMatchObject({
          totalResults: 1,
        });
      expect(errorOf(await client.send("GET", spell("/Users/.search"))).status).toBe("405");
      const bulk = { Operations: [{ method: "DELETE", path: spell("/Users/nobody") }] };
      expect((await client.send("POST", spell("/Bulk"), bulk)).json.Operations[0].status).toBe("404");
    }
  });

  it("do not let the log keep a name that stands where an id is due", async () => {
    const client = await newClient();
    for (const spell of SPELLINGS) await client.send("GET", `${spell("/Users")}/ann@acme.example`);
    const log = `/companies/${client.companyId}/scim-settings/${client.settingId}/log`;
    const read = async () => (await operate("GET", log)).json.items as { path: string }[];
    await expect.poll(async () => (await read()).length).toBe(2);
    expect((await read()).map(({ path }) => path).sort()).toEqual(["/scim/v2/USERS/[name]", "/scim/v2/users/[name]"]);
  });
});
