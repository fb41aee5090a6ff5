import type { ConfigurationOperation, Outcome } from "./operation.ts";
import type { OperationContext } from "./operation-context.ts";
import { leaveFollowUp } from "./schedule-follow-up.ts";

/** Gives the company another name. */
export function renameCompany(
  { unit }: OperationContext,
  { name }: ConfigurationOperation & { kind: "renameCompany" },
): Outcome {
  unit.execute("UPDATE companies SET name = ? WHERE company_key = ?", [name, unit.config.companyKey]);
  return { kind: "done", id: unit.config.companyId };
}

/** Sets what the company may have; null gives a quota back to what all have. What it has beyond one stays. */
export function setQuotas(
  { unit }: OperationContext,
  { quotas }: ConfigurationOperation & { kind: "setQuotas" },
): Outcome {
  const { companyKey, companyId, ownQuotas } = unit.config;
  const set = Object.entries({ ...ownQuotas, ...quotas }).filter(([, limit]) => typeof limit === "number");
  const text = set.length === 0 ? null : JSON.stringify(Object.fromEntries(set));
  unit.execute("UPDATE companies SET quotas = ? WHERE company_key = ?", [text, companyKey]);
  return { kind: "done", id: companyId };
}

/**
 * Ends a company: from this commit on nobody finds it, and its tokens are dead. Its rows go in the commits that follow;
 * its own row stays without a name, so that an old writer stays fenced out.
 */
export function deleteCompany(context: OperationContext): Outcome {
  const { unit } = context;
  const { companyKey } = unit.config;
  unit.execute("UPDATE companies SET name = '', deleted_at = ? WHERE company_key = ?", [unit.now, companyKey]);
  unit.execute("UPDATE webhooks SET enabled = 0 WHERE company_key = ?", [companyKey]);
  unit.execute("DELETE FROM replans WHERE company_key = ?", [companyKey]);
  leaveFollowUp(context, "eraseCompany", companyKey);
  return { kind: "done", id: unit.config.companyId };
}
