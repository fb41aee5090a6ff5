import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import type { PageRequest } from "../../src/directory/list-resources.ts";
import { attemptList } from "../../src/directory/read-indexed-list.ts";
import { withAccess } from "../../src/directory/read-with-credential.ts";
import type { ResourceName } from "../../src/directory/resource-tables.ts";
import { findResource } from "../../src/directory/select-resources.ts";
import { NOTHING, type Read } from "../../src/platform/read-batch.ts";
import { prepare } from "../../src/platform/sql.ts";
import { parseFilter } from "../../src/scim/filter/parse-filter.ts";
import { parseSortBy } from "../../src/scim/list/sort-by.ts";
import { resourceTypes } from "../../src/scim/schema/resource-types.ts";

const types = resourceTypes();

/** The query plans of a read's statements, with the look at the token beside them. */
async function plansOf<T>(read: Read<T>): Promise<string[]> {
  const { statements } = withAccess({ settingKey: 1, tokenId: "t" }, read);
  const made = statements.map(({ sql, params }) => prepare(env.DB, { sql: `EXPLAIN QUERY PLAN ${sql}`, params }));
  const plans = await env.DB.batch<{ detail: string }>(made);
  return plans.flatMap(({ results }) => results.map(({ detail }) => detail));
}

function list(
  type: ResourceName,
  text: string | undefined,
  more: { sortBy?: string; withRelated?: boolean; from?: PageRequest["from"]; descending?: boolean } = {},
) {
  return plansOf(
    attemptList({
      settingKey: 1,
      baseUrl: "https://x",
      sources: [
        {
          type,
          filter: text === undefined ? undefined : parseFilter(types[type], text),
          sortBy: more.sortBy === undefined ? undefined : parseSortBy(types[type], more.sortBy),
          withRelated: more.withRelated ?? true,
        },
      ],
      descending: more.descending ?? false,
      limit: 100,
      offset: 0,
      isByCursor: false,
      from: more.from,
    }),
  );
}

/** Steps that read a whole table, or sort more than a page. */
function costly(plan: string[]): string[] {
  return plan.filter(
    (step) => /^SCAN (u|g|x|m|users|groups|group_members|user_emails)\b/.test(step) || /SETTING_KEY=\?\)$/i.test(step),
  );
}

describe("query plans", () => {
  it("finds a user or group by id, with what is tied to it, through indexes only", async () => {
    for (const type of ["User", "Group"] as const) {
      const plan = await plansOf(findResource(1, type, "x", true));
      expect(costly(plan), plan.join("\n")).toEqual([]);
    }
  });

  it("judges a token's liveness by keys", async () => {
    expect(costly(await plansOf(NOTHING))).toEqual([]);
  });

  it("answers the look-ups of identity providers in a constant number of rows", async () => {
    for (const filter of [
      'userName eq "a"',
      'id eq "a"',
      'externalId eq "a"',
      'emails eq "a"',
      'emails.value eq "a"',
      'emails[type eq "work"].value eq "a"',
      'emails[type eq "work" and value eq "a"]',
      'userName eq "a" and active eq true',
      'id eq "a" and manager eq "b"',
      'groups.value eq "a"',
    ]) {
      const plan = await list("User", filter);
      expect(costly(plan), `${filter}\n${plan.join("\n")}`).toEqual([]);
    }
    for (const filter of [
      'displayName eq "a"',
      'id eq "a"',
      'externalId eq "a"',
      'id eq "a" and members eq "b"',
      'members eq "b"',
      'members[value eq "b"]',
    ]) {
      const plan = await list("Group", filter);
      expect(costly(plan), `${filter}\n${plan.join("\n")}`).toEqual([]);
    }
  });

  it("walks lists in the order of an index, without sorting a directory", async () => {
    for (const [type, sortBy] of [
      ["User", undefined],
      ["User", "userName"],
      ["Group", undefined],
      ["Group", "displayName"],
    ] as const) {
      const plan = await list(type, undefined, { sortBy });
      const page = plan.slice(
        0,
        plan.findIndex((step) => /^SEARCH [ug] USING INTEGER PRIMARY KEY/.test(step)),
      );
      expect(
        page.filter((step) => step.includes("TEMP B-TREE")),
        plan.join("\n"),
      ).toEqual([]);
    }
  });

  it("go on in the order of an index from wherever a cursor leads, a long value included", async () => {
    const long = { head: "h", tail: "t", length: 300 };
    for (const [type, sortBy, column] of [
      ["User", "userName", "user_name_key"],
      ["Group", "displayName", "display_name_key"],
    ] as const)
      for (const value of ["short", long])
        for (const descending of [true, false]) {
          const from = { position: { value, key: 1 }, backwards: false };
          const plan = await list(type, undefined, { sortBy, descending, from, withRelated: false });
          const range = descending ? `${column}<?` : `${column}>?`;
          const page = plan.slice(
            0,
            plan.findIndex((step) => /^SEARCH [ug] USING INTEGER PRIMARY KEY/.test(step)),
          );
          expect(page.join("\n")).toContain(`(setting_key=? AND ${range})`);
          expect(page.filter((step) => step.includes("TEMP B-TREE"))).toEqual([]);
        }
  });

  it("never touches the member table when members are not wanted", async () => {
    const plan = await list("Group", 'displayName eq "a"', { withRelated: false });
    expect(plan.filter((step) => /\bm\b/.test(step))).toEqual([]);
  });
});
