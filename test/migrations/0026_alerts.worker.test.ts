import { applyD1Migrations, reset } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { openRegistry } from "../../src/platform/database.ts";
import { PRESENT_FORM } from "../../src/platform/stored-row-forms.ts";
import { newId } from "../../src/platform/uuid.ts";
import { sweepFollowUps } from "../../src/writer/sweep-follow-ups.ts";
import { insert } from "../management-api/fill-company.ts";
import { must } from "../safety/populated-company.ts";
import { operate } from "../scim-api/scim-client.ts";

const KEY = 2 ** 32;

it("a filled database loses no row, and its companies with settings are looked at once by themselves", async () => {
  await reset();
  const place = env.MIGRATIONS.findIndex(({ name }) => name.includes("0026_alerts"));
  expect(place).toBeGreaterThan(0);
  await applyD1Migrations(env.DB, env.MIGRATIONS.slice(0, place));
  const ids = [newId(1), newId(2)];
  for (const [index, id] of ids.entries())
    await insert("companies", {
      company_key: index + 1,
      id,
      name: "Old",
      next_key: 99,
      created_at: 1,
      stored_form: PRESENT_FORM,
    });
  await insert("scim_settings", {
    ...{ setting_key: KEY + 1, company_key: 1, id: newId(3), name: "S", provider: "other", status: "active" },
    ...{ criteria: "none", created_at: 1, first_request_at: 1, last_request_at: 1 },
  });
  const token = { setting_key: KEY + 1, id: "old", last_four: "abcd", created_at: 1 };
  await insert("tokens", { ...token, expires_at: Date.now() - 1_000 });
  await insert("webhooks", {
    ...{ webhook_key: KEY + 2, company_key: 1, id: newId(4), url: "https://x.example/", cursor_seq: 0, created_at: 1 },
    ...{ is_failing: 1, failure: "Answered 500.", failure_code: "broken" },
  });
  await applyD1Migrations(env.DB, env.MIGRATIONS);
  const due = env.DB.prepare("SELECT id FROM companies WHERE alerts_due_at IS NOT NULL");
  expect((await due.all<{ id: string }>()).results.map(({ id }) => id)).toEqual([ids[0]]);
  expect(await sweepFollowUps(env, openRegistry(env), Date.now())).toBe(1);
  const kinds = async () => {
    const { items } = must(await operate("GET", `/companies/${ids[0]}/alerts?status=open`), 200);
    return items.map(({ kind }: { kind: string }) => kind).sort();
  };
  // A setting of before says nothing of its silence: how it was used was not kept.
  await expect.poll(kinds).toEqual(["credential_ended", "no_credential", "webhook"]);
  expect(await env.DB.prepare("SELECT count(*) AS n FROM tokens").first("n")).toBe(1);
});
