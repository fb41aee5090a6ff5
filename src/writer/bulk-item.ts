import { isId } from "../platform/uuid.ts";
import { publicCode } from "../scim/refusal-causes.ts";
import { type Refusal, refusal } from "../scim/scim-error.ts";
import type { BulkItemOperation, Inner } from "./bulk.ts";
import type { Outcome, TriedPart, Weight } from "./operation.ts";
import type { OperationContext } from "./operation-context.ts";

/** Wants what an item will read, as far as that is known before it runs. */
export function foreseeBulkItem({ bulk, place }: BulkItemOperation, foresee: (operation: Inner) => void): void {
  const inner = bulk.foreseen(place);
  if (inner !== null) foresee(inner);
}

/** What an item takes of a commit, as far as that is known before it runs. */
export function weighBulkItem({ bulk, place }: BulkItemOperation, weigh: (operation: Inner) => Weight): Weight | null {
  const inner = bulk.foreseen(place);
  return inner === null ? null : weigh(inner);
}

/** Runs an item as the operation that it is. */
export function runBulkItem(
  context: OperationContext,
  { bulk, place }: BulkItemOperation,
  run: (context: OperationContext, operation: Inner) => Outcome,
): Outcome {
  return bulk.run(context, place, run);
}

/** What an item cost by being refused (ms of the company's share of database time). */
export function refusedTimeOf(outcome: Outcome): number {
  return outcome.kind === "bulkItem" ? (outcome.run?.refusedTime ?? 0) : 0;
}

/** The answer to an item that is not tried, since refused ones have used up the company's share for so long (s). */
export function shareUsedUp(seconds: number): Refusal {
  const detail = `Too many operations of this company's Bulk requests were refused. Nothing of this one was tried; send it again in ${seconds} s.`;
  return refusal("share_used_up", detail, seconds);
}

/** What an item tried; null for one that was not run any more. */
export function triedByBulkItem({ settingId, bulk, place }: BulkItemOperation, outcome: Outcome): TriedPart | null {
  const item = outcome.kind === "bulkItem" ? outcome.run?.outcome : undefined;
  if (item === undefined) return null;
  const { method = "", status, resourceType = null, id } = item;
  return {
    ...{ settingId, method, status, resourceType },
    code: item.refusal === undefined ? null : publicCode(item.refusal.code),
    // What stands in a path where an id is due may name somebody.
    resourceId: id !== undefined && isId(id) ? id : null,
    label: bulk.nameIn(place),
  };
}
