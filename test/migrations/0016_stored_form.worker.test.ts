import { abortAllDurableObjects, applyD1Migrations, reset } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { createCompany } from "../../src/companies/company-store.ts";
import { openRegistry } from "../../src/platform/database.ts";
import { PRESENT_FORM } from "../../src/platform/stored-row-forms.ts";
import { sweepFollowUps } from "../../src/writer/sweep-follow-ups.ts";
import { insert } from "../management-api/fill-company.ts";

const KEY = 2 ** 32;
/** The forms that there were when the column came: that of companies which do not say. */
const FIRST_FORMS = 7;

/** Companies as a version of before the migration left them: one with people, one that is gone, one that lives in another database. */
async function fill(): Promise<void> {
  const used = { next_key: 100, commit_no: 4, commit_id: "last", created_at: 1 };
  await insert("companies", { company_key: 1, id: "used", name: "Used", ...used });
  await insert("companies", { company_key: 2, id: "gone", name: "Gone", ...used, deleted_at: 2 });
  await insert("companies", { company_key: 3, id: "away", name: "", shard: "DB2", created_at: 1 });
  await insert("scim_settings", {
    ...{ setting_key: KEY + 1, company_key: 1, id: "s", name: "S", provider: "other", status: "active" },
    ...{ criteria: "none", active_users: 2, created_at: 1 },
  });
  for (const [n, [name = "", key = ""]] of [
    ["Straße", "straße"],
    ["plain", "plain"],
  ].entries())
    await insert("users", {
      ...{ user_key: KEY + 10 + n, company_key: 1, setting_key: KEY + 1, id: `u${n}`, user_name: name },
      ...{ user_name_key: key, email: `${name}@x.test`, email_key: `${key}@x.test`, active: 1, version: 1 },
      document: JSON.stringify({ userName: name, active: true, emails: [{ value: `${name}@x.test` }] }),
      ...{ created_at: 1, updated_at: 1 },
    });
}

describe("a filled database of before there were forms, upgraded", () => {
  beforeAll(async () => {
    await reset();
    // The one after it came out before it; what needs a column of its own did not.
    await applyD1Migrations(
      env.DB,
      env.MIGRATIONS.filter(({ name }) => !name.startsWith("0016") && name < "0033"),
    );
    await fill();
    await applyD1Migrations(env.DB, env.MIGRATIONS);
  });

  const forms = async () => {
    const { results } = await env.DB.prepare("SELECT id, stored_form FROM companies ORDER BY company_key").all();
    return results;
  };

  it("keeps its rows, and knows whose are of the form of before", async () => {
    expect(await forms()).toEqual([
      { id: "used", stored_form: 0 },
      { id: "gone", stored_form: 0 },
      { id: "away", stored_form: FIRST_FORMS },
    ]);
    const users = env.DB.prepare("SELECT user_name_key, full_name_key FROM users ORDER BY user_key");
    expect((await users.all()).results).toEqual([
      { user_name_key: "straße", full_name_key: null },
      { user_name_key: "plain", full_name_key: null },
    ]);
  });

  it("is brought along by the schedule, company by company, though nobody asks anything of them", async () => {
    await abortAllDurableObjects();
    expect(await sweepFollowUps(env, openRegistry(env), Date.now())).toBe(1);
    await expect.poll(async () => (await forms())[0]).toEqual({ id: "used", stored_form: PRESENT_FORM });
    const users = env.DB.prepare("SELECT user_name_key, email_key, folded_document FROM users ORDER BY user_key");
    expect((await users.all()).results).toEqual([
      {
        ...{ user_name_key: "strasse", email_key: "strasse@x.test" },
        folded_document: '{"username":"strasse","active":true,"emails":[{"value":"strasse@x.test"}]}',
      },
      { user_name_key: "plain", email_key: "plain@x.test", folded_document: null },
    ]);
    expect(await sweepFollowUps(env, openRegistry(env), Date.now())).toBe(0);
  });

  it("has nothing to do for a company that is made now, or by an older Worker before it writes", async () => {
    const { id } = await createCompany(env, "New", 1);
    await insert("companies", { company_key: 9, id: "older", name: "Older", created_at: 1 });
    expect((await forms()).slice(-2)).toEqual([
      { id, stored_form: PRESENT_FORM },
      { id: "older", stored_form: FIRST_FORMS },
    ]);
    expect(await sweepFollowUps(env, openRegistry(env), Date.now())).toBe(0);
  });
});
