import { expect } from "vitest";
import { newId } from "../../src/platform/uuid.ts";
import { follow, postForm, request } from "./sign-in-to.ts";

/** A company and a session of its admin. */
interface Admin {
  company: { id: string; key: number };
  cookie: string;
}

/** Where a page shows a new token. */
export const TOKEN = /<code id="secret-token">(rcl_[0-9a-f_]+)<\/code>/;

/** What the wizard's last step sends. */
export function reviewed(id: string, nonce: string, more: Record<string, string> = {}): Record<string, string> {
  return { id, nonce, name: "Okta people", provider: "okta", criteria: "field", field: "department", ...more };
}

/** Makes a setting by the wizard's last step; gives its token and its page. */
export async function makeSetting({ company, cookie }: Admin, more: Record<string, string> = {}) {
  const id = newId(Date.now());
  const answer = await postForm(
    `/console/companies/${company.id}/settings/new`,
    reviewed(id, "a".repeat(64), more),
    cookie,
  );
  const token = TOKEN.exec(await (await follow(answer, cookie)).text())?.[1] ?? "";
  return { id, token, url: `/console/companies/${company.id}/settings/${id}` };
}

/** Sends a SCIM request. */
export function scim(token: string, path = "/Users?count=0", init: RequestInit = {}) {
  return request(`/scim/v2${path}`, { headers: { Authorization: `Bearer ${token}` }, ...init });
}

/** Makes a user as a provider does; gives its id. */
export async function pushUser(token: string, userName: string, department?: string): Promise<string> {
  const enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
  const response = await scim(token, "/Users", {
    method: "POST",
    headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/scim+json" },
    body: JSON.stringify({ userName, emails: [{ value: userName }], [enterprise]: { department } }),
  });
  expect(response.status).toBe(201);
  return (await response.json<{ id: string }>()).id;
}

/** Names may break before their @ and after their dots. */
export function withoutBreaks(page: string): string {
  return page.replaceAll("<wbr/>", "");
}
