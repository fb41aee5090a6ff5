import { type BulkOperation as Item, parseBulk } from "../scim/bulk/bulk.ts";
import { listReferences, planBulk, substituteBulkIds } from "../scim/bulk/bulk-plan.ts";
import { ScimError } from "../scim/errors.ts";
import { countSteps, MAX_PATCH_STEPS, parsePatch } from "../scim/patch/patch.ts";
import { readResource } from "../scim/read-resource.ts";
import { resourceTypes } from "../scim/schema/resource-types.ts";
import type {
  BulkItemOutcome,
  BulkOperation,
  GroupOperation,
  Outcome,
  UserOperation,
  Weight,
  WriteRequest,
  WriteResult,
} from "./operation.ts";
import { toRefusal } from "./refuse.ts";
import type { Journal } from "./rows.ts";
import { Scope } from "./scope.ts";
import type { Ref } from "./working-set.ts";

/** Changes of attributes that all PATCHes of one Bulk request may make together: each may look through a whole list. */
const MAX_STEPS = 10 * MAX_PATCH_STEPS;

/** One operation of a Bulk request in the queue: it applies wholly or is refused alone, in its own place in a commit. */
export interface BulkItemOperation {
  kind: "bulkItem";
  settingId: string;
  bulk: Bulk;
  /** Its place in the request. */
  place: number;
}

type Inner = UserOperation | GroupOperation;

/**
 * A Bulk request (RFC 7644 section 3.7) while its operations are in the queue: what has become of them, the ids that they
 * made, and what they share. What a commit under way adds to it is noted in the journal, and goes with the commit.
 */
export class Bulk {
  readonly #settingId: string;
  readonly #failOnErrors: number;
  readonly #items: readonly Item[];
  readonly #plan: ReturnType<typeof planBulk>;
  readonly #outcomes = new Map<number, BulkItemOutcome>();
  /** Of those that no commit took: D1 or the queue refused them. */
  readonly #turnedAway = new Map<number, BulkItemOutcome>();
  /** What the operations so far made, by their bulkId. */
  readonly #ids = new Map<string, string>();
  readonly #operations = new Map<number, { ids: string; operation: Inner }>();
  readonly #notes: string[] = [];
  readonly #removedMembers = new Map<Ref, number>();
  #steps = MAX_STEPS;
  #errors = 0;

  constructor({ settingId, items, failOnErrors }: BulkOperation) {
    this.#settingId = settingId;
    this.#failOnErrors = failOnErrors ?? Number.POSITIVE_INFINITY;
    // As the engine reads them: each faulty one is refused in its place.
    this.#items = parseBulk({ Operations: items }).operations;
    this.#plan = planBulk(this.#items);
  }

  /** The request as requests for the queue, in the order that its references need; its row of the log goes with the last. */
  split({ cause, tokenId, log }: WriteRequest): WriteRequest<BulkItemOperation>[] {
    const { order } = this.#plan;
    const settingId = this.#settingId;
    return order.map((place, index) => ({
      ...{ operation: { kind: "bulkItem", settingId, bulk: this, place }, cause, tokenId },
      log: index === order.length - 1 ? log : undefined,
    }));
  }

  /** Hears the answer to one of its parts: one that was not run counts as failed. */
  hear(place: number, result: WriteResult): WriteResult {
    if (result.ok) return result;
    const { ok: _, ...refusal } = result;
    this.#turnedAway.set(place, { ...this.#about(place), status: refusal.status, refusal });
    return result;
  }

