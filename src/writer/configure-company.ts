import { quotasOf } from "../companies/quotas.ts";
import { REGISTRY } from "../platform/database.ts";
import { joinSql, rawSql, sql } from "../platform/sql.ts";
import { BACK_OFF_ENDED } from "../webhooks/back-off-ended.ts";
import { changeWebhooks } from "./configure-webhooks.ts";
import type { ConfigurationOperation, Outcome } from "./operation.ts";
import type { OperationContext } from "./operation-context.ts";
import { scheduleFollowUp } from "./schedule-follow-up.ts";

/** Whether the registry, which has a copy of what a company is called, has to be told: where the company lives elsewhere. */
const TO_COPY = rawSql(`is_to_copy = shard <> '${REGISTRY}'`);

/** Gives the company another name, and what else the platform keeps with it. */
export function changeCompany(
  context: OperationContext,
  change: ConfigurationOperation & { kind: "changeCompany" },
): Outcome {
  const { unit } = context;
  const { companyKey, companyId, name: oldName } = unit.config;
  const { name = oldName, externalId, metadata } = change;
  const others = Object.entries({ external_id: externalId, metadata: metadata && JSON.stringify(metadata) });
  const set = [["name", name] as const, ...others].flatMap(([column, value]) =>
    value === undefined ? [] : sql`${rawSql(column)} = ${value}`,
  );
  unit.execute(sql`UPDATE companies SET ${joinSql(set, ", ")}, ${TO_COPY} WHERE company_key = ${companyKey}`);
  if (name !== oldName) announce(context, "company.renamed", { name, oldName });
  return { kind: "done", id: companyId };
}

function announce(
  context: OperationContext,
  type: "company.renamed" | "company.deleted",
  data: Record<string, unknown>,
): void {
  context.announce({ type, subject: { kind: "company", id: context.unit.config.companyId }, userId: null, data });
}

/** Sets what the company may have; null gives a quota back to what all have. What it has beyond one stays. */
export function setQuotas(
  { unit }: OperationContext,
  { quotas }: ConfigurationOperation & { kind: "setQuotas" },
): Outcome {
  const { companyKey, companyId, ownQuotas } = unit.config;
  const set = Object.entries({ ...ownQuotas, ...quotas }).filter(([, limit]) => typeof limit === "number");
  const text = set.length === 0 ? null : JSON.stringify(Object.fromEntries(set));
  unit.execute(sql`UPDATE companies SET quotas = ${text} WHERE company_key = ${companyKey}`);
  unit.quotas.set("all", quotasOf(Object.fromEntries(set)));
  return { kind: "done", id: companyId };
}

/**
 * Ends a company: from this commit on nobody finds it, and its tokens are dead. Its rows go in the commits that follow; its
 * own row stays without a name, so that an old writer stays fenced out. That it is over is the last thing that its webhooks
 * are told, and all that they are told from now on: of the people whom other changes name nothing is kept for them.
 */
export function deleteCompany(context: OperationContext): Outcome {
  const { unit } = context;
  const { companyKey, companyId, name } = unit.config;
  unit.execute(
    sql`UPDATE companies SET name = '', external_id = NULL, metadata = '{}', ${TO_COPY}, deleted_at = ${unit.now},
      alerts_due_at = NULL, enrolments_due_at = NULL, people_days = NULL WHERE company_key = ${companyKey}`,
  );
  announce(context, "company.deleted", { name });
  const enabled = [...unit.config.webhooks.values()].filter(({ isEnabled }) => isEnabled);
  const beforeThat = unit.changeSeq + unit.changes.length - 1;
  // One that stands still by itself is told nothing; that it does its courier writes, past the fence.
  changeWebhooks(
    context,
    enabled.map(({ key }) => key),
    sql`cursor_seq = ${beforeThat}, ${BACK_OFF_ENDED}`,
    sql`is_failing = 0`,
  );
  unit.execute(sql`DELETE FROM replans WHERE company_key = ${companyKey}`);
  scheduleFollowUp(context, "eraseCompany", companyKey);
  return { kind: "done", id: companyId };
}
