import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import type { Reads } from "../../src/companies/split-long-reads.ts";
import { type HeldFigures, readHeldFigures, selectHeldFigures } from "../../src/holds/held-figures-store.ts";
import { runRead } from "../../src/platform/read-batch.ts";
import { requireOutcome } from "../writer/bench.ts";
import { BrakeBench } from "../writer/held-people.ts";
import { RecordingD1 } from "../writer/recording-d1.ts";

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
    const atOnce = await runRead({ d1: env.DB }, selectHeldFigures(hold.key, { version: hold.version, userIds }));
    expect(atOnce.people).toBe(userIds.length);
    expect(atOnce.deactivated).toBeGreaterThan(0);
    expect(atOnce.deleted).toBeGreaterThan(0);
    expect(atOnce.memberships).toBeGreaterThan(userIds.length);
    expect(atOnce.enrolments.length).toBeGreaterThan(1);
    const worst = new Map<number, number>();
    for (const rows of [1, 2, 3, 7, 1_000]) {
      const recorder = new RecordingD1(env.DB);
      const reads: Reads = {
        run: (read) => runRead({ d1: recorder.d1 }, read({ rows, bytes: 16_384 })),
        once: (read) => runRead({ d1: recorder.d1 }, read),
      };
      const inSteps = await readHeldFigures(reads, hold.key, hold.version);
      expect(sorted(inSteps), `${rows} at a time`).toEqual(sorted(atOnce));
      worst.set(rows, Math.max(...recorder.statements.map(({ rowsRead }) => rowsRead)));
    }
    expect(worst.get(1)).toBeLessThan((worst.get(1_000) ?? 0) / 4);
  });
});

function sorted({ enrolments, ...figures }: HeldFigures) {
  return { ...figures, enrolments: enrolments.toSorted((left, right) => (left.itemId < right.itemId ? -1 : 1)) };
}
