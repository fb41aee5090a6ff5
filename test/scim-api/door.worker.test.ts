import { describe, expect, it } from "vitest";
import { mintCredential } from "../../src/settings/credential.ts";
import { call, errorOf, newClient, newSetting, operate } from "./scim-client.ts";

const ROUTES = [
  ["GET", "/Users"],
  ["POST", "/Users"],
  ["GET", "/Users/x"],
  ["PUT", "/Users/x"],
  ["PATCH", "/Users/x"],
  ["DELETE", "/Users/x"],
  ["GET", "/Groups"],
  ["POST", "/Groups"],
  ["GET", "/Groups/x"],
  ["PUT", "/Groups/x"],
  ["PATCH", "/Groups/x"],
  ["DELETE", "/Groups/x"],
  ["POST", "/.search"],
  ["POST", "/Users/.search"],
  ["POST", "/Groups/.search"],
  ["POST", "/Bulk"],
  ["GET", "/Schemas"],
  ["GET", "/ResourceTypes"],
  ["GET", "/"],
  ["GET", "/Me"],
  ["GET", "/Nowhere"],
] as const;

describe("authentication", () => {
  it("answers every route without a token, and with a wrong one, 401 in SCIM shape with a challenge", async () => {
    const unknown = (await mintCredential("token", { SESSION_SECRET: "another deployment, of 32 bytes or more" })).text;
    for (const [method, path] of ROUTES)
      for (const authorization of [undefined, "", "Bearer", "Bearer junk", `Bearer ${unknown}`, "Basic eDp5"]) {
        const answer = await call(
          method,
          `/scim/v2${path}`,
          undefined,
          authorization === undefined ? {} : { authorization },
        );
        expect(answer.status, `${method} ${path} ${authorization}`).toBe(401);
        expect(errorOf(answer).detail).toMatch(/token/);
        expect(answer.headers.get("www-authenticate")).toMatch(/^Bearer/);
        expect(answer.headers.get("x-request-id")).toMatch(/^[0-9a-f-]{36}$/);
      }
  });

  it("takes the scheme in any case, and a bare token", async () => {
    const client = await newClient();
    for (const authorization of [
      `Bearer ${client.token}`,
      `bearer ${client.token}`,
      `BEARER   ${client.token}`,
      client.token,
    ])
      expect((await call("GET", "/scim/v2/Users", undefined, { authorization })).status).toBe(200);
  });

  it("refuses a revoked token on the very next request, for reads and writes alike", async () => {
    const client = await newClient();
    expect((await client.send("GET", "/Users")).status).toBe(200);
    await operate(
      "DELETE",
      `/companies/${client.companyId}/scim-settings/${client.settingId}/tokens/${client.tokenId}`,
    );
    for (const [method, path, body] of [
      ["GET", "/Users", undefined],
      ["GET", "/", undefined],
      ["GET", "/Schemas", undefined],
      ["POST", "/Users", { userName: "late" }],
      ["DELETE", "/Users/0192f0aa-0000-7000-8000-000000000000", undefined],
    ] as const) {
      const answer = await client.send(method, path, body);
      expect(answer.status, `${method} ${path}`).toBe(401);
      errorOf(answer);
    }
  });

  it("answers 403 for a paused setting and changes nothing", async () => {
    const client = await newClient();
    const at = `/companies/${client.companyId}/scim-settings/${client.settingId}`;
    await operate("POST", `${at}/pause`);
    expect(errorOf(await client.send("POST", "/Users", { userName: "x" })).status).toBe("403");
    expect(errorOf(await client.send("GET", "/Users")).status).toBe("403");
    await operate("POST", `${at}/resume`);
    expect((await client.send("GET", "/Users")).json.totalResults).toBe(0);
  });

  it("shows a setting only its own people, in the same company and in another", async () => {
    const one = await newClient();
    const two = await newSetting(one.companyId);
    const other = await newClient();
    const user = (await one.send("POST", "/Users", { userName: "ann" })).json;
    for (const stranger of [two, other]) {
      expect((await stranger.send("GET", `/Users/${user.id}`)).status).toBe(404);
      expect((await stranger.send("PUT", `/Users/${user.id}`, { userName: "eve" })).status).toBe(404);
      expect((await stranger.send("DELETE", `/Users/${user.id}`)).status).toBe(404);
      expect((await stranger.send("GET", `/Users?filter=id+eq+"${user.id}"`)).json.totalResults).toBe(0);
      expect((await stranger.send("POST", "/Users", { userName: "ann" })).status).toBe(201);
    }
    expect((await one.send("GET", `/Users/${user.id}`)).json.userName).toBe("ann");
  });
});

