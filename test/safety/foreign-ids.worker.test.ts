import { beforeAll, describe, expect, it } from "vitest";
import { newClient, newSetting, type ScimClient } from "../scim-api/scim-client.ts";
import { must, type PopulatedCompany, populate } from "./populated-company.ts";
import { digestCompany } from "./state-digest.ts";

const UNKNOWN = "0192f0aa-0000-7000-8000-000000000000";

let b: PopulatedCompany;
let strangers: ScimClient[];

beforeAll(async () => {
  b = await populate("bravo");
  strangers = [await newClient(), await newSetting(b.companyId)];
});

/** The answers to a request that names B's user or group, and to the same naming nothing, must be the same but for the id. */
async function expectSame(client: ScimClient, method: string, path: string, bodyWith: (id: string) => unknown) {
  for (const id of [b.userId, b.scimGroupId]) {
    const foreign = await client.send(method, path, bodyWith(id));
    const absent = await client.send(method, path, bodyWith(UNKNOWN));
    expect(foreign.status).toBe(absent.status);
    expect(foreign.text.replaceAll(id, "ID")).toBe(absent.text.replaceAll(UNKNOWN, "ID"));
    expect(foreign.text).not.toContain("bravo");
  }
}

describe("ids of another company or setting inside a request", () => {
  it("cannot become members of a group, by POST, PUT or PATCH", async () => {
    const before = await digestCompany(b.companyId);
    for (const client of strangers.slice(0, 1)) {
      const own = must(await client.send("POST", "/Groups", { displayName: "Own" }), 201);
      await expectSame(client, "POST", "/Groups", (id) => ({ displayName: "Raid", members: [{ value: id }] }));
      await expectSame(client, "PUT", `/Groups/${own.id}`, (id) => ({ displayName: "Own", members: [{ value: id }] }));
      for (const op of ["add", "replace"])
        await expectSame(client, "PATCH", `/Groups/${own.id}`, (id) => ({
          Operations: [{ op, path: "members", value: [{ value: id }] }],
        }));
      await expectSame(client, "PATCH", `/Groups/${own.id}`, (id) => ({
        Operations: [{ op: "remove", path: `members[value eq "${id}"]` }],
      }));
      expect((await client.send("GET", `/Groups/${own.id}`)).json.members ?? []).toEqual([]);
    }
    expect(await digestCompany(b.companyId)).toBe(before);
  });

  it("of a sibling setting cannot become members either", async () => {
    const [, sibling] = strangers;
    if (sibling === undefined) throw new Error("no sibling");
    const own = must(await sibling.send("POST", "/Groups", { displayName: "Own" }), 201);
    await expectSame(sibling, "PATCH", `/Groups/${own.id}`, (id) => ({
      Operations: [{ op: "add", path: "members", value: [{ value: id }] }],
    }));
    expect((await sibling.send("GET", `/Groups/${own.id}`)).json.members ?? []).toEqual([]);
  });

  it("are found by no filter and no search", async () => {
    const filters = [
      `id eq "${b.userId}"`,
      `id eq "${b.scimGroupId}"`,
      'userName eq "user-bravo@example.com"',
      'externalId eq "external-bravo"',
      'emails.value eq "mail-bravo@example.com"',
      'emails[type eq "work" and value co "bravo"]',
      'userName co "bravo" or not (userName pr)',
      `groups.value eq "${b.scimGroupId}"`,
      `members[value eq "${b.userId}"]`,
      `members.value eq "${b.userId}"`,
      'displayName eq "Crew bravo"',
      'meta.created gt "2000-01-01T00:00:00Z"',
    ];
    for (const client of strangers)
      for (const filter of filters)
        for (const path of ["/Users", "/Groups", "/"]) {
          const listed = await client.send("GET", `${path}?filter=${encodeURIComponent(filter)}`);
          const searched = await client.send("POST", path === "/" ? "/.search" : `${path}/.search`, { filter });
          for (const answer of [listed, searched]) {
            expect([200, 400], filter).toContain(answer.status);
            expect(JSON.stringify(answer.json.Resources ?? [])).not.toContain("bravo");
            expect(JSON.stringify(answer.json.Resources ?? [])).not.toContain(b.userId);
          }
        }
  });

  it("in a Bulk request are refused one by one, as if they did not exist", async () => {
    const before = await digestCompany(b.companyId);
    const [stranger] = strangers;
    if (stranger === undefined) throw new Error("no stranger");
    const bulk = (id: string) => ({
      Operations: [
        { method: "DELETE", path: `/Users/${id}` },
        { method: "DELETE", path: `/Groups/${id}` },
        { method: "PUT", path: `/Users/${id}`, data: { userName: "taken" } },
        {
          method: "PATCH",
          path: `/Users/${id}`,
          data: { Operations: [{ op: "replace", path: "title", value: "x" }] },
        },
        {
          method: "PATCH",
          path: `/Groups/${id}`,
          data: { Operations: [{ op: "add", path: "members", value: [{ value: id }] }] },
        },
      ],
    });
    await expectSame(stranger, "POST", "/Bulk", bulk);
    const outcome = await stranger.send("POST", "/Bulk", bulk(b.userId));
    for (const { status } of outcome.json.Operations) expect(status).toBe("404");
    expect(await digestCompany(b.companyId)).toBe(before);
  });
});

describe("ids of another company elsewhere in a request", () => {
  it("in a cursor lead to nothing of that company", async () => {
    const owner = b.client;
    await owner.send("POST", "/Users", { userName: "second-bravo" });
    await owner.send("POST", "/Users", { userName: "third-bravo" });
    const page = must(await owner.send("GET", "/Users?cursor&count=1"), 200);
    expect(page.nextCursor).toBeTypeOf("string");
    for (const client of strangers) {
      const answer = await client.send("GET", `/Users?cursor=${encodeURIComponent(page.nextCursor)}&count=1`);
      expect(answer.text).not.toContain("bravo");
    }
  });

  it("in an If-Match, an externalId or a manager change nothing of that company", async () => {
    const before = await digestCompany(b.companyId);
    const [stranger] = strangers;
    if (stranger === undefined) throw new Error("no stranger");
    const manager = { "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": { manager: { value: b.userId } } };
    const made = await stranger.send("POST", "/Users", { userName: "m", externalId: "external-bravo", ...manager });
    expect(made.status).toBe(201);
    expect(made.text).not.toContain("Given");
    expect(await digestCompany(b.companyId)).toBe(before);
  });
});
