import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { PRESENT_FORM, STORED_FORMS } from "../../src/platform/stored-row-forms.ts";
import type { JsonObject } from "../../src/scim/json.ts";
import {
  addSetting,
  type Bench,
  Client,
  finishFollowUps,
  newBench,
  requestOf,
  requireOutcome,
  targetMembers,
} from "./bench.ts";
import { lookAt } from "./old-twins.ts";

/** Elements without the value, and the ones that have it which they hid. */
const LISTS: Record<string, [hiding: JsonObject, hidden: JsonObject]> = {
  emails: [
    { type: "home", display: "H", primary: true },
    { value: "ada@x.test", type: "work" },
  ],
  phoneNumbers: [{ type: "home", display: "P" }, { value: "+1" }],
  roles: [{ type: "x", display: "R" }, { value: "Chief" }],
};

/** Has people and the company as a version left them by which such an element hid the other one. */
async function hide({ companyId }: Bench): Promise<void> {
  const paths = Object.entries(LISTS).map(([name, list]) => [`$.${name}`, JSON.stringify(list)]);
  const set = `json_set(document, ${paths.map(() => "?, json(?)").join(", ")})`;
  const ofCompany = "company_key = (SELECT company_key FROM companies WHERE id = ?)";
  await env.DB.prepare(`UPDATE users SET document = ${set} WHERE ${ofCompany}`)
    .bind(...paths.flat(), companyId)
    .run();
  await env.DB.prepare("UPDATE companies SET stored_form = ?, stored_form_after = '' WHERE id = ?")
    .bind(STORED_FORMS.indexOf("userFields"), companyId)
    .run();
}

async function rowsOf({ companyId }: Bench): Promise<Record<string, unknown>> {
  const sql = `SELECT user_name AS name, email, email_key, phone_number, json_extract(custom_fields, '$.role') AS role
    FROM users WHERE company_key = (SELECT company_key FROM companies WHERE id = ?)`;
  const { results } = await env.DB.prepare(sql).bind(companyId).all<{ name: string }>();
  return Object.fromEntries(results.map(({ name, ...row }) => [name, row]));
}

const FULL = { email: "ada@x.test", email_key: "ada@x.test", phone_number: "+1", role: "Chief" };
const EMPTY = { email: null, email_key: null, phone_number: null, role: null };

it("fields that an element without the value left empty are filled by themselves, and target groups follow", async () => {
  const bench = await newBench({ criteria: "none", targetGroupName: "All" });
  requireOutcome(
    await bench.writer.write(requestOf({ kind: "createField", field: { key: "role", label: "Role", type: "text" } })),
  );
  const settings = [bench.settingId, await addSetting(bench.writer, { criteria: "none", targetGroupName: "Kept" })];
  for (const settingId of settings)
    requireOutcome(
      await bench.writer.write(
        requestOf({
          kind: "updateSetting",
          settingId,
          fieldMappings: [
            { field: "email", path: "emails" },
            { field: "phoneNumber", path: "phoneNumbers.value" },
            { field: "role", path: "roles" },
          ],
          ...(settingId === bench.settingId && { groupSettings: { criteria: "field", field: "role" } }),
        }),
      ),
    );
  const [own, kept] = settings.map((settingId) => new Client(bench.writer, settingId));
  const hollow = Object.fromEntries(Object.entries(LISTS).map(([name, [hiding]]) => [name, [hiding]]));
  await own?.user("ada", undefined, hollow);
  await own?.user("bo", undefined, hollow);
  await kept?.user("kept", undefined, hollow);
  requireOutcome(
    await bench.writer.write(
      requestOf({ kind: "deleteSetting", settingId: settings[1] ?? "", users: "keep" }, { actor: "admin" }),
    ),
  );
  await finishFollowUps(bench.writer);
  expect(await rowsOf(bench)).toEqual({ ada: EMPTY, bo: EMPTY, kept: EMPTY });
  await hide(bench);
  await finishFollowUps(bench.another());
  // Whom a deleted setting left stays as it stands: its fields are an admin's to say.
  expect(await rowsOf(bench)).toEqual({ ada: FULL, bo: FULL, kept: EMPTY });
  expect((await targetMembers(bench.companyId)).Chief?.toSorted()).toEqual(["ada", "bo"]);
  const form = env.DB.prepare("SELECT stored_form FROM companies WHERE id = ?").bind(bench.companyId);
  expect(await form.first("stored_form")).toBe(PRESENT_FORM);
  const { feed } = await lookAt({ bench, byField: "", typed: "", ids: {} });
  expect(feed).toEqual([]);
});