describe("what is sent", () => {
  it("takes application/scim+json and application/json with parameters, and no media type at all", async () => {
    const client = await newClient();
    const types = [
      "application/scim+json",
      "application/json",
      "application/scim+json; charset=utf-8",
      "Application/JSON;charset=UTF-8",
    ];
    for (const [index, type] of types.entries())
      expect((await client.send("POST", "/Users", { userName: `u${index}` }, { "content-type": type })).status).toBe(
        201,
      );
    const bytes = new TextEncoder().encode('{"userName":"bare"}');
    expect((await call("POST", "/scim/v2/Users", bytes, { authorization: client.token })).status).toBe(201);
  });

  it("answers 415 for another media type", async () => {
    const client = await newClient();
    for (const type of ["text/plain", "application/x-www-form-urlencoded", "application/xml"]) {
      const answer = await client.send("POST", "/Users", { userName: "x" }, { "content-type": type });
      expect(answer.status).toBe(415);
      expect(errorOf(answer).detail).toContain(type);
    }
  });

  it("answers 400 invalidSyntax for what is not a JSON object in UTF-8", async () => {
    const client = await newClient();
    const bodies = [
      "{",
      "",
      "[]",
      '"x"',
      "null",
      new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x7d]),
      '{"userName":"a\\u0000b"}',
    ];
    for (const body of bodies) {
      const answer = await client.send("POST", "/Users", body);
      expect(answer.status).toBe(400);
      expect(errorOf(answer).scimType).toBe("invalidSyntax");
    }
  });

  it("answers 413 for a body over 8 MB, announced or not", async () => {
    const client = await newClient();
    const large = `{"userName":"x","title":"${"a".repeat(8 * 1024 * 1024)}"}`;
    expect(errorOf(await client.send("POST", "/Users", large)).status).toBe("413");
  });

  it("refuses names that reach a prototype and survives hostile shapes", async () => {
    const client = await newClient();
    for (const body of [
      '{"userName":"x","__proto__":{"a":1}}',
      `{"userName":${"[".repeat(500)}${"]".repeat(500)}}`,
      '{"userName":{"constructor":1}}',
    ]) {
      const answer = await client.send("POST", "/Users", body);
      expect(answer.status).toBe(400);
      errorOf(answer);
    }
    const deep = `${"(".repeat(500)}userName pr${")".repeat(500)}`;
    const long = Array.from({ length: 10_000 }, () => "userName pr").join(" or ");
    for (const filter of [
      deep,
      long,
      "userName eq",
      'foo eq "x"',
      'userName zz "x"',
      'password eq "x"',
      'userName eq "\\u0000"',
    ]) {
      const answer = await client.send("POST", "/Users/.search", { filter });
      expect(answer.status).toBe(400);
      expect(errorOf(answer).scimType).toBe("invalidFilter");
    }
  });
});

