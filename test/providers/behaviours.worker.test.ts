import { env } from "cloudflare:workers";
import { describe, expect } from "vitest";
import type { JsonObject } from "../../src/scim/json.ts";
import { inflated } from "../log/every-request.ts";
import { costOfD1 } from "../tools/d1-cost.ts";
import { fillWithUsers } from "./crowd.ts";
import { row } from "./row.ts";
import { callApi, callScim, connect, pick, readText } from "./world.ts";

const USERS = "/Users";
function patchOf(...Operations: Record<string, unknown>[]) {
  return JSON.stringify({ schemas: ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], Operations });
}

describe("connection tests", () => {
  row(5, async () => {
    const connection = await connect({ provider: "okta" });
    await callScim(connection, "GET", "/Groups");
    let answer: unknown;
    const cost = await costOfD1(async () => {
      answer = await callScim(connection, "GET", "/Groups?startIndex=1&count=100");
    });
    // One trip, and hardly a row: milliseconds.
    expect(cost.trips).toBe(1);
    expect(cost.rowsRead).toBeLessThan(20);
    expect(answer).toMatchObject({ status: 200, body: { totalResults: 0, Resources: [] } });
  });

  row(9, async () => {
    const connection = await connect({ provider: "entra" });
    const config = await callScim(connection, "GET", "/ServiceProviderConfig");
    expect(config).toMatchObject({ status: 200, body: { patch: { supported: true }, filter: { supported: true } } });
    const types = await callScim(connection, "GET", "/ResourceTypes");
    const schemas = await callScim(connection, "GET", "/Schemas");
    for (const answer of [types, schemas])
      expect(answer.body.schemas).toEqual(["urn:ietf:params:scim:api:messages:2.0:ListResponse"]);
    for (const { text } of [config, types, schemas]) expect(text).not.toContain("null");
    const user = "Resources.[name=User].attributes";
    expect(pick(schemas.body, `${user}.[name=active].type`)).toBe("boolean");
    expect(pick(schemas.body, `${user}.[name=emails].subAttributes.[name=value].type`)).toBe("string");
    expect(pick(schemas.body, `${user}.[name=emails].subAttributes.[name=display]`)).toBeUndefined();
  });

  row(12, async () => {
    const connection = await connect();
    for (const scheme of ["bearer", "BEARER", "Bearer"]) {
      const answer = await callScim(connection, "GET", USERS, undefined, {
        Authorization: `${scheme} ${connection.token}`,
      });
      expect(answer.status, scheme).toBe(200);
    }
  });

  row(13, async () => {
    const connection = await connect({ provider: "okta" });
    const headers = { Authorization: connection.token };
    expect((await callScim(connection, "GET", USERS, undefined, headers)).status).toBe(200);
    expect((await callScim(connection, "POST", USERS, { userName: "ada" }, headers)).status).toBe(201);
  });

  row(163, async () => {
    const connection = await connect();
    const longAgo = Date.now() - 800 * 24 * 3_600_000;
    await env.DB.prepare(
      "UPDATE tokens SET created_at = ? WHERE setting_key = (SELECT setting_key FROM scim_settings WHERE id = ?)",
    )
      .bind(longAgo, connection.settingId)
      .run();
    expect((await callScim(connection, "GET", USERS)).status).toBe(200);
    const tokens = `/companies/${connection.companyId}/scim-settings/${connection.settingId}/tokens`;
    const id = readText(await callApi("GET", tokens), "items.0.id");
    expect((await callApi("DELETE", `${tokens}/${id}`)).status).toBe(204);
    expect((await callScim(connection, "GET", USERS)).status).toBe(401);
  });
});

