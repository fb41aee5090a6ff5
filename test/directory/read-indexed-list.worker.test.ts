import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { indexedPaths } from "../../src/directory/indexed-condition.ts";
import type { PageRequest } from "../../src/directory/list-resources.ts";
import { attemptList } from "../../src/directory/read-indexed-list.ts";
import type { ResourceName } from "../../src/directory/resource-tables.ts";
import { prepare } from "../../src/platform/sql.ts";
import type { CompareOperator } from "../../src/scim/filter/comparison-literal.ts";
import { parseFilter } from "../../src/scim/filter/parse-filter.ts";
import { parseSortBy } from "../../src/scim/list/sort-by.ts";
import { resourceTypes } from "../../src/scim/schema/resource-types.ts";

/*
 * Made from the schemas and the operators: an attribute or operator that is added is judged here too. What is attempted
 * outside a company's share must be found by an index, and nothing else may be attempted.
 */

const types = resourceTypes();
const OPERATORS: readonly (CompareOperator | "pr")[] = ["eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le", "pr"];

/** Every path of a type that a filter can name, sub-attributes and extensions included. */
function pathsOf(type: ResourceName): string[] {
  return [...types[type].names.values()].flatMap(({ extension, attribute }) => {
    const name = extension === undefined ? attribute.name : `${extension}:${attribute.name}`;
    return [name, ...attribute.subAttributes.map((sub) => `${name}.${sub.name}`)];
  });
}

function requestOf(type: ResourceName, filter: string | undefined, sortBy?: string): PageRequest | null {
  try {
    return {
      ...{ settingKey: 1, baseUrl: "https://x", descending: false, limit: 100, offset: 0, isByCursor: false },
      sources: [
        {
          type,
          filter: filter === undefined ? undefined : parseFilter(types[type], filter),
          sortBy: sortBy === undefined ? undefined : parseSortBy(types[type], sortBy),
          withRelated: false,
        },
      ],
    };
  } catch {
    // Not every operator compares every attribute.
    return null;
  }
}

/** Steps that look through all of a setting, or all of a table. */
async function scansOf(request: PageRequest): Promise<string[]> {
  const { statements } = attemptList(request);
  if (statements.length === 0) return [];
  const explained = statements.map(({ sql, params }) => prepare(env.DB, { sql: `EXPLAIN QUERY PLAN ${sql}`, params }));
  const plans = await env.DB.batch<{ detail: string }>(explained);
  const steps = plans.flatMap(({ results }) => results.map(({ detail }) => detail));
  return steps.filter(
    (step) => /^SCAN (u|g|x|m|users|groups|group_members)\b/.test(step) || /SETTING_KEY=\?\)$/i.test(step),
  );
}

function literalOf(path: string): string[] {
  return ['"2026-01-01T00:00:00Z"', "true", "7"].concat(path.includes("x509") ? ['"AAAA"'] : ['"a"']);
}

describe.each(["User", "Group"] as const)("what is read of %s outside a company's share", (type) => {
  it("is found by an index, for every attribute and operator, in every order", async () => {
    const scans: string[] = [];
    let asked = 0;
    for (const path of pathsOf(type))
      for (const operator of OPERATORS)
        for (const literal of operator === "pr" ? [""] : literalOf(path)) {
          const filter = `${path} ${operator} ${literal}`.trim();
          const request = requestOf(type, filter);
          if (request === null) continue;
          asked += 1;
          for (const step of await scansOf(request)) scans.push(`${filter}: ${step}`);
        }
    expect(scans).toEqual([]);
    expect(asked).toBeGreaterThan(type === "User" ? 300 : 60);
  }, 120_000);

  it("is attempted for equality alone, and for orders that an index has", () => {
    const isAttempted = (filter: string | undefined, sortBy?: string) => {
      const request = requestOf(type, filter, sortBy);
      return request !== null && attemptList(request).statements.length > 0;
    };
    for (const path of pathsOf(type))
      for (const operator of OPERATORS.filter((one) => one !== "eq"))
        for (const literal of operator === "pr" ? [""] : literalOf(path))
          expect(isAttempted(`${path} ${operator} ${literal}`), `${path} ${operator} ${literal}`).toBe(false);
    for (const path of indexedPaths(type)) expect(isAttempted(`${path} eq "a"`), path).toBe(true);
    const sorts = pathsOf(type).filter((path) => isAttempted(undefined, path));
    expect(sorts.sort()).toEqual(type === "User" ? ["id", "userName"] : ["displayName", "id"]);
  });
});
