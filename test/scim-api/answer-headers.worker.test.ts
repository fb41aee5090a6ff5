import { beforeAll, describe, expect, it } from "vitest";
import { newClient, type ScimAnswer, type ScimClient } from "./scim-client.ts";

describe("the headers of an answer", () => {
  let client: ScimClient;
  let ann: string;
  let group: string;

  beforeAll(async () => {
    client = await newClient();
    ann = (await client.send("POST", "/Users", { userName: "ann" })).json.id;
    group = (await client.send("POST", "/Groups", { displayName: "G" })).json.id;
  });

  function expectLocated(answer: ScimAnswer): void {
    expect(answer.status).toBeLessThan(300);
    expect(answer.json.meta.location).toMatch(/^https:\/\/rollcall\.test\/scim\/v2\/[A-Z]/);
    expect(answer.headers.get("content-location")).toBe(answer.json.meta.location);
  }

  it("name the resource's location in Content-Location wherever a resource is answered (RFC 7643 section 3.1)", async () => {
    const title = { Operations: [{ op: "replace", path: "title", value: "T" }] };
    const rename = { Operations: [{ op: "replace", path: "displayName", value: "H" }] };
    expectLocated(await client.send("POST", "/Users", { userName: "bob" }));
    expectLocated(await client.send("GET", `/Users/${ann}`));
    expectLocated(await client.send("PUT", `/Users/${ann}`, { userName: "ann", title: "S" }));
    expectLocated(await client.send("PATCH", `/Users/${ann}`, title));
    expectLocated(await client.send("POST", "/Groups", { displayName: "I" }));
    expectLocated(await client.send("GET", `/Groups/${group}`));
    expectLocated(await client.send("PUT", `/Groups/${group}`, { displayName: "G", members: [{ value: ann }] }));
    expectLocated(await client.send("PATCH", `/Groups/${group}?attributes=displayName,meta`, rename));
  });

  it("name it for every document of discovery", async () => {
    expectLocated(await client.send("GET", "/ServiceProviderConfig"));
    for (const path of ["/ResourceTypes", "/Schemas"])
      for (const { id } of (await client.send("GET", path)).json.Resources)
        expectLocated(await client.send("GET", `${path}/${id}`));
  });

  it("name it in a HEAD and in a 304 as in the GET that they stand for, and in no list, 204 or refusal", async () => {
    const read = await client.send("GET", `/Users/${ann}`);
    const location = read.json.meta.location;
    expect((await client.send("HEAD", `/Users/${ann}`)).headers.get("content-location")).toBe(location);
    const known = { "if-none-match": read.headers.get("etag") ?? "" };
    const unchanged = await client.send("GET", `/Users/${ann}`, undefined, known);
    expect([unchanged.status, unchanged.headers.get("content-location")]).toEqual([304, location]);
    const others = [
      await client.send("GET", "/Users"),
      await client.send("PATCH", `/Groups/${group}`, { Operations: [{ op: "remove", path: "members" }] }),
      await client.send("POST", "/Users", { userName: "ann" }),
      await client.send("GET", "/Users/nobody"),
    ];
    expect(others.map(({ status }) => status)).toEqual([200, 204, 409, 404]);
    for (const { headers } of others) expect(headers.get("content-location")).toBeNull();
  });

  it("say application/scim+json on an answer without a body too: client SDKs judge a 204 by it", async () => {
    const bob = (await client.send("POST", "/Users", { userName: "bo" })).json.id;
    const add = { Operations: [{ op: "add", path: "members", value: [{ value: bob }] }] };
    for (const answer of [
      await client.send("PATCH", `/Groups/${group}`, add),
      await client.send("PATCH", `/Groups/${group}`, add),
      await client.send("DELETE", `/Users/${bob}`),
      await client.send("DELETE", `/Groups/${(await client.send("POST", "/Groups", { displayName: "J" })).json.id}`),
    ])
      expect([answer.status, answer.text, answer.headers.get("content-type")]).toEqual([
        204,
        "",
        "application/scim+json",
      ]);
  });
});
