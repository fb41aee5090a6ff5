import { applyD1Migrations, reset } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { newId } from "../../src/platform/uuid.ts";
import { insert } from "../management-api/fill-company.ts";
import { must } from "../safety/populated-company.ts";
import { operate } from "../scim-api/scim-client.ts";
import { Client, logRowOf, newWriter, requestOf, requireOutcome } from "../writer/bench.ts";

const KEY = 2 ** 32;

it("a log of before notes had kinds is read and erased as it is, and what is sent from then on is listed", async () => {
  await reset();
  const place = env.MIGRATIONS.findIndex(({ name }) => name.startsWith("0015"));
  expect(place).toBeGreaterThan(0);
  await applyD1Migrations(env.DB, env.MIGRATIONS.slice(0, place));
  const [companyId, settingId, userId, requestId] = [newId(1), newId(2), newId(3), newId(4)];
  const counters = { next_key: 100, commit_no: 1, commit_id: newId(5) };
  await insert("companies", { company_key: 1, id: companyId, name: "Old", ...counters, created_at: 1 });
  await insert("scim_settings", {
    ...{ setting_key: KEY + 1, company_key: 1, id: settingId, name: "S", provider: "other", status: "active" },
    ...{ criteria: "none", active_users: 1, created_at: 1 },
  });
  await insert("users", {
    ...{ user_key: KEY + 2, company_key: 1, setting_key: KEY + 1, id: userId, user_name: "ada", user_name_key: "ada" },
    ...{ active: 1, document: '{"userName":"ada","active":true}', version: 1, created_at: 1, updated_at: 1 },
  });
  const notes = ["Mass change: 21 of 40.", 'shoeSize: "44 of Ada" was ignored.'];
  await insert("provisioning_log", {
    ...{
      company_key: 1,
      setting_key: KEY + 1,
      id: requestId,
      time: Date.now(),
      method: "POST",
      path: "/scim/v2/Users",
    },
    ...{ resource_type: "User", resource_id: userId, label: "ada", status: 201, duration: 1 },
    notes: JSON.stringify(notes),
  });
  await applyD1Migrations(env.DB, env.MIGRATIONS);

  const entry = async () => must(await operate("GET", `/companies/${companyId}/log/${requestId}`), 200);
  expect((await entry()).notes).toEqual(notes.map((value) => ({ kind: "text", path: null, value })));
  const writer = newWriter(companyId);
  const request = requestOf({ kind: "changeCompany", name: "New" }, { settingId });
  const note = { kind: "unknown_attribute" as const, path: "shoeSize", value: "44" };
  requireOutcome(await writer.write({ ...request, log: logRowOf(request, settingId, { notes: [note] }) }));
  const listed = env.DB.prepare("SELECT setting_key, kind, path FROM sent_not_used");
  expect((await listed.all()).results).toEqual([{ setting_key: KEY + 1, kind: "unknown_attribute", path: "shoeSize" }]);
  requireOutcome(await new Client(writer, settingId).deleteUser(userId));
  // Of sentences those that quote nothing stay.
  expect((await entry()).notes).toEqual([{ kind: "text", path: null, value: "Mass change: 21 of 40." }]);
});
