import { expect, it } from "vitest";
import { waitForLogAndWork } from "../safety/wait-for-log-and-work.ts";
import { call, newClient, operate } from "./scim-client.ts";

it("logs a mistyped or cut token under the setting whose token its id names, and nothing that could be a name", async () => {
  const client = await newClient();
  const other = await newClient();
  const [prefix, id, secret = ""] = client.token.split("_");
  const changed = secret.replace(/./, (digit) => (digit === "0" ? "1" : "0"));
  const sent = [
    client.token.slice(0, -4),
    `${prefix}_${id}`,
    client.token.replace(secret, changed),
    `${prefix}_${id}_${secret.slice(0, 20)}`,
  ];
  const path = '/scim/v2/Users?filter=userName+eq+"ada@example.com"';
  for (const token of sent)
    expect((await call("GET", path, undefined, { authorization: `Bearer ${token}` })).status).toBe(401);
  // Of these nobody can say whose they are.
  for (const token of [`${prefix}_${id?.slice(0, 20)}`, `${prefix}_${"0".repeat(24)}_${secret}`, "junk"])
    expect((await call("GET", path, undefined, { authorization: `Bearer ${token}` })).status).toBe(401);
  const at = (each: typeof client) => `/companies/${each.companyId}/scim-settings/${each.settingId}`;
  const refused = async (each: typeof client) => {
    await waitForLogAndWork(each);
    return (await operate("GET", `${at(each)}/log?outcome=failure`)).json.items;
  };
  const rows = await refused(client);
  expect(rows).toHaveLength(sent.length);
  for (const row of rows) expect(row).toMatchObject({ status: 401, code: "unknown_token", label: null });
  expect(JSON.stringify(rows)).not.toMatch(/ada@example\.com|rcl_/);
  expect(await refused(other)).toEqual([]);
});

it("counts a mistyped token neither as the credential's use nor as the setting's first request", async () => {
  const client = await newClient();
  const at = `/companies/${client.companyId}/scim-settings/${client.settingId}`;
  const authorization = `Bearer ${client.token.slice(0, -1)}`;
  expect((await call("GET", "/scim/v2/Users", undefined, { authorization })).status).toBe(401);
  await expect.poll(async () => (await operate("GET", `${at}/log`)).json.items).toHaveLength(1);
  expect((await operate("GET", at)).json).toMatchObject({ firstRequestAt: null, lastRequestAt: null });
  const [token] = (await operate("GET", `${at}/tokens`)).json.items;
  expect(token.lastUsedAt).toBeNull();
});
