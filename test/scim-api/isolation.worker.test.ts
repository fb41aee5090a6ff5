import { env } from "cloudflare:workers";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { scimApi } from "../../src/scim-api/scim-api.ts";
import { mintCredential } from "../../src/settings/credential.ts";
import { must, type PopulatedCompany, populate } from "../safety/populated-company.ts";
import { digestCompany } from "../safety/state-digest.ts";
import { call, errorOf, newClient, newSetting, operate, type ScimClient } from "./scim-client.ts";

const UNKNOWN = "0192f0aa-0000-7000-8000-000000000000";
const PATCH = { Operations: [{ op: "replace", path: "displayName", value: "Changed" }] };
/** Queries by POST; those of one type are no routes of their own. */
const QUERIES: Record<string, unknown> = { "/.search": {}, "/Users/.search": {}, "/Groups/.search": {} };

interface Route {
  method: string;
  path: string;
}

/** The door's routes from Hono's own table; of the catch-alls only those that have a handler of their own. */
const ROUTES: Route[] = [
  ...new Set([
    ...scimApi()
      .routes.filter(({ method, path }) => method !== "ALL" && path !== "/*")
      .map(({ method, path }) => `${method} ${path}`),
    ...Object.keys(QUERIES).map((path) => `POST ${path}`),
  ]),
].map((route) => ({ method: route.split(" ")[0] ?? "", path: route.split(" ")[1] ?? "" }));

/** Requests that are wrong in themselves, and found so without a look at the company. */
const FAULTY: [method: string, path: string, body?: unknown][] = [
  ["GET", "/Nowhere"],
  ["DELETE", "/Users"],
  ["POST", "/Users", "{"],
  ["POST", "/Users", { userName: "" }],
  ["GET", "/Users?filter=nothing"],
  ["GET", "/Users?count=x"],
  ["GET", "/Users?cursor=x"],
  ["GET", "/Schemas?filter=x"],
  ["GET", "/Users/no-id"],
  ["PATCH", "/Users/:id", { Operations: [{ op: "swap" }] }],
  ["POST", "/Bulk", { Operations: [] }],
  ["POST", "/.search", { filter: "(" }],
  ["GET", "/Me"],
];

function bodyOf({ method, path }: Route): unknown {
  if (method === "GET" || method === "DELETE") return undefined;
  if (path === "/Bulk")
    return { Operations: [{ method: "POST", path: "/Users", bulkId: "a", data: { userName: "bulk" } }] };
  if (path in QUERIES) return QUERIES[path];
  if (method === "PATCH") return PATCH;
  return path.startsWith("/Users") ? { userName: "intruder" } : { displayName: "Intruders" };
}

function send(route: Route, id: string, authorization: string | undefined) {
  const body = bodyOf(route);
  return call(route.method, `/scim/v2${route.path.replace(":id", id)}`, body, {
    ...(authorization === undefined ? {} : { authorization }),
    ...(body === undefined ? {} : { "content-type": "application/scim+json" }),
  });
}

function tokenAt(client: ScimClient): string {
  return `/companies/${client.companyId}/scim-settings/${client.settingId}`;
}

let b: PopulatedCompany;
let digest: string;

afterEach(() => {
  vi.useRealTimers();
});

beforeAll(async () => {
  b = await populate("bravo");
  digest = await digestCompany(b.companyId);
});

