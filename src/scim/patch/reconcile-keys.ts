import { matchElement } from "../filter/match-element.ts";
import type { Filter } from "../filter/parse-filter.ts";
import { foldCase } from "../fold-case.ts";
import { equalJson, isJsonObject, type Json, type JsonObject } from "../json.ts";
import { printPath } from "../schema/attribute-name.ts";
import { findOpenName } from "../schema/find-open-attribute.ts";
import type { Attribute } from "../schema/schema.ts";
import { invalidValue } from "../schema/unfit-value.ts";
import { asParts, contradicts, equalitiesOf, keyOfElement, rivalsOf } from "./contested-elements.ts";
import type { MemberOperation } from "./member-operations.ts";
import type { AttributeOperation, PatchOperation } from "./patch-operation.ts";

/** What the keys of one object say of one attribute, at its different depths. */
interface Said {
  /** How it is printed. */
  where: string;
  /** Of the whole of it. */
  whole?: Json;
  /** Of parts of it, or of each element of it, as `name.givenName` does. */
  parts: JsonObject;
  /** Of the elements that a value path selects. */
  selected: Map<string, Selected>;
  /** The keys of the elements of the whole, where that is a list and value paths stand beside it. */
  listed?: Set<string>;
}

interface Selected {
  filter: Filter;
  parts: JsonObject;
  /** How many keys speak of them, and whether one does of them as a whole. */
  count: number;
  isWhole: boolean;
}

type Members = Extract<PatchOperation, { kind: "members" }>;

/**
 * The steps that the keys of one object come to, so that their order does not matter: what agrees is joined, as `name` and
 * `name.givenName` may, what contradicts is 400 invalidValue, and no value says nothing beside a value (as in a body of POST).
 */
export function reconcileKeys(steps: readonly PatchOperation[]): PatchOperation[] {
  if (steps.length < 2) return [...steps];
  const said = new Map<string, Said>();
  for (const step of steps) if (step.kind === "attribute") listen(said, step);
  for (const each of said.values()) assertNoneContradicts(each);
  const joined = new Set<unknown>();
  const kept = steps.flatMap((step): PatchOperation[] => {
    const [heard, value] = step.kind === "attribute" ? joinedAt(said, step) : [];
    if (step.kind !== "attribute") return [step];
    if (value === undefined) return [withRivals(said, step)];
    if (joined.has(heard)) return [];
    joined.add(heard);
    const { subAttribute: _part, ...path } = step.path;
    return [withRivals(said, { ...step, path, value })];
  });
  const members = kept.filter((step) => step.kind === "members");
  const others = kept.filter((step) => step.kind !== "members");
  return [...others.sort((a, b) => depthOf(a) - depthOf(b)), ...agreeOnMembers(members)];
}

/** A step by a value path with what other keys say of the same list, where they may mean the same element. */
function withRivals(said: ReadonlyMap<string, Said>, step: AttributeOperation): AttributeOperation {
  const found = said.get(placeOf(step));
  const { valueFilter } = step.path;
  if (valueFilter === undefined || step.value === undefined || found === undefined) return step;
  if (Array.isArray(found.whole)) found.listed ??= new Set(found.whole.map(keyOfElement));
  const own = keyOf(valueFilter);
  const parts = found.selected.get(own)?.parts ?? {};
  const others = [...found.selected].filter(([key, other]) => key !== own && contradicts(parts, other.parts));
  const filters = rivalsOf(
    found.where,
    valueFilter,
    others.map(([, { filter }]) => filter),
  );
  if (filters.length === 0 && found.listed === undefined) return step;
  return { ...step, rivals: { parts, filters, listed: found.listed ?? new Set() } };
}

/** Where several keys speak of one whole, be it an attribute or what a value path selects: that, and what they say in sum. */
function joinedAt(said: ReadonlyMap<string, Said>, step: AttributeOperation): [heard?: unknown, value?: Json] {
  const found = said.get(placeOf(step));
  const { valueFilter, subAttribute } = step.path;
  if (valueFilter === undefined) return subAttribute === undefined ? [found, found?.whole] : [];
  const heard = found?.selected.get(keyOf(valueFilter));
  return heard !== undefined && heard.count > 1 && heard.isWhole ? [heard, heard.parts] : [];
}

/** What is wider comes first, what is cleared before what is set, and what a value path may ask for last. */
function depthOf(step: Exclude<PatchOperation, Members>): number {
  if (step.kind === "extension") return 0;
  const { subAttribute, valueFilter } = step.path;
  const depth = isWhole(step) ? 1 : valueFilter === undefined ? 3 : subAttribute === undefined ? 5 : 7;
  // The first of a list may become its primary one: what is for that comes before it.
  const isOfPrimary = valueFilter !== undefined && equalitiesOf(valueFilter).has("primary");
  return depth + (isOfPrimary ? -1 : 0) + rankOf(subAttribute) + (step.value === undefined ? 0 : 10);
}

