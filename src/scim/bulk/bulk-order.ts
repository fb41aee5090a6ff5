import { isJsonObject, type Json, type JsonObject } from "../json.ts";
import { quote, ScimError } from "../scim-error.ts";
import type { BulkOperation } from "./bulk-request.ts";

/** In which order to look at bulk operations, and which of them are refused rather than run; both by index. */
interface BulkPlan {
  /** All of them: one that is refused counts towards failOnErrors in its place. */
  order: number[];
  refusals: Map<number, ScimError>;
}

const PREFIX = "bulkId:";

/**
 * Orders bulk operations so that each runs after those whose bulkIds it names, forward references included, and in the
 * order of the request otherwise. Operations in a true cycle are refused with 409, references to no operation, or to one of two, with 400
 * (RFC 7644 section 3.7.1).
 */
export function planBulk(operations: readonly BulkOperation[]): BulkPlan {
  const plan: BulkPlan = { order: [], refusals: new Map() };
  const makers = new Map<string, BulkOperation | null>();
  for (const operation of operations) {
    const { bulkId } = operation;
    if (operation.method === "POST" && bulkId !== undefined && makers.has(bulkId)) makers.set(bulkId, null);
    else if (operation.method === "POST" && bulkId !== undefined) makers.set(bulkId, operation);
    if (operation.refusal !== undefined) plan.refusals.set(operation.index, operation.refusal);
  }
  const dependencies = new Map<number, BulkOperation[]>();
  for (const operation of operations)
    dependencies.set(operation.index, findDependencies(operation, makers, plan.refusals));
  for (const index of findCycles(operations, dependencies))
    plan.refusals.set(
      index,
      new ScimError("bulk_cycle", `Operations[${index}] is part of a cycle of bulkId references.`),
    );
  const done = new Set<number>();
  for (const operation of operations) schedule(operation, dependencies, done, plan);
  return plan;
}

function findDependencies(
  operation: BulkOperation,
  makers: ReadonlyMap<string, BulkOperation | null>,
  refusals: Map<number, ScimError>,
): BulkOperation[] {
  if (operation.refusal !== undefined) return [];
  const dependencies = new Set<BulkOperation>();
  for (const bulkId of listReferences(operation)) {
    const maker = makers.get(bulkId);
    if (maker) dependencies.add(maker);
    else refusals.set(operation.index, unresolved(operation, bulkId, maker === null));
  }
  return [...dependencies];
}

function unresolved({ index }: BulkOperation, bulkId: string, isTwice: boolean): ScimError {
  const which = isTwice ? "more than one POST" : "no POST";
  return new ScimError(
    "invalid_bulk_id",
    `Operations[${index}]: ${which} of this request has the bulkId ${quote(bulkId)}.`,
  );
}

/** The bulkIds that an operation names, in its path and anywhere in its data. */
export function listReferences(operation: Pick<BulkOperation, "id" | "data">): string[] {
  const found = new Set<string>();
  const visit = (value: Json) => {
    if (typeof value === "string") {
      for (const bulkId of referencesIn(value)) found.add(bulkId);
    } else if (Array.isArray(value)) value.forEach(visit);
    else if (isJsonObject(value)) Object.values(value).forEach(visit);
  };
  if (operation.id?.startsWith(PREFIX)) found.add(operation.id.slice(PREFIX.length));
  visit(operation.data);
  return [...found];
}

/** A whole string `bulkId:x`, or one quoted in a path such as `members[value eq "bulkId:x"]`. */
function referencesIn(text: string): string[] {
  if (text.startsWith(PREFIX)) return [text.slice(PREFIX.length)];
  return text.includes(`"${PREFIX}`) ? [...text.matchAll(/"bulkId:([^"\\]+)"/g)].map((match) => match[1] ?? "") : [];
}

