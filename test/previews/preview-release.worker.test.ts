import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import type { Bounds, Reads } from "../../src/companies/split-long-reads.ts";
import { runRead } from "../../src/platform/read-batch.ts";
import { type HeldFigures, readHeldFigures } from "../../src/previews/preview-release.ts";
import type { GroupSettingsInput } from "../../src/settings/setting.ts";
import { requireOutcome } from "../writer/bench.ts";
import { BrakeBench } from "../writer/held-people.ts";
import { RecordingD1 } from "../writer/recording-d1.ts";
import { enrolIn, openEnrolments, setByHand } from "../writer/target-side.ts";

const PEOPLE = 60;

/** A hold with leavers of both kinds, some of whom are one person, and some of whom are in two groups. */
async function open() {
  const brake = await BrakeBench.open({ criteria: "field", field: "department", targetGroupName: "All" });
  const { client, bench } = brake;
  const ids = await brake.people(PEOPLE, (n) => (n % 3 === 0 ? undefined : `Team ${n % 2}`));
  // A second user of the person p1, p2, …: one that leaves as well, and one that stays.
  const twins = await Promise.all(
    [1, 2, 3, 4].map((n) =>
      client.user(`twin${n}`, "Team 1", { emails: [{ value: `P${n}@example.com`, type: "work" }] }),
    ),
  );
  const { results } = await env.DB.prepare(
    "SELECT g.id FROM target_groups g JOIN companies c ON c.company_key = g.company_key WHERE c.id = ? ORDER BY g.name",
  )
    .bind(bench.companyId)
    .all<{ id: string }>();
  for (const [index, { id }] of results.entries())
    await brake.admin({
      kind: "setAutoEnrolments",
      targetGroupId: id,
      items: [
        { kind: "training", id: "all", name: "For all" },
        { kind: "phishing", id: `of-${index}`, name: `Of ${index}` },
      ],
    });
  await brake.setActive([...ids.slice(0, 40), ...twins.slice(0, 2)], false);
  for (const id of ids.slice(40, 50)) requireOutcome(await client.deleteUser(id));
  const [hold] = await brake.holds();
  if (hold === undefined) throw new Error("nothing is held");
  return hold;
}

/** Everything there is to read, in statements of these bounds. */
function readsOf(d1: D1Database, bounds: Bounds): Reads {
  return { run: (read) => runRead({ d1 }, read(bounds)), once: (read) => runRead({ d1 }, read) };
}

/** What a release would do to all, or to people of some ids, read in steps of so many. */
async function figuresOf(
  { key: holdKey, version }: { key: number; version: number },
  { userIds = null, rows = 100, d1 = env.DB }: { userIds?: string[] | null; rows?: number; d1?: D1Database } = {},
): Promise<HeldFigures> {
  const companyKey = await env.DB.prepare("SELECT company_key FROM holds WHERE hold_key = ?")
    .bind(holdKey)
    .first<number>("company_key");
  return readHeldFigures(readsOf(d1, { rows, bytes: 16_384 }), {
    companyKey: companyKey ?? 0,
    holdKey,
    version,
    userIds,
  });
}

describe("what the release of a hold would carry out", () => {
  it("is the same in steps of any length as at once, and no step reads more than a part of it", async () => {
    const hold = await open();
    const { results } = await env.DB.prepare(
      `SELECT DISTINCT u.id FROM users u LEFT JOIN target_group_members m ON m.user_key = u.user_key
       WHERE u.held_by = ?1 OR m.held_by = ?1`,
    )
      .bind(hold.key)
      .all<{ id: string }>();
    const userIds = results.map(({ id }) => id);
    expect(userIds.length).toBeGreaterThan(20);
    const atOnce = await figuresOf(hold, { userIds });
    expect(atOnce.people).toBe(userIds.length);
    expect(atOnce.deactivated).toBeGreaterThan(0);
    expect(atOnce.deleted).toBeGreaterThan(0);
    expect(atOnce.memberships).toBeGreaterThan(userIds.length);
    expect(atOnce.enrolments.length).toBeGreaterThan(1);
    const worst = new Map<number, number>();
    for (const rows of [1, 2, 3, 7, 1_000]) {
      const recorder = new RecordingD1(env.DB);
      const inSteps = await figuresOf(hold, { rows, d1: recorder.d1 });
      expect(sorted(inSteps), `${rows} at a time`).toEqual(sorted(atOnce));
      worst.set(rows, Math.max(...recorder.statements.map(({ rowsRead }) => rowsRead)));
    }
    expect(worst.get(1)).toBeLessThan((worst.get(1_000) ?? 0) / 4);
  });
});

