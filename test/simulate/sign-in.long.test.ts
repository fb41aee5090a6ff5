import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Runtime, startRuntime } from "../bench/start-runtime.ts";
import { callApi, type Server } from "../console/serve.ts";
import { simulate } from "./simulate.ts";

const persist = mkdtempSync(join(tmpdir(), "rollcall-sign-in-"));
let runtime: Runtime;
let server: Pick<Server, "url" | "operatorKey">;

beforeAll(async () => {
  // The issuer that the simulation plays is on this machine.
  runtime = await startRuntime({ persist, workers: ["rollcall"], bindings: { LOOPBACK_ISSUERS: "on" } });
  server = { url: runtime.urls.rollcall, operatorKey: runtime.operatorKey };
});

afterAll(async () => {
  await runtime.stop();
  rmSync(persist, { recursive: true, force: true });
});

interface Made {
  id: string;
  tenantUrl: string;
  token: { id: string; secret: string };
}

describe("a simulated provider against the Worker itself", () => {
  it.each([
    ["entra", "client", "clients"],
    ["entra", "federated", "trusts"],
    ["pingone", "client", "clients"],
    ["oracle", "client", "clients"],
  ] as const)("%s signs in by --auth %s, leads its life, and ends its credential", async (provider, auth, kind) => {
    const company = await callApi<{ id: string }>(server, "POST", "/companies", { name: `${provider} ${auth}` });
    const at = `/companies/${company.id}/scim-settings`;
    const groupSettings = { criteria: "idp", targetGroupName: "Everyone" };
    const setting = await callApi<Made>(server, "POST", at, { name: "Simulated", provider, groupSettings });
    const { differences, users } = await simulate({
      ...{ provider, auth, tenantUrl: setting.tenantUrl, token: setting.token.secret, users: 8, groups: 2 },
      management: { baseUrl: server.url, operatorKey: server.operatorKey, companyId: company.id },
    });
    expect(differences).toEqual([]);
    expect(users).toBeGreaterThan(4);
    type Listed = { items: { revokedAt: string | null; lastUsedAt: string | null }[] };
    const { items } = await callApi<Listed>(server, "GET", `${at}/${setting.id}/${kind}`);
    expect(items.map(({ revokedAt }) => revokedAt !== null)).toEqual([true]);
    // The token itself was never used.
    const tokens = await callApi<Listed>(server, "GET", `${at}/${setting.id}/tokens`);
    expect(tokens.items.map(({ lastUsedAt }) => lastUsedAt)).toEqual([null]);
  });
});
