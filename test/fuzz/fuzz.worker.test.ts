import { env, exports } from "cloudflare:workers";
import fc from "fast-check";
import { expect, it } from "vitest";
import { signInAdmin } from "../console/sign-in-to.ts";
import { casesOf, SEED } from "../generated-cases.ts";
import { populate } from "../safety/populated-company.ts";
import { digestCompany } from "../safety/state-digest.ts";
import { costOfD1 } from "../tools/d1-cost.ts";
import { anyRequest, type FuzzRequest, ROUTES } from "./requests.ts";

const CASES = casesOf(1_000);
/** No request may ask more of D1 than this in a company of a few people: there is nothing to be slow at. */
const MOST = { trips: 60, rowsRead: 20_000, rowsWritten: 20_000 };

async function send({ method, path, headers, body }: FuzzRequest): Promise<{ status: number; text: string }> {
  const all = new Headers();
  for (const [name, value] of headers) all.set(name, value);
  const request = new Request(`https://rollcall.test${path}`, { method, headers: all, body, redirect: "manual" });
  const response = await exports.default.fetch(request);
  return { status: response.status, text: await response.text() };
}

it(`${CASES} requests over all routes: no 5xx, none that asks much of D1, nothing changed by a refusal`, async () => {
  expect(ROUTES.length).toBeGreaterThan(90);
  const company = await populate("fuzz");
  const key = await env.DB.prepare("SELECT company_key FROM companies WHERE id = ?")
    .bind(company.companyId)
    .first("company_key");
  const cookie = await signInAdmin(Number(key));
  let digest = await digestCompany(company.companyId);
  const property = fc.asyncProperty(anyRequest({ company, operatorKey: env.OPERATOR_KEY, cookie }), async (request) => {
    let answer = { status: 0, text: "" };
    const cost = await costOfD1(async () => {
      answer = await send(request);
    });
    if (answer.status >= 500) throw new Error(`${answer.status}: ${answer.text.slice(0, 500)}`);
    for (const name of ["trips", "rowsRead", "rowsWritten"] as const)
      if (cost[name] > MOST[name]) throw new Error(`asked too much of D1: ${JSON.stringify(cost)}`);
    if (request.method === "GET") return;
    const after = await digestCompany(company.companyId);
    if (answer.status >= 400 && after !== digest) throw new Error(`${answer.status}, and yet something changed`);
    digest = after;
  });
  await fc.assert(property, { numRuns: CASES, seed: SEED, endOnFailure: CASES > 5_000 });
  // Had a request ended what the others are made with, they would all have been turned away at the door.
  const base = { method: "GET", body: undefined };
  const own: [path: string, name: string, value: string][] = [
    [`/console/companies/${company.companyId}/people`, "Cookie", cookie],
    [
      `/api/v1/companies/${company.companyId}/scim-settings/${company.settingId}`,
      "Authorization",
      `Bearer ${env.OPERATOR_KEY}`,
    ],
    ["/scim/v2/Users", "Authorization", `Bearer ${company.client.token}`],
  ];
  for (const [path, name, value] of own)
    expect((await send({ ...base, path, headers: [[name, value]] })).status, path).toBe(200);
}, 3_600_000);
