import { describe, expect, it } from "vitest";
import { postForm, signInOperator } from "../console/sign-in-to.ts";
import { IS_WHOLE } from "../generated-cases.ts";
import { errorOf, newClient, operate } from "../scim-api/scim-client.ts";
import { must } from "./populated-company.ts";
import { digestCompany } from "./state-digest.ts";

/** The first number past the limit shows it; that many more take no longer to be refused is shown where all is. */
const TOO_MANY_NAMES = IS_WHOLE ? 300_000 : 1_001;
/** More than are looked up in one step. */
const MANY_MEMBERS = IS_WHOLE ? 100_000 : 20_001;

const list = (filter: string) => `/Users?filter=${encodeURIComponent(filter)}`;

describe("limits of one request", () => {
  it("answer 400 invalidFilter for a filter too long, too deep, or of too many terms", async () => {
    const client = await newClient();
    const term = 'userName eq "a"';
    for (const filter of [
      `userName eq "${"a".repeat(8_200)}"`,
      `${"(".repeat(25)}${term}${")".repeat(25)}`,
      Array.from({ length: 51 }, () => term).join(" or "),
      `${"not (".repeat(30)}${term}${")".repeat(30)}`,
    ]) {
      const answer = await client.send("GET", list(filter));
      expect(answer.status).toBe(400);
      expect(errorOf(answer).scimType).toBe("invalidFilter");
      const searched = await client.send("POST", "/Users/.search", { filter });
      expect(errorOf(searched).scimType).toBe("invalidFilter");
      const at = `/companies/${client.companyId}/target-users?filter=${encodeURIComponent(filter)}`;
      expect((await operate("GET", at)).status).toBe(400);
    }
  });

  it("answer 400 for JSON that nests too deep, in bodies and in patched values", async () => {
    const client = await newClient();
    const deep = (levels: number) => `${'{"a":'.repeat(levels)}1${"}".repeat(levels)}`;
    for (const levels of [70, 5_000, 100_000])
      expect((await client.send("POST", "/Users", `{"userName":"deep","x":${deep(levels)}}`)).status).toBe(400);
    expect((await client.send("POST", "/Users", `${"[".repeat(200_000)}`)).status).toBe(400);
  });

  it("answer 413, not 500, for text that takes more bytes than a row holds, and leave nothing", async () => {
    const client = await newClient();
    const before = await digestCompany(client.companyId);
    const list = Array.from({ length: 800 }, (_, n) => `${"漢".repeat(1_000)}${n}`);
    const data = { displayName: "wide", "urn:acme:2.0:Group": { list } };
    expect((await client.send("POST", "/Groups", data)).status).toBe(413);
    const Operations = [{ method: "POST", path: "/Groups", bulkId: "a", data }];
    expect((await client.send("POST", "/Bulk", { Operations })).status).toBe(413);
    expect(await digestCompany(client.companyId)).toBe(before);
  });

  it("answer 413 for a Bulk request whose PATCHes change more than 10,000 attributes, in the places past that", async () => {
    const client = await newClient();
    const { id } = must(await client.send("POST", "/Users", { userName: "often" }), 201);
    const steps = Array.from({ length: 900 }, (_, n) => ({ op: "replace", path: "title", value: `t${n}` }));
    const Operations = Array.from({ length: 12 }, () => ({
      method: "PATCH",
      path: `/Users/${id}`,
      data: { Operations: steps },
    }));
    const answer = must(await client.send("POST", "/Bulk", { Operations }), 200);
    const statuses = answer.Operations.map(({ status }: { status: string }) => status);
    expect(statuses).toEqual([...Array(11).fill("200"), "413"]);
  });

  it(`answer 400 for ${TOO_MANY_NAMES} names in one object, and log twenty of a thousand unknown ones`, async () => {
    const client = await newClient();
    const named = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, n) => [`k${n}`, 1]));
    expect((await client.send("POST", "/Users", { userName: "many", ...named(TOO_MANY_NAMES) })).status).toBe(400);
    expect((await client.send("POST", "/Users", { userName: "many", ...named(999) })).status).toBe(201);
    const { items } = must(
      await operate("GET", `/companies/${client.companyId}/scim-settings/${client.settingId}/log?status=201`),
      200,
    );
    expect(items[0].notes.length).toBe(20);
  });
});

describe("limits of how much one request asks for", () => {
  it("cap a page at 200 and say so", async () => {
    const client = await newClient();
    const Operations = Array.from({ length: 210 }, (_, n) => ({
      method: "POST",
      path: "/Users",
      bulkId: `b${n}`,
      data: { userName: `u${n}` },
    }));
    must(await client.send("POST", "/Bulk", { Operations }), 200);
    const page = must(await client.send("GET", "/Users?count=100000"), 200);
    expect([page.totalResults, page.itemsPerPage, page.Resources.length]).toEqual([210, 200, 200]);
    expect((await operate("GET", `/companies/${client.companyId}/target-users?limit=100000`)).status).toBe(400);
  });

  it("answer 413 for a Bulk request of more than 1,000 operations, and do none of them", async () => {
    const client = await newClient();
    const before = await digestCompany(client.companyId);
    const Operations = Array.from({ length: 1_001 }, (_, n) => ({
      method: "POST",
      path: "/Users",
      bulkId: `b${n}`,
      data: { userName: `u${n}` },
    }));
    expect((await client.send("POST", "/Bulk", { Operations })).status).toBe(413);
    expect(await digestCompany(client.companyId)).toBe(before);
  });

  it(`answer 400 for 1,001 values of one attribute, and for ${MANY_MEMBERS} members that do not exist`, async () => {
    const client = await newClient();
    const before = await digestCompany(client.companyId);
    const emails = Array.from({ length: 1_001 }, (_, n) => ({ value: `a${n}@example.com` }));
    expect((await client.send("POST", "/Users", { userName: "many", emails })).status).toBe(400);
    const members = Array.from({ length: MANY_MEMBERS }, (_, n) => ({
      value: `0192f0aa-0000-7000-8000-${String(n).padStart(12, "0")}`,
    }));
    expect((await client.send("POST", "/Groups", { displayName: "Huge", members })).status).toBe(400);
    expect(await digestCompany(client.companyId)).toBe(before);
  });
});

describe("text that would read back other than sent", () => {
  it("is refused by the management API and by the console's forms", async () => {
    const client = await newClient();
    const at = `/companies/${client.companyId}`;
    const before = await digestCompany(client.companyId);
    for (const bad of ["a\u0000b", "a\ud800b"]) {
      expect((await operate("POST", "/companies", { name: bad })).status).toBe(400);
      expect((await operate("POST", `${at}/target-groups`, { name: bad })).status).toBe(400);
      expect((await operate("POST", `${at}/fields`, { key: "k", label: bad, type: "text" })).status).toBe(400);
      const path = `${at}/scim-settings/${client.settingId}`;
      const answer = await operate("PATCH", path, { groupSettings: { criteria: "none", targetGroupName: bad } });
      expect([answer.status, answer.json.errors[0].pointer]).toEqual([400, "/groupSettings/targetGroupName"]);
    }
    expect(await digestCompany(client.companyId)).toBe(before);
    const cookie = await signInOperator();
    const form = await postForm(`/console${at}/groups`, { name: "a\u0000b" }, cookie);
    expect(form.status).toBe(400);
  });
});
