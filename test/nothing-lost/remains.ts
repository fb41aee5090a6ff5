import { isNothing, listOf } from "./aftermath.ts";
import type { ClosedCount } from "./closed-list.ts";
import { isNamedBy, matches } from "./judge.ts";
import { findPart, fold, isObject, type Json, type JsonObject, under } from "./known.ts";
import type { Named, Statement } from "./statements.ts";

/**
 * What a PATCH did not name and that is gone after it; one sentence for each. `before` and `after` are the resource as GETs
 * answer it.
 */
export function judgeRemains(named: Named, before: JsonObject, after: JsonObject, closed: ClosedCount): string[] {
  const kept = structuredClone(before);
  for (const urn of named.goneExtensions) drop(kept, urn);
  const touched = new Set<string>();
  for (const statement of named.statements) {
    const { urn, name } = statement.place;
    const holder = urn === null ? kept : under(kept, urn);
    const key = `${urn} ${fold(name)}`;
    if (isObject(holder)) carve(holder, statement, touched.has(key), closed);
    touched.add(key);
  }
  const { meta: _meta, schemas: _schemas, groups: _groups, ...attributes } = kept;
  return lost(attributes, after, "", closed);
}

function drop(holder: JsonObject, name: string): void {
  for (const key of Object.keys(holder)) if (fold(key) === fold(name)) delete holder[key];
}

/** Takes out of what was there all that a statement names. */
function carve(holder: JsonObject, statement: Statement, isTouched: boolean, closed: ClosedCount): unknown {
  const { verb, filter, place } = statement;
  const without = (element: Json, parts: JsonObject) => withoutParts(element, statement, parts, closed);
  const { name, part, shape } = place;
  const isWrapped = shape.kind === "complex" && Array.isArray(statement.value) && statement.value.length === 1;
  const value = isWrapped ? listOf(statement.value)[0] : statement.value;
  const stored = under(holder, name);
  if (stored === undefined) return;
  const isWhole = part === null && filter === null;
  const put = (left: Json[]) => {
    drop(holder, name);
    if (left.length > 0) holder[name] = Array.isArray(stored) ? left : (left[0] ?? null);
  };
  if (isTouched && (filter !== null || verb === "remove")) return drop(holder, name);
  if (isWhole && verb === "remove") {
    if (!Array.isArray(stored) || (!Array.isArray(value) && isNothing(value))) return drop(holder, name);
    const sent = listOf(value).filter((each) => !isNothing(each));
    return put(stored.filter((element) => !sent.some((each) => isNamedBy(element, each) || isPicked(element, each))));
  }
  const isOpen = shape.kind === "open";
  if (isWhole && verb === "add" && Array.isArray(stored))
    return put(stored.filter((element) => !listOf(value).some((each) => isSameValue(element, each))));
  if (isWhole && verb === "add" && isOpen && Array.isArray(value)) return;
  // No value clears what it is added to, but a list.
  if (isWhole && isNothing(value) && !isObject(value))
    return verb === "add" && Array.isArray(stored) ? holder : drop(holder, name);
  if (isWhole && isObject(value) && isObject(stored)) return put(without(stored, value));
  if (isWhole)
    return shape.kind === "complex" && isObject(stored) ? put(without(stored, { value: null })) : drop(holder, name);
  return put(
    listOf(stored).flatMap((element) => {
      if (filter !== null && !matches(element, filter)) return [element];
      if (part !== null) return without(element, { [part]: value ?? null });
      if (isObject(value) && verb === "add") return without(element, value);
      if (isObject(value) && Object.keys(value).length === 0) return [element];
      return isObject(value) || verb !== "add" ? [] : without(element, { value: value ?? null });
    }),
  );
}

/** Whether a remove means an element: by its value alone, or by value and type; what else it says may be of no schema. */
export function isPicked(element: Json, sent: Json): boolean {
  const [value, type] = [under(sent, "value"), under(sent, "type")];
  if (isNothing(value)) return false;
  return isSameValue(element, {
    value: value ?? null,
    type: isNothing(type) ? (under(element, "type") ?? null) : (type ?? null),
  });
}

/** The same `value` and `type`, which an add joins with what is there; of others, the same altogether. */
function isSameValue(element: Json, sent: Json): boolean {
  const text = (each: Json, part: string) =>
    fold(String((isObject(each) ? under(each, part) : part === "value" ? each : "") ?? ""));
  return text(element, "value") === text(sent, "value") && text(element, "type") === text(sent, "type");
}

/** An element without the parts that were named; with its `value` cleared nothing of it need stay. */
function withoutParts(
  element: Json,
  change: Pick<Statement, "verb" | "place">,
  parts: JsonObject,
  closed: ClosedCount,
): Json[] {
  if (!isObject(element)) return Object.keys(parts).some((key) => fold(key) === "value") ? [] : [element];
  const { verb, place } = change;
  const rest = { ...element };
  for (const [key, sent] of Object.entries(parts)) {
    const part = findPart(place.shape, key) ?? key;
    const left = partLeft(under(rest, part), change, sent, closed);
    drop(rest, part);
    if (left !== undefined) rest[part] = left;
    if (part === "value" && under(rest, "$ref") !== undefined) {
      closed.allow("address");
      drop(rest, "$ref");
    }
    if (part === "value" && (verb === "remove" || isNothing(sent))) return place.shape.kind === "plural" ? [] : [rest];
  }
  return Object.keys(rest).length === 0 ? [] : [rest];
}

/** What is left of a part that was named: in custom attributes objects are merged, and lists added to. */
function partLeft(
  held: Json | undefined,
  { verb, place }: Pick<Statement, "verb" | "place">,
  sent: Json,
  closed: ClosedCount,
): Json | undefined {
  if (place.shape.kind === "open" && isObject(held) && isObject(sent) && place.part === null)
    return withoutParts(held, { verb, place }, sent, closed)[0];
  const isAdded = verb === "add" && place.shape.kind === "open";
  return isAdded && (Array.isArray(held) || (Array.isArray(sent) && isNothing(sent))) ? held : undefined;
}

/** What of `kept` is not in `after`. */
function lost(kept: Json, after: Json | undefined, path: string, closed: ClosedCount): string[] {
  // What no schema describes becomes one of a list when a list is added to it.
  if (Array.isArray(after) && !Array.isArray(kept)) return lost([kept], after, path, closed);
  if (isObject(kept))
    return Object.entries(kept).flatMap(([key, value]) =>
      lost(value, under(after, key), path === "" ? key : `${path} ${key}`, closed),
    );
  if (Array.isArray(kept)) {
    const others = listOf(after);
    return kept.flatMap((element) => {
      const judged = others.map((other) => lost(yielding(element, other, others, closed), other, path, closed));
      return (
        judged.toSorted((a, b) => a.length - b.length)[0] ?? [
          `${path}: ${JSON.stringify(element)} was not named and is gone`,
        ]
      );
    });
  }
  // A simple value that no schema describes stands beside the parts that it gets as their `value`.
  return kept === after || (isObject(after) && kept === after.value)
    ? []
    : [`${path}: ${JSON.stringify(kept)} was not named and is ${JSON.stringify(after) ?? "gone"}`];
}

/** An element that was primary is no longer where another is now. */
function yielding(element: Json, other: Json, others: readonly Json[], closed: ClosedCount): Json {
  if (!isObject(element) || element.primary !== true || under(other, "primary") === true) return element;
  if (!others.some((each) => under(each, "primary") === true)) return element;
  closed.allow("onePrimary");
  const { primary: _primary, ...rest } = element;
  return rest;
}
