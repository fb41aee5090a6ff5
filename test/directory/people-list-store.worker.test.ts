import { env } from "cloudflare:workers";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Person } from "../../src/directory/listed-person.ts";
import { listPeople, readAllPeople } from "../../src/directory/people-list-store.ts";
import { isWalked, PEOPLE_ORDERS, type PeopleOrder, positionOfPerson } from "../../src/directory/people-order.ts";
import type { PeopleQuery } from "../../src/directory/people-walk.ts";
import { openRegistry } from "../../src/platform/database.ts";
import type { Position } from "../../src/platform/list-position.ts";
import { NOTHING } from "../../src/platform/read-batch.ts";
import { compareCodePoints } from "../../src/scim/compare-code-points.ts";
import { foldCase } from "../../src/scim/fold-case.ts";
import { freeReads } from "../companies/free-reads.ts";
import { draw } from "../generated-cases.ts";
import { fillCompany } from "../management-api/fill-company.ts";

const LONG = "w".repeat(299);
const WORDS = [
  null,
  "",
  " ",
  "a",
  "A",
  "b",
  "Z",
  "é",
  "É",
  "\u{1f388}",
  "\uf8ff",
  "z b",
  "\u0130z",
  `${LONG}a`,
  `${LONG}ab`,
  `${LONG}b`,
];
const word = fc.constantFrom(...WORDS);
const drawn = fc.record({
  first: word,
  last: word,
  department: word,
  email: word,
  active: fc.boolean(),
  /** Of the settings: "b", "A", "b" again, and one that was deleted. */
  setting: fc.nat(3),
  /** User names with ties over settings. */
  name: fc.constantFrom(
    "ann",
    "bo",
    "\u{1f388}x",
    "\uf8ffx",
    "\u{10ffff}",
    `${LONG}a`,
    `${LONG}b`,
    "x".repeat(300),
    `${"x".repeat(300)}y`,
  ),
});
const FILTERS: Partial<PeopleQuery>[] = [
  { status: "active" },
  { status: "inactive" },
  { search: "a" },
  { search: "a", status: "active" },
  { isUnmanaged: true },
  { search: "b" },
];

interface Known {
  key: number;
  id: string;
  settingRank: number;
  userName: string;
  first: string | null;
  last: string | null;
  department: string | null;
  email: string | null;
  active: boolean;
  isUnmanaged: boolean;
}

const lower = (text: string) => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
const strip = (text: string) => text.replace(/^ +| +$/g, "");
const fullName = ({ first, last }: Pick<Known, "first" | "last">) => `${first ?? ""} ${last ?? ""}`;

/** What a list is sorted by, one after the other. */
function valuesOf(person: Known, order: PeopleOrder): (string | number)[] {
  const { key, userName } = person;
  switch (order.replace(/^-/, "")) {
    case "name":
      return [userName, key];
    case "added":
      return [person.id];
    case "source":
      return [person.settingRank, userName, key];
    case "full-name":
      return [strip(foldCase(fullName(person))), userName, key];
    case "email":
      return [foldCase(person.email ?? ""), userName, key];
    case "department":
      return [strip(lower(person.department ?? "").replaceAll("\u0130", foldCase("\u0130"))), userName, key];
    default:
      return [person.active ? "a" : "i", userName, key];
  }
}

/** What an index has goes down as a whole; of what is sorted those of one value are by name either way, and the blank last. */
function compare(left: Known, right: Known, order: PeopleOrder): number {
  const sign = order.startsWith("-") ? -1 : 1;
  const others = valuesOf(right, order);
  for (const [index, value] of valuesOf(left, order).entries()) {
    const other = others[index] ?? "";
    if (value === other) continue;
    if (!isWalked(order) && index === 0 && (value === "" || other === "")) return value === "" ? 1 : -1;
    const difference = typeof value === "string" ? compareCodePoints(value, String(other)) : value - Number(other);
    return isWalked(order) || index === 0 ? sign * difference : difference;
  }
  return 0;
}

function isShown(person: Known, { search = "", status = null, isUnmanaged = false }: Partial<PeopleQuery>): boolean {
  const texts = [person.userName, foldCase(person.email ?? ""), foldCase(fullName(person))];
  if (status !== null && person.active !== (status === "active")) return false;
  return (!isUnmanaged || person.isUnmanaged) && (search === "" || texts.some((text) => text.includes(search)));
}

