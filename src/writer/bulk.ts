import { listReferences, planBulk, substituteBulkIds } from "../scim/bulk/bulk-order.ts";
import { type BulkOperation, parseBulk } from "../scim/bulk/bulk-request.ts";
import { NoteList } from "../scim/limited-note-list.ts";
import { inOperation, type Note } from "../scim/note.ts";
import { countLooks, MAX_PATCH_STEPS } from "../scim/patch/patch.ts";
import { ScimError } from "../scim/scim-error.ts";
import { describeBulkItem, personOf } from "./bulk-item-outcome.ts";
import type {
  BulkItemOutcome,
  BulkItemRun,
  BulkRequestOperation,
  GroupOperation,
  Outcome,
  UserOperation,
  WriteRequest,
  WriteResult,
} from "./operation.ts";
import { OperationContext } from "./operation-context.ts";
import { readBulkItem } from "./read-bulk-item.ts";
import { toRefusal } from "./refuse-write.ts";
import { isVeryLong } from "./resolve-long-member-list.ts";

/** Changes of attributes that all PATCHes of one Bulk request may make together: each may look through a whole list. */
const MAX_PATCHED_ATTRIBUTES = 10 * MAX_PATCH_STEPS;

/** What a refused operation is taken to have cost at least (ms): it is read, planned and looked up on one thread. */
const LEAST_TIME = 1;

/** One operation of a Bulk request in the queue: it applies wholly or is refused alone, in its own place in a commit. */
export interface BulkItemOperation {
  kind: "bulkItem";
  settingId: string;
  bulk: Bulk;
  /** Its place in the request. */
  place: number;
}

/** What an item is for itself. */
export type Inner = UserOperation | GroupOperation;

/**
 * A Bulk request (RFC 7644 section 3.7) while its operations are in the queue: what has become of them, and what they
 * share. What a commit under way adds is taken back with its journal; what was answered stays.
 */
export class Bulk {
  readonly #settingId: string;
  readonly #failOnErrors: number;
  readonly #items: readonly BulkOperation[];
  readonly #plan: ReturnType<typeof planBulk>;
  /** By the place of their items in the request, as what follows. */
  readonly #runs = new Map<number, BulkItemRun>();
  /** Of those that no commit took: D1 or the queue refused them. */
  readonly #turnedAway = new Map<number, BulkItemOutcome>();
  readonly #operations = new Map<number, { ids: string; operation: Inner }>();
  /** What reading the items came upon. */
  readonly #notes = new Map<number, readonly Note[]>();
  /** The places of the POSTs, by their bulkIds. */
  readonly #makers: ReadonlyMap<string, number>;

