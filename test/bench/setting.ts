import { randomUUID } from "node:crypto";

/** A company with one SCIM setting, made through the management API as an operator would. */
export interface BenchSetting {
  companyId: string;
  settingId: string;
  token: string;
}

/** How a bench setting groups its people. */
export const GROUPINGS = {
  field: { criteria: "field", field: "department", targetGroupName: "Everyone" },
  idp: { criteria: "idp" },
} as const;

/** Makes a company and a setting of it, with safeguards other than usual where they are named. */
export async function createSetting(
  baseUrl: string,
  operatorKey: string,
  grouping: keyof typeof GROUPINGS,
  safeguards?: Record<string, null>,
): Promise<BenchSetting> {
  const call = async (path: string, body: unknown, method = "POST"): Promise<never> => {
    const response = await fetch(`${baseUrl}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${operatorKey}`, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
    return (await response.json()) as never;
  };
  const company: { id: string } = await call("/companies", { name: `Bench ${randomUUID()}` });
  // Companies of the bench are larger than those of the world.
  await call(`/companies/${company.id}/quotas`, { people: 5_000_000 }, "PATCH");
  const setting: { id: string; token: { secret: string } } = await call(`/companies/${company.id}/scim-settings`, {
    name: "Bench",
    provider: "entra",
    groupSettings: GROUPINGS[grouping],
    safeguards,
  });
  return { companyId: company.id, settingId: setting.id, token: setting.token.secret };
}
