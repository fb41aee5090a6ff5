import type { FollowUpKind } from "./company-config.ts";
import type { Scope } from "./scope.ts";

/** Leaves work to the commits that follow this one; `subjectKey` is the key of what it is about. */
export function leaveFollowUp({ workingSet, cause }: Scope, kind: FollowUpKind, subjectKey: number): void {
  const { config, now } = workingSet;
  workingSet.leaveWork(
    "INSERT INTO replans (replan_key, company_key, kind, scope_key, cause, created_at) VALUES (?, ?, ?, ?, ?, ?)",
    [workingSet.allocateKey(), config.companyKey, kind, subjectKey, JSON.stringify(cause), now],
  );
}
