import { type DecidedBy, type Hold, isWaiting } from "../holds/hold.ts";
import { sql } from "../platform/sql.ts";
import { ScimError } from "../scim/scim-error.ts";
import type { Decision, WriterSetting } from "../unit/company-config.ts";
import type { UnitOfWork } from "../unit/unit-of-work.ts";
import { openHoldsOf } from "./assert-holds-seen.ts";
import type { ConfigurationOperation, Outcome } from "./operation.ts";
import type { OperationContext } from "./operation-context.ts";
import { requireTargetUser, userRefs } from "./require-target-user.ts";
import { scheduleAddingWork, scheduleFollowUp } from "./schedule-follow-up.ts";
import { removeUser } from "./user-operations.ts";

type Of<K extends ConfigurationOperation["kind"]> = ConfigurationOperation & { kind: K };

/** Decides about what waits in a hold, of all people or of those named: it is carried out, or kept, in the commits that follow. */
export function decideHold(context: OperationContext, operation: Of<"decideHold">): Outcome {
  const hold = requireOpen(context, operation.holdId);
  if (operation.version > hold.version)
    throw new ScimError(
      "version_not_shown",
      `The hold is at version ${hold.version}: ${operation.version} was never shown. Nothing was decided. Read the hold, and decide with the version it has.`,
    );
  decide(context, hold, operation);
  return { kind: "done", id: hold.id };
}

/** Has what was carried out in the hour before a hold opened undone, of all people or of those named; it may be closed. */
export function undoHold(context: OperationContext, { hold: { id, key }, userIds }: Of<"undoHold">): Outcome {
  scheduleAddingWork(context, "undoHold", storeDecision(context, key, { action: "undo", version: 0, userIds }));
  return { kind: "done", id };
}

/** Removes and erases somebody whose deletion waits, whatever becomes of the hold. */
export function eraseHeld(context: OperationContext, { userId }: Of<"eraseHeld">): Outcome {
  const { ref, user } = requireTargetUser(context, userId);
  if (user.heldAs !== "deleted" || !isWaiting(user))
    throw new ScimError("not_held", `The deletion of "${user.userName}" does not wait in a hold.`);
  context.heldEndAs = "released";
  removeUser(context, { ref, user });
  return { kind: "done", id: userId };
}

/** Wants what the removal of somebody whose deletion waits will read. */
export function foreseeErasure(unit: UnitOfWork, { userId }: Of<"eraseHeld">): void {
  for (const ref of userRefs(unit.config, userId)) unit.wantUser(ref);
}

/** Has deletions that have waited since before a time (ms) released. */
export function expireHeld(context: OperationContext, { before }: Of<"expireHeld">): Outcome {
  scheduleFollowUp(context, "expireHeld", storeDecision(context, 0, { action: "expire", version: before }));
  return { kind: "done" };
}

/** Keeps everybody who waits in a setting's holds as they are. */
export function keepHeld(context: OperationContext, setting: WriterSetting): void {
  for (const hold of openHoldsOf(context, setting)) decide(context, hold, { decision: "keep", version: hold.version });
}

function decide(
  context: OperationContext,
  hold: Hold,
  { decision, version, userIds }: Pick<Of<"decideHold">, "decision" | "version" | "userIds">,
): void {
  const { unit, cause } = context;
  const by: Record<typeof cause.actor, DecidedBy> = {
    ...{ operator: "operator", admin: "console", system: "system", scim: "system" },
  };
  unit.holds.set(hold.key, { ...hold, decidedAt: unit.now, decidedBy: by[cause.actor] });
  const key = storeDecision(context, hold.key, { action: decision, version, userIds });
  const schedule = decision === "release" ? scheduleAddingWork : scheduleFollowUp;
  schedule(context, "decideHold", key);
}

function storeDecision(
  { unit }: OperationContext,
  holdKey: number,
  { action, version, userIds }: Pick<Decision, "action" | "version"> & { userIds?: readonly string[] },
): number {
  const key = unit.allocateKey();
  const ids = userIds === undefined ? null : JSON.stringify(userIds);
  unit.execute(
    sql`INSERT INTO hold_decisions (decision_key, company_key, hold_key, action, version, user_ids)
      VALUES (${key}, ${unit.config.companyKey}, ${holdKey}, ${action}, ${version}, ${ids})`,
  );
  return key;
}

function requireOpen({ unit }: OperationContext, holdId: string): Hold {
  for (const hold of unit.config.openHolds.values()) if (hold.id === holdId) return hold;
  throw new ScimError("hold_closed", `Nothing waits in hold ${holdId} any more.`);
}