  constructor({ settingId, items, failOnErrors }: BulkRequestOperation) {
    this.#settingId = settingId;
    this.#failOnErrors = failOnErrors ?? Number.POSITIVE_INFINITY;
    // As the engine reads them: each faulty one is refused in its place.
    this.#items = parseBulk({ Operations: items }).operations;
    this.#plan = planBulk(this.#items);
    this.#makers = new Map(
      this.#items.flatMap(({ method, bulkId, index }) =>
        method === "POST" && bulkId !== undefined ? [[bulkId, index] as const] : [],
      ),
    );
  }

  /** Has the members that very long lists of it name looked up, where they stand in it by their ids. */
  async resolveLists(resolve: (operation: GroupOperation) => Promise<GroupOperation>): Promise<void> {
    for (const [place, item] of this.#items.entries()) {
      const operation = listReferences(item).length === 0 ? this.foreseen(place) : null;
      if (operation !== null && isVeryLong(operation))
        this.#operations.set(place, { ids: "", operation: await resolve(operation) });
    }
  }

  /** The request as requests for the queue, in the order that its references need; its row of the log goes with the last. */
  split({ cause, tokenId, log, values }: Omit<WriteRequest, "operation">): WriteRequest<BulkItemOperation>[] {
    const { order } = this.#plan;
    const settingId = this.#settingId;
    return order.map((place, index) => ({
      ...{ operation: { kind: "bulkItem", settingId, bulk: this, place }, cause, tokenId, values },
      log: index === order.length - 1 ? log : undefined,
    }));
  }

  /** Hears the answer to one of its parts: one that was not run counts as failed. */
  hear(place: number, result: WriteResult): WriteResult {
    if (!result.ok) {
      const { ok: _, ...refusal } = result;
      this.#turnedAway.set(place, { ...this.#about(place), status: refusal.status, refusal });
    } else if (result.outcome.kind === "bulkItem" && result.outcome.run !== null)
      this.#runs.set(place, result.outcome.run);
    return result;
  }

  /** The answer to the request, once all its parts are answered. One of which nothing was run is refused as a whole. */
  answer(results: readonly WriteResult[]): WriteResult {
    const refused = results.find(({ ok }) => !ok);
    if (this.#runs.size === 0 && refused !== undefined) return refused;
    const refusedTime = [...this.#runs.values()].reduce((sum, run) => sum + run.refusedTime, 0);
    return { ok: true, outcome: { kind: "bulk", items: this.#outcomes(), refusedTime } };
  }

  /** What was noted of its operations so far, in their places. */
  get notes(): Note[] {
    const runs = [...this.#runs].sort(([a], [b]) => a - b);
    return runs.flatMap(([, { notes }]) => notes);
  }

  /** The operation that an item is as far as it is known before it runs, or null. */
  foreseen(place: number): Inner | null {
    const item = this.#items[place];
    if (item === undefined || this.#plan.refusals.has(place)) return null;
    // What a POST reads does not depend on the ids that its references stand for; others wait for theirs.
    const isOpen = listReferences(item).some((bulkId) => this.#idOf(bulkId) === undefined);
    if (isOpen && item.method !== "POST") return null;
    try {
      return isOpen ? readBulkItem(item, this.#settingId).operation : this.#toOperation(place, this.#substitute(item));
    } catch {
      return null;
    }
  }

  /** The user name or display name that an item sends, as it was sent, or null. */
  nameIn(place: number): string | null {
    const { userName, displayName } = this.#items[place]?.data ?? {};
    const name = userName ?? displayName;
    return typeof name === "string" && name !== "" ? name : null;
  }

  /** Runs an item, unless enough have failed; gives its outcome, and after the last one all of them. */
  run(
    context: OperationContext,
    place: number,
    runInner: (context: OperationContext, operation: Inner) => Outcome,
  ): Outcome {
    context.requireSetting(this.#settingId);
    const run = this.#hasFailedEnough() ? null : this.#runItem(context, place, runInner);
    if (run !== null) {
      this.#runs.set(place, run);
      context.unit.journal.onRollback(() => this.#runs.delete(place));
    }
    if (place !== this.#plan.order.at(-1)) return { kind: "bulkItem", run };
    context.notes.push(...this.notes);
    const people = new Map(
      [...this.#runs].flatMap(([at, { person }]) => (person === null ? [] : [[at, person] as const])),
    );
    return { kind: "bulkItem", run, all: this.#outcomes(), people };
  }

  #runItem(
    { unit, cause }: OperationContext,
    place: number,
    runInner: (context: OperationContext, operation: Inner) => Outcome,
  ): BulkItemRun | null {
    const { journal } = unit;
    const item = this.#items[place];
    if (item === undefined) return null;
    const start = journal.savepoint();
    const about = this.#about(place);
    let resolved = item;
    let patchedAttributes = 0;
    try {
      const refusal = this.#plan.refusals.get(place);
      if (refusal !== undefined) throw refusal;
      resolved = this.#substitute(item);
      const inner = this.#toOperation(place, resolved);
      patchedAttributes = patchedAttributesOf(inner);
      this.#assertMayPatch(patchedAttributes);
      const part = new OperationContext(unit, cause);
      const outcome = runInner(part, inner);
      const notes = new NoteList([...(this.#notes.get(place) ?? []), ...part.notes.list()]).list();
      return {
        outcome: { ...about, ...describeBulkItem(resolved, outcome) },
        person: personOf(resolved, outcome),
        notes: notes.map((note) => inOperation(place, note)),
        ...{ patchedAttributes, refusedTime: 0 },
      };
    } catch (error) {
      journal.rollback(start);
      const refusal = toRefusal(error);
      if (refusal === null) throw error;
      const id = item.method === "POST" || resolved.id?.startsWith("bulkId:") ? undefined : resolved.id;
      const refusedTime = Math.max(LEAST_TIME, unit.readTimeOfEach);
      return {
        outcome: { ...about, id, status: refusal.status, refusal },
        person: null,
        notes: [],
        patchedAttributes,
        refusedTime,
      };
    }
  }

  #hasFailedEnough(): boolean {
    if (this.#failOnErrors === Number.POSITIVE_INFINITY) return false;
    const failed = [...this.#runs.values()].filter(({ outcome }) => outcome.refusal !== undefined);
    return failed.length + this.#turnedAway.size >= this.#failOnErrors;
  }

  #assertMayPatch(patchedAttributes: number): void {
    if (patchedAttributes === 0) return;
    let sum = patchedAttributes;
    for (const run of this.#runs.values()) sum += run.patchedAttributes;
    if (sum > MAX_PATCHED_ATTRIBUTES)
      throw new ScimError(
        "too_many_operations",
        `The PATCHes of a Bulk request change at most ${MAX_PATCHED_ATTRIBUTES} attributes.`,
      );
  }

  /** The id of what the POST with this bulkId made. */
  #idOf(bulkId: string): string | undefined {
    return this.#runs.get(this.#makers.get(bulkId) ?? -1)?.outcome.id;
  }

  #substitute(item: BulkOperation): BulkOperation {
    const ids = listReferences(item).flatMap((bulkId) => {
      const id = this.#idOf(bulkId);
      return id === undefined ? [] : [[bulkId, id] as const];
    });
    return substituteBulkIds(item, new Map(ids));
  }

  /** An item whose bulkIds are replaced as an operation; the same object for as long as the ids are the same. */
  #toOperation(place: number, resolved: BulkOperation): Inner {
    const item = this.#items[place];
    const ids =
      item === undefined
        ? ""
        : listReferences(item)
            .map((bulkId) => this.#idOf(bulkId))
            .join();
    const known = this.#operations.get(place);
    if (known?.ids === ids) return known.operation;
    const { operation, notes } = readBulkItem(resolved, this.#settingId);
    this.#operations.set(place, { ids, operation });
    this.#notes.set(place, notes);
    return operation;
  }

  #about(place: number): Pick<BulkItemOutcome, "method" | "bulkId" | "resourceType"> {
    const item = this.#items[place];
    return { method: item?.sentMethod, bulkId: item?.bulkId, resourceType: item?.type };
  }

  /** Outcomes in the order of the request; those after the failure that was one too many are left out. */
  #outcomes(): BulkItemOutcome[] {
    const runs = [...this.#runs].map(([place, { outcome }]) => [place, outcome] as const);
    return [...runs, ...this.#turnedAway].sort(([a], [b]) => a - b).map(([, outcome]) => outcome);
  }
}

function patchedAttributesOf(operation: Inner): number {
  const isPatch = operation.kind === "patchUser" || operation.kind === "patchGroup";
  return isPatch ? countLooks(operation.request.operations) : 0;
}
