import { env } from "cloudflare:workers";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mirrorMoveKey, readWithdrawnByRename } from "../../src/unit/read-enrolments-withdrawn-by-rename.ts";
import type { Reader } from "../../src/unit/select-referenced-users.ts";
import { draw, SEED } from "../generated-cases.ts";
import { countEach, effectOf, readRows, readSide } from "../previews/target-side-in-tables.ts";
import {
  addSetting,
  type Bench,
  Client,
  finishFollowUps,
  newBench,
  requestOf,
  requireOutcome,
} from "../writer/bench.ts";
import { enrolIn, setByHand } from "../writer/target-side.ts";

const NAMES = ["Eng", "Others", "Staff"];
const ITEMS = ["t0", "t1"];

/** Somebody of one of two settings, with an e-mail that others may have, in IdP groups and in a target group by hand. */
const person = fc.record({
  setting: fc.nat(1),
  mail: fc.nat(2),
  groups: fc.subarray(["Eng", "Others"]),
  byHand: fc.option(fc.constantFrom(...NAMES), { freq: 1 }),
  /** What the identity provider then says: it waits where the setting is braked. */
  says: fc.constantFrom(null, null, null, "inactive" as const, "out of Eng" as const),
});
/** The people, which target group enrols in what, and whether losses but for moves wait. */
const anyCompany = fc.record({
  people: fc.array(person, { minLength: 1, maxLength: 6, size: "max" }),
  items: fc.tuple(fc.subarray(ITEMS, { minLength: 1 }), fc.subarray(ITEMS), fc.subarray(ITEMS)),
  isBraked: fc.boolean(),
});
type Company = typeof anyCompany extends fc.Arbitrary<infer T> ? T : never;

const LIMIT = { people: 0, percent: 0 };

/** Makes the company: both settings have a group Eng, so that its mirror stays where one of the two is renamed. */
async function make({ people, items, isBraked }: Company): Promise<{ bench: Bench; eng: string }> {
  const safeguards = { leavers: null, emptied: null, moves: null, group: null };
  const bench = await newBench({ criteria: "idp" }, safeguards);
  const clients = [bench.settingId, await addSetting(bench.writer, { criteria: "idp" }, safeguards)].map(
    (settingId) => new Client(bench.writer, settingId),
  );
  const ids: string[] = [];
  for (const [index, { setting, mail }] of people.entries()) {
    const emails = [{ value: `m${mail}@example.com`, type: "work" }];
    ids.push((await clients[setting]?.user(`u${index}`, undefined, { emails })) ?? "");
  }
  const engs: string[] = [];
  for (const [setting, client] of clients.entries()) {
    const membersOf = (name: string) =>
      ids.filter((_, index) => people[index]?.setting === setting && people[index].groups.includes(name));
    engs.push(await client.group("Eng", membersOf("Eng")));
    await client.group("Others", membersOf("Others"));
  }
  requireOutcome(await bench.writer.write(requestOf({ kind: "createTargetGroup", name: "Staff" })));
  for (const [index, name] of NAMES.entries()) {
    const given = items[index]?.map((id) => ({ kind: "training" as const, id, name: id })) ?? [];
    await enrolIn(bench, name, given);
  }
  for (const [index, { byHand }] of people.entries())
    if (byHand !== null) await setByHand(bench, byHand, [ids[index] ?? ""]);
  const braked = { ...safeguards, leavers: LIMIT, group: LIMIT };
  const brake = { kind: "updateSetting", settingId: bench.settingId, safeguards: braked } as const;
  if (isBraked) requireOutcome(await bench.writer.write(requestOf(brake, { actor: "admin" })));
  for (const [index, { setting, says }] of people.entries()) {
    const [client, id = ""] = [clients[setting], ids[index]];
    if (says === "inactive") await client?.patchUser(id, { op: "replace", path: "active", value: false });
    const path = `members[value eq "${id}"]`;
    if (says === "out of Eng") await client?.patchGroup(engs[setting] ?? "", { op: "remove", path });
  }
  await finishFollowUps(bench.writer);
  return { bench, eng: engs[0] ?? "" };
}

/** How many enrolments the note of the rename of a large group would tell of, by item. */
async function readLosses(companyId: string, eng: string): Promise<Record<string, number>> {
  const [move] = await readRows<{ companyKey: number; groupKey: number; from: number; to: number }>(
    `SELECT g.company_key AS companyKey, g.group_key AS groupKey, g.target_group_key AS "from", t.target_group_key AS "to"
     FROM companies c JOIN groups g USING (company_key) JOIN target_groups t USING (company_key)
     WHERE c.id = ? AND g.id = '${eng}' AND t.name = 'Staff'`,
    companyId,
  );
  if (move === undefined) throw new Error("no such move");
  let losses: Record<string, number> = {};
  const withdrawnByRename = {
    wanted: new Set([mirrorMoveKey(move)]),
    load: (_: string, counts: Map<string, number>) => {
      losses = Object.fromEntries(counts);
    },
    endLoad: () => {},
  };
  // As much of the unit of work as the read asks.
  const reader = { unit: { withdrawnByRename, config: { companyKey: move.companyKey } } } as unknown as Reader;
  for (const { sql, params, receive } of readWithdrawnByRename(reader))
    receive(
      (
        await env.DB.prepare(sql)
          .bind(...params)
          .all<never>()
      ).results,
    );
  return losses;
}

/** Counts what the rename of a group would withdraw, renames it, and compares: of a small one the writer plans each. */
async function compare(company: Company): Promise<void> {
  const { bench, eng } = await make(company);
  const losses = await readLosses(bench.companyId, eng);
  const before = await readSide(bench.companyId);
  const client = new Client(bench.writer, bench.settingId);
  requireOutcome(await client.patchGroup(eng, { op: "replace", path: "displayName", value: "Staff" }));
  await finishFollowUps(bench.writer);
  const { withdrawn } = effectOf(before, await readSide(bench.companyId));
  expect(losses).toEqual(countEach(withdrawn.map(({ item }) => item)));
}

/** Somebody in the group: what waits of her, or of another user of hers, does not move with the group. */
const ADA = { setting: 0, mail: 0, groups: ["Eng"], byHand: null, says: null };

describe("what the rename of a large group withdraws is counted", () => {
  it(`as the writer plans it for the members of a small one (seed ${SEED})`, { timeout: 3_600_000 }, async () => {
    const examples: [Company][] = [
      [{ people: [{ ...ADA, says: "inactive" }], items: [["t0"], [], []], isBraked: true }],
      [{ people: [ADA, { ...ADA, says: "out of Eng" }], items: [["t0"], [], []], isBraked: true }],
    ];
    await fc.assert(fc.asyncProperty(anyCompany, compare), { ...draw(200), examples });
  });
});
