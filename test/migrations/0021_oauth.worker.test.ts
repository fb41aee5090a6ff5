import { applyD1Migrations, reset } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { tokenKey } from "../../src/platform/kv-keys.ts";
import { newId } from "../../src/platform/uuid.ts";
import { mintCredential } from "../../src/settings/credential.ts";
import { insert } from "../management-api/fill-company.ts";
import { must } from "../safety/populated-company.ts";
import { call, operate } from "../scim-api/scim-client.ts";

it("a token that was there before is one still: it works, is listed and can be revoked, and a client can be made beside it", async () => {
  await reset();
  const place = env.MIGRATIONS.findIndex(({ name }) => name.includes("oauth"));
  expect(place).toBeGreaterThan(0);
  await applyD1Migrations(env.DB, env.MIGRATIONS.slice(0, place));
  const [companyId, settingId, settingKey] = [newId(1), newId(2), 2 ** 32 + 1];
  const { id, text, hash, lastFour } = await mintCredential("token", env);
  await insert("companies", { company_key: 1, id: companyId, name: "Old", next_key: 9, created_at: 1 });
  await insert("scim_settings", {
    ...{ setting_key: settingKey, company_key: 1, id: settingId, name: "S", provider: "other", status: "active" },
    ...{ criteria: "idp", created_at: 1 },
  });
  await insert("tokens", { setting_key: settingKey, id, last_four: lastFour, created_at: 1 });
  const routing = { hash, companyId, companyKey: 1, shard: "DB", settingId, settingKey, expiresAt: null };
  await env.TOKENS.put(tokenKey(id), JSON.stringify(routing));
  await applyD1Migrations(env.DB, env.MIGRATIONS);

  const read = () => call("GET", "/scim/v2/Users", undefined, { authorization: `Bearer ${text}` });
  expect((await read()).status).toBe(200);
  const at = `/companies/${companyId}/scim-settings/${settingId}`;
  must(await operate("POST", `${at}/clients`, {}), 201);
  const { items } = must(await operate("GET", `${at}/tokens`), 200);
  expect(items.map((token: { id: string }) => token.id)).toEqual([id]);
  must(await operate("DELETE", `${at}/tokens/${id}`), 204);
  expect((await read()).status).toBe(401);
});