/** A company of such people, each with a user name of its own in its setting. */
async function fill(rows: readonly (typeof drawn extends fc.Arbitrary<infer Row> ? Row : never)[]) {
  const { company, setting, addSetting, addUser } = await fillCompany();
  const settings = [setting, await addSetting({ name: "A" }), await addSetting({ name: "entra" })];
  settings.push(await addSetting({ name: "c", status: "deleted", deleted_at: 1 }));
  // "A", "c", "Entra", "entra": by name, then as they were made.
  const ranks = [2, 0, 3, 1];
  const taken = new Set<string>();
  const known: Known[] = [];
  for (const { setting: index, name, first, last, department, email, active } of rows) {
    if (taken.has(`${index} ${name}`)) continue;
    taken.add(`${index} ${name}`);
    const folded = foldCase(fullName({ first, last }));
    const { key, id } = await addUser(name, {
      setting_key: settings[index]?.key ?? 0,
      first_name: first,
      last_name: last,
      full_name_key: folded === lower(fullName({ first, last })) ? null : folded,
      department,
      email,
      email_key: email === null ? null : foldCase(email),
      active: Number(active),
    });
    const settingRank = ranks[index] ?? 0;
    known.push({
      key,
      id,
      settingRank,
      userName: name,
      first,
      last,
      department,
      email,
      active,
      isUnmanaged: index === 3,
    });
  }
  return { company, known };
}

/** Four or more of each setting, so that no statement looks at everybody. */
const FEW_AT_ONCE = { rows: 0.6, bytes: 100_000 };
const ALL = { search: "", status: null, settingId: null, isUnmanaged: false } as const;

/** All pages of a list, forwards from its beginning, or back from its end. */
async function walk(companyKey: number, query: PeopleQuery, { take, last }: { take: number; last?: Position }) {
  const reads = freeReads(openRegistry(env), FEW_AT_ONCE);
  const seen: Person[] = [];
  for (let after: Position | null = last ?? null; ; ) {
    const page = { take, after, isBack: last !== undefined };
    const { rows } = await listPeople(openRegistry(env), companyKey, query, page, NOTHING, reads);
    seen.push(...rows);
    const end = rows.at(-1);
    if (end === undefined || rows.length < take) return seen;
    after = positionOfPerson(end);
  }
}

describe("people in every order", () => {
  it("come each once, page by page, forwards and back, with ties, blanks and letters of all kinds", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(drawn, { minLength: 24, maxLength: 30 }),
        fc.nat(FILTERS.length - 1),
        async (rows, more) => {
          const { company, known } = await fill(rows);
          for (const order of PEOPLE_ORDERS)
            for (const filter of [{}, FILTERS[more] ?? {}]) {
              const query = { ...ALL, ...filter, order };
              const expected = known.filter((person) => isShown(person, filter)).sort((a, b) => compare(a, b, order));
              const keys = expected.map(({ key }) => key);
              const forwards = await walk(company.key, query, { take: 3 });
              expect(
                forwards.map(({ key }) => key),
                `${order} ${JSON.stringify(filter)}`,
              ).toEqual(keys);
              const end = forwards.at(-1);
              if (end === undefined) continue;
              const back = await walk(company.key, query, { take: 3, last: positionOfPerson(end) });
              expect(
                back.map(({ key }) => key),
                `${order} back`,
              ).toEqual(keys.slice(0, -1).reverse());
            }
        },
      ),
      { ...draw(5), endOnFailure: true },
    );
  });

  it("are downloaded in that order where an index has it, and otherwise by user name", async () => {
    const { company, known } = await fill(fc.sample(drawn, { numRuns: 20, seed: 7 }));
    for (const order of PEOPLE_ORDERS) {
      const all: number[] = [];
      const reads = freeReads(openRegistry(env), FEW_AT_ONCE);
      const next = await readAllPeople(openRegistry(env), company.key, { ...ALL, order }, reads);
      for (let rows = await next(); rows.length > 0; rows = await next()) all.push(...rows.map(({ key }) => key));
      const as = isWalked(order) ? order : "name";
      expect(all, order).toEqual([...known].sort((a, b) => compare(a, b, as)).map(({ key }) => key));
    }
  });

  it("are looked at in bounded statements of the company's share where no index has the order, and only there", async () => {
    const { company } = await fill(fc.sample(drawn, { numRuns: 20, seed: 8 }));
    for (const order of PEOPLE_ORDERS) {
      const asked: string[] = [];
      const reads = freeReads(openRegistry(env), FEW_AT_ONCE, (what) => asked.push(what));
      await listPeople(openRegistry(env), company.key, { ...ALL, order }, { take: 3, after: null }, NOTHING, reads);
      expect(asked.length, order).toBe(isWalked(order) ? 0 : 1);
    }
  });
});