describe("addresses", () => {
  it("takes trailing and double slashes, trailing ? and &, and unknown parameters without a redirect", async () => {
    const client = await newClient();
    for (const path of [
      "/Users/",
      "//Users",
      "/Users?",
      "/Users?&",
      "/Users/?aadOptscim062020&count=1",
      "///Users///?x=1",
    ])
      expect((await client.send("GET", path)).status, path).toBe(200);
    const user = (await client.send("POST", "/Users/", { userName: "slash" })).json;
    expect((await client.send("PUT", `/Users/${user.id}?`, { userName: "slash" })).status).toBe(200);
    expect((await client.send("GET", `//Users//${user.id}/`)).json.meta.location).toBe(
      `https://rollcall.test/scim/v2/Users/${user.id}`,
    );
  });

  it("answers 405 with Allow for a wrong method and 404 for an unknown path", async () => {
    const client = await newClient();
    for (const [method, path, allow] of [
      ["DELETE", "/Users", "GET, POST"],
      ["POST", "/Users/0192f0aa-0000-7000-8000-000000000000", "GET, PUT, PATCH, DELETE"],
      ["GET", "/Users/.search", "POST"],
      ["GET", "/Bulk", "POST"],
      ["POST", "/Schemas", "GET"],
      ["PUT", "/ServiceProviderConfig", "GET"],
      ["POST", "/", "GET"],
    ] as const) {
      const answer = await client.send(method, path);
      expect(answer.status, `${method} ${path}`).toBe(405);
      expect(answer.headers.get("allow")).toBe(allow);
      errorOf(answer);
    }
    expect(errorOf(await client.send("GET", "/Users/x/y")).status).toBe("404");
    for (const method of ["GET", "PATCH", "POST"]) expect(errorOf(await client.send(method, "/Me")).status).toBe("501");
  });
});

describe("discovery", () => {
  it("publishes ServiceProviderConfig to anybody, but refuses a wrong token there", async () => {
    const open = await call("GET", "/scim/v2/ServiceProviderConfig");
    expect(open.status).toBe(200);
    expect(open.json).toMatchObject({
      patch: { supported: true },
      bulk: { maxOperations: 1000, maxPayloadSize: 8388608 },
    });
    expect(
      (await call("GET", "/scim/v2/ServiceProviderConfig", undefined, { authorization: "Bearer no" })).status,
    ).toBe(401);
  });

  it("lists ResourceTypes and Schemas, gives single ones, and refuses a filter on them with 403", async () => {
    const client = await newClient();
    for (const path of ["/ResourceTypes", "/Schemas"]) {
      const { json } = await client.send("GET", path);
      expect(json.totalResults).toBe(json.Resources.length);
      for (const { id } of json.Resources) expect((await client.send("GET", `${path}/${id}`)).json.id).toBe(id);
      expect(errorOf(await client.send("GET", `${path}?filter=id+eq+"x"`)).status).toBe("403");
      expect(errorOf(await client.send("GET", `${path}/nope`)).status).toBe("404");
    }
  });

  it("publishes the extensions that the setting's field mapping names, and filters by them", async () => {
    const company = (await operate("POST", "/companies", { name: "Acme" })).json.id;
    await operate("POST", `/companies/${company}/fields`, { key: "site", label: "Site", type: "text" });
    const urn = "urn:example:acme:2.0:User";
    const client = await newSetting(company, { fieldMappings: [{ field: "site", path: `${urn}:site` }] });
    const schemas = (await client.send("GET", "/Schemas")).json.Resources.map(({ id }: { id: string }) => id);
    expect(schemas).toContain(urn);
    await client.send("POST", "/Users", { userName: "a", [urn]: { site: "Rome" } });
    await client.send("POST", "/Users", { userName: "b", [urn]: { site: "Oslo" } });
    const found = await client.send("GET", `/Users?filter=${encodeURIComponent(`${urn}:site eq "rome"`)}`);
    expect(found.json.Resources.map(({ userName }: { userName: string }) => userName)).toEqual(["a"]);
    // Whether a field is mapped to it makes no difference but for /Schemas.
    const stranger = await newClient();
    await stranger.send("POST", "/Users", { userName: "c", [urn]: { site: "Rome" } });
    const same = await stranger.send("GET", `/Users?filter=${encodeURIComponent(`${urn}:site eq "rome"`)}`);
    expect(same.json.totalResults).toBe(1);
  });
});
