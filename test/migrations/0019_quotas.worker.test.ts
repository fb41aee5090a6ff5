import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { QUOTA_NAMES, QUOTAS } from "../../src/companies/quotas.ts";
import { newClient, operate } from "../scim-api/scim-client.ts";

describe("companies from before migration 0019", () => {
  it("have the quotas of all companies", async () => {
    const { companyId } = await newClient();
    const row = await env.DB.prepare("SELECT quotas FROM companies WHERE id = ?").bind(companyId).first();
    expect(row).toEqual({ quotas: null });
    const { json } = await operate("GET", `/companies/${companyId}/quotas`);
    const limits = json.items.map(({ name, limit }: { name: string; limit: number }) => [name, limit]);
    expect(limits).toEqual(QUOTA_NAMES.map((name) => [name, QUOTAS[name].usual]));
  });
});
