import { beforeAll, describe, expect, it } from "vitest";
import { managementApi } from "../../src/management-api/management-api.ts";
import { listRoutes } from "../../src/management-api/unrouted.ts";
import { must, type PopulatedCompany, populate, trustOf } from "../safety/populated-company.ts";
import { digestCompany } from "../safety/state-digest.ts";
import { call, operate } from "../scim-api/scim-client.ts";

const UNKNOWN = "0192f0aa-0000-7000-8000-000000000000";
/** What anybody may read, of no company. */
const OPEN = ["/openapi.json", "/problems/{code}"];
const ROUTES = listRoutes(managementApi().routes).filter(({ path }) => !OPEN.includes(path));

let a: PopulatedCompany;
let b: PopulatedCompany;

beforeAll(async () => {
  [a, b] = [await populate("alpha"), await populate("bravo")];
});

/** The id that stands for a path parameter in a company. */
function idOf(company: PopulatedCompany, name: string): string {
  const ids: Record<string, string> = {
    companyId: company.companyId,
    settingId: company.settingId,
    tokenId: company.tokenId,
    clientId: company.clientId,
    secretId: company.secretId,
    trustId: company.trustId,
    userId: company.userId,
    groupId: company.targetGroupId,
    webhookId: company.webhookId,
    deliveryId: company.changeId,
    changeId: company.changeId,
    requestId: company.requestId,
    holdId: company.holdId,
    alertId: company.alertId,
    channelId: company.channelId,
    enrolmentId: company.enrolmentId,
    fieldKey: company.fieldKey,
  };
  const id = ids[name];
  if (id === undefined)
    throw new Error(`no id is known for the path parameter ${name}: add it to populated-company.ts`);
  return id;
}

/** A body that each route would take, so that what refuses it is the id. */
const BODIES: Record<string, unknown> = {
  "PATCH /companies/{companyId}": { name: "Renamed" },
  "POST /companies": { name: "Another" },
  "PATCH /companies/{companyId}/target-groups/{groupId}": { name: "Renamed" },
  "POST /companies/{companyId}/fields": { key: "more", label: "More", type: "text" },
  "POST /companies/{companyId}/scim-settings": {
    name: "More",
    provider: "other",
    groupSettings: { criteria: "idp" },
  },
  "PATCH /companies/{companyId}/scim-settings/{settingId}": { name: "Renamed" },
  "POST /companies/{companyId}/scim-settings/{settingId}/preview": {
    groupSettings: { criteria: "none", targetGroupName: "x" },
  },
  "POST /companies/{companyId}/scim-settings/{settingId}/preview-deletion": { users: "remove" },
  "POST /companies/{companyId}/scim-settings/{settingId}/go-live": { version: "x" },
  "POST /companies/{companyId}/scim-settings/{settingId}/tokens": {},
  "POST /companies/{companyId}/scim-settings/{settingId}/clients": {},
  "POST /companies/{companyId}/scim-settings/{settingId}/clients/{clientId}/secrets": {},
  "POST /companies/{companyId}/scim-settings/{settingId}/trusts": trustOf("more"),
  "POST /companies/{companyId}/target-groups": { name: "More" },
  "POST /companies/{companyId}/holds/{holdId}/release": { version: 1 },
  "POST /companies/{companyId}/holds/{holdId}/keep": { version: 1 },
  "PUT /companies/{companyId}/target-groups/{groupId}/auto-enrolments": [],
  "PUT /companies/{companyId}/catalogue": [],
  "PUT /companies/{companyId}/enrolments/{enrolmentId}/progress": { status: "inProgress" },
  "PUT /companies/{companyId}/alert-channels": [{ kind: "chat", to: "https://more.example.com/" }],
  "POST /companies/{companyId}/planned-work": { until: null },
  "POST /companies/{companyId}/webhooks": { url: "https://more.example.com/" },
  "PATCH /companies/{companyId}/webhooks/{webhookId}": { enabled: false },
};

function send(route: { method: string; path: string }, idFor: (name: string) => string) {
  const path = route.path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(idFor(name)));
  return operate(route.method, path, BODIES[`${route.method} ${route.path}`]);
}

function parametersOf(path: string): string[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => name);
}

