import type { FollowUpKind } from "../unit/company-config.ts";
import type { Turn } from "./turn.ts";

/**
 * Leaves work to the commits that follow this one; `subjectKey` is the key of what it is about. Its own key is D1's to
 * give: a company that has used up its own can still be erased.
 */
export function leaveFollowUp({ unit, cause }: Turn, kind: FollowUpKind, subjectKey: number): void {
  const { config, now } = unit;
  unit.leaveWork("INSERT INTO replans (company_key, kind, scope_key, cause, created_at) VALUES (?, ?, ?, ?, ?)", [
    config.companyKey,
    kind,
    subjectKey,
    JSON.stringify(cause),
    now,
  ]);
}
