import { ScimError } from "../errors.ts";
import type { Filter } from "../filter/filter.ts";
import { matchElement } from "../filter/match-element.ts";
import type { AttributePath } from "../filter/path.ts";
import { foldCase } from "../fold.ts";
import { equalJson, isJsonObject, type Json, type JsonObject } from "../json.ts";
import { isHollow } from "../schema/coerce.ts";
import { findExtensionKey, findOpenName, holderOf } from "../schema/extension-holder.ts";
import { keepOnePrimary } from "../schema/primary.ts";
import { type Attribute, valueSubAttribute } from "../schema/schema.ts";
import type { AttributeOperation } from "./read-operation.ts";

/** The object that holds an attribute: the document or an extension in it, made when missing. */
export function targetHolder(draft: JsonObject, path: AttributePath): JsonObject {
  return path.extension === undefined ? draft : holderOf(draft, path.extension);
}

/** The key of an attribute in its holder; open attributes keep the spelling they have. */
export function targetKey(holder: JsonObject, attribute: Attribute): string {
  return attribute.open ? (findOpenName(holder, attribute.name) ?? attribute.name) : attribute.name;
}

/** The elements of a list in its holder. */
export function targetElements(holder: JsonObject, attribute: Attribute): Json[] {
  const value = holder[attribute.name];
  return Array.isArray(value) ? value : value === undefined ? [] : [value];
}

/** Puts elements back into a holder, one primary at most; without elements the attribute goes. */
export function setElements(
  holder: JsonObject,
  attribute: Attribute,
  elements: Json[],
  fresh: ReadonlySet<Json>,
): void {
  if (elements.length === 0) delete holder[attribute.name];
  else if (attribute.multiValued) holder[attribute.name] = keepOnePrimary(attribute, elements, fresh);
  else holder[attribute.name] = elements[0] ?? null;
}

/** Refuses a change of a value that may be set once only (RFC 7643 section 2.2, immutable). */
export function assertMutable({ path }: AttributeOperation, before: Json | undefined, after: Json | undefined): void {
  const { mutability, name } = path.subAttribute ?? path.attribute;
  if (mutability === "immutable" && before !== undefined && !equalJson(before, after))
    throw new ScimError("immutable", `${name} cannot be changed once it is set.`);
}

/**
 * A complex value with the given parts put in, of which null clears one. A `value` that changes takes the address of what
 * it named along, such as a manager's `$ref`, unless the parts bring a new one.
 */
export function mergeParts(attribute: Attribute, before: JsonObject, parts: JsonObject): JsonObject {
  const after = { ...before, ...parts };
  const value = valueSubAttribute(attribute);
  if (value !== undefined && before[value.name] !== undefined && after[value.name] !== before[value.name])
    for (const sub of attribute.subAttributes)
      if (sub !== value && sub.type === "reference" && parts[sub.name] === undefined) delete after[sub.name];
  for (const name of Object.keys(parts)) if (after[name] === null) delete after[name];
  return after;
}

/** Whether the parts given to a complex value set any, rather than only clear some. */
export function setsPart(parts: JsonObject): boolean {
  return Object.values(parts).some((part) => part !== null);
}

/**
 * Makes the element that a value filter describes with the given parts, so that `emails[type eq "work"].value` can be set
 * where there is none yet (Entra relies on it; RFC 7644 section 3.5.2.3 would answer noTarget). Only `eq` joined by `and`
 * describes an element, and the parts must leave it one that the filter selects.
 */
export function makeElement(attribute: Attribute, filter: Filter, parts: JsonObject): JsonObject {
  const element: JsonObject = {};
  const collect = (part: Filter): boolean => {
    if (part.kind === "and") return collect(part.left) && collect(part.right);
    if (part.kind !== "compare" || part.operator !== "eq" || part.value === null) return false;
    if (part.path.subAttribute !== undefined) element[part.path.subAttribute.name] = part.value;
    return true;
  };
  if (!collect(filter)) throw noTarget();
  const made = mergeParts(attribute, element, parts);
  if (!matchElement(filter, made)) throw noTarget();
  return made;
}

/** The refusal of a value filter that selects nothing (RFC 7644 section 3.12). */
export function noTarget(): ScimError {
  return new ScimError("no_target", "no element matches the filter in the path.");
}

/** Whether two elements of a list are the same value: equal `value` and `type`, or equal altogether where there is no `value`. */
export function isSameElement(attribute: Attribute, a: Json, b: Json): boolean {
  if (equalJson(a, b)) return true;
  const sub = valueSubAttribute(attribute);
  if (sub === undefined || !isJsonObject(a) || !isJsonObject(b)) return false;
  return sameText(a[sub.name], b[sub.name], sub.caseExact) && sameText(a.type, b.type, false);
}

function sameText(a: Json | undefined, b: Json | undefined, caseExact: boolean): boolean {
  if (typeof a !== "string" || typeof b !== "string") return a === b;
  return caseExact ? a === b : foldCase(a) === foldCase(b);
}

