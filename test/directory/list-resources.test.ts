import { describe, expect, it } from "vitest";
import { type ListSource, listResources, type PageRequest } from "../../src/directory/list-resources.ts";
import { attemptList } from "../../src/directory/read-indexed-list.ts";
import { withAccess } from "../../src/directory/read-with-credential.ts";
import type { ResourceName } from "../../src/directory/resource-tables.ts";
import { parseFilter } from "../../src/scim/filter/parse-filter.ts";
import { parseSortBy } from "../../src/scim/list/sort-by.ts";
import { resourceTypes } from "../../src/scim/schema/resource-types.ts";

const types = resourceTypes();

/** A source with its filter and order as a client writes them. */
function source(
  type: ResourceName,
  more: { filter?: string; sortBy?: string; withRelated?: boolean } = {},
): ListSource {
  const { filter, sortBy, withRelated = true } = more;
  return {
    type,
    withRelated,
    filter: filter === undefined ? undefined : parseFilter(types[type], filter),
    sortBy: sortBy === undefined ? undefined : parseSortBy(types[type], sortBy),
  };
}

function requestFor(sources: ListSource[], more: Partial<PageRequest> = {}): PageRequest {
  return {
    settingKey: 1,
    baseUrl: "https://x",
    sources,
    descending: false,
    limit: 100,
    offset: 0,
    isByCursor: false,
    ...more,
  };
}

function list(sources: ListSource[], more: Partial<PageRequest> = {}) {
  return listResources(requestFor(sources, more));
}

function shares(sources: ListSource[], more: Partial<PageRequest> = {}): boolean {
  return list(sources, more).weight !== undefined;
}

/** The statements of a list with the look at its token beside it. */
function statementsOf(sources: ListSource[], more: Partial<PageRequest> = {}): string[] {
  return withAccess({ settingKey: 1, tokenId: "t" }, list(sources, more)).statements.map(({ sql }) => sql);
}

/** Whether a list is compiled, and not refused for its parameters. */
function isTaken(compile: () => unknown): boolean {
  try {
    compile();
    return true;
  } catch {
    return false;
  }
}

describe("a list", () => {
  it("shares a trip to D1 when its rows are few or lie together", () => {
    for (const filter of ['userName eq "a"', 'externalId eq "a"', 'emails[type eq "work"].value eq "a"'])
      expect(shares([source("User", { filter })]), filter).toBe(true);
    expect(shares([source("User")])).toBe(true);
    expect(shares([source("User")], { offset: 500 })).toBe(true);
    expect(shares([source("User")], { from: { position: { value: "x", key: 1 }, backwards: false } })).toBe(true);
    expect(shares([source("Group", { withRelated: false })])).toBe(true);
    expect(shares([source("Group", { filter: 'displayName eq "a"', withRelated: false })])).toBe(true);
  });

  it("goes alone when it may take long, so that no look-up waits for it", () => {
    for (const filter of ['title eq "a"', 'userName co "a"', 'groups.value eq "a"', 'userName eq "a" or title eq "b"'])
      expect(shares([source("User", { filter })]), filter).toBe(false);
    expect(shares([source("User", { sortBy: "title" })])).toBe(false);
    expect(shares([source("User")], { offset: 50_000 })).toBe(false);
    expect(shares([source("Group")])).toBe(false);
    expect(shares([source("Group", { filter: 'displayName eq "a"' })])).toBe(false);
    expect(shares([source("User"), source("Group", { withRelated: false })])).toBe(false);
  });

  it("asks for the look at the token, the page, and its total where something is filtered", () => {
    for (const [filter, count] of [
      [undefined, 2],
      ['userName eq "a"', 2],
      ['title eq "a"', 3],
    ] as const)
      expect(statementsOf([source("User", { filter })]), filter).toHaveLength(count);
    expect(statementsOf([source("User", { sortBy: "title" })])).toHaveLength(2);
    expect(statementsOf([source("User", { sortBy: "title", filter: "active eq true" })])).toHaveLength(3);
    expect(statementsOf([source("User"), source("Group", { withRelated: false })])).toHaveLength(2);
  });

  it("orders keys, not documents, where an index leads to many", () => {
    const request = requestFor([source("User", { filter: 'groups.value eq "a"' })]);
    const [candidates, counts, page] = attemptList(request).statements.map(({ sql }) => sql);
    expect(candidates).toContain("AS candidates");
    expect(counts).toContain("AS total");
    expect(page).toMatch(/FROM \(SELECT \* FROM \(SELECT 'User' AS kind, u\.user_key AS row_key, /);
    expect(page).not.toMatch(/ORDER BY \+?u\.id/);
  });

  it("goes on from any position beside every filter that its first page takes", () => {
    const urn = "urn:acme:2.0:User";
    const { User } = resourceTypes([{ urn, attributes: Array.from({ length: 50 }, (_, n) => ({ name: `a${n}` })) }]);
    const value = { head: "h", tail: "t", length: 300 };
    for (const sortBy of ["title", "emails.type", "meta.location", "groups.display", `${urn}:a49`]) {
      let largest = 0;
      for (let wide = 30; wide < 50; wide += 1) {
        const terms = Array.from({ length: 49 }, (_, n) => (n < wide ? `${urn}:a${n} ne "v${n}"` : `title ne "t${n}"`));
        const filter = parseFilter(User, ['emails.value eq "a"', ...terms].join(" and "));
        const sources: ListSource[] = [{ type: "User", filter, sortBy: parseSortBy(User, sortBy), withRelated: true }];
        if (!isTaken(() => list(sources))) continue;
        largest = wide;
        for (const backwards of [true, false])
          for (const descending of [true, false]) {
            const from = { position: { value, key: 1 }, backwards };
            expect(
              isTaken(() => list(sources, { descending, from })),
              `${sortBy} ${wide}`,
            ).toBe(true);
          }
      }
      expect(largest, sortBy).toBeGreaterThan(35);
    }
  });

  it("never has a bare parameter as its limit, for which SQLite would compile the statement at each run", () => {
    for (const sources of [[source("User")], [source("User", { sortBy: "title" })], [source("User"), source("Group")]])
      for (const sql of statementsOf(sources)) expect(sql).not.toMatch(/\b(LIMIT|OFFSET) \?(?! \+ 0)/);
  });
});