describe("every route of the management API", () => {
  it("answers 401 as problem details without the operator key, with a wrong one and with a SCIM token", async () => {
    const before = await digestCompany(b.companyId);
    for (const route of ROUTES)
      for (const authorization of ["", "Bearer x", "Bearer operator-key-of-the-test", `Bearer ${b.client.token}`]) {
        const path = route.path.replace(/\{(\w+)\}/g, (_, name: string) => idOf(b, name));
        const answer = await call(route.method, `/api/v1${path}`, undefined, { authorization });
        expect(answer.status, `${route.method} ${path} ${authorization}`).toBe(401);
        expect(answer.headers.get("content-type")).toBe("application/problem+json");
        expect(answer.text).not.toContain("bravo");
      }
    expect(await digestCompany(b.companyId)).toBe(before);
  });

  it("answers an id of B under A's path exactly as one that does not exist", async () => {
    const before = await digestCompany(b.companyId);
    let tried = 0;
    for (const route of ROUTES)
      for (const foreign of parametersOf(route.path).filter((name) => name !== "companyId")) {
        const answer = await send(route, (name) => idOf(name === foreign ? b : a, name));
        const absent = await send(route, (name) => (name === foreign ? UNKNOWN : idOf(a, name)));
        const about = `${route.method} ${route.path} with B's ${foreign}`;
        expect(answer.status, `${about}: ${answer.text}`).toBe(404);
        const [told, toldOfNone] = [answer, absent].map(({ json: { requestId: _, ...problem } }) =>
          JSON.stringify(problem),
        );
        expect(told?.replaceAll(idOf(b, foreign), "ID"), about).toBe(toldOfNone?.replaceAll(UNKNOWN, "ID"));
        tried += 1;
      }
    expect(tried).toBeGreaterThan(25);
    expect(await digestCompany(b.companyId)).toBe(before);
  });

  it("answers 404 under a company that does not exist, is no id, or was deleted", async () => {
    const gone = await populate("gone");
    must(await operate("DELETE", `/companies/${gone.companyId}`), 204);
    for (const route of ROUTES.filter(({ path }) => path.includes("{companyId}")))
      for (const companyId of [UNKNOWN, "x", gone.companyId]) {
        const answer = await send(route, (name) => (name === "companyId" ? companyId : idOf(gone, name)));
        expect(answer.status, `${route.method} ${route.path} ${companyId}: ${answer.text}`).toBe(404);
        expect(answer.text).not.toContain("gone@");
      }
  });

  it("reads nothing of B through A's lists, filters, queries, bodies and previews", async () => {
    const before = await digestCompany(b.companyId);
    const at = `/companies/${a.companyId}`;
    const setting = `${at}/scim-settings/${a.settingId}`;
    const filter = (text: string) => `${at}/target-users?filter=${encodeURIComponent(text)}`;
    const grouping = { groupSettings: { criteria: "idp", targetGroupId: b.targetGroupId } };
    const asked: [string, string, unknown?][] = [
      ["GET", filter('userName co "bravo"')],
      ["GET", filter(`id eq "${b.userId}"`)],
      ["GET", filter('emails.value eq "mail-bravo@example.com" or externalId eq "external-bravo"')],
      ["GET", `${at}/enrolments?userId=${b.userId}`],
      ["GET", `${at}/enrolments?groupId=${b.targetGroupId}`],
      ["GET", `${at}/enrolments?itemId=item-bravo`],
      ["GET", `${setting}/log?user=bravo`],
      ["GET", `${setting}/log?resourceId=${b.userId}`],
      ["GET", `${at}/target-groups`],
      ["GET", `${at}/target-users`],
      ["GET", `${at}/changes`],
      ["PATCH", setting, grouping],
      ["POST", `${setting}/preview`, grouping],
      ["POST", `${at}/scim-settings`, { name: "Raid", provider: "other", ...grouping }],
      ["PATCH", setting, { fieldMappings: [{ field: b.fieldKey, path: "title" }] }],
    ];
    for (const [method, path, body] of asked) {
      const answer = await operate(method, path, body);
      expect([200, 400, 404], path).toContain(answer.status);
      expect(answer.text.replaceAll(b.fieldKey, ""), path).not.toMatch(/bravo"|bravo@|Givenbravo|Crew bravo/);
    }
    expect(await digestCompany(b.companyId)).toBe(before);
  });
});
