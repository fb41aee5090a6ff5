import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { findCompaniesDue } from "../../src/companies/companies-due-store.ts";
import { findCompaniesWithMessages } from "../../src/webhooks/alert-messages/message-store.ts";
import { costOfD1 } from "../tools/d1-cost.ts";

const NOW = Date.parse("2026-03-02T08:00:00Z");

it("five thousand companies of which nothing is due cost the schedule nothing, and one that is due costs its own row", async () => {
  await env.DB.prepare(
    `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)
     INSERT INTO companies (id, name, created_at, alerts_due_at)
     SELECT printf('idle-%d', i), 'Idle', 0, iif(i % 2, ?1 + i, NULL) FROM n`,
  )
    .bind(NOW)
    .run();
  const look = async () => [
    ...(await findCompaniesDue({ d1: env.DB }, "alerts_due_at", NOW)),
    ...(await findCompaniesWithMessages({ d1: env.DB }, NOW)),
  ];
  const idle = await costOfD1(async () => expect(await look()).toEqual([]));
  // D1 counts a row for looking at all.
  expect(idle).toEqual({ trips: 2, rowsRead: 2, rowsWritten: 0 });
  await env.DB.prepare("UPDATE companies SET alerts_due_at = ? WHERE id = 'idle-4321'")
    .bind(NOW - 1)
    .run();
  const due = await costOfD1(async () => expect(await look()).toEqual(["idle-4321"]));
  expect(due.rowsRead).toBeLessThanOrEqual(4);
});
