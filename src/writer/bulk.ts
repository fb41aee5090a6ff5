import { type BulkOperation as Item, parseBulk } from "../scim/bulk.ts";
import { listReferences, planBulk, substituteBulkIds } from "../scim/bulk-plan.ts";
import { ScimError } from "../scim/errors.ts";
import type { Json } from "../scim/json.ts";
import { countSteps, MAX_PATCH_STEPS, parsePatch } from "../scim/patch.ts";
import { readResource } from "../scim/read-resource.ts";
import { resourceTypes } from "../scim/resource-types.ts";
import type { BulkItemOutcome, BulkOperation, GroupOperation, Operation, Outcome, UserOperation } from "./operation.ts";
import { toRefusal } from "./refuse.ts";
import { Scope } from "./scope.ts";
import { Missing, MissingSeveral } from "./tracked.ts";

/** Changes of attributes that all PATCHes of one Bulk request may make together: each may look through a whole list. */
const MAX_STEPS = 10 * MAX_PATCH_STEPS;

/**
 * Runs the operations of a Bulk request (RFC 7644 section 3.7) in the order of their bulkId references: each applies
 * wholly or is refused alone, until failOnErrors is reached. Outcomes come in the order of the request.
 */
export function runBulk(
  scope: Scope,
  operation: BulkOperation,
  run: (scope: Scope, operation: Operation) => Outcome,
): Outcome {
  scope.requireSetting(operation.settingId);
  const items = itemsOf(operation);
  const plan = planBulk(items);
  const outcomes = new Map<number, BulkItemOutcome>();
  const ids = new Map<string, string>();
  const missing: Missing[] = [];
  const limit = operation.failOnErrors ?? Number.POSITIVE_INFINITY;
  const budget = { steps: MAX_STEPS };
  let errors = 0;
  const order = [...plan.refusals.keys(), ...plan.order];
  for (const index of order) {
    const item = items[index];
    if (item === undefined || errors >= limit) continue;
    const outcome = runItem(scope, { operation, item, refusal: plan.refusals.get(index), ids, missing, run, budget });
    outcomes.set(index, outcome);
    if (outcome.refusal !== undefined) errors += 1;
    if (outcome.id !== undefined && item.bulkId !== undefined) ids.set(item.bulkId, outcome.id);
  }
  if (missing.length > 0) throw new MissingSeveral(missing);
  return { kind: "bulk", items: [...outcomes].sort(([a], [b]) => a - b).map(([, outcome]) => outcome) };
}

interface ItemRun {
  operation: BulkOperation;
  item: Item;
  refusal: ScimError | undefined;
  ids: ReadonlyMap<string, string>;
  missing: Missing[];
  run: (scope: Scope, operation: Operation) => Outcome;
  budget: { steps: number };
}

function runItem(scope: Scope, { operation, item, refusal, ids, missing, run, budget }: ItemRun): BulkItemOutcome {
  const { workingSet, cause } = scope;
  const about = { method: item.method, bulkId: item.bulkId, resourceType: item.type };
  const mark = workingSet.journal.mark();
  try {
    if (refusal !== undefined) throw refusal;
    const inner = toOperation(substituteBulkIds(item, ids), operation.settingId);
    spend(budget, inner);
    const part = new Scope(workingSet, cause, scope);
    const outcome = run(part, inner);
    scope.notes.push(...part.notes);
    return { ...about, ...describe(item, outcome) };
  } catch (error) {
    workingSet.journal.rollback(mark);
    if (error instanceof Missing) {
      missing.push(error);
      return { ...about, status: 0 };
    }
    const refused = toRefusal(error);
    if (refused === null) throw error;
    return { ...about, id: item.method === "POST" ? undefined : item.id, status: refused.status, refusal: refused };
  }
}

function spend(budget: { steps: number }, operation: UserOperation | GroupOperation): void {
  if (operation.kind !== "patchUser" && operation.kind !== "patchGroup") return;
  budget.steps -= countSteps(operation.request.operations);
  if (budget.steps < 0)
    throw new ScimError(413, undefined, `The PATCHes of a Bulk request change at most ${MAX_STEPS} attributes.`);
}

function describe(item: Item, outcome: Outcome): Pick<BulkItemOutcome, "status" | "id" | "version"> {
  switch (outcome.kind) {
    case "user":
      return { status: item.method === "POST" ? 201 : 200, id: outcome.user.id, version: outcome.user.version };
    case "group":
      return {
        status: { POST: 201, PUT: 200, PATCH: 204, DELETE: 204 }[item.method],
        id: outcome.group.id,
        version: outcome.group.version,
      };
    default:
      return { status: 204, id: item.id };
  }
}

/** The operations of a Bulk request as the engine reads them. */
function itemsOf({ items }: BulkOperation): Item[] {
  // Items are JSON objects: their optional members are left out, not undefined.
  return parseBulk({ Operations: JSON.parse(JSON.stringify(items)) as Json }).operations;
}

/** The operations that name nothing another one makes, for prefetching; those that cannot be read are left out. */
export function foreseeBulk(operation: BulkOperation): (UserOperation | GroupOperation)[] {
  return itemsOf(operation).flatMap((item) => {
    if (item.refusal !== undefined || item.id?.startsWith("bulkId:")) return [];
    try {
      const data = listReferences(item).length === 0 ? item.data : {};
      return item.method === "DELETE" || data === item.data ? [toOperation(item, operation.settingId)] : [];
    } catch {
      return [];
    }
  });
}

function toOperation(item: Item, settingId: string): UserOperation | GroupOperation {
  const type = resourceTypes()[item.type];
  const target = { settingId, id: item.id ?? "", ...(item.version === undefined ? {} : { ifMatch: item.version }) };
  const isUser = item.type === "User";
  switch (item.method) {
    case "POST": {
      const { document, members } = readResource(type, item.data);
      return isUser
        ? { kind: "createUser", settingId, document }
        : { kind: "createGroup", settingId, document, members };
    }
    case "PUT": {
      const { document, members } = readResource(type, item.data);
      return isUser
        ? { kind: "replaceUser", ...target, document }
        : { kind: "replaceGroup", ...target, document, members };
    }
    case "PATCH":
      return { kind: isUser ? "patchUser" : "patchGroup", ...target, request: parsePatch(type, item.data) };
    case "DELETE":
      return { kind: isUser ? "deleteUser" : "deleteGroup", ...target };
  }
}
