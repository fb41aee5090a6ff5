import { href } from "../../src/console/routes.ts";
import { IS_WHOLE } from "../generated-cases.ts";
import { callApi, type Server } from "./serve.ts";

interface Made {
  id: string;
  token: { secret: string };
}

const ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
const DEPARTMENTS = ["Research", "Engineering", "Flight Dynamics", "Publications", "Networks and Infrastructure"];

/** The n-th of the people that come in shadow: some inactive, some without a department, some without an e-mail. */
function person(n: number) {
  const userName = `first${n}.last${n}@northwind.example`;
  return {
    userName,
    name: { givenName: `First${n}`, familyName: `Last${n}` },
    active: n % 23 !== 0,
    ...(n % 17 !== 0 && { emails: [{ value: userName, type: "work", primary: true }] }),
    ...(n % 11 !== 0 && { [ENTERPRISE]: { department: DEPARTMENTS[n % DEPARTMENTS.length] } }),
  };
}

function sendPeople(server: Server, setting: Made, people: readonly object[]): Promise<Response> {
  const headers = { authorization: `Bearer ${setting.token.secret}`, "content-type": "application/scim+json" };
  const Operations = people.map((data) => ({ method: "POST", path: "/Users", bulkId: crypto.randomUUID(), data }));
  const schemas = ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"];
  return fetch(`${server.url}/scim/v2/Bulk`, {
    method: "POST",
    headers,
    body: JSON.stringify({ schemas, Operations }),
  });
}

/** The pages of a company with one live setting, one in shadow of some people (two hundred in CI), and one in shadow of nobody. */
export async function listShadowPages(server: Server): Promise<Record<string, string>> {
  const company = await callApi<{ id: string }>(server, "POST", "/companies", { name: "Fabrikam" });
  const path = `/companies/${company.id}`;
  const groupSettings = { criteria: "field", field: "department" };
  const make = (name: string, mode: string) =>
    callApi<Made>(server, "POST", `${path}/scim-settings`, { name, provider: "entra", groupSettings, mode });
  const people = Array.from({ length: IS_WHOLE ? 200 : 60 }, (_, index) => person(index + 1));
  await sendPeople(server, await make("Head office", "live"), people.slice(0, 3));
  const { items } = await callApi<{ items: { id: string }[] }>(server, "GET", `${path}/target-groups`);
  for (const [index, { id }] of items.entries())
    await callApi(server, "PUT", `${path}/target-groups/${id}/auto-enrolments`, [
      { kind: index === 0 ? "phishing" : "training", id: `item${index}`, name: `Security basics ${index + 1}` },
    ]);
  const empty = await make("Subsidiary", "shadow");
  const full = await make("Contractors", "shadow");
  await sendPeople(server, full, people.slice(0, 100));
  await sendPeople(server, full, people.slice(100));
  const ids = { companyId: company.id, settingId: full.id };
  return {
    "shadow-none": href("shadow", { ...ids, settingId: empty.id }),
    shadow: href("shadow", ids),
    "shadow-skipped": href("shadow", ids, { as: "skipped" }),
    "shadow-groups": href("shadow", ids, { as: "groups" }),
    "go-live": href("goLive", ids),
  };
}