/** Sets a single-valued attribute or one of its sub-attributes; a complex value is merged, as in a replace. */
export function setSingle(holder: JsonObject, operation: AttributeOperation, value: Json): void {
  const { attribute, subAttribute } = operation.path;
  const key = targetKey(holder, attribute);
  const before = holder[key];
  const parts = isJsonObject(before) ? before : {};
  if (subAttribute !== undefined) {
    const subKey = targetKey(parts, subAttribute);
    assertMutable(operation, parts[subKey], value);
    holder[key] = mergeParts(attribute, parts, { [subKey]: value });
    return;
  }
  const after = attribute.type === "complex" && isJsonObject(value) ? mergeParts(attribute, parts, value) : value;
  assertMutable(operation, before, after);
  if (isJsonObject(after) && Object.keys(after).length === 0) delete holder[key];
  else holder[key] = after;
}

/**
 * Sets a sub-attribute of, or merges an object into, the elements a path selects: those its filter matches, or all of
 * them when it has none. When nothing is selected the element that the filter describes is made, unless there is only
 * something to clear; later operations of the same request then find it (Microsoft's SCIM validator checks this). A
 * single value that the filter does not select is noTarget: there is no room for another (RFC 7644 section 3.5.2.3).
 */
export function mergeSelected(draft: JsonObject, operation: AttributeOperation, value: Json): void {
  const { path } = operation;
  const { attribute, subAttribute, valueFilter } = path;
  const holder = targetHolder(draft, path);
  const part: Json = subAttribute === undefined ? value : { [subAttribute.name]: value };
  const fresh = new Set<Json>();
  const elements = targetElements(holder, attribute).map((element) => {
    if (valueFilter !== undefined && !matchElement(valueFilter, element)) return element;
    const before = isJsonObject(element) ? element : {};
    if (subAttribute !== undefined) assertMutable(operation, before[subAttribute.name], value);
    const after: Json = isJsonObject(part) ? mergeParts(attribute, before, part) : part;
    fresh.add(after);
    return after;
  });
  if (fresh.size === 0) {
    if (isJsonObject(part) && !setsPart(part)) return;
    if (!attribute.multiValued && elements.length > 0) throw noTarget();
    const made = valueFilter !== undefined && isJsonObject(part) ? makeElement(attribute, valueFilter, part) : part;
    elements.push(made);
    fresh.add(made);
  }
  setElements(holder, attribute, elements, fresh);
}

/** Takes away what a path selects: an attribute, elements, or a part of them. What is required stays. */
export function clearTarget(draft: JsonObject, operation: AttributeOperation): void {
  const { attribute, subAttribute, valueFilter } = operation.path;
  assertRemovable(operation);
  if (clearWholeExtension(draft, operation)) return;
  const holder = targetHolder(draft, operation.path);
  if (valueFilter === undefined && subAttribute === undefined) {
    const key = targetKey(holder, attribute);
    assertMutable(operation, holder[key], undefined);
    delete holder[key];
  } else if (valueFilter === undefined && subAttribute !== undefined && !attribute.multiValued) {
    clearPart(holder, attribute, subAttribute);
  } else {
    const kept = targetElements(holder, attribute).flatMap((element) =>
      valueFilter === undefined || matchElement(valueFilter, element)
        ? withoutPart(attribute, element, subAttribute)
        : [element],
    );
    setElements(holder, attribute, kept, new Set());
  }
}

/** Refuses to take away what every resource of the type has: by a remove (mutability), or by setting it to no value. */
export function assertRemovable({ verb, path }: AttributeOperation): void {
  if (!path.attribute.required || path.subAttribute !== undefined) return;
  throw new ScimError(
    verb === "remove" ? "not_removable" : "missing_attribute",
    `${path.attribute.name} is required and cannot be removed.`,
  );
}

/** Takes a whole extension out of a document. */
export function clearExtension(draft: JsonObject, urn: string): void {
  const key = findExtensionKey(draft, urn);
  if (key !== undefined) delete draft[key];
}

/** A path such as `urn:x:User` with no known schema may name a stored extension rather than an attribute of `urn:x`. */
export function clearWholeExtension(draft: JsonObject, { path }: AttributeOperation): boolean {
  if (!path.attribute.open || path.extension === undefined || path.subAttribute !== undefined) return false;
  const key = findExtensionKey(draft, `${path.extension}:${path.attribute.name}`);
  if (key === undefined) return false;
  delete draft[key];
  return true;
}

function clearPart(holder: JsonObject, attribute: Attribute, sub: Attribute): void {
  const key = targetKey(holder, attribute);
  const value = holder[key];
  if (!isJsonObject(value)) return;
  const rest = mergeParts(attribute, value, { [targetKey(value, sub)]: null });
  if (Object.keys(rest).length === 0) delete holder[key];
  else holder[key] = rest;
}

/** An element without a part of it; without its value nothing worth keeping is left. */
function withoutPart(attribute: Attribute, element: Json, sub: Attribute | undefined): Json[] {
  if (sub === undefined || !isJsonObject(element)) return [];
  const { [sub.name]: _gone, ...rest } = element;
  return Object.keys(rest).length === 0 || (sub.key === "value" && isHollow(attribute, rest)) ? [] : [rest];
}
