import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { newClient, type ScimAnswer, type ScimClient } from "./scim-client.ts";

async function makeUser(client: ScimClient, userName: string): Promise<string> {
  return (await client.send("POST", "/Users", { userName })).json.id;
}

async function makeGroup(client: ScimClient, displayName: string, ...members: unknown[]): Promise<string> {
  return (await client.send("POST", "/Groups", { displayName, members })).json.id;
}

function patch(client: ScimClient, path: string, ...Operations: unknown[]): Promise<ScimAnswer> {
  return client.send("PATCH", path, { Operations });
}

/** What a client keeps of a resource to ask for it again. */
interface Known {
  tag: string;
  lastModified: string;
  version: string;
}

async function read(client: ScimClient, path: string): Promise<Known> {
  const { headers, json } = await client.send("GET", path);
  return { tag: headers.get("etag") ?? "", lastModified: json.meta.lastModified, version: json.meta.version };
}

/** Reads a resource again as one who has it: by `If-None-Match`, and by its time in a list. */
async function isFresh(client: ScimClient, path: string, { tag }: Known): Promise<boolean> {
  return (await client.send("GET", path, undefined, { "if-none-match": tag })).status === 304;
}

function numberOf({ tag }: Known): number {
  return Number(/^W\/"(\d+)"$/.exec(tag)?.[1]);
}

describe("the version of a group", () => {
  type Change = (client: ScimClient, ids: { group: string; ann: string; inner: string }) => Promise<unknown>;
  const CHANGES: Record<string, Change> = {
    "a member is deleted": (client, { ann }) => client.send("DELETE", `/Users/${ann}`),
    "a member is deleted by Bulk": (client, { ann }) =>
      client.send("POST", "/Bulk", { Operations: [{ method: "DELETE", path: `/Users/${ann}` }] }),
    "a member is called otherwise": (client, { ann }) =>
      patch(client, `/Users/${ann}`, { op: "replace", path: "displayName", value: "Ann B." }),
    "a member without a displayName gets another userName": (client, { ann }) =>
      client.send("PUT", `/Users/${ann}`, { userName: "ann.b" }),
    "a group in it is deleted": (client, { inner }) => client.send("DELETE", `/Groups/${inner}`),
    "a group in it is renamed": (client, { inner }) =>
      patch(client, `/Groups/${inner}`, { op: "replace", path: "displayName", value: "Core" }),
    "a group in it is renamed by PUT": (client, { inner }) =>
      client.send("PUT", `/Groups/${inner}`, { displayName: "Core" }),
    "a member leaves": (client, { group, ann }) =>
      patch(client, `/Groups/${group}`, { op: "remove", path: `members[value eq "${ann}"]` }),
  };

  it.each(Object.entries(CHANGES))("is a new one when %s, and its lastModified with it", async (_, change) => {
    const client = await newClient();
    const ann = await makeUser(client, "ann");
    const inner = await makeGroup(client, "Inner");
    const group = await makeGroup(client, "G", { value: ann }, { value: inner, type: "Group" });
    const other = await makeGroup(client, "Other");
    // Whatever happens next is later, however fast it comes.
    await env.DB.prepare("UPDATE groups SET updated_at = updated_at - 1000 WHERE id = ?").bind(group).run();
    const before = await read(client, `/Groups/${group}`);
    const otherBefore = await read(client, `/Groups/${other}`);
    const listed = (since: string) =>
      client.send("GET", `/Groups?filter=${encodeURIComponent(`meta.lastModified gt "${since}"`)}`);
    await change(client, { group, ann, inner });
    expect(await isFresh(client, `/Groups/${group}`, before)).toBe(false);
    const after = await read(client, `/Groups/${group}`);
    expect(numberOf(after)).toBe(numberOf(before) + 1);
    expect(after.version).toBe(after.tag);
    expect(Date.parse(after.lastModified)).toBeGreaterThan(Date.parse(before.lastModified));
    expect((await listed(before.lastModified)).json.Resources.map(({ id }: { id: string }) => id)).toContain(group);
    expect(await read(client, `/Groups/${other}`)).toEqual(otherBefore);
  });

  it("goes up by one for each of its members that is deleted", async () => {
    const client = await newClient();
    const people = await Promise.all(["ann", "bob", "cid"].map((name) => makeUser(client, name)));
    const group = await makeGroup(client, "G", ...people.map((value) => ({ value })));
    const before = numberOf(await read(client, `/Groups/${group}`));
    await Promise.all(people.map((id) => client.send("DELETE", `/Users/${id}`)));
    expect(numberOf(await read(client, `/Groups/${group}`))).toBe(before + 3);
    expect((await client.send("GET", `/Groups/${group}`)).json.members).toEqual([]);
  });

  it("stays when a member changes in what the group does not show", async () => {
    const client = await newClient();
    const ann = await makeUser(client, "ann");
    const group = await makeGroup(client, "G", { value: ann });
    const before = await read(client, `/Groups/${group}`);
    await patch(client, `/Users/${ann}`, { op: "replace", path: "title", value: "T" });
    await patch(client, `/Users/${ann}`, { op: "replace", path: "active", value: false });
    expect(await isFresh(client, `/Groups/${group}`, before)).toBe(true);
  });
});

