import fc from "fast-check";
import { consoleApp } from "../../src/console/console.tsx";
import { managementApi } from "../../src/management-api/management-api.ts";
import { listRoutes } from "../../src/management-api/unrouted.ts";
import { scimApi } from "../../src/scim-api/scim-api.ts";
import type { PopulatedCompany } from "../safety/populated-company.ts";
import { bodyFor, nastyFilter, nastyJson, nastyText } from "./bodies.ts";

/** One request of a fuzzing run, as text all through, so that a failure can be read and sent again. */
export interface FuzzRequest {
  method: string;
  path: string;
  headers: [string, string][];
  body: string | undefined;
}

type Door = "scim" | "api" | "console";
interface Route {
  door: Door;
  method: string;
  path: string;
}

const BASES: Record<Door, string> = { scim: "/scim/v2", api: "/api/v1", console: "/console" };

function routesOf(door: Door, routes: readonly { method: string; path: string }[]): Route[] {
  const named = routes.filter(({ method, path }) => method !== "ALL" && !path.endsWith("*"));
  return [...new Set(named.map(({ method, path }) => `${method} ${path}`))].map((route) => {
    const [method = "", path = ""] = route.split(" ");
    return { door, method, path };
  });
}

/** Every route of the three doors, from their own tables. */
export const ROUTES: readonly Route[] = [
  ...routesOf("scim", scimApi().routes),
  // The searches of one type are no routes of their own.
  ...["/Users/.search", "/Groups/.search"].map((path): Route => ({ door: "scim", method: "POST", path })),
  ...routesOf("api", listRoutes(managementApi().routes)),
  ...routesOf("console", consoleApp().routes),
];

/** Routes that would end the company, the setting, the token or the session that all further requests are made with, by their parameter. */
const ENDS = /\/(delete|pause|revoke|end)$/;

function idsOf(company: PopulatedCompany): Record<string, string> {
  return {
    id: company.userId,
    companyId: company.companyId,
    settingId: company.settingId,
    tokenId: company.tokenId,
    userId: company.userId,
    groupId: company.targetGroupId,
    webhookId: company.webhookId,
    requestId: company.requestId,
    deliveryId: company.changeId,
    enrolmentId: company.enrolmentId,
    fieldKey: company.fieldKey,
  };
}

/** Parts of a path: what is there, mostly; else what is not. A fetch could not send `.` or `..` as they are. */
function pathFor(route: Route, company: PopulatedCompany): fc.Arbitrary<string> {
  const ids = { ...idsOf(company), ...(route.path.startsWith("/Groups") ? { id: company.scimGroupId } : {}) };
  const isEnd = route.method === "DELETE" || ENDS.test(route.path);
  const part = (name: string) => {
    const real = fc.constant((ids as Record<string, string>)[name] ?? "x");
    // The last parameter of a request that would end something never names what is there.
    return fc.oneof({ weight: isEnd ? 0 : 5, arbitrary: real }, { weight: 1, arbitrary: nastyText.map(encodePart) });
  };
  const parts = route.path.split("/").map((text) => {
    const name = /^[:{](\w+)\}?$/.exec(text)?.[1];
    if (name === undefined) return fc.constant(text);
    return name === "companyId" && !route.path.endsWith(text) ? fc.constant(company.companyId) : part(name);
  });
  return fc.tuple(...parts).map((texts) => `${BASES[route.door]}${texts.join("/")}`);
}

function encodePart(text: string): string {
  const encoded = encodeURIComponent(text.toWellFormed()).replaceAll(".", "%2E");
  return encoded === "" ? "x" : encoded;
}

const NAMES = [
  "filter",
  "count",
  "startIndex",
  "cursor",
  "limit",
  "sortBy",
  "sortOrder",
  "attributes",
  "excludedAttributes",
];
const MORE = ["after", "types", "userId", "groupId", "status", "from", "to", "users", "q", "page", "next", "outcome"];

const query = fc
  .array(
    fc.oneof(
      fc.tuple(fc.constant("filter"), nastyFilter),
      fc.tuple(fc.constantFrom(...NAMES, ...MORE), fc.oneof(nastyText, fc.integer().map(String))),
    ),
    { maxLength: 3 },
  )
  .map((pairs) => pairs.map(([name, value]) => `${name}=${encodeURIComponent(value.toWellFormed())}`).join("&"));

/** Header values as a fetch can send them: bytes. */
const headerText = nastyText.map((text) => text.replace(/[^\x20-\x7e]/g, "").trim());
const headers = fc.array(
  fc.tuple(
    fc.constantFrom("If-Match", "If-None-Match", "Accept", "Accept-Language", "X-Request-Id", "Origin", "Content-Type"),
    fc.oneof(headerText, fc.constantFrom('W/"1"', "*", '"', "application/json", "text/plain", "multipart/form-data")),
  ),
  { maxLength: 2 },
);

/** How a body is written down: as JSON, mostly. */
function written(json: fc.Arbitrary<unknown>): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: 8, arbitrary: json.map((value) => JSON.stringify(value) ?? "null") },
    { weight: 1, arbitrary: json.map((value) => (JSON.stringify(value) ?? "").slice(0, -1)) },
    { weight: 1, arbitrary: nastyText.map((text) => text.toWellFormed()) },
  );
}

function form(): fc.Arbitrary<string> {
  const names = [
    "name",
    "provider",
    "criteria",
    "groupName",
    "scope",
    "field",
    "key",
    "label",
    "type",
    "userId",
    "next",
    "step",
  ];
  const pair = fc.tuple(fc.oneof(fc.constantFrom(...names), nastyText), nastyText);
  return fc
    .array(pair, { maxLength: 5 })
    .map((pairs) => new URLSearchParams(pairs.map(([a, b]) => [a.toWellFormed(), b.toWellFormed()])).toString());
}

/** Who the requests come from: the token, the operator's key, a session of the company's admin. */
interface Credentials {
  company: PopulatedCompany;
  operatorKey: string;
  cookie: string;
}

/** Requests over all routes with a credential that is let in. */
export function anyRequest(credentials: Credentials): fc.Arbitrary<FuzzRequest> {
  return fc.constantFrom(...ROUTES).chain((route) => requestFor(route, credentials));
}

function requestFor(route: Route, { company, operatorKey, cookie }: Credentials): fc.Arbitrary<FuzzRequest> {
  const own: Record<Door, [string, string][]> = {
    scim: [["Authorization", `Bearer ${company.client.token}`]],
    api: [["Authorization", `Bearer ${operatorKey}`]],
    console: [
      // Signing out would end the session that all further requests are made with.
      ["Cookie", route.path === "/sign-out" ? "rollcall_session=nobody" : cookie],
      ["Origin", "https://rollcall.test"],
    ],
  };
  const isRead = route.method === "GET" || route.method === "DELETE";
  const isForm = route.door === "console";
  const sent = isForm ? form() : written(fc.oneof(bodyFor(route.path, company.userId), nastyJson));
  const type: [string, string] = ["Content-Type", isForm ? "application/x-www-form-urlencoded" : "application/json"];
  return fc.tuple(pathFor(route, company), query, headers, isRead ? fc.constant(undefined) : sent).map(
    ([path, search, more, body]): FuzzRequest => ({
      method: route.method,
      path: search === "" ? path : `${path}?${search}`,
      headers: [...own[route.door], ...(body === undefined ? [] : [type]), ...more],
      body,
    }),
  );
}