/** The operations that reach themselves: members of a strongly connected part of more than one, or naming themselves. */
function findCycles(
  operations: readonly BulkOperation[],
  dependencies: ReadonlyMap<number, BulkOperation[]>,
): Set<number> {
  const cyclic = new Set<number>();
  const waiting = new Map(
    operations.map(({ index }) => [index, new Set((dependencies.get(index) ?? []).map((n) => n.index))]),
  );
  const users = new Map<number, number[]>();
  for (const [index, named] of waiting)
    for (const name of named) {
      const of = users.get(name) ?? [];
      of.push(index);
      users.set(name, of);
    }
  peel(waiting, users);
  // Kosaraju: in the reverse of the order in which walks along the edges end, walks against them stay within one part.
  const seen = new Set<number>();
  const ended = [...waiting.keys()].flatMap((start) => walk(start, (index) => waiting.get(index) ?? [], seen));
  const placed = new Set<number>();
  const against = (index: number) => (users.get(index) ?? []).filter((user) => waiting.has(user));
  for (const start of ended.reverse()) {
    const part = walk(start, against, placed);
    const isCycle = part.length > 1 || waiting.get(start)?.has(start) === true;
    if (isCycle) for (const index of part) cyclic.add(index);
  }
  return new Set([...cyclic].sort((a, b) => a - b));
}

/** What is reached from a start and was not seen yet, each after what is reached from it; iterative, since chains are long. */
function walk(start: number, next: (index: number) => Iterable<number>, seen: Set<number>): number[] {
  const ended: number[] = [];
  if (seen.has(start)) return ended;
  seen.add(start);
  const stack = [{ index: start, rest: next(start)[Symbol.iterator]() }];
  for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
    const { done, value } = top.rest.next();
    if (done === true) {
      ended.push(top.index);
      stack.pop();
    } else if (!seen.has(value)) {
      seen.add(value);
      stack.push({ index: value, rest: next(value)[Symbol.iterator]() });
    }
  }
  return ended;
}

/** Takes away, again and again, every operation that waits for nothing; what stays is in a cycle or behind one. */
function peel(waiting: Map<number, Set<number>>, users: ReadonlyMap<number, readonly number[]>): void {
  const free = [...waiting].filter(([, named]) => named.size === 0).map(([index]) => index);
  for (let index = free.pop(); index !== undefined; index = free.pop()) {
    waiting.delete(index);
    for (const user of users.get(index) ?? []) {
      const named = waiting.get(user);
      named?.delete(index);
      if (named?.size === 0) free.push(user);
    }
  }
}

/** Puts an operation into the order after what it depends on; iterative, since a chain may be a thousand long. */
function schedule(
  first: BulkOperation,
  dependencies: ReadonlyMap<number, BulkOperation[]>,
  done: Set<number>,
  plan: BulkPlan,
): void {
  const stack = [first];
  for (let operation = stack.at(-1); operation !== undefined; operation = stack.at(-1)) {
    const { index } = operation;
    if (done.has(index)) {
      stack.pop();
      continue;
    }
    const missing = plan.refusals.has(index)
      ? []
      : (dependencies.get(index) ?? []).filter((other) => !done.has(other.index));
    if (missing.length > 0) {
      stack.push(...missing.reverse());
      continue;
    }
    done.add(index);
    stack.pop();
    plan.order.push(index);
  }
}

/**
 * Puts real ids in the place of bulkIds, in path and data. A bulkId without an id belongs to an operation that failed:
 * 409 (RFC 7644 section 3.7.3).
 */
export function substituteBulkIds(operation: BulkOperation, ids: ReadonlyMap<string, string>): BulkOperation {
  if (listReferences(operation).length === 0) return operation;
  const resolve = (bulkId: string): string => {
    const id = ids.get(bulkId);
    if (id !== undefined) return id;
    throw new ScimError(
      "failed_dependency",
      `The operation with bulkId ${quote(bulkId)}, which this one names, failed.`,
    );
  };
  const visit = (value: Json): Json => {
    if (typeof value === "string") return substituteText(value, resolve);
    if (Array.isArray(value)) return value.map(visit);
    if (!isJsonObject(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, visit(inner)]));
  };
  const data = visit(operation.data) as JsonObject; // an object stays an object
  const id = operation.id === undefined ? undefined : substituteText(operation.id, resolve);
  return { ...operation, data, ...(id === undefined ? {} : { id }) };
}

function substituteText(text: string, resolve: (bulkId: string) => string): string {
  if (text.startsWith(PREFIX)) return resolve(text.slice(PREFIX.length));
  return text.includes(`"${PREFIX}`)
    ? text.replace(/"bulkId:([^"\\]+)"/g, (_match, bulkId: string) => `"${resolve(bulkId)}"`)
    : text;
}
