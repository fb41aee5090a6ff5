import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/** What a newcomer needs to try the demo company; kept beside wrangler's local state, which git ignores. */
export interface Demo {
  baseUrl: string;
  tenantUrl: string;
  token: string;
  operatorKey: string;
  companyId: string;
  settingId: string;
}

interface Page<Item> {
  items: Item[];
}

/** Calls the management API as the operator. */
async function call<Answer>(
  { baseUrl, operatorKey }: Pick<Demo, "baseUrl" | "operatorKey">,
  method: string,
  path: string,
  body?: unknown,
): Promise<Answer> {
  const response = await fetch(`${baseUrl}/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${operatorKey}`, "content-type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  return (await response.json()) as Answer; // the contract of the management API
}

async function works({ tenantUrl, token }: Pick<Demo, "tenantUrl" | "token">): Promise<boolean> {
  const response = await fetch(`${tenantUrl}/Users?count=0`, { headers: { authorization: `Bearer ${token}` } });
  await response.arrayBuffer();
  return response.ok;
}

/**
 * Gives a company, a setting and a working token to try: the demo company, made when the database is empty; the token
 * kept from an earlier start, or a new one when that one does not work here.
 */
export async function ensureDemo(file: string, baseUrl: string, operatorKey: string): Promise<Demo> {
  const at = { baseUrl, operatorKey };
  const tenantUrl = `${baseUrl}/scim/v2`;
  if (existsSync(file)) {
    const kept = readDemo(file);
    const moved = { ...kept, ...at, tenantUrl };
    if (typeof kept.token === "string" && (await works(moved))) return save(file, moved);
  }
  const companies = await call<Page<{ id: string }>>(at, "GET", "/companies?limit=1");
  const companyId =
    companies.items[0]?.id ?? (await call<{ id: string }>(at, "POST", "/companies", { name: "Demo Company" })).id;
  const path = `/companies/${companyId}/scim-settings`;
  const settings = await call<Page<{ id: string; status: string }>>(at, "GET", path);
  const setting = settings.items.find(({ status }) => status === "active");
  if (setting !== undefined) {
    const token = await call<{ secret: string }>(at, "POST", `${path}/${setting.id}/tokens`, {});
    return save(file, { ...at, tenantUrl, token: token.secret, companyId, settingId: setting.id });
  }
  const made = await call<{ id: string; token: { secret: string } }>(at, "POST", path, {
    name: "Demo directory",
    provider: "entra",
    groupSettings: {
      targetGroupName: "All employees",
      targetGroupScope: "everyone",
      criteria: "field",
      field: "department",
    },
  });
  await seedEnrolments(at, companyId);
  return save(file, { ...at, tenantUrl, token: made.token.secret, companyId, settingId: made.id });
}

/** What an earlier start left in its file. */
export function readDemo(file: string): Demo {
  return JSON.parse(readFileSync(file, "utf8")) as Demo; // written by `save`
}

/** A link that opens the company's console signed in; it works once. */
export async function signInLink(demo: Demo): Promise<string> {
  const { url } = await call<{ url: string }>(demo, "POST", `/companies/${demo.companyId}/console-links`, {
    expiresInMinutes: 60,
  });
  return url;
}

/** The demo's group for everyone enrols in one training and one phishing simulation. */
async function seedEnrolments(at: Pick<Demo, "baseUrl" | "operatorKey">, companyId: string): Promise<void> {
  const groups = await call<Page<{ id: string; name: string }>>(at, "GET", `/companies/${companyId}/target-groups`);
  const everyone = groups.items.find(({ name }) => name === "All employees");
  if (everyone === undefined) return;
  await call(at, "PUT", `/companies/${companyId}/target-groups/${everyone.id}/auto-enrolments`, [
    { kind: "training", id: "welcome-security", name: "Security awareness: welcome" },
    { kind: "phishing", id: "first-phish", name: "First phishing simulation" },
  ]);
}

function save(file: string, demo: Demo): Demo {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(demo, null, 2)}\n`, { mode: 0o600 });
  return demo;
}