const DEPARTMENT = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department";
const BASICS = [{ kind: "training" as const, id: "basics", name: "Basics" }];

/** A setting of which every move waits, with people of whom the first is in Sales, which enrols in a training as another group does. */
async function beginInSales(grouping: Partial<GroupSettingsInput>, other: string) {
  const world = await BrakeBench.open({ criteria: "none", targetGroupName: "All" });
  const limit = { people: 0, percent: 0 };
  const safeguards = { leavers: limit, emptied: limit, moves: limit, group: limit };
  const groupSettings = { criteria: "field" as const, field: "department", ...grouping };
  await world.admin({ kind: "createField", field: { key: "unit", label: "Unit", type: "text" } });
  const fieldMappings = [{ field: "unit", path: DEPARTMENT }];
  const { settingId } = world.bench;
  await world.admin({ kind: "updateSetting", settingId, safeguards, fieldMappings, groupSettings });
  const [id = ""] = await world.people(2, (n) => (n === 1 ? "Sales" : "Ops"));
  await world.admin({ kind: "createTargetGroup", name: "By hand" });
  for (const name of ["Sales", other]) await enrolIn(world.bench, name, BASICS);
  const send = async (value: string | null) => {
    const change = value === null ? { op: "remove", path: DEPARTMENT } : { op: "replace", path: DEPARTMENT, value };
    requireOutcome(await world.client.patchUser(id, change));
  };
  return { world, id, send };
}

describe("nobody is told to be withdrawn who is not", () => {
  const fallback = { targetGroupName: "Rest", targetGroupScope: "ungrouped" as const };

  it.each([
    ["who moves to a target group with the same training", {}, "Ops", "Ops"],
    ["who moves by a field of the company's own", { field: "unit" }, "Ops", "Ops"],
    ["who comes to the target group of those without one", fallback, "Rest", null],
    ["who is in another target group by hand", {}, "By hand", null],
  ])("%s", async (_what, grouping, other, value) => {
    const { world, id, send } = await beginInSales(grouping, other);
    if (other === "By hand") await setByHand(world.bench, other, [id]);
    await send(value);
    const before = await openEnrolments(world.bench);
    const figures = await figuresOf(await world.openHold());
    await world.decide("release");
    expect(await openEnrolments(world.bench)).toEqual(before);
    expect(figures).toEqual({ people: 1, deactivated: 0, deleted: 0, memberships: 1, enrolments: [] });
  });

  it("and who is, is: the other target group has another training", async () => {
    const { world, send } = await beginInSales({}, "By hand");
    await send("Ops");
    const hold = await world.openHold();
    const item = { kind: "training", itemId: "basics", name: "Basics", people: 1 };
    expect(await figuresOf(hold)).toMatchObject({ memberships: 1, enrolments: [item] });
    expect(await figuresOf(hold, { userIds: ["nobody"] })).toMatchObject({ people: 0, enrolments: [] });
    await world.decide("release");
    expect(await openEnrolments(world.bench)).toEqual({});
  });
});

function sorted({ enrolments, ...figures }: HeldFigures) {
  return { ...figures, enrolments: enrolments.toSorted((left, right) => (left.itemId < right.itemId ? -1 : 1)) };
}
