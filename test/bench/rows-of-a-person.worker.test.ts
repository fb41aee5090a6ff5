import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { type Costs, costOfRequests } from "./workers/cost-of-requests.ts";
import { tableWritten } from "./workers/rows-by-table.ts";

/** Rows by table of one request that has a commit to itself, the log's included. */
const SINGLE: Record<string, Record<string, number>> = {
  "a look-up, nobody there": { companies: 1, request_log: 1 },
  "a look-up, one there": { companies: 1, request_log: 2 },
  "create a user": { companies: 1, scim_settings: 1, users: 6, user_emails: 1, changes: 2, request_log: 2 },
  "add a member": {
    ...{
      companies: 1,
      groups: 1,
      group_members: 2,
      target_groups: 1,
      target_group_members: 2,
      changes: 2,
      request_log: 2,
    },
  },
  "PATCH department": { companies: 1, users: 2, changes: 2, request_log: 2 },
  "PATCH, nothing changes": { companies: 1, request_log: 2 },
  "add a member that is one": { companies: 1, request_log: 2 },
  "create a group with a member": {
    ...{
      companies: 1,
      scim_settings: 1,
      groups: 4,
      group_members: 2,
      target_groups: 3,
      target_group_members: 2,
      changes: 3,
    },
    ...{ request_log: 2 },
  },
};
const WAVES = 2;
/** Of a first sync, sixteen at once: what each person has to itself, and what each wave has, whose commits are two for each write. */
const PERSON = {
  users: 6,
  user_emails: 1,
  changes: 4,
  group_members: 2,
  target_group_members: 2,
  request_log: 4,
  packed_look_ups: 1,
};
const WAVE = { companies: 4, scim_settings: 2, groups: 2, target_groups: 2, request_log: 1 };

let counted: Promise<Costs> | undefined;
function costs(): Promise<Costs> {
  counted ??= costOfRequests(env, WAVES);
  return counted;
}

describe("the rows that requests write", () => {
  it("are these for each of them alone", async () => {
    const { single } = await costs();
    for (const [name, tables] of Object.entries(SINGLE)) expect(single[name]?.tables, name).toEqual(tables);
  });

  it("are these for each person of a first sync, by table: 22 at most", async () => {
    const { sync, people } = await costs();
    const expected: Record<string, number> = {};
    for (const [table, rows] of Object.entries(PERSON)) expected[table] = rows * people;
    for (const [table, rows] of Object.entries(WAVE)) expected[table] = (expected[table] ?? 0) + rows * WAVES;
    expect(sync.tables).toEqual(expected);
    expect(Object.values(sync.tables).reduce((sum, rows) => sum + rows, 0) / people).toBeLessThanOrEqual(22);
  });

  it("are told apart by the table that a statement writes to", () => {
    expect(tableWritten("WITH x AS (SELECT 1) UPDATE groups SET a = 1")).toBe("groups");
    expect(tableWritten("INSERT OR REPLACE INTO former_names (a) SELECT 1")).toBe("former_names");
    expect(tableWritten("DELETE FROM users WHERE user_key = 1")).toBe("users");
    expect(tableWritten("SELECT 1 FROM users")).toBeNull();
  });
});
