import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { must } from "../safety/populated-company.ts";
import { newClient, newSetting, operate, type ScimClient } from "./scim-client.ts";

const PAIRS = [
  ["ΝΙΚΟΣ.Π", "νικος.π"],
  ["Straße", "STRASSE"],
  ["E\u0301va", "ÉVA"],
  ["ﬁona", "FIONA"],
];
const ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

const find = async (client: ScimClient, type: string, filter: string) =>
  must(await client.send("GET", `/${type}?filter=${encodeURIComponent(filter)}`), 200).Resources;

describe("names that differ in case or form alone are one", () => {
  it("as userNames in a setting: by POST, PUT, PATCH, Bulk, and in look-ups", async () => {
    const client = await newClient();
    for (const [name = "", other = ""] of PAIRS) {
      const { id } = must(await client.send("POST", "/Users", { userName: name }), 201);
      const taken = await client.send("POST", "/Users", { userName: other });
      expect(taken).toMatchObject({ status: 409, json: { scimType: "uniqueness" } });
      const { id: second } = must(await client.send("POST", "/Users", { userName: `second of ${name}` }), 201);
      must(await client.send("PUT", `/Users/${second}`, { userName: other }), 409);
      const rename = { Operations: [{ op: "replace", path: "userName", value: other }] };
      must(await client.send("PATCH", `/Users/${second}`, rename), 409);
      const bulk = { Operations: [{ method: "POST", path: "/Users", bulkId: "b", data: { userName: other } }] };
      expect(must(await client.send("POST", "/Bulk", bulk), 200).Operations).toMatchObject([{ status: "409" }]);
      expect(await find(client, "Users", `userName eq "${other}"`)).toMatchObject([{ id, userName: name }]);
      expect(await find(client, "Users", `userName sw "${other}"`)).toMatchObject([{ id }]);
      // One's own name may be spelt otherwise.
      must(await client.send("PATCH", `/Users/${id}`, rename), 200);
    }
  });

  it("as groups of a setting", async () => {
    const client = await newClient();
    for (const [name = "", other = ""] of PAIRS) {
      const { id } = must(await client.send("POST", "/Groups", { displayName: name }), 201);
      must(await client.send("POST", "/Groups", { displayName: other }), 409);
      expect(await find(client, "Groups", `displayName eq "${other}"`)).toMatchObject([{ id }]);
    }
  });

  it("as target groups of a company, whatever feeds them, in the first spelling", async () => {
    const client = await newClient({ groupSettings: { criteria: "field", field: "department" } });
    for (const [name = "", other = ""] of PAIRS) {
      for (const [n, department] of [name, other].entries())
        must(await client.send("POST", "/Users", { userName: `${n} of ${name}`, [ENTERPRISE]: { department } }), 201);
      must(await operate("POST", `/companies/${client.companyId}/target-groups`, { name: other }), 409);
    }
    const { items } = must(await operate("GET", `/companies/${client.companyId}/target-groups`), 200);
    expect(items.map(({ name, memberCount }: Record<string, unknown>) => [name, memberCount]).sort()).toEqual(
      PAIRS.map(([name]) => [name, 2]).sort(),
    );
  });

  it("as e-mails: one person of two settings, enrolled once", async () => {
    const settings = { groupSettings: { criteria: "none", targetGroupName: "All" } };
    const first = await newClient(settings);
    const second = await newSetting(first.companyId, settings);
    const path = `/companies/${first.companyId}/target-groups`;
    const [group] = must(await operate("GET", path), 200).items;
    must(await operate("PUT", `${path}/${group.id}/auto-enrolments`, [{ kind: "training", id: "T", name: "T" }]), 200);
    for (const [name = "", other = ""] of PAIRS)
      for (const [client, value] of [
        [first, name],
        [second, other],
      ] as const)
        must(
          await client.send("POST", "/Users", { userName: `of ${value}`, emails: [{ value: `${value}@x.test` }] }),
          201,
        );
    const enrolments = must(await operate("GET", `/companies/${first.companyId}/enrolments?status=active`), 200);
    expect(enrolments.items).toHaveLength(PAIRS.length);
    const keys = await env.DB.prepare(
      "SELECT count(DISTINCT email_key) AS n FROM users WHERE company_key = (SELECT company_key FROM companies WHERE id = ?)",
    )
      .bind(first.companyId)
      .first("n");
    expect(keys).toBe(PAIRS.length);
  });
});