describe("every route of the SCIM door", () => {
  it("is in the table that these tests are made from", () => {
    expect(ROUTES.length).toBeGreaterThanOrEqual(20);
    expect(ROUTES).toContainEqual({ method: "PATCH", path: "/Groups/:id" });
  });

  const openWithoutToken = (route: Route) => route.path === "/ServiceProviderConfig";

  it("answers 401 without a credential and with a wrong one, and says nothing of the company", async () => {
    const made = (await mintCredential("token", { SESSION_SECRET: "another deployment, of 32 bytes or more" })).text;
    const [, id = "", , seal = ""] = b.client.token.split("_");
    const hash = JSON.parse((await env.TOKENS.get(`token:${id}`)) ?? "{}").hash;
    const wrong = [
      undefined,
      "",
      "Bearer x",
      `Bearer ${made}`,
      `Bearer ${b.client.token.slice(0, -1)}`,
      `Bearer rcl_${id}_${hash}_${seal}`,
      `Basic ${btoa(`x:${b.client.token}`)}`,
    ];
    for (const route of ROUTES)
      for (const authorization of wrong) {
        if ((authorization ?? "") === "" && openWithoutToken(route)) continue;
        const answer = await send(route, b.userId, authorization);
        expect(answer.status, `${route.method} ${route.path} ${authorization}`).toBe(401);
        expect(answer.text).not.toContain("bravo");
        errorOf(answer);
      }
    expect(await digestCompany(b.companyId)).toBe(digest);
  });

  const dead: [string, number, (client: ScimClient) => Promise<unknown>][] = [
    ["a revoked token", 401, (client) => operate("DELETE", `${tokenAt(client)}/tokens/${client.tokenId}`)],
    ["a paused setting", 403, (client) => operate("POST", `${tokenAt(client)}/pause`)],
    ["a deleted setting", 401, (client) => operate("DELETE", tokenAt(client))],
    ["a deleted company", 401, (client) => operate("DELETE", `/companies/${client.companyId}`)],
  ];
  for (const [what, status, kill] of dead)
    it(`answers ${status} to ${what} at once, whatever the caches hold, and changes nothing`, async () => {
      const client = await newClient();
      const user = must(await client.send("POST", "/Users", { userName: "kept" }), 201);
      await kill(client);
      const before = await digestCompany(client.companyId);
      for (const route of ROUTES) {
        const answer = await send(route, user.id, `Bearer ${client.token}`);
        expect(answer.status, `${route.method} ${route.path}: ${answer.text}`).toBe(status);
        errorOf(answer);
      }
      for (const [method, path, body] of FAULTY) {
        const answer = await client.send(method, path.replace(":id", user.id), body);
        expect(answer.status, `${method} ${path}: ${answer.text}`).toBe(status);
      }
      expect(await digestCompany(client.companyId)).toBe(before);
    });

  it("answers 401 to a token from the moment it expires", async () => {
    const client = await newClient();
    const expiry = Date.now() + 60_000;
    const expiresAt = new Date(expiry).toISOString();
    const { secret } = must(await operate("POST", `${tokenAt(client)}/tokens`, { expiresAt }), 201);
    const user = must(await client.send("POST", "/Users", { userName: "kept" }), 201);
    expect((await call("GET", "/scim/v2/Users", undefined, { authorization: secret })).status).toBe(200);
    vi.setSystemTime(expiry);
    const before = await digestCompany(client.companyId);
    for (const route of ROUTES) {
      const answer = await send(route, user.id, `Bearer ${secret}`);
      expect(answer.status, `${route.method} ${route.path}: ${answer.text}`).toBe(401);
    }
    expect(await digestCompany(client.companyId)).toBe(before);
  });

  it("answers another company's and another setting's ids as if they did not exist", async () => {
    const stranger = await newClient();
    const sibling = await newSetting(b.companyId);
    for (const client of [stranger, sibling])
      for (const route of ROUTES.filter(({ path }) => path.includes(":id"))) {
        const own = route.path.startsWith("/Groups") ? b.scimGroupId : b.userId;
        const foreign = await send(route, own, `Bearer ${client.token}`);
        const absent = await send(route, UNKNOWN, `Bearer ${client.token}`);
        expect(foreign.status, `${route.method} ${route.path}`).toBe(404);
        expect(foreign.text.replaceAll(own, "ID")).toBe(absent.text.replaceAll(UNKNOWN, "ID"));
      }
    for (const route of ROUTES) {
      const answer = await send(route, UNKNOWN, `Bearer ${stranger.token}`);
      expect(answer.text, `${route.method} ${route.path}`).not.toContain("bravo");
    }
    const before = JSON.parse(digest).filter(([table]: [string]) => table === "users");
    expect(JSON.parse(await digestCompany(b.companyId)).filter(([table]: [string]) => table === "users")).toEqual(
      before,
    );
  });
});
