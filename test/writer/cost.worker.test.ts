import { env } from "cloudflare:test";
import { describe, expect, it } from "vitest";
import { OPERATIONS, type Operation } from "../bench/operations.ts";
import { person } from "../bench/people.ts";
import type { Filled, World } from "../bench/world.ts";
import { IS_WHOLE } from "../generated-cases.ts";
import { Product } from "./counted-product.ts";
import { type Recorded, scansOf } from "./recording-d1.ts";

/** More than the pages that are walked in the smaller one. */
const SIZES = [400, IS_WHOLE ? 2_000 : 800] as const;
/** A page by index walks over those before it: the one list whose cost grows. Clients that walk use cursors. */
const GROWING = new Set(["list-deep"]);
/** They bring the look at the token in the one statement they are. */
const LOOK_UPS = new Set(["get", "userName", "userName-miss"]);
/** Statements in one request, at most, over both its trips: each costs D1 as much as tens of rows. */
const MOST_STATEMENTS = 13;
/** Rows read and written by one request of each operation, at most, its row of the log included when it writes. */
const BUDGET: Record<string, [read: number, written: number]> = {
  get: [4, 0],
  userName: [4, 0],
  "userName-miss": [3, 0],
  externalId: [9, 0],
  email: [13, 0],
  // A page is measured before it is read.
  list: [705, 0],
  "list-deep": [1_710, 0],
  cursor: [720, 0],
  "patch-active": [40, 18],
  "patch-department": [35, 17],
  "create-group": [15, 13],
  "member-10": [35, 13],
  create: [22, 24],
  bulk: [9_176, 17_049],
};

interface Cost {
  trips: number;
  statements: number;
  rowsRead: number;
  rowsWritten: number;
}

async function costOf(product: Product, world: World, operation: Operation): Promise<Cost> {
  product.recorder.clear();
  await product.run(world, operation);
  const { trips, statements } = product.recorder;
  const sum = (name: "rowsRead" | "rowsWritten") => statements.reduce((total, one) => total + one[name], 0);
  return { trips, statements: statements.length, rowsRead: sum("rowsRead"), rowsWritten: sum("rowsWritten") };
}

describe("what an operation costs", () => {
  const measured = OPERATIONS.filter(({ from = 0 }) => from <= 10);

  it("is the same number of D1 trips and rows at any size of the directory, and walks no large table", async () => {
    const costs: Record<string, Cost[]> = {};
    const scans: string[] = [];
    for (const size of SIZES) {
      const product = new Product();
      const world = await product.world(size);
      for (const operation of measured) {
        // Once to warm the caches of the door and the writer, twice to have a PATCH do and undo.
        await product.run(world, operation);
        const runs = [await costOf(product, world, operation), await costOf(product, world, operation)];
        for (const statement of product.recorder.statements)
          for (const scan of await scansOf(env.DB, statement))
            scans.push(`${operation.name}: ${scan}: ${statement.sql}`);
        costs[operation.name] = [...(costs[operation.name] ?? []), ...runs];
      }
    }
    expect(scans).toEqual([]);
    for (const { name, floor } of measured) {
      const [first, second, large, largeAgain] = costs[name] ?? [];
      const [read = 0, written = 0] = BUDGET[name] ?? [];
      for (const { trips, statements, rowsRead, rowsWritten } of costs[name] ?? []) {
        if (floor === "write") expect([1, 2], `trips of ${name}`).toContain(trips);
        else expect(trips, `trips of ${name}`).toBe(1);
        expect(statements, `statements of ${name}`).toBeLessThanOrEqual(LOOK_UPS.has(name) ? 2 : MOST_STATEMENTS);
        expect(rowsRead, `rows read by ${name}`).toBeLessThanOrEqual(read);
        expect(rowsWritten, `rows written by ${name}`).toBeLessThanOrEqual(written);
      }
      if (!GROWING.has(name)) expect([large, largeAgain], name).toEqual([first, second]);
    }
  });
});

