import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { listPeople, type PeopleOrder, positionOfPerson } from "../../src/directory/people-list-store.ts";
import { openRegistry } from "../../src/platform/database.ts";
import type { Position } from "../../src/platform/list-position.ts";
import { NOTHING } from "../../src/platform/read-batch.ts";
import { compareCodePoints } from "../../src/scim/compare-code-points.ts";
import { freeReads } from "../companies/free-reads.ts";
import { fillCompany } from "../management-api/fill-company.ts";

it("the people of several settings are walked as one list, in the order in which the database compares names", async () => {
  const { company, addUser, addSetting } = await fillCompany();
  const other = await addSetting();
  const names = ["a", "b", "\u{1f388}", "\uf8ff", "\u{10ffff}", "é", "z".repeat(400), `${"z".repeat(400)}y`];
  for (const [index, name] of names.entries()) await addUser(name, index % 2 === 0 ? {} : { setting_key: other.key });
  await addUser("a", { setting_key: other.key });
  const hold = freeReads(openRegistry(env));
  const walk = async (order: PeopleOrder) => {
    const seen: string[] = [];
    for (let after: Position | null = null; ; ) {
      const query = { search: "", status: null, settingId: null, isUnmanaged: false, order };
      const page = { take: 1, after };
      const { rows: people } = await listPeople(openRegistry(env), company.key, query, page, NOTHING, hold);
      const [person] = people;
      if (person === undefined) return seen;
      seen.push(person.userName);
      after = positionOfPerson(person, order);
    }
  };
  const sorted = [...names, "a"].sort(compareCodePoints);
  expect(await walk("name")).toEqual(sorted);
  expect(await walk("-name")).toEqual([...sorted].reverse());
});
