import type { FollowUpKind } from "./company-config.ts";
import type { Scope } from "./scope.ts";

/**
 * Leaves work to the commits that follow this one; `subjectKey` is the key of what it is about. Its own key is D1's to
 * give: a company that has used up its own can still be erased.
 */
export function leaveFollowUp({ workingSet, cause }: Scope, kind: FollowUpKind, subjectKey: number): void {
  const { config, now } = workingSet;
  workingSet.leaveWork("INSERT INTO replans (company_key, kind, scope_key, cause, created_at) VALUES (?, ?, ?, ?, ?)", [
    config.companyKey,
    kind,
    subjectKey,
    JSON.stringify(cause),
    now,
  ]);
}