describe("the entity tag of a user", () => {
  it("changes with the groups it is shown in, and lastModified does not", async () => {
    const client = await newClient();
    const ann = await makeUser(client, "ann");
    const at = `/Users/${ann}`;
    const bare = await read(client, at);
    expect(bare.tag).toBe('W/"1"');
    const group = await makeGroup(client, "G", { value: ann });
    const seen = [bare];
    const steps: (() => Promise<unknown>)[] = [
      async () => undefined,
      () => patch(client, `/Groups/${group}`, { op: "replace", path: "displayName", value: "H" }),
      () => makeGroup(client, "I", { value: ann }),
      () => client.send("DELETE", `/Groups/${group}`),
    ];
    for (const step of steps) {
      await step();
      for (const known of seen) expect(await isFresh(client, at, known)).toBe(false);
      const now = await read(client, at);
      expect(now.version).toBe(now.tag);
      expect(now.tag).toMatch(/^W\/"1\.[0-9a-z-]+"$/);
      expect(now.lastModified).toBe(bare.lastModified);
      expect(await isFresh(client, at, now)).toBe(true);
      seen.push(now);
    }
    expect(new Set(seen.map(({ tag }) => tag)).size).toBe(seen.length);
    await patch(client, `/Groups/${(await client.send("GET", at)).json.groups[0].value}`, {
      op: "remove",
      path: "members",
    });
    expect(await read(client, at)).toEqual(bare);
  });

  it("stays when a group of it changes in what the user does not show", async () => {
    const client = await newClient();
    const [ann, bob] = [await makeUser(client, "ann"), await makeUser(client, "bob")];
    const group = await makeGroup(client, "G", { value: ann });
    const before = await read(client, `/Users/${ann}`);
    await patch(client, `/Groups/${group}`, { op: "add", path: "members", value: [{ value: bob }] });
    await patch(client, `/Groups/${group}`, { op: "add", path: "externalId", value: "e" });
    expect(await isFresh(client, `/Users/${ann}`, before)).toBe(true);
  });

  it("is the same in every answer that shows the user whole: GET, HEAD, lists, searches, PUT, PATCH and Bulk", async () => {
    const client = await newClient();
    const ann = await makeUser(client, "ann");
    for (const name of ["G", "H", "I"]) await makeGroup(client, name, { value: ann });
    const at = `/Users/${ann}`;
    const first = await read(client, at);
    expect((await client.send("HEAD", at)).headers.get("etag")).toBe(first.tag);
    for (const path of ["/Users", '/Users?filter=userName+eq+"ann"', "/Users?sortBy=title", "/Users?cursor=&count=1"])
      expect((await client.send("GET", path)).json.Resources[0].meta.version, path).toBe(first.tag);
    const searched = await client.send("POST", "/Users/.search", { filter: "title pr or userName pr" });
    expect(searched.json.Resources[0].meta.version).toBe(first.tag);
    const all = (await client.send("GET", "/")).json.Resources;
    expect(all.find(({ id }: { id: string }) => id === ann).meta.version).toBe(first.tag);

    const patched = await patch(client, at, { op: "replace", path: "title", value: "T" });
    const put = await client.send("PUT", at, { userName: "ann", title: "S" });
    for (const answer of [patched, put]) expect(answer.headers.get("etag")).toBe(answer.json.meta.version);
    expect((await read(client, at)).tag).toBe(put.headers.get("etag"));
    expect(patched.headers.get("etag")).toMatch(/^W\/"2\./);
    const bulk = await client.send("POST", "/Bulk", {
      Operations: [{ method: "PATCH", path: at, data: { Operations: [{ op: "remove", path: "title" }] } }],
    });
    expect((await read(client, at)).tag).toBe(bulk.json.Operations[0].version);
  });

  it("has no digest where the groups are not shown", async () => {
    const client = await newClient();
    const ann = await makeUser(client, "ann");
    await makeGroup(client, "G", { value: ann });
    for (const query of ["excludedAttributes=groups", "attributes=userName,meta"]) {
      const answer = await client.send("GET", `/Users/${ann}?${query}`);
      expect([answer.headers.get("etag"), answer.json.meta.version]).toEqual(['W/"1"', 'W/"1"']);
      const [listed] = (await client.send("GET", `/Users?${query}`)).json.Resources;
      expect(listed.meta.version).toBe('W/"1"');
    }
    const op = { op: "replace", path: "title", value: "T" };
    const brief = await client.send("PATCH", `/Users/${ann}?attributes=title,meta`, { Operations: [op] });
    expect([brief.headers.get("etag"), brief.json.meta.version]).toEqual(['W/"2"', 'W/"2"']);
  });
});

describe("the entity tag of a user in a request", () => {
  it("lets a write go on whatever became of the groups, but not of the user (If-Match)", async () => {
    const client = await newClient();
    const ann = await makeUser(client, "ann");
    const group = await makeGroup(client, "G", { value: ann });
    const at = `/Users/${ann}`;
    const old = await read(client, at);
    await patch(client, `/Groups/${group}`, { op: "replace", path: "displayName", value: "H" });
    const write = (verb: string, ifMatch: string) => {
      const body = verb === "PUT" ? { userName: "ann", title: ifMatch } : undefined;
      const op = { op: "replace", path: "title", value: `by ${ifMatch}` };
      return client.send(verb, at, verb === "PATCH" ? { Operations: [op] } : body, { "if-match": ifMatch });
    };
    expect((await write("PATCH", old.tag)).status).toBe(200);
    for (const verb of ["PUT", "PATCH", "DELETE"]) expect((await write(verb, old.tag)).status, verb).toBe(412);
    const now = await read(client, at);
    expect((await write("PUT", `W/"99", ${now.tag}`)).status).toBe(200);
    const bulk = (version: string) =>
      client.send("POST", "/Bulk", { Operations: [{ method: "DELETE", path: at, version }] });
    expect((await bulk(now.tag)).json.Operations[0].status).toBe("412");
    await patch(client, `/Groups/${group}`, { op: "replace", path: "displayName", value: "I" });
    const { tag } = await read(client, at);
    await patch(client, `/Groups/${group}`, { op: "replace", path: "displayName", value: "J" });
    expect((await bulk(tag)).json.Operations[0].status).toBe("204");
  });

  it("holds a write back only while the whole of it is the present one (If-None-Match)", async () => {
    const client = await newClient();
    const ann = await makeUser(client, "ann");
    const group = await makeGroup(client, "G", { value: ann });
    const at = `/Users/${ann}`;
    const { tag } = await read(client, at);
    const write = () => client.send("PUT", at, { userName: "ann", title: "T" }, { "if-none-match": tag });
    expect((await write()).status).toBe(412);
    await patch(client, `/Groups/${group}`, { op: "replace", path: "displayName", value: "H" });
    expect((await write()).status).toBe(200);
  });

  it("is found by a filter as it is shown", async () => {
    const client = await newClient();
    const [ann, bob] = [await makeUser(client, "ann"), await makeUser(client, "bob")];
    await makeGroup(client, "G", { value: ann });
    await patch(client, `/Users/${bob}`, { op: "replace", path: "title", value: "T" });
    for (const id of [ann, bob]) {
      const { tag } = await read(client, `/Users/${id}`);
      const filter = encodeURIComponent(`meta.version eq ${JSON.stringify(tag)}`);
      const found = (await client.send("GET", `/Users?filter=${filter}`)).json.Resources;
      expect(found.map((resource: { id: string }) => resource.id)).toEqual([id]);
    }
  });
});
