import { withoutPerson } from "../log/keep-notes.ts";
import { listReferences, planBulk, substituteBulkIds } from "../scim/bulk/plan.ts";
import { type BulkOperation as Item, parseBulk } from "../scim/bulk/request.ts";
import { ScimError } from "../scim/errors.ts";
import { countSteps, MAX_PATCH_STEPS, parsePatch } from "../scim/patch/patch.ts";
import { readResource } from "../scim/read-resource.ts";
import { resourceTypes } from "../scim/schema/resource-types.ts";
import { hasWholeList, membersNamed, SLICE } from "./member-lists.ts";
import type { BulkItemOutcome, BulkOperation, GroupOperation, Operation, Outcome, UserOperation } from "./operation.ts";
import { toRefusal } from "./refuse.ts";
import { NoRoom, Scope } from "./scope.ts";
import { Missing, MissingSeveral } from "./tracked.ts";

/** Changes of attributes that all PATCHes of one Bulk request may make together: each may look through a whole list. */
const MAX_STEPS = 10 * MAX_PATCH_STEPS;

/**
 * Runs the operations of a Bulk request (RFC 7644 section 3.7) in the order of their bulkId references: each applies
 * wholly or is refused alone, until failOnErrors is reached. Outcomes come in the order of the request. Those that concern
 * more members of groups than a commit has room for are left to the next one.
 */
export function runBulk(
  scope: Scope,
  operation: BulkOperation,
  run: (scope: Scope, operation: Operation) => Outcome,
): Outcome {
  scope.requireSetting(operation.settingId);
  const items = readItems(operation);
  const plan = planBulk(items);
  const bulk: BulkRun = {
    operation,
    items,
    refusals: plan.refusals,
    run,
    outcomes: new Map(),
    ids: new Map(),
    errors: 0,
    missing: [],
    budget: { steps: operation.progress?.steps ?? MAX_STEPS },
  };
  const { outcomes } = bulk;
  for (const [place, outcome] of operation.progress?.outcomes ?? []) noteOutcome(bulk, place, outcome);
  scope.notes.push(...(operation.progress?.notes ?? []));
  const waiting = plan.order.filter((place) => !outcomes.has(place));
  const room = scope.defersMembers ? SLICE : Number.POSITIVE_INFINITY;
  scope.room = { members: room };
  let isFull = false;
  for (const [index, place] of waiting.entries()) {
    if (isFull || bulk.errors >= (operation.failOnErrors ?? Number.POSITIVE_INFINITY)) break;
    isFull = !runItem(scope, bulk, place);
    // One that no commit has room for gets one to itself, in slices.
    if (isFull && index === 0) {
      scope.room = null;
      runItem(scope, bulk, place);
    }
  }
  if (bulk.missing.length > 0) throw new MissingSeveral(bulk.missing);
  const isLeft = isFull && waiting.some((place) => !outcomes.has(place));
  const progress = { outcomes: [...outcomes], notes: [...scope.notes], steps: bulk.budget.steps };
  const sorted = [...outcomes].sort(([a], [b]) => a - b).map(([, outcome]) => outcome);
  return { kind: "bulk", items: sorted, ...(isLeft ? { progress } : {}) };
}

interface BulkRun {
  operation: BulkOperation;
  items: readonly Item[];
  refusals: ReadonlyMap<number, ScimError>;
  /** By the place of their items in the request. */
  outcomes: Map<number, BulkItemOutcome>;
  /** What the operations so far made, by their bulkId. */
  ids: Map<string, string>;
  errors: number;
  missing: Missing[];
  run: (scope: Scope, operation: Operation) => Outcome;
  budget: { steps: number };
}

function noteOutcome(bulk: BulkRun, place: number, outcome: BulkItemOutcome): void {
  const item = bulk.items[place];
  bulk.outcomes.set(place, outcome);
  if (outcome.refusal !== undefined) bulk.errors += 1;
  if (item?.method === "POST" && item.bulkId !== undefined && outcome.id !== undefined)
    bulk.ids.set(item.bulkId, outcome.id);
}

/** Runs one item and notes its outcome; false, with nothing done, when the commit has no room for it. */
function runItem(scope: Scope, bulk: BulkRun, place: number): boolean {
  const { workingSet, cause } = scope;
  const { operation, missing } = bulk;
  const item = bulk.items[place];
  if (item === undefined) return true;
  const about = aboutItem(item);
  let resolved = item;
  const mark = workingSet.journal.mark();
  const { steps } = bulk.budget;
  try {
    const refusal = bulk.refusals.get(place);
    if (refusal !== undefined) throw refusal;
    resolved = substituteBulkIds(item, bulk.ids);
    const inner = toOperation(resolved, operation.settingId);
    spend(bulk.budget, inner);
    const part = new Scope(workingSet, cause, scope);
    part.defersMembers = scope.room === null;
    const outcome = bulk.run(part, inner);
    // The row of a whole Bulk is not found by the people it is about.
    scope.notes.push(...part.notes.map(withoutPerson));
    noteOutcome(bulk, place, { ...about, ...describe(resolved, outcome) });
  } catch (error) {
    workingSet.journal.rollback(mark);
    if (error instanceof NoRoom) {
      bulk.budget.steps = steps;
      return false;
    }
    if (error instanceof Missing) {
      missing.push(error);
      noteOutcome(bulk, place, { ...about, status: 0 });
      return true;
    }
    const refused = toRefusal(error);
    if (refused === null) throw error;
    const hasId = item.method !== "POST" && !resolved.id?.startsWith("bulkId:");
    const id = hasId ? resolved.id : undefined;
    noteOutcome(bulk, place, { ...about, id, status: refused.status, refusal: refused });
  }
  return true;
}

function spend(budget: { steps: number }, operation: UserOperation | GroupOperation): void {
  if (operation.kind !== "patchUser" && operation.kind !== "patchGroup") return;
  budget.steps -= countSteps(operation.request.operations);
  if (budget.steps < 0)
    throw new ScimError("too_many_operations", `The PATCHes of a Bulk request change at most ${MAX_STEPS} attributes.`);
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
export function readItems({ items }: BulkOperation): Item[] {
  return parseBulk({ Operations: items }).operations;
}

/** What the outcome of an operation repeats of it. */
export function aboutItem({
  sentMethod,
  bulkId,
  type,
}: Item): Pick<BulkItemOutcome, "method" | "bulkId" | "resourceType"> {
  return { method: sentMethod, bulkId, resourceType: type };
}

/**
 * The next operations, for prefetching, of which a long chain of references needs its POSTs foreseen. Those that cannot be
 * read are left out, those that change what another one makes, and those that compare a whole list: what they read is known
 * when it is their turn, and whether the commit has room for it.
 */
export function foreseeBulk(operation: BulkOperation): (UserOperation | GroupOperation)[] {
  const done = new Map(operation.progress?.outcomes);
  let members = 0;
  return readItems(operation).flatMap((item, place) => {
    if (done.has(place) || item.refusal !== undefined || item.id?.startsWith("bulkId:")) return [];
    // What a POST reads does not depend on the ids that its references stand for; others wait for theirs.
    if ((item.method === "PUT" || item.method === "PATCH") && listReferences(item).length > 0) return [];
    try {
      const inner = toOperation(item, operation.settingId);
      if (inner.kind === "deleteGroup" || hasWholeList(inner)) return [];
      members += membersNamed(inner) ?? 0;
      return members > SLICE ? [] : [inner];
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
