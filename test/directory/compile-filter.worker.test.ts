import { env } from "cloudflare:workers";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { compileFilter } from "../../src/directory/compile-filter.ts";
import { RESOURCE_TABLES, type ResourceName } from "../../src/directory/resource-tables.ts";
import { prepare, rawSql, sql } from "../../src/platform/sql.ts";
import { parseFilter } from "../../src/scim/filter/parse-filter.ts";
import type { JsonObject } from "../../src/scim/json.ts";
import { draw, SEED } from "../generated-cases.ts";
import { matchFilter } from "../scim/filter/match-filter.ts";
import {
  ATTRIBUTES,
  BASE,
  CUSTOM,
  ENTERPRISE,
  groupDocument,
  types,
  UNMAPPED,
  userDocument,
  WORDS,
} from "./any-directory.ts";
import { type FixtureResource, insertGroups, insertSetting, insertUsers, toResources } from "./directory-fixture.ts";

const TEXT_OPERATORS = ["eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le"];

const rows: Record<ResourceName, { resource: JsonObject; id: string }[]> = { User: [], Group: [] };
let settingKey = 0;
let literals: string[] = WORDS;

beforeAll(async () => {
  const setting = await insertSetting(env.DB);
  settingKey = setting.settingKey;
  const userDocuments = fc.sample(userDocument, { numRuns: 45, seed: 7 }).map((document, index) => ({
    userName: `${WORDS[index % WORDS.length]}${index < WORDS.length ? "" : `.${index}`}`,
    ...document,
  }));
  const groupDocuments = fc
    .sample(groupDocument, { numRuns: 12, seed: 8 })
    .map((document, index) => ({ displayName: `${WORDS[index + 5]}${index}`, ...document }));
  // Names are unique when folded: those that are not are left out.
  const users = distinct(toResources(setting, 10, userDocuments), "userName");
  const groups = distinct(toResources(setting, 500, groupDocuments), "displayName");
  await env.DB.batch([...insertUsers(env.DB, setting, users), ...insertGroups(env.DB, setting, groups)]);
  const pairs = groups.flatMap((group, g) =>
    users.filter((_, u) => (g * 7 + u * 3) % 11 < g % 4).map((user) => ({ group, user })),
  );
  const nested = groups.slice(1, 4).map((sub) => ({ group: groups[0], sub }));
  await env.DB.batch([
    ...pairs.map(({ group, user }) =>
      env.DB.prepare("INSERT INTO group_members VALUES (?, ?)").bind(group.key, user.key),
    ),
    ...nested.map(({ group, sub }) =>
      env.DB.prepare("INSERT INTO group_subgroups VALUES (?, ?)").bind(group?.key, sub.key),
    ),
  ]);
  rows.User = users.map((user) => ({
    id: user.id,
    resource: represent("User", user, {
      groups: pairs
        .filter((pair) => pair.user === user)
        .map(({ group }) => ({
          value: group.id,
          display: group.document.displayName ?? null,
          type: "direct",
          $ref: `${BASE}/Groups/${group.id}`,
        })),
    }),
  }));
  rows.Group = groups.map((group) => ({
    id: group.id,
    resource: represent("Group", group, {
      members: [
        ...pairs
          .filter((pair) => pair.group === group)
          .map(({ user }) => ({
            value: user.id,
            display: user.document.displayName ?? user.document.userName ?? null,
            type: "User",
            $ref: `${BASE}/Users/${user.id}`,
          })),
        ...nested
          .filter((pair) => pair.group === group)
          .map(({ sub }) => ({
            value: sub.id,
            display: sub.document.displayName ?? null,
            type: "Group",
            $ref: `${BASE}/Groups/${sub.id}`,
          })),
      ],
    }),
  }));
  literals = [
    ...WORDS,
    "",
    "work",
    "direct",
    "user",
    "Group",
    'W/"2"',
    BASE,
    CUSTOM,
    ENTERPRISE,
    users[3]?.id ?? "",
    users[5]?.id ?? "",
    groups[2]?.id ?? "",
    `${BASE}/Users/${users[3]?.id}`,
    ...["10", "-3.5", "1e2", "-1000000"],
  ];
});