describe("users", () => {
  row(48, async () => {
    const connection = await connect({ provider: "okta" });
    const password = "9qz-hidden-4t";
    const body = {
      schemas: ["urn:ietf:params:scim:schemas:core:2.0:User"],
      userName: "per.lund@northwind.example",
      name: { givenName: "Per", familyName: "Lund" },
      emails: [{ primary: true, value: "per.lund@northwind.example", type: "work" }],
      displayName: "Per Lund",
      locale: "en-US",
      externalId: "00u7k29u0le5T6Aj10h7",
      groups: [],
      password,
      active: true,
    };
    const made = await callScim(connection, "POST", USERS, body);
    const { password: _secret, groups: _readOnly, ...kept } = body;
    expect(made).toMatchObject({ status: 201, body: kept });
    const id = readText(made, "id");
    await callScim(connection, "PATCH", `${USERS}/${id}`, patchOf({ op: "replace", value: { password } }));
    await callScim(
      connection,
      "PATCH",
      `${USERS}/${id}`,
      patchOf({ op: "replace", path: "password", value: password }),
    );
    expect((await callScim(connection, "GET", `${USERS}/${id}`)).text).not.toContain(password);
    const log = await callApi("GET", `/companies/${connection.companyId}/scim-settings/${connection.settingId}/log`);
    const entries = Array.isArray(log.body.items) ? log.body.items : [];
    expect(entries.length).toBeGreaterThanOrEqual(3);
    for (const entry of entries) {
      const full = await callApi("GET", `/companies/${connection.companyId}/log/${String(pick(entry, "id"))}`);
      expect(full).toMatchObject({ status: 200 });
      expect(full.text).not.toContain(password);
    }
    for (const table of ["users", "changes", "request_log"]) {
      const { results } = await env.DB.prepare(`SELECT * FROM ${table}`).all();
      expect(JSON.stringify(results.map(inflated)), table).not.toContain(password);
    }
  });

  row(149, async () => {
    const connection = await connect({ provider: "okta" });
    await fillWithUsers(connection, 250);
    const seen: unknown[] = [];
    for (const start of [1, 101, 201, 301]) {
      const page = await callScim(connection, "GET", `${USERS}?count=100&startIndex=${start}`);
      expect(page.body).toMatchObject({ totalResults: 250, startIndex: start });
      const resources = Array.isArray(page.body.Resources) ? page.body.Resources : [];
      seen.push(...resources.map((resource) => pick(resource, "id")));
    }
    expect(new Set(seen).size).toBe(250);
    expect(seen).toHaveLength(250);
  });

  row(162, async () => {
    const connection = await connect();
    const id = readText(await callScim(connection, "POST", USERS, { userName: "ada" }), "id");
    for (const active of [false, true, false, true, false]) {
      await callScim(connection, "PATCH", `${USERS}/${id}`, patchOf({ op: "replace", value: { active } }));
      const readings = await Promise.all([1, 2, 3].map(() => callScim(connection, "GET", `${USERS}/${id}`)));
      for (const { body } of readings) expect(body.active).toBe(active);
    }
  });

  row(203, async () => {
    const connection = await connect({ provider: "keycloak" });
    const people = await Promise.all(
      Array.from({ length: 130 }, async (_, n) =>
        readText(await callScim(connection, "POST", USERS, { userName: `user${n}`, externalId: `kc-${n}` }), "id"),
      ),
    );
    const group = readText(await callScim(connection, "POST", "/Groups", { displayName: "Crew" }), "id");
    const change = async (operationOf: (id: string) => JsonObject) => {
      const answer = await callScim(connection, "PATCH", `/Groups/${group}`, patchOf(...people.map(operationOf)));
      expect(answer.status).toBe(204);
      const { members } = (await callScim(connection, "GET", `/Groups/${group}`)).body;
      return (Array.isArray(members) ? members : []).map((member) => String(pick(member, "value"))).sort();
    };
    const added = await change((value) => ({ op: "add", path: "members", value: [{ value, $ref: `Users/${value}` }] }));
    expect(added).toEqual([...people].sort());
    expect(await change((value) => ({ op: "remove", path: `members[value eq "${value}"]` }))).toEqual([]);
  });
});
