import { beforeAll, describe, expect, it } from "vitest";
import { must } from "../safety/populated-company.ts";
import { newClient, type ScimClient } from "./scim-client.ts";

/** Lists of objects in custom extensions are asked for by what they hold, as those of schemas are. */

const MAPPED = "urn:ietf:params:scim:schemas:extension:acme:2.0:User";
const UNMAPPED = "urn:ietf:params:scim:schemas:extension:other:2.0:User";
/** An extension that is known only because somebody has it. */
const HELD = "urn:acme:staff";

const PEOPLE: Record<string, unknown> = {
  ada: [
    { value: "Rome", type: "work" },
    { value: "Bonn", type: "home" },
  ],
  bo: [{ Value: "Bath" }, { value: "Oslo", primary: true }],
  cy: { value: "Rome" },
  di: ["Rome"],
  ed: [{ type: "work" }],
  flo: undefined,
};

let client: ScimClient;

beforeAll(async () => {
  client = await newClient({
    fieldMappings: [{ field: "department", path: `${MAPPED}:sites` }],
    groupSettings: { criteria: "none", targetGroupName: "All" },
  });
  for (const [userName, sites] of Object.entries(PEOPLE)) {
    const held = { [MAPPED]: { sites }, [UNMAPPED]: { sites }, [HELD]: { sites } };
    must(await client.send("POST", "/Users", { userName, ...(sites !== undefined && held) }), 201);
  }
});

async function found(query: string): Promise<string[]> {
  const { Resources } = must(await client.send("GET", `/Users?${query}`), 200);
  return Resources.map(({ userName }: { userName: string }) => userName);
}

describe("a list of objects that no schema describes", () => {
  it.each([
    ['eq "rome"', ["ada", "cy", "di"]],
    ['eq "bath"', ["bo"]],
    ['co "o"', ["ada", "bo", "cy", "di"]],
    ['sw "b"', ["ada", "bo"]],
    ['ew "n"', ["ada"]],
    ['gt "o"', ["ada", "bo", "cy", "di"]],
    ['ne "rome"', ["ada", "bo", "ed", "flo"]],
    ["eq null", ["ed", "flo"]],
    ["pr", ["ada", "bo", "cy", "di", "ed"]],
  ])("is compared by the value of its elements: %s", async (comparison, names) => {
    for (const urn of [MAPPED, UNMAPPED, HELD]) {
      const filters = [`${urn}:sites ${comparison}`, `${urn.toUpperCase()}:SITES ${comparison}`];
      for (const filter of filters)
        expect([filter, await found(`filter=${encodeURIComponent(filter)}`)]).toEqual([filter, names]);
      const searched = must(await client.send("POST", "/Users/.search", { filter: filters[0] }), 200);
      expect(searched.totalResults).toBe(names.length);
    }
  });

  it("is sorted by the value of its primary element, else of its first", async () => {
    for (const urn of [MAPPED, UNMAPPED, HELD])
      expect((await found(`sortBy=${urn}:sites`)).slice(0, 4)).toEqual(["bo", "ada", "cy", "di"]);
  });

  it("is found by its value once the attribute has an index of its own", async () => {
    const filter = encodeURIComponent(`${MAPPED}:sites eq "bonn"`);
    for (let times = 0; times < 40; times += 1) expect(await found(`filter=${filter}`)).toEqual(["ada"]);
  });
});

describe("numbers that no schema describes", () => {
  const LEVELS = [10, 9, "100", 1_000_000_000_000, -3, 7.5, "tall"];

  it("are compared and sorted by their size, by both ways of paging", async () => {
    for (const urn of [MAPPED, UNMAPPED]) {
      for (const [index, level] of LEVELS.entries())
        must(await client.send("POST", "/Users", { userName: `${urn}.${index}`, [urn]: { level } }), 201);
      const levels = async (query: string): Promise<unknown[]> => {
        const { Resources, nextCursor } = must(await client.send("GET", `/Users?${query}`), 200);
        const here = Resources.map((resource: Record<string, { level: unknown }>) => resource[urn]?.level);
        return nextCursor === undefined ? here : [...here, ...(await levels(withCursor(query, nextCursor)))];
      };
      const held = `filter=${encodeURIComponent(`${urn}:level pr`)}`;
      const sorted = [-3, 7.5, 9, 10, "100", 1_000_000_000_000, "tall"];
      for (const paging of ["", "&cursor=&count=2"]) {
        expect(await levels(`${held}&sortBy=${urn}:level${paging}`)).toEqual(sorted);
        expect(await levels(`${held}&sortBy=${urn}:level&sortOrder=descending${paging}`)).toEqual(sorted.toReversed());
      }
      const over = encodeURIComponent(`${urn}:level gt 9 and not (${urn}:level gt "tall")`);
      expect(await levels(`filter=${over}&sortBy=${urn}:level`)).toEqual([10, "100", 1_000_000_000_000, "tall"]);
    }
  });
});

/** The same query at another place of the list. */
function withCursor(query: string, cursor: string): string {
  return query.replace(/cursor=[^&]*/, `cursor=${encodeURIComponent(cursor)}`);
}