/** The filters on whose matches the SQL and the engine differ, told. */
async function disagreements(type: ResourceName, filters: string[]): Promise<string[]> {
  const { from, alias } = RESOURCE_TABLES[type];
  const parsed = filters.map((text) => ({ text, filter: parseFilter(types[type], text) }));
  const statements = parsed.map(({ filter }) => {
    const condition = compileFilter({ type, settingKey, baseUrl: BASE }, filter);
    return prepare(
      env.DB,
      sql`SELECT ${rawSql(alias)}.id FROM ${from} WHERE ${rawSql(alias)}.setting_key = ${settingKey} AND ${condition}`,
    );
  });
  const results = await env.DB.batch<{ id: string }>(statements);
  return parsed.flatMap(({ text, filter }, index) => {
    const found = new Set(results[index]?.results.map((row) => row.id));
    const wrong = rows[type].filter(({ id, resource }) => matchFilter(filter, resource) !== found.has(id));
    return wrong.length === 0
      ? []
      : [`${text} on ${JSON.stringify(wrong[0]?.resource)}: SQL says ${found.has(wrong[0]?.id ?? "")}`];
  });
}

/** Filters of a resource type, over its attributes and some literals. */
function filterText(type: ResourceName, literals: readonly string[]): fc.Arbitrary<string> {
  const literal = fc.constantFrom(...literals).map((text) => JSON.stringify(text));
  const compare = fc
    .tuple(fc.constantFrom(...ATTRIBUTES[type]), fc.constantFrom(...TEXT_OPERATORS), literal)
    .map((parts) => parts.join(" "));
  const nothing = fc
    .tuple(fc.constantFrom(...ATTRIBUTES[type]), fc.constantFrom("eq", "ne"))
    .map((parts) => `${parts.join(" ")} null`);
  const present = fc
    .constantFrom(...ATTRIBUTES[type], ...(type === "User" ? ["name", "active", "emails.primary"] : []))
    .map((name) => `${name} pr`);
  const time = fc
    .tuple(
      fc.constantFrom("meta.created", "meta.lastModified"),
      fc.constantFrom("eq", "ne", "gt", "ge", "lt", "le"),
      fc.constantFrom(1_700_000_002_000, 1_700_000_502_000),
    )
    .map(([name, operator, at]) => `${name} ${operator} "${new Date(at).toISOString()}"`);
  const bool = fc
    .tuple(fc.constantFrom("active", "emails.primary"), fc.constantFrom("eq", "ne"), fc.boolean())
    .map((parts) => parts.join(" "));
  const holders =
    type === "User"
      ? ["emails", "photos", "roles", "groups", `${ENTERPRISE}:manager`, `${CUSTOM}:badges`, `${UNMAPPED}:tags`]
      : ["members"];
  const inner = fc.oneof(
    fc
      .tuple(fc.constantFrom("value", "$ref"), fc.constantFrom(...TEXT_OPERATORS), literal)
      .map((parts) => parts.join(" ")),
    fc.constantFrom("value pr", "not (value pr)"),
  );
  const innerAll = fc.oneof(
    inner,
    fc
      .tuple(fc.constantFrom("type", "display", "value"), fc.constantFrom(...TEXT_OPERATORS), literal)
      .map((parts) => parts.join(" ")),
    fc.constantFrom("primary eq true", "primary ne true", "not (primary eq true)", "type eq null"),
  );
  const path = fc.constantFrom(...holders).chain((holder) => {
    const plural = ["emails", "photos", "roles"].includes(holder);
    const one = (plural ? innerAll : inner).map((text) => (plural ? text.replace("$ref", "display") : text));
    return fc
      .tuple(one, fc.constantFrom("and", "or"), one)
      .map(([left, joint, right]) => `${holder}[${left} ${joint} ${right}]`);
  });
  const { filter } = fc.letrec<{ filter: string }>((tie) => ({
    filter: fc.oneof(
      { maxDepth: 3, depthSize: "small" },
      compare,
      compare,
      nothing,
      present,
      time,
      path,
      ...(type === "User" ? [bool] : []),
      fc
        .tuple(tie("filter"), fc.constantFrom("and", "or"), tie("filter"))
        .map(([left, joint, right]) => `(${left}) ${joint} (${right})`),
      tie("filter").map((operand) => `not (${operand})`),
    ),
  }));
  return filter;
}

