import { env, exports } from "cloudflare:workers";
import fc from "fast-check";
import { expect, it } from "vitest";
import { signInAdmin } from "../console/sign-in-to.ts";
import { populate } from "../safety/populated-company.ts";
import { digestCompany } from "../safety/state-digest.ts";
import { anyRequest, type FuzzRequest, ROUTES } from "./requests.ts";

const CASES = Number(env.FUZZ_CASES);
const SEED = Number(env.FUZZ_SEED);
/** No answer may take longer (ms); one that does is asked for again, since the tests share the machine. */
const LIMIT = 1_000;

async function send({
  method,
  path,
  headers,
  body,
}: FuzzRequest): Promise<{ status: number; time: number; text: string }> {
  const all = new Headers();
  for (const [name, value] of headers) all.set(name, value);
  const request = new Request(`https://rollcall.test${path}`, { method, headers: all, body, redirect: "manual" });
  const before = Date.now();
  const response = await exports.default.fetch(request);
  const text = await response.text();
  return { status: response.status, time: Date.now() - before, text };
}

it(`${CASES} requests over all routes: no 5xx, none over a second, nothing changed by a refusal`, async () => {
  expect(ROUTES.length).toBeGreaterThan(90);
  const company = await populate("fuzz");
  const key = await env.DB.prepare("SELECT company_key FROM companies WHERE id = ?")
    .bind(company.companyId)
    .first("company_key");
  const cookie = await signInAdmin(Number(key));
  let digest = await digestCompany(company.companyId);
  const property = fc.asyncProperty(anyRequest({ company, operatorKey: env.OPERATOR_KEY, cookie }), async (request) => {
    const first = await send(request);
    if (first.status >= 500) throw new Error(`${first.status}: ${first.text.slice(0, 500)}`);
    if (first.time > LIMIT) {
      const again = await send(request);
      if (again.time > LIMIT) throw new Error(`took ${first.time} ms, then ${again.time} ms`);
    }
    if (request.method === "GET") return;
    const after = await digestCompany(company.companyId);
    if (first.status >= 400 && after !== digest) throw new Error(`${first.status}, and yet something changed`);
    digest = after;
  });
  await fc.assert(property, { numRuns: CASES, seed: SEED, endOnFailure: CASES > 5_000 });
}, 3_600_000);