describe("the other statements of the doors and the writer", () => {
  it("walk no large table either", async () => {
    const product = new Product();
    const world = await product.world(60);
    const { idp, field } = world;
    const [first = "", second = "", third = ""] = idp.userIds;
    const group = `/Groups/${idp.groups.get(10)}`;
    const members = [first, second].map((value) => ({ value }));
    // What waits in a hold is erased later.
    const safeguards = { leavers: null, emptied: null, moves: null, group: null };
    for (const { companyId, settingId } of [idp, field]) {
      const path = `/api/v1/companies/${companyId}/scim-settings/${settingId}`;
      expect((await product.send("PATCH", path, env.OPERATOR_KEY, JSON.stringify({ safeguards }))).ok).toBe(true);
    }
    const patch = (...Operations: unknown[]) => ({ Operations });
    const requests: [Filled, string, string, unknown?][] = [
      [field, "PUT", `/Users/${field.userIds[0]}`, { ...person(0), userName: "renamed@bench.example" }],
      [field, "DELETE", `/Users/${field.userIds[1]}`],
      [idp, "PUT", group, { displayName: "Renamed", members }],
      [idp, "PATCH", group, patch({ op: "replace", path: "members", value: [{ value: third }] })],
      [idp, "PATCH", group, patch({ op: "replace", path: "displayName", value: "Renamed again" })],
      [idp, "GET", group],
      [idp, "GET", `/Groups?filter=${encodeURIComponent(`displayName eq "Renamed again" and members eq "${third}"`)}`],
      [idp, "POST", "/Groups", { displayName: "Another", members }],
      [idp, "DELETE", `/Users/${first}`],
      [idp, "DELETE", group],
    ];
    const erasing: Recorded[] = [];
    for (const [{ token }, method, path, body] of requests) {
      product.recorder.clear();
      const text = body === undefined ? undefined : JSON.stringify(body);
      expect((await product.send(method, `/scim/v2${path}`, token, text)).ok, `${method} ${path}`).toBe(true);
      for (const statement of product.recorder.statements)
        expect(await scansOf(env.DB, statement), `${method} ${path}: ${statement.sql}`).toEqual([]);
      erasing.push(...product.recorder.statements.filter(({ sql }) => sql.includes("lower(label) IN")));
    }
    expect(erasing.length).toBe(4);
    for (const { sql, values } of erasing) {
      const { results } = await env.DB.prepare(`EXPLAIN QUERY PLAN ${sql}`)
        .bind(...values)
        .all<{ detail: string }>();
      expect(results[0]?.detail).toContain("_log_by_label (setting_key=? AND <expr>=?)");
    }
  });

  it("would be found out if they did", async () => {
    const sql = "SELECT count(*) FROM users x WHERE x.display_name = ?";
    expect(await scansOf(env.DB, { sql, values: ["a"], rowsRead: 0, rowsWritten: 0 })).toHaveLength(1);
  });
});