/** A new `value` takes the address of the old one along (`mergeParts`), so that it comes before a new address. */
function rankOf(part: Attribute | undefined): number {
  if (part === undefined || part.key === "value") return 0;
  return part.key === "type" || part.key === "primary" ? 1 : 0.5;
}

function isWhole({ path }: AttributeOperation): boolean {
  return path.subAttribute === undefined && path.valueFilter === undefined;
}

function placeOf({ path: { extension, attribute } }: AttributeOperation): string {
  return foldCase(printPath({ extension, attribute }));
}

function listen(said: Map<string, Said>, step: AttributeOperation): void {
  const { path, value } = step;
  if (value === undefined) return;
  const { extension, attribute, subAttribute, valueFilter } = path;
  const where = printPath({ extension, attribute });
  const place = placeOf(step);
  const found: Said = said.get(place) ?? { where, parts: {}, selected: new Map() };
  said.set(place, found);
  if (subAttribute === undefined && valueFilter === undefined) {
    const isOne = isJsonObject(found.whole) !== isJsonObject(value) && found.whole !== undefined && attribute.open;
    found.whole = isOne ? join(where, partsOf(found.whole ?? null), partsOf(value)) : join(where, found.whole, value);
    return;
  }
  const parts: JsonObject = subAttribute === undefined ? asParts(value) : { [subAttribute.name]: value };
  if (valueFilter === undefined) {
    found.parts = joinParts(where, found.parts, parts);
    return;
  }
  const key = keyOf(valueFilter);
  const before = found.selected.get(key) ?? { filter: valueFilter, parts: {}, count: 0, isWhole: false };
  found.selected.set(key, {
    filter: valueFilter,
    parts: joinParts(where, before.parts, parts),
    count: before.count + 1,
    isWhole: before.isWhole || subAttribute === undefined,
  });
}

function assertNoneContradicts({ where, whole, parts, selected }: Said): void {
  const elements = Array.isArray(whole) ? whole : whole === undefined ? [] : [whole];
  for (const element of elements) joinParts(where, asParts(element), parts);
  for (const { filter, parts: sent } of selected.values()) {
    joinParts(where, parts, sent);
    for (const element of elements) if (matchElement(filter, element)) joinParts(where, asParts(element), sent);
  }
}

/** A simple value that no schema describes is the `value` beside the parts of it. */
function partsOf(value: Json): Json {
  return typeof value === "object" ? value : { value };
}

/** Two values for one place in one: a null says nothing beside a value, and objects are joined part by part. */
function join(where: string, before: Json | undefined, value: Json): Json {
  if (before === undefined || before === null || equalJson(before, value)) return value;
  if (value === null) return before;
  if (isJsonObject(before) && isJsonObject(value)) return joinParts(where, before, value);
  throw invalidValue(where, "is given more than once, with different values");
}

function joinParts(where: string, before: JsonObject, parts: JsonObject): JsonObject {
  const joined = { ...before };
  for (const name of Object.keys(parts)) {
    const key = findOpenName(joined, name) ?? name;
    joined[key] = join(`${where}.${name}`, joined[key], parts[name] ?? null);
  }
  return joined;
}

/** A text that filters share which ask the same. */
function keyOf(filter: Filter): string {
  switch (filter.kind) {
    case "and":
    case "or":
      return `${filter.kind}(${[keyOf(filter.left), keyOf(filter.right)].sort().join()})`;
    case "not":
      return `not(${keyOf(filter.operand)})`;
    case "present":
      return `pr(${foldCase(printPath(filter.path))})`;
    case "compare": {
      const { caseExact } = filter.path.subAttribute ?? filter.path.attribute;
      const value = typeof filter.value === "string" && !caseExact ? foldCase(filter.value) : filter.value;
      return `${filter.operator}(${foldCase(printPath(filter.path))},${JSON.stringify(value)})`;
    }
    case "valuePath":
      return `[${foldCase(printPath(filter.path))}](${keyOf(filter.filter)})`;
  }
}

/** Members under several keys: one list of them first, then what is said of single ones. */
function agreeOnMembers(steps: readonly Members[]): PatchOperation[] {
  const [first] = steps;
  if (first === undefined || steps.length === 1) return [...steps];
  const operations = steps.flatMap((step) => step.operations);
  const lists = operations.filter((operation) => operation.kind === "replace");
  const [list] = lists;
  const gone = operations.flatMap((operation) => (operation.kind === "remove" ? operation.values : []));
  const named = new Set(
    operations.flatMap((operation) => (operation.kind === "remove" ? [] : operation.members.map(({ value }) => value))),
  );
  if (lists.some((other) => list !== undefined && idsOf(other) !== idsOf(list)) || gone.some((id) => named.has(id)))
    throw invalidValue("members", "is given more than once, with different values");
  const rest = operations.filter((operation) => operation.kind !== "replace");
  return [{ ...first, operations: [...(list === undefined ? [] : [list]), ...rest] }];
}

function idsOf(operation: Extract<MemberOperation, { kind: "replace" }>): string {
  return JSON.stringify(operation.members.map(({ value }) => value).sort());
}
