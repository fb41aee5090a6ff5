import type { ResolvedReason } from "../grouping/plan-groups.ts";
import type { Reason } from "../grouping/target-group.ts";
import type { Mark } from "./hold.ts";

/** Why somebody is in a target group, and whether that is said by a mark only. */
export type MarkedReason = ResolvedReason & Pick<Reason, "settingKey"> & Mark;

/** What a setting's rules propose for a user: the reasons it has by them, and which of these go and which others come. */
export interface ProposedReasons<Current> {
  own: readonly Current[];
  join: readonly ResolvedReason[];
  leave: readonly Current[];
}

/** The target groups in which a user with these reasons is by what is left and what is new, and not by a mark alone. */
export function stayingIn<Marked extends MarkedReason>(
  reasons: readonly Marked[],
  { own, join, leave }: ProposedReasons<Marked>,
): Set<number> {
  const left = reasons.filter((reason) => !leave.includes(reason) && (reason.heldBy === null || own.includes(reason)));
  return new Set([...left, ...join].map(({ targetGroupKey }) => targetGroupKey));
}

/** What is done at once where some of what a user would leave is waiting: what would take its place does not come either. */
export function withoutWaiting<Marked extends MarkedReason>(
  { join, leave }: Pick<ProposedReasons<Marked>, "join" | "leave">,
  waiting: readonly Marked[],
): Pick<ProposedReasons<Marked>, "join" | "leave"> {
  return {
    join: join.filter((one) => !waiting.some((reason) => isOneMove(reason, one))),
    leave: leave.filter((reason) => !waiting.includes(reason)),
  };
}

/** Whether what somebody joins takes the place of what it leaves, so that both wait. */
export function isOneMove(
  left: Pick<Reason, "kind" | "sourceKey">,
  { kind, sourceKey }: Pick<Reason, "kind" | "sourceKey">,
): boolean {
  switch (kind) {
    case "field":
      return left.kind === "field" || left.kind === "ungrouped";
    case "ungrouped":
      return left.kind === "field" || left.kind === "idp";
    case "idp":
      return left.kind === "idp" && left.sourceKey === sourceKey;
    case "manual":
    case "everyone":
      return false;
  }
}
