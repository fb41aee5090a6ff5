import { beforeAll, describe, expect, it } from "vitest";
import { errorOf, newClient, type ScimClient } from "./scim-client.ts";

/** The look-ups that identity providers are known to send, byte for byte in their query strings. */
describe("look-ups of identity providers", () => {
  let client: ScimClient;
  let id = "";
  let managerId = "";

  beforeAll(async () => {
    client = await newClient();
    managerId = (await client.send("POST", "/Users", { userName: "boss" })).json.id;
    const user = {
      userName: "A.B@c.example",
      externalId: "jyoung",
      active: false,
      emails: [{ type: "work", value: "U@c.example" }],
      manager: managerId,
    };
    id = (await client.send("POST", "/Users", user)).json.id;
    await client.send("POST", "/Users", { userName: "A.B@c.example_1" });
  });

  const found = async (query: string): Promise<string[]> => {
    const { status, json } = await client.send("GET", `/Users?${query}`);
    expect(status).toBe(200);
    expect(json.totalResults).toBe(json.Resources.length);
    return json.Resources.map((user: { id: string }) => user.id);
  };

  it("finds nothing for a probe, and says so with an empty list, never 404", async () => {
    for (const query of [
      "filter=userName+eq+%227d420df3-9995-4831-a406-ecf8166f5f6a%22",
      "filter=externalId+eq+%227d420df3%22",
      "filter=emails%5Btype%20eq%20%22work%22%5D.value%20eq%20%22a%40b.c%22",
      "filter=userName+eq+%22no-such%22&",
    ])
      expect(await found(query)).toEqual([]);
    expect((await client.send("GET", "/Groups")).json).toMatchObject({ totalResults: 0, Resources: [] });
  });

  it("finds a user by userName in any case, exactly, encoded either way, though inactive", async () => {
    for (const query of [
      "filter=userName+eq+%22a.b%40c.example%22",
      "filter=userName%20eq%20%22A.B%40C.EXAMPLE%22&startIndex=1&count=100",
      "aadOptscim062020&filter=USERNAME%20EQ%20%22a.b%40c.example%22",
    ])
      expect(await found(query)).toEqual([id]);
  });

  it("finds by externalId with case, by work e-mail without, and takes values without quotes", async () => {
    expect(await found("filter=externalId eq jyoung")).toEqual([id]);
    expect(await found('filter=externalId eq "JYoung"')).toEqual([]);
    expect(await found('filter=emails[type eq "work"].value eq "u@C.example"')).toEqual([id]);
    expect(await found('filter=emails[type eq "home"].value eq "u@c.example"')).toEqual([]);
    expect(await found(`filter=id eq ${id} and manager eq ${managerId}&attributes=id`)).toEqual([id]);
    expect(await found(`filter=id eq ${managerId} and manager eq ${managerId}&attributes=id`)).toEqual([]);
  });

  it("refuses a filter it cannot read with 400 invalidFilter, never all rows", async () => {
    for (const filter of ['foo eq "x"', "userName", 'userName eq "x', 'userName eq "x" and'])
      expect(errorOf(await client.send("GET", `/Users?filter=${encodeURIComponent(filter)}`)).scimType).toBe(
        "invalidFilter",
      );
  });
});