describe("compileFilter", () => {
  for (const type of ["User", "Group"] as const)
    it(`agrees with matchFilter on any filter of ${type} (seed ${SEED})`, async () => {
      const filters = fc.sample(filterText(type, literals), draw(2_000));
      const wrong: string[] = [];
      for (let start = 0; start < filters.length; start += 200)
        wrong.push(...(await disagreements(type, filters.slice(start, start + 200))));
      expect(wrong.slice(0, 5)).toEqual([]);
    }, 120_000);

  it("agrees on every operator and attribute alone", async () => {
    for (const type of ["User", "Group"] as const) {
      const filters = ATTRIBUTES[type].flatMap((name) =>
        TEXT_OPERATORS.flatMap((operator) => ["A", "é", ""].map((text) => `${name} ${operator} "${text}"`)),
      );
      for (let start = 0; start < filters.length; start += 200)
        expect(await disagreements(type, filters.slice(start, start + 200))).toEqual([]);
    }
  }, 120_000);

  it("takes a chain of 50 comparisons that indexes answer, or that an index narrows", async () => {
    const names = Array.from({ length: 50 }, (_, index) => `userName eq "t${index}"`).join(" or ");
    const narrowed = Array.from({ length: 49 }, (_, index) => `title ne "t${index}"`).join(" and ");
    expect(await disagreements("User", [names, `userName eq "ada" and ${narrowed}`])).toEqual([]);
  });

  it("refuses more than eight that read every document, and one with more values than D1 has parameters", () => {
    const compiled = (text: string) => () =>
      compileFilter({ type: "User", settingKey, baseUrl: BASE }, parseFilter(types.User, text));
    for (const term of ['title co "x"', "title pr", "not (title pr)", 'emails.value co "x"', 'emails[value co "x"]']) {
      expect(compiled(Array(8).fill(term).join(" or "))).not.toThrow();
      expect(compiled(Array(9).fill(term).join(" or "))).toThrow(/no index answers/);
    }
    const inner = Array(9).fill('value co "x"').join(" and ");
    expect(compiled(`emails[${inner}]`)).toThrow(/no index answers/);
    const wide = Array.from({ length: 49 }, (_, index) => `${CUSTOM}:a${index} eq "v${index}"`).join(" and ");
    expect(compiled(`userName eq "ada" and ${wide}`)).toThrow(/too many different values/);
  });
});

function distinct(resources: FixtureResource[], name: string): FixtureResource[] {
  const seen = new Set<string>();
  return resources.filter(({ document }) => {
    const key = String(document[name]).normalize("NFKC").toLowerCase().trim();
    return !seen.has(key) && seen.add(key);
  });
}

function represent(
  type: ResourceName,
  { id, document, createdAt, updatedAt, version }: FixtureResource,
  related: JsonObject,
): JsonObject {
  const urns = Object.keys(document).filter((key) => key.startsWith("urn:"));
  return {
    schemas: [`urn:ietf:params:scim:schemas:core:2.0:${type}`, ...urns],
    id,
    ...document,
    ...related,
    meta: {
      resourceType: type,
      created: new Date(createdAt).toISOString(),
      lastModified: new Date(updatedAt).toISOString(),
      location: `${BASE}/${type}s/${id}`,
      version: `W/"${version}"`,
    },
  };
}
