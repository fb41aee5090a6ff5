import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { finishFollowUps, requestOf, requireOutcome } from "./bench.ts";
import { basics, ProgressBench } from "./progress-bench.ts";
import { targetGroupId } from "./target-side.ts";

it("whoever is planned for between an undo and its steps goes on where they stood, too, and the feed tells it", async () => {
  const company = await ProgressBench.begin({ criteria: "field", field: "department" });
  const { writer, bench } = company;
  const ada = await company.client.user("ada", "Sales");
  const bob = await company.client.user("bob", "Sales");
  const item = basics({ dueInDays: 30 });
  await company.enrol("Sales", item);
  await company.reach("ada", "inProgress");
  const group = await targetGroupId(bench, "Sales");
  await company.ask({ kind: "createTargetGroup", name: "Board" });
  const board = await targetGroupId(bench, "Board");
  company.turn(1);
  await company.ask({ kind: "setAutoEnrolments", targetGroupId: group, items: [] });
  company.turn(1);
  const key = Number(await env.DB.prepare("SELECT max(stop_key) AS k FROM stopped_items").first("k"));
  // All of them wait together: what is asked for comes before the steps of what was.
  const act = (operation: Parameters<typeof requestOf>[0]) => writer.write(requestOf(operation, { actor: "operator" }));
  const asked = [
    act({ kind: "restoreItem", targetGroupId: group, stop: { key, item } }),
    ...[ada, bob].map((userId) => act({ kind: "addManualMember", targetGroupId: board, userId })),
  ];
  for (const outcome of await Promise.all(asked)) requireOutcome(outcome);
  await finishFollowUps(writer);
  const rows = await env.DB.prepare(
    `SELECT u.user_name AS name, e.progress_status AS status, e.due_at AS due FROM enrolments e JOIN users u ON u.user_key = e.user_key
     WHERE e.status = 'active' AND e.company_key = (SELECT company_key FROM companies WHERE id = ?) ORDER BY 1`,
  )
    .bind(bench.companyId)
    .all();
  const due = Date.parse("2026-12-02T08:00:00Z");
  expect(rows.results).toEqual([
    { name: "ada", status: "inProgress", due },
    { name: "bob", status: null, due },
  ]);
  const feed = await env.DB.prepare(
    `SELECT type, data->>'$.progress.status' AS status FROM changes WHERE user_id = ? AND type LIKE 'enrolment.%'
     AND company_key = (SELECT company_key FROM companies WHERE id = ?) ORDER BY seq`,
  )
    .bind(ada, bench.companyId)
    .all();
  expect(feed.results.slice(-3)).toEqual([
    { type: "enrolment.withdrawn", status: null },
    { type: "enrolment.started", status: "assigned" },
    { type: "enrolment.progressed", status: "inProgress" },
  ]);
});
