import { describe, expect, it } from "vitest";
import { errorOf, newClient } from "./scim-client.ts";

/** What the tests read of a resource of either type. */
interface Resource {
  id: string;
  meta: { resourceType: string };
}

describe("a GET of the tenant URL (RFC 7644 section 3.4.2.1)", () => {
  it("lists the resources of all types, with and without a slash or flags of a client", async () => {
    const client = await newClient();
    const ann = (await client.send("POST", "/Users", { userName: "ann" })).json;
    const group = (await client.send("POST", "/Groups", { displayName: "G", members: [{ value: ann.id }] })).json;
    for (const path of ["", "/", "/?aadOptscim062020", "/?filter="]) {
      const { status, json } = await client.send("GET", path);
      expect([status, json.schemas]).toEqual([200, ["urn:ietf:params:scim:api:messages:2.0:ListResponse"]]);
      expect(json).toMatchObject({ totalResults: 2, startIndex: 1, itemsPerPage: 2 });
      const found = new Map((json.Resources as Resource[]).map((resource) => [resource.id, resource]));
      expect(found.get(ann.id)).toEqual((await client.send("GET", `/Users/${ann.id}`)).json);
      expect(found.get(group.id)).toEqual(group);
    }
  });

  it("answers an empty ListResponse where there is nothing yet", async () => {
    const client = await newClient();
    const { json } = await client.send("GET", "/");
    expect(json).toMatchObject({ totalResults: 0, startIndex: 1, itemsPerPage: 0, Resources: [] });
  });

  it("is paged by index and by cursor, sorted and projected as every list", async () => {
    const client = await newClient();
    for (const userName of ["ann", "bob", "cid"]) await client.send("POST", "/Users", { userName });
    for (const displayName of ["G", "H"]) await client.send("POST", "/Groups", { displayName });
    const byIndex: Resource[] = [];
    for (const start of [1, 3, 5]) {
      const { json } = await client.send("GET", `/?startIndex=${start}&count=2`);
      expect(json).toMatchObject({ totalResults: 5, startIndex: start });
      byIndex.push(...json.Resources);
    }
    const byCursor: Resource[] = [];
    for (let cursor: string | undefined = ""; cursor !== undefined; ) {
      const { json } = await client.send("GET", `/?count=2&cursor=${cursor}`);
      expect(json.totalResults).toBe(5);
      byCursor.push(...json.Resources);
      cursor = json.nextCursor;
    }
    const types = byIndex.map(({ meta }) => meta.resourceType).sort();
    expect(types).toEqual(["Group", "Group", "User", "User", "User"]);
    expect(new Set(byIndex.map(({ id }) => id)).size).toBe(5);
    expect(byCursor).toEqual(byIndex);
    const [first] = (await client.send("GET", "/?sortBy=id&sortOrder=descending&attributes=id")).json.Resources;
    expect(Object.keys(first).sort()).toEqual(["id", "schemas"]);
    expect(first.id).toBe(
      byIndex
        .map(({ id }) => id)
        .sort()
        .at(-1),
    );
  });

  it("shows a setting nothing of another one, and refuses what any list refuses", async () => {
    const client = await newClient();
    const stranger = await newClient();
    await stranger.send("POST", "/Users", { userName: "eve" });
    expect((await client.send("GET", "/")).json.totalResults).toBe(0);
    expect(errorOf(await client.send("GET", "/?count=many")).scimType).toBe("invalidValue");
    expect(errorOf(await client.send("GET", "/?filter=nothing+eq+1")).scimType).toBe("invalidFilter");
    expect(errorOf(await client.send("DELETE", "/")).status).toBe("405");
  });
});
