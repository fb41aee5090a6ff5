import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { purgeFormerNames } from "../../src/log/purge-log.ts";
import { openRegistry } from "../../src/platform/database.ts";
import { inTurn } from "../generated-cases.ts";
import { EVERY_REQUEST, inflated } from "../log/every-request.ts";
import { operate, type ScimClient } from "../scim-api/scim-client.ts";
import { must, personOf, populate } from "./populated-company.ts";
import { dumpCompany } from "./state-digest.ts";
import { waitForLogAndWork } from "./wait-for-log-and-work.ts";

/** The tables in which a company's rows hold a text, with the rows. */
async function findTraces(companyId: string, mark: string): Promise<string[]> {
  const dump = await dumpCompany(companyId);
  return Object.entries(dump).flatMap(([table, rows]) =>
    rows.filter((row) => row.toLowerCase().includes(mark)).map((row) => `${table}: ${row.slice(0, 600)}`),
  );
}

const search = (filter: string) => `?filter=${encodeURIComponent(filter)}`;

/** Everything an identity provider asks and says about a person, right and wrong. */
async function live(client: ScimClient, groupId: string, mark: string): Promise<string> {
  const name = `user-${mark}@example.com`;
  must(await client.send("GET", `/Users${search(`userName eq "${name}"`)}`), 200);
  must(await client.send("GET", `/Users${search(`emails[type eq "work"].value eq "mail-${mark}@example.com"`)}`), 200);
  must(await client.send("GET", `/Users${search(`userName eq "${name}`)}`), 400);
  must(await client.send("POST", "/Users", { ...personOf(mark), active: "perhaps" }), 400);
  const { id } = must(await client.send("POST", "/Users", personOf(mark)), 201);
  must(await client.send("POST", "/Users", personOf(mark)), 409);
  must(await client.send("GET", `/Users/${id}`), 200);
  must(await client.send("GET", "/Users"), 200);
  must(await client.send("GET", "/"), 200);
  must(await client.send("GET", `/Users${search(`userName eq "${name.toUpperCase()}"`)}`), 200);
  must(await client.send("GET", `/Users${search(`userName co "${mark}" or title pr`)}`), 200);
  must(await client.send("GET", `/Users${search(`userName eq "${name}" and title eq "none-${mark}"`)}`), 200);
  must(await client.send("POST", "/Users/.search", { filter: `userName eq "${name}"` }), 200);
  must(await client.send("POST", "/.search", { filter: `userName eq "x-${mark}" or title eq "y-${mark}"` }), 200);
  const rename = { Operations: [{ op: "replace", path: "displayName", value: `Renamed ${mark}` }] };
  must(await client.send("PATCH", `/Users/${id}`, rename), 200);
  must(await client.send("PATCH", `/Users/${id}`, { Operations: [{ op: "swap", path: mark, value: mark }] }), 400);
  must(await client.send("PUT", `/Users/${id}`, { ...personOf(mark), title: `New title ${mark}` }), 200);
  const member = { value: id, display: `Display ${mark}`, $ref: `https://x/Users/${id}` };
  const add = { Operations: [{ op: "add", path: "members", value: [member] }] };
  must(await client.send("PATCH", `/Groups/${groupId}`, add), 204);
  must(await client.send("GET", `/Groups/${groupId}`), 200);
  must(await client.send("PUT", `/Groups/${groupId}`, { displayName: "Crew of erasure", members: [member] }), 200);
  const bulk = [
    { method: "PATCH", path: `/Users/${id}`, data: { Operations: [{ op: "replace", path: "title", value: mark }] } },
    { method: "POST", path: "/Users", bulkId: "b", data: personOf(mark) },
  ];
  must(await client.send("POST", "/Bulk", { Operations: bulk }), 200);
  return id;
}

// Each has a company of its own, and mostly waits.
describe.concurrent("deleting a person", () => {
  it("leaves no word of theirs in any table, and the facts in the feed, the log and the enrolments", async () => {
    const { client, companyId, scimGroupId } = await populate("erasure");
    const id = await live(client, scimGroupId, "zanzibar");
    await waitForLogAndWork(client);
    expect(await findTraces(companyId, "zanzibar")).not.toEqual([]);
    must(await client.send("GET", `/Users/${id}`), 200);
    must(await client.send("DELETE", `/Users/${id}`), 204);
    must(
      await client.send("PATCH", `/Users/${id}`, { Operations: [{ op: "add", path: "title", value: "zanzibar" }] }),
      404,
    );
    must(await client.send("PUT", `/Users/${id}`, personOf("zanzibar")), 404);
    await waitForLogAndWork(client);
    expect(await findTraces(companyId, "zanzibar")).toEqual([]);
    const changes = must(await operate("GET", `/companies/${companyId}/changes?limit=200`), 200).items;
    const own = changes.filter(({ subject }: { subject: { id: string } }) => subject.id === id);
    expect(own.map(({ type }: { type: string }) => type)).toEqual(
      expect.arrayContaining(["user.created", "user.updated", "member.added", "member.removed", "user.deleted"]),
    );
    for (const { data } of own) expect(data.erased).toBe(true);
    const log = must(
      await operate("GET", `/companies/${companyId}/scim-settings/${client.settingId}/log?limit=200`),
      200,
    );
    const about = log.items.filter(({ resourceId }: { resourceId: string | null }) => resourceId === id);
    expect(about.length).toBeGreaterThan(8);
    const enrolments = await env.DB.prepare("SELECT status FROM enrolments WHERE user_id = ?").bind(id).all();
    for (const { status } of enrolments.results) expect(status).toBe("withdrawn");
  });

  it("erases whatever it was called before, and however that was asked for", async () => {
    const { client, companyId } = await populate("renamed");
    const [first, second, third] = ["xanadu", "ÉLYSÉE", "valhalla"] as const;
    const { id } = must(await client.send("POST", "/Users", personOf(first)), 201);
    must(await client.send("PUT", `/Users/${id}`, personOf(second)), 200);
    const Operations = [
      { op: "replace", path: "userName", value: `user-${third}@example.com` },
      { op: "replace", path: "externalId", value: `external-${third}` },
      { op: "replace", value: { displayName: `Display ${third}`, title: "x", "name.givenName": "x" } },
      { op: "replace", path: "name.familyName", value: "x" },
      { op: "replace", path: 'emails[type eq "work"].value', value: `mail-${third}@example.com` },
      { op: "replace", path: 'phoneNumbers[type eq "work"].value', value: "x" },
      { op: "replace", path: "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department", value: "x" },
    ];
    must(await client.send("PATCH", `/Users/${id}`, { Operations }), 200);
    for (const [place, mark] of [first, second, second.toLowerCase(), third].entries()) {
      const asked = [
        `userName eq "user-${mark}@example.com"`,
        `externalId eq external-${mark}`,
        `emails.value eq "mail-${mark}@example.com"`,
        `emails[type eq "work"].value eq "mail-${mark}@example.com"`,
        `displayName eq "Display ${mark}"`,
        `name.familyName eq "Family${mark}"`,
        `phoneNumbers.value eq "+49 ${mark}"`,
        `active eq "${mark}"`,
        `userName eq user-${mark}@example.com and active eq true`,
        `urn:ietf:params:scim:schemas:core:2.0:User:userName eq "user-${mark}@example.com"`,
      ];
      for (const filter of inTurn(asked, place))
        for (const answer of [
          await client.send("GET", `/Users${search(filter)}`),
          await client.send("POST", "/.search", { filter }),
        ])
          expect([200, 400]).toContain(answer.status);
      for (const [method, body] of [["GET"], ["PUT", personOf(mark)], ["DELETE"]] as const)
        must(await client.send(method, `/Users/user-${mark}@example.com`, body), 404);
      must(await client.send("POST", "/Users", { displayName: `Display ${mark}` }), 400);
      must(await client.send("POST", "/Users", { nickName: mark }), 400);
      const data = { userName: "", title: mark };
      const item = { method: "POST", path: "/Users", bulkId: `user-${mark}@example.com`, data };
      must(await client.send("POST", "/Bulk", { Operations: [item] }), 200);
    }
    await waitForLogAndWork(client);
    must(await client.send("DELETE", `/Users/${id}`), 204);
    await waitForLogAndWork(client);
    const marks = [first, second.toLowerCase(), third];
    for (const mark of marks) expect(await findTraces(companyId, mark)).toEqual([]);
    const kept = await Promise.all((await env.TOKENS.list()).keys.map(({ name }) => env.TOKENS.get(name)));
    expect(marks.filter((mark) => kept.join().toLowerCase().includes(mark))).toEqual([]);
  });
});

describe.concurrent("what deleting a person leaves", () => {
  it("leaves nothing of it where others sent its name as their manager's", async () => {
    const { client, companyId } = await populate("report");
    const manager = { value: "m", displayName: "Display brigadoon" };
    const enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
    const report = { userName: "report@example.com", [enterprise]: { manager } };
    const { id } = must(await client.send("POST", "/Users", report), 201);
    must(await client.send("PUT", `/Users/${id}`, report), 200);
    const change = (path: string, value: unknown) => ({ Operations: [{ op: "replace", path, value }] });
    must(await client.send("PATCH", `/Users/${id}`, change(`${enterprise}:manager`, manager)), 200);
    const name = change(`${enterprise}:manager.displayName`, manager.displayName);
    must(await client.send("PATCH", `/Users/${id}`, name), 400);
    await waitForLogAndWork(client);
    expect(await findTraces(companyId, "brigadoon")).toEqual([]);
  });

  it("leaves others of the same company as they are", async () => {
    const { client, companyId, scimGroupId, userId } = await populate("neighbour");
    const id = await live(client, scimGroupId, "atlantis");
    await waitForLogAndWork(client);
    const before = (await findTraces(companyId, "user-neighbour")).length;
    expect(before).toBeGreaterThan(3);
    must(await client.send("DELETE", `/Users/${id}`), 204);
    await waitForLogAndWork(client);
    expect((await findTraces(companyId, "user-neighbour")).length).toBeGreaterThanOrEqual(before);
    must(await client.send("GET", `/Users/${userId}`), 200);
  });

  it("with its whole SCIM setting erases the same, in the commits that follow", async () => {
    const { client, companyId, scimGroupId } = await populate("whole");
    await live(client, scimGroupId, "eldorado");
    await waitForLogAndWork(client);
    must(await operate("DELETE", `/companies/${companyId}/scim-settings/${client.settingId}?users=remove`), 204);
    expect(await findTraces(companyId, "eldorado")).toEqual([]);
  });
});

describe("removing a person kept from a deleted setting", () => {
  it("by hand erases the same, and what was changed by hand before", async () => {
    const { client, companyId, scimGroupId } = await populate("kept");
    const id = await live(client, scimGroupId, "shambhala");
    await waitForLogAndWork(client);
    must(await operate("DELETE", `/companies/${companyId}/scim-settings/${client.settingId}?users=keep`), 204);
    const path = `/companies/${companyId}/target-users/${id}`;
    must(await operate("PATCH", path, { fields: { email: "new@shambhala.example", fieldkept: "shambhala" } }), 200);
    must(await operate("PATCH", path, { fields: { email: "newer@shambhala.example" } }), 200);
    expect(await findTraces(companyId, "shambhala")).not.toEqual([]);
    must(await operate("DELETE", path), 204);
    expect(await findTraces(companyId, "shambhala")).toEqual([]);
    const changes = must(await operate("GET", `/companies/${companyId}/changes?limit=200`), 200).items;
    const own = changes.filter(({ subject }: { subject: { id: string } }) => subject.id === id);
    expect(own.at(-1)).toMatchObject({ type: "user.deleted", data: { erased: true } });
  });
});

describe("former names", () => {
  it("are in the export, and purged with the log", async () => {
    const { client, companyId } = await populate("former");
    const { id } = must(await client.send("POST", "/Users", personOf("camelot")), 201);
    must(await client.send("PUT", `/Users/${id}`, { ...personOf("camelot"), userName: "arthur" }), 200);
    await client.send("GET", `/Users${search('userName eq "user-camelot@example.com"')}`);
    await waitForLogAndWork(client);
    const person = must(await operate("GET", `/companies/${companyId}/target-users/${id}/export`), 200);
    expect(person.formerNames).toEqual(["user-camelot@example.com"]);
    const paths = person.requests.map(({ path }: { path: string }) => path);
    expect(paths.some((path: string) => path.includes("filter="))).toBe(true);
    const count = () => env.DB.prepare("SELECT count(*) AS n FROM former_names").first<number>("n");
    const before = (await count()) ?? 0;
    expect(await purgeFormerNames(openRegistry(env), Date.now() - 60_000)).toBe(0);
    expect(await purgeFormerNames(openRegistry(env), Date.now() + 1)).toBe(before);
    expect(await count()).toBe(0);
  });
});

describe("the export of a person", () => {
  it("holds everything that any table holds of them, and nothing of others", async () => {
    const { client, companyId, scimGroupId } = await populate("exporter");
    const id = await live(client, scimGroupId, "shangrila");
    await waitForLogAndWork(client);
    const answer = await operate("GET", `/companies/${companyId}/target-users/${id}/export`);
    const person = must(answer, 200);
    expect(answer.headers.get("content-disposition")).toContain("attachment");
    expect(person.scimUser).toMatchObject({ userName: "user-shangrila@example.com", title: "shangrila" });
    expect(person.scimGroups).toEqual([{ id: scimGroupId, displayName: "Crew of erasure" }]);
    expect(person.user.groups.length).toBeGreaterThan(1);
    expect(person.changes.map(({ type }: { type: string }) => type)).toContain("user.created");
    expect(answer.text).not.toContain("user-exporter");
    const { results } = await env.DB.prepare(
      `SELECT l.* FROM ${EVERY_REQUEST} l JOIN companies c USING (company_key) WHERE c.id = ?`,
    )
      .bind(companyId)
      .all<{ id: string }>();
    const ids = results.filter((row) => JSON.stringify(inflated(row)).includes("shangrila")).map(({ id }) => id);
    expect(ids.length).toBeGreaterThan(5);
    const given = person.requests.map((request: { id: string }) => request.id);
    for (const request of ids) expect(given).toContain(request);
  });
});
