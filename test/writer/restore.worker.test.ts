import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import type { CompanyWriter } from "../../src/writer/company-writer.ts";
import { type Bench, Client, finishFollowUps, newBench, requestOf, requireOutcome, targetMembers } from "./bench.ts";
import { closedGate } from "./gate.ts";
import { hookD1 } from "./hooked-d1.ts";
import { keepState } from "./keep-state.ts";

const byDepartment = { criteria: "field", field: "department", targetGroupName: "All" } as const;
const everybody = { criteria: "none", targetGroupName: "All" } as const;

async function lastCommit({ companyId }: Bench): Promise<{ commit_no: number; commit_id: string }> {
  const row = await env.DB.prepare("SELECT commit_no, commit_id FROM companies WHERE id = ?")
    .bind(companyId)
    .first<{ commit_no: number; commit_id: string }>();
  if (row === null) throw new Error("no company");
  return row;
}

async function groupBy(
  writer: CompanyWriter,
  { settingId }: Bench,
  groupSettings: typeof byDepartment | typeof everybody,
) {
  requireOutcome(await writer.write(requestOf({ kind: "updateSetting", settingId, groupSettings })));
  await finishFollowUps(writer);
}

/**
 * A writer learns a grouping, the database goes back to before that, and another writer commits up to the number that
 * the first one knows; then the first one, or the commit that it has planned, goes on. With `isSameId` the last commit
 * has the id, too, that the first one knows, as if only numbers were compared.
 */
async function restoreBeneath(when: "before its load" | "before its commit", isSameId: boolean) {
  const bench = await newBench(byDepartment);
  const restore = await keepState();
  const gate = closedGate();
  let isGated = false;
  const hooks = { beforeCommit: () => (isGated ? gate.pass() : Promise.resolve()) };
  const living = bench.another({ d1: hookD1(env.DB, hooks) });
  const client = new Client(living, bench.settingId);
  await groupBy(living, bench, everybody);
  await client.user("ada", "Sales");
  const known = await lastCommit(bench);
  isGated = when === "before its commit";
  const early = isGated ? client.postUser("eve", "Sales") : null;
  if (early !== null) await gate.reached;
  await restore();
  const other = new Client(bench.another(), bench.settingId);
  for (let n = 0; (await lastCommit(bench)).commit_no < known.commit_no; n += 1) await other.user(`other${n}`, "Legal");
  expect((await lastCommit(bench)).commit_no).toBe(known.commit_no);
  if (isSameId)
    await env.DB.prepare("UPDATE companies SET commit_id = ? WHERE id = ?")
      .bind(known.commit_id, bench.companyId)
      .run();
  gate.open();
  const made = await (early ?? client.postUser("eve", "Sales"));
  if (!isSameId) requireOutcome(made);
  return (await targetMembers(bench.companyId)).Sales;
}

describe("a restore of D1 beneath a living writer", () => {
  it.each(["before its load", "before its commit"] as const)(
    "%s is noticed though the new history has come to the same commit number",
    async (when) => {
      expect(await restoreBeneath(when, false)).toEqual(["eve"]);
    },
  );

  it.each(["before its load", "before its commit"] as const)(
    "%s would be overlooked if the commit's id were the same",
    async (when) => {
      expect(await restoreBeneath(when, true)).toBeUndefined();
    },
  );
});
