import { env, exports } from "cloudflare:workers";
import { expect } from "vitest";
import { createCompany } from "../../src/companies/company-store.ts";
import { createConsoleLink } from "../../src/companies/console-link-store.ts";
import { openRegistry } from "../../src/platform/database.ts";

/** Where the tests' Worker is. */
export const ORIGIN = "https://rollcall.test";
export const OPERATOR_KEY = "operator-key-of-the-tests-0123456789";

/** A request to the real Worker; redirects are not followed. */
export function request(path: string, init: RequestInit = {}): Promise<Response> {
  return exports.default.fetch(new Request(ORIGIN + path, { redirect: "manual", ...init }));
}

/** What a browser sends for a form, with a session's cookie. */
export function postForm(path: string, fields: Record<string, string>, cookie = ""): Promise<Response> {
  return request(path, {
    method: "POST",
    headers: { Cookie: cookie, Origin: ORIGIN, "Content-Type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams(fields).toString(),
  });
}

/** A page as a signed-in browser asks for it. */
export function getPage(path: string, cookie: string): Promise<Response> {
  return request(path, { headers: { Cookie: cookie } });
}

/** The cookie that an answer sets, as a browser sends it back. */
export function cookieOf(response: Response): string {
  return (response.headers.get("Set-Cookie") ?? "").split(";")[0] ?? "";
}

/** What a form leads to, as a browser follows it: with the cookie that the answer set. */
export async function follow(answer: Response, cookie: string): Promise<Response> {
  expect(answer.status).toBe(303);
  return getPage(answer.headers.get("Location") ?? "", `${cookie}; ${cookieOf(answer)}`);
}

/** A session of the operator. */
export async function signInOperator(): Promise<string> {
  return cookieOf(await postForm("/console/sign-in", { key: OPERATOR_KEY }));
}

/** A company with its admin signed in by a one-time link. */
export async function makeAdmin(name: string) {
  const company = await createCompany(env, name, Date.now());
  return { company, cookie: await signInAdmin(company.key) };
}

/** A session of a company's admin, by a one-time link. */
export async function signInAdmin(companyKey: number): Promise<string> {
  const now = Date.now();
  const secret = await createConsoleLink(openRegistry(env), { key: companyKey }, { now, expiresAt: now + 60_000 });
  return cookieOf(await postForm(`/console/enter/${secret}`, {}));
}