describe("the other statements of the doors and the writer, in the rows they write", () => {
  it("erase a person at a cost that does not grow with the company's feed", async () => {
    const costs: number[] = [];
    for (const size of SIZES) {
      const product = new Product();
      const { token, userIds } = await product.fill({ criteria: "field", field: "department" }, size);
      for (const id of userIds.slice(0, 2)) {
        product.recorder.clear();
        expect((await product.send("DELETE", `/scim/v2/Users/${id}`, token)).status).toBe(204);
      }
      costs.push(product.recorder.statements.reduce((sum, { rowsRead }) => sum + rowsRead, 0));
    }
    expect(Math.max(...costs)).toBeLessThan(120);
  });

  it("give the groups of somebody who goes, or is called otherwise, a new version for one row each", async () => {
    const product = new Product();
    const { token, userIds } = await product.fill({ criteria: "field", field: "department" }, 8);
    const path = (kind: string, id = "") => `/scim/v2/${kind}/${id}`;
    const rename = { Operations: [{ op: "replace", path: "displayName", value: "Another" }] };
    const written = async (method: string, user: string, body?: unknown) => {
      product.recorder.clear();
      const answer = await product.send(
        method,
        path("Users", user),
        token,
        body === undefined ? body : JSON.stringify(body),
      );
      expect(answer.ok, await answer.text()).toBe(true);
      return product.recorder.statements.reduce((sum, { rowsWritten }) => sum + rowsWritten, 0);
    };
    const costs: Record<string, number[]> = { PATCH: [], DELETE: [] };
    // The first is there to warm the writer's caches.
    for (const [index, groups] of [0, 0, 1, 4].entries()) {
      const user = userIds[index] ?? "";
      for (let n = 0; n < groups; n += 1) {
        const group = { displayName: `G ${groups} ${n}`, members: [{ value: user }] };
        expect((await product.send("POST", "/scim/v2/Groups", token, JSON.stringify(group))).status).toBe(201);
      }
      costs.PATCH?.push(await written("PATCH", user, rename));
      costs.DELETE?.push(await written("DELETE", user));
    }
    const [, none = 0, ...others] = costs.PATCH ?? [];
    expect(others.map((cost) => cost - none)).toEqual([1, 4]);
    const [, alone = 0, ...members] = costs.DELETE ?? [];
    // Beside the membership: the count of members is written with the version.
    expect(members.map((cost) => cost - alone)).toEqual([2, 8]);
  });

  it("count a loss at one row more than without a brake, and no trip", async () => {
    const product = new Product();
    const costs: { trips: number; written: number }[] = [];
    for (const isBraked of [true, false]) {
      const { companyId, settingId, token, userIds } = await product.fill({ criteria: "idp" }, 60);
      const limit = isBraked ? { people: 50, percent: 90 } : null;
      const safeguards = { leavers: limit, emptied: limit, moves: limit, group: limit };
      const path = `/api/v1/companies/${companyId}/scim-settings/${settingId}`;
      expect((await product.send("PATCH", path, env.OPERATOR_KEY, JSON.stringify({ safeguards }))).ok).toBe(true);
      const members = userIds.map((value) => ({ value }));
      const made = await product.send(
        "POST",
        "/scim/v2/Groups",
        token,
        JSON.stringify({ displayName: "Crew", members }),
      );
      const { id } = await made.json<{ id: string }>();
      for (const [index, user] of userIds.slice(0, 3).entries()) {
        product.recorder.clear();
        const Operations = [{ op: "remove", path: `members[value eq "${user}"]` }];
        const answer = await product.send("PATCH", `/scim/v2/Groups/${id}`, token, JSON.stringify({ Operations }));
        expect(answer.status).toBe(204);
        const { trips, statements } = product.recorder;
        const written = statements.reduce((sum, { rowsWritten }) => sum + rowsWritten, 0);
        // The first are there to warm the writer's caches, and to make the row.
        if (index === 2) costs.push({ trips, written });
      }
    }
    const [braked, free] = costs;
    expect(braked).toEqual({ trips: free?.trips, written: (free?.written ?? 0) + 1 });
  });
});

/** What D1 holds of a company, without what differs from one run to the next. */
async function contentOf({ companyId }: Filled): Promise<unknown[]> {
  const ofCompany = "company_key = (SELECT company_key FROM companies WHERE id = ?)";
  const ofUsers = `user_key IN (SELECT user_key FROM users WHERE ${ofCompany})`;
  const results = await env.DB.batch(
    [
      `SELECT user_name, user_name_key, external_id, display_name, active, email, email_key, first_name, last_name, department,
        phone_number, custom_fields, document, folded_document, version FROM users WHERE ${ofCompany} ORDER BY user_name`,
      `SELECT value_key, type_key FROM user_emails WHERE ${ofUsers} ORDER BY 1`,
      `SELECT name, name_key, source, member_count FROM target_groups WHERE ${ofCompany} ORDER BY 1`,
      `SELECT kind, detail, source_key FROM target_group_members WHERE ${ofUsers} ORDER BY 1, 2`,
      `SELECT type, subject_kind, seq FROM changes WHERE ${ofCompany} AND type <> 'setting.created' ORDER BY seq`,
      `SELECT active_users, inactive_users, group_count FROM scim_settings WHERE ${ofCompany}`,
    ].map((sql) => env.DB.prepare(sql).bind(companyId)),
  );
  return results.map(({ results: rows }) => rows);
}

describe("the directory that the bench seeds", () => {
  it("is what the same people leave behind who come through the door", async () => {
    const product = new Product();
    const settings = { criteria: "field", field: "department", targetGroupName: "Everyone" };
    const seeded = await product.fill(settings, 5);
    const written = await product.fill(settings, 0);
    for (let n = 0; n < 5; n += 1) {
      const answer = await product.send("POST", "/scim/v2/Users", written.token, JSON.stringify(person(n)));
      expect(answer.status).toBe(201);
    }
    expect(await contentOf(seeded)).toEqual(await contentOf(written));
  });
});
