import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Committer } from "../../src/writer/committer.ts";
import { UNHEARD } from "../writer/unheard.ts";
import { migrate } from "./migrate.ts";
import { openSqliteD1 } from "./sqlite-d1.ts";
import { seedUsers } from "./workers/seed-directory.ts";

const COMPANY = "01900000-0000-7000-8000-000000000000";
const SETTING = "01900000-0000-7000-8000-000000000001";
const PEOPLE = 1_000;
/** What has fewer bytes for one person is not of people. */
const COUNTED = 10;
const clock = () => 1_796_000_000_000;

/**
 * Bytes that one person of the bench has in each table and index at most, as its rows are encoded: without what a page
 * leaves free. Nobody is to become dearer by the way: these are what a month costs.
 */
const MOST: Record<string, number> = {
  changes: 1_004,
  users: 702,
  target_group_members: 165,
  users_by_words: 108,
  target_group_members_by_user: 61,
  users_by_id: 52,
  user_emails: 44,
  changes_by_person: 42,
  users_by_name: 39,
  users_by_email: 33,
  users_by_external_id: 28,
};

const { d1, close } = openSqliteD1(":memory:");

beforeAll(async () => {
  await migrate(d1);
  await d1.prepare("INSERT INTO companies (id, name, created_at) VALUES (?, 'Bench', 0)").bind(COMPANY).run();
  const operation = {
    ...{ kind: "createSetting" as const, id: SETTING, name: "S", provider: "entra" as const, fieldMappings: [] },
    groupSettings: { criteria: "field" as const, field: "department", targetGroupName: "Everyone" },
    token: { id: "a".repeat(24), lastFour: "abcd", expiresAt: null },
  };
  const cause = { requestId: COMPANY, actor: "operator" as const, settingId: null, provider: null };
  await new Committer({ ...UNHEARD, d1, companyId: COMPANY, clock }).run([{ operation, cause }]);
  await seedUsers(d1, clock, { companyId: COMPANY, settingId: SETTING, first: 0, count: PEOPLE });
});

afterAll(close);

describe("what a person takes in the database", () => {
  it("is no more than these bytes, in these tables", async () => {
    const { results } = await d1
      .prepare("SELECT name, sum(payload) AS bytes FROM dbstat GROUP BY name HAVING bytes > ?")
      .bind(PEOPLE * COUNTED)
      .all<{ name: string; bytes: number }>();
    const found = results.filter(({ name }) => name !== "sqlite_schema");
    expect(found.map(({ name }) => name).sort()).toEqual(Object.keys(MOST).sort());
    const dearer = found.filter(({ name, bytes }) => bytes / PEOPLE > (MOST[name] ?? 0));
    expect(dearer).toEqual([]);
  });
});