  /** The answer to the request, once all its parts are answered. One of which nothing was run is refused as a whole. */
  answer(results: readonly WriteResult[]): WriteResult {
    const refused = results.find(({ ok }) => !ok);
    if (this.#outcomes.size === 0 && refused !== undefined) return refused;
    return { ok: true, outcome: this.#outcome() };
  }

  /** The operation that an item is as far as it is known before it runs, or null. */
  foreseen(place: number): Inner | null {
    const item = this.#items[place];
    if (item === undefined || this.#plan.refusals.has(place)) return null;
    // What a POST reads does not depend on the ids that its references stand for; others wait for theirs.
    const isOpen = listReferences(item).some((bulkId) => !this.#ids.has(bulkId));
    if (isOpen && item.method !== "POST") return null;
    try {
      return isOpen ? toOperation(item, this.#settingId) : this.#operation(place, substituteBulkIds(item, this.#ids));
    } catch {
      return null;
    }
  }

  /** Runs an item, unless enough have failed, and notes its outcome; gives that of the whole request after the last. */
  run(scope: Scope, place: number, runInner: (scope: Scope, operation: Inner) => Outcome): Outcome {
    scope.requireSetting(this.#settingId);
    if (this.#errors + this.#turnedAway.size < this.#failOnErrors) this.#runItem(scope, place, runInner);
    if (place !== this.#plan.order.at(-1)) return { kind: "done" };
    scope.notes.push(...this.#notes);
    return this.#outcome();
  }

  #runItem({ workingSet, cause }: Scope, place: number, runInner: (scope: Scope, operation: Inner) => Outcome): void {
    const { journal } = workingSet;
    const item = this.#items[place];
    if (item === undefined) return;
    let mark = journal.mark();
    let resolved = item;
    try {
      const refusal = this.#plan.refusals.get(place);
      if (refusal !== undefined) throw refusal;
      resolved = substituteBulkIds(item, this.#ids);
      const inner = this.#operation(place, resolved);
      this.#spend(journal, inner);
      mark = journal.mark();
      if (this.#steps < 0)
        throw new ScimError(413, undefined, `The PATCHes of a Bulk request change at most ${MAX_STEPS} attributes.`);
      const part = new Scope(workingSet, cause, this.#removedMembers);
      const outcome = runInner(part, inner);
      this.#note(journal, part.notes);
      this.#conclude(journal, place, { ...this.#about(place), ...describe(resolved, outcome) });
    } catch (error) {
      journal.rollback(mark);
      const refused = toRefusal(error);
      if (refused === null) throw error;
      const id = item.method === "POST" || resolved.id?.startsWith("bulkId:") ? undefined : resolved.id;
      this.#conclude(journal, place, { ...this.#about(place), id, status: refused.status, refusal: refused });
    }
  }

  /** An item as an operation, with its bulkIds replaced by ids; the same object for as long as these are the same. */
  #operation(place: number, resolved: Item): Inner {
    const item = this.#items[place];
    const ids = item === undefined ? [] : listReferences(item).map((bulkId) => this.#ids.get(bulkId));
    const known = this.#operations.get(place);
    if (known?.ids === ids.join()) return known.operation;
    const operation = toOperation(resolved, this.#settingId);
    this.#operations.set(place, { ids: ids.join(), operation });
    return operation;
  }

  #spend(journal: Journal, operation: Inner): void {
    if (operation.kind !== "patchUser" && operation.kind !== "patchGroup") return;
    const steps = countSteps(operation.request.operations);
    this.#steps -= steps;
    journal.note(() => {
      this.#steps += steps;
    });
  }

  #note(journal: Journal, notes: readonly string[]): void {
    const { length } = this.#notes;
    this.#notes.push(...notes);
    journal.note(() => {
      this.#notes.length = length;
    });
  }

  #conclude(journal: Journal, place: number, outcome: BulkItemOutcome): void {
    const item = this.#items[place];
    const made = item?.method === "POST" ? item.bulkId : undefined;
    this.#outcomes.set(place, outcome);
    if (outcome.refusal !== undefined) this.#errors += 1;
    if (made !== undefined && outcome.id !== undefined) this.#ids.set(made, outcome.id);
    journal.note(() => {
      this.#outcomes.delete(place);
      if (outcome.refusal !== undefined) this.#errors -= 1;
      if (made !== undefined) this.#ids.delete(made);
    });
  }

  #about(place: number): Pick<BulkItemOutcome, "method" | "bulkId" | "resourceType"> {
    const item = this.#items[place];
    return { method: item?.sentMethod, bulkId: item?.bulkId, resourceType: item?.type };
  }

  /** Outcomes in the order of the request; those after the failure that was one too many are left out. */
  #outcome(): Outcome {
    const sorted = [...this.#outcomes, ...this.#turnedAway].sort(([a], [b]) => a - b);
    return { kind: "bulk", items: sorted.map(([, outcome]) => outcome) };
  }
}

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
  scope: Scope,
  { bulk, place }: BulkItemOperation,
  run: (scope: Scope, operation: Inner) => Outcome,
): Outcome {
  return bulk.run(scope, place, run);
}

function describe({ method, id }: Item, outcome: Outcome): Pick<BulkItemOutcome, "status" | "id" | "version"> {
  switch (outcome.kind) {
    case "user":
      return { status: method === "POST" ? 201 : 200, id: outcome.user.id, version: outcome.user.version };
    case "group":
      return {
        status: { POST: 201, PUT: 200, PATCH: 204, DELETE: 204 }[method],
        id: outcome.group.id,
        version: outcome.group.version,
      };
    default:
      return { status: 204, id };
  }
}

function toOperation(item: Item, settingId: string): Inner {
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
