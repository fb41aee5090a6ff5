import { describe, expect, it } from "vitest";
import { type ListRequest, type ListSource, listResources } from "../../src/directory/list-resources.ts";
import type { ResourceName } from "../../src/directory/resource-tables.ts";
import { parseFilter } from "../../src/scim/filter.ts";
import { resourceTypes } from "../../src/scim/resource-types.ts";
import { parseSortBy } from "../../src/scim/sort.ts";

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

function shares(sources: ListSource[], more: Partial<ListRequest> = {}): boolean {
  const request = { settingKey: 1, baseUrl: "https://x", sources, descending: false, limit: 100, offset: 0, ...more };
  return listResources(request).share !== undefined;
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
});
