import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { listMembers, type MemberOrder, positionOfMember, usualOrderOf } from "../../src/grouping/member-list-store.ts";
import { openRegistry } from "../../src/platform/database.ts";
import type { Position } from "../../src/platform/list-position.ts";
import { freeReads } from "../companies/free-reads.ts";
import { must } from "../safety/populated-company.ts";
import { newSetting, operate } from "../scim-api/scim-client.ts";

const NAMES = ["mila", "Anna", "zoe", "bert", "Öle", "carla", "anna.b"];
const BY_NAME = ["Anna", "anna.b", "bert", "carla", "mila", "zoe", "Öle"];

let companyKey: number;
let key: number;
const asked: string[] = [];

beforeAll(async () => {
  const company = must(await operate("POST", "/companies", { name: "Members" }), 201);
  const groupSettings = { criteria: "field", field: "department" };
  const client = await newSetting(company.id, { groupSettings });
  const enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
  for (const [index, userName] of NAMES.entries()) {
    const name = { givenName: `Given${index}`, familyName: "Family" };
    // The last has no name.
    const named = index === NAMES.length - 1 ? {} : { name };
    must(await client.send("POST", "/Users", { userName, ...named, [enterprise]: { department: "Crew" } }), 201);
  }
  must(await client.send("POST", "/Users", { userName: "anna.not", [enterprise]: { department: "Others" } }), 201);
  companyKey = Number(
    await env.DB.prepare("SELECT company_key FROM companies WHERE id = ?").bind(company.id).first("company_key"),
  );
  key = Number(
    await env.DB.prepare("SELECT target_group_key FROM target_groups WHERE company_key = ? AND name = 'Crew'")
      .bind(companyKey)
      .first("target_group_key"),
  );
});

interface Walk {
  search?: string;
  /** From this place back. */
  last?: Position;
}

/** The members of a group that is taken to be so large, page by page, by their user names. */
async function walk(memberCount: number, order: MemberOrder, { search = "", last: from }: Walk = {}, take = 2) {
  const database = openRegistry(env);
  const reads = freeReads(database, { rows: 3, bytes: 100_000 }, (what) => asked.push(what));
  const pages: string[][] = [];
  let end: Position | undefined;
  for (let after: Position | null = from ?? null; ; ) {
    const group = { key, memberCount };
    const page = { take, after, isBack: from !== undefined };
    const { rows } = await listMembers(database, companyKey, group, { search, order }, page, reads);
    if (rows.length > 0) pages.push(rows.map(({ userName }) => userName));
    const last = rows.at(-1);
    if (last !== undefined) end = positionOfMember(last);
    if (last === undefined || rows.length < take) return { pages, names: pages.flat(), end };
    expect(last.reasons).toMatchObject([{ kind: "field", detail: 'department is "Crew"' }]);
    after = positionOfMember(last);
  }
}

describe.each([
  ["a small target group", 7],
  ["a large one", 7_000],
])("the members of %s", (_what, memberCount) => {
  it.each([
    ["name", BY_NAME],
    ["-name", [...BY_NAME].reverse()],
    ["came", NAMES],
    ["-came", [...NAMES].reverse()],
    // By "Given0 Family" and so on; who has no name is last either way.
    ["full-name", NAMES],
    ["-full-name", [...NAMES.slice(0, -1).reverse(), ...NAMES.slice(-1)]],
  ] as const)("come by %s, page by page, each once, forwards and back", async (order, expected) => {
    const { pages, names, end } = await walk(memberCount, order);
    expect(names).toEqual(expected);
    expect(pages.every((page) => page.length <= 2)).toBe(true);
    const back = await walk(memberCount, order, end === undefined ? {} : { last: end });
    expect(back.names).toEqual([...expected].reverse().slice(1));
  });

  it("are found by parts of their names, and nobody else is", async () => {
    expect((await walk(memberCount, "name", { search: "anna" })).names).toEqual(["Anna", "anna.b"]);
    expect((await walk(memberCount, "-came", { search: "family given4" })).names).toEqual(["Öle"]);
    expect((await walk(memberCount, "-full-name", { search: "family" })).names).toEqual([
      ...["carla", "Öle", "bert", "zoe", "Anna", "mila"],
    ]);
    expect((await walk(memberCount, "name", { search: "nobody" })).names).toEqual([]);
  });
});

it("only what no index answers is read in the company's share", async () => {
  asked.length = 0;
  await walk(7_000, "came");
  await walk(7, "name");
  await walk(7, "came", { search: "anna" });
  await walk(7, "full-name");
  expect(asked).toEqual([]);
  await walk(7_000, "name");
  expect(asked.length).toBeGreaterThan(0);
  expect([usualOrderOf({ memberCount: 7 }), usualOrderOf({ memberCount: 7_000 })]).toEqual(["name", "came"]);
});
