import type { AttributePath } from "../filter/attribute-path.ts";
import { matchElement } from "../filter/match-element.ts";
import type { Filter } from "../filter/parse-filter.ts";
import { equalJson, isJsonObject, type Json, type JsonObject } from "../json.ts";
import type { NoteList } from "../limited-note-list.ts";
import { printPath } from "../schema/attribute-name.ts";
import { isHollow, notePrimaries, unwrap } from "../schema/coerce-value.ts";
import { holderOf } from "../schema/extension-holder.ts";
import { setElements, targetKey } from "../schema/list-elements.ts";
import { type Attribute, hasPrimary, openAttribute, valueSubAttribute } from "../schema/schema.ts";
import { assertFew } from "../schema/unfit-value.ts";
import { ScimError } from "../scim-error.ts";
import { assertNoRival } from "./contested-elements.ts";
import { mergeParts, setsPart } from "./merge-complex-value.ts";
import type { AttributeOperation } from "./patch-operation.ts";

/** The object that holds an attribute: the document or an extension in it, made when missing. */
export function targetHolder(draft: JsonObject, path: AttributePath): JsonObject {
  return path.extension === undefined ? draft : holderOf(draft, path.extension);
}

/** A part of a complex value; one that no schema describes is found in any case. */
export function partOf(element: JsonObject, sub: Attribute): Json | undefined {
  return element[targetKey(element, sub)];
}

/** The elements of a list in its holder. */
export function targetElements(holder: JsonObject, attribute: Attribute): Json[] {
  const value = holder[targetKey(holder, attribute)];
  return Array.isArray(value) ? value : value === undefined ? [] : [value];
}

/** Refuses a change of a value that may be set once only (RFC 7643 section 2.2, immutable). */
export function assertMutable({ path }: AttributeOperation, before: Json | undefined, after: Json | undefined): void {
  const { mutability, name } = path.subAttribute ?? path.attribute;
  if (mutability === "immutable" && before !== undefined && !equalJson(before, after))
    throw new ScimError("immutable", `${name} cannot be changed once it is set.`);
}

/**
 * Makes the element that a value filter describes with the given parts, so that `emails[type eq "work"].value` can be set
 * where there is none yet (Entra relies on it; RFC 7644 section 3.5.2.3 would answer noTarget). Only `eq` on `type` and
 * `primary`, joined by `and`, describes an element that there may yet be, and the parts must leave it one that the filter selects.
 */
export function makeElement(attribute: Attribute, filter: Filter, parts: JsonObject): JsonObject {
  const element: JsonObject = {};
  const collect = (part: Filter): boolean => {
    if (part.kind === "and") return collect(part.left) && collect(part.right);
    if (part.kind !== "compare" || part.operator !== "eq" || part.value === null) return false;
    const sub = part.path.subAttribute;
    if (sub === undefined || !DESCRIBING.has(sub.key)) return false;
    element[sub.name] = part.value;
    return true;
  };
  if (!collect(filter)) throw noTarget();
  const made = mergeParts(attribute, element, parts, "add");
  if (!matchElement(filter, made)) throw noTarget();
  return made;
}

/** Sub-attributes that say what an element would be for; any other one says which element is meant. */
const DESCRIBING: ReadonlySet<string> = new Set(["type", "primary"]);

/** The refusal of a value filter that selects nothing (RFC 7644 section 3.12). */
export function noTarget(): ScimError {
  return new ScimError("no_target", "no element matches the filter in the path.");
}

/** Sets a single-valued attribute or one of its sub-attributes; a complex value is merged, as in a replace. */
export function setSingle(holder: JsonObject, operation: AttributeOperation, value: Json): void {
  const { attribute, subAttribute } = operation.path;
  const key = targetKey(holder, attribute);
  const before = holder[key];
  const after =
    subAttribute === undefined
      ? mergeSingle(operation, before, value)
      : setPart(operation, before, subAttribute, value);
  if (isJsonObject(after) && Object.keys(after).length === 0) delete holder[key];
  else holder[key] = after;
}

function mergeSingle(operation: AttributeOperation, before: Json | undefined, value: Json): Json {
  const { attribute } = operation.path;
  const sub = valueSubAttribute(attribute);
  // A bare value where parts are held is the value among them, and a wrapped one where a bare one is held is bare.
  if (attribute.open && before !== undefined && !isJsonObject(before)) return unwrap(value);
  const parts = attribute.open && isJsonObject(before) && sub !== undefined ? asParts(value, sub) : value;
  const held = isJsonObject(before) ? before : {};
  const after =
    attribute.type === "complex" && isJsonObject(parts) ? mergeParts(attribute, held, parts, operation.verb) : value;
  assertMutable(operation, before, after);
  return after;
}

/** A value, or an element, with one part of it set; a simple value that no schema describes becomes the `value` beside it. */
function setPart(operation: AttributeOperation, before: Json | undefined, sub: Attribute, value: Json): Json {
  const { attribute } = operation.path;
  if (before !== undefined && !isJsonObject(before) && sub.open && sub.key === "value") return value;
  const parts = before === undefined ? {} : attribute.open ? asParts(before, openAttribute("value")) : before;
  const held = isJsonObject(parts) ? parts : {};
  const subKey = targetKey(held, sub);
  assertMutable(operation, held[subKey], value);
  return mergeParts(attribute, held, { [subKey]: value }, operation.verb);
}

function asParts(value: Json, sub: Attribute): JsonObject {
  return isJsonObject(value) ? value : { [sub.name]: value };
}

/**
 * Sets a sub-attribute of, or merges an object into, the elements a path selects: those its filter matches, or all of
 * them when it has none. When nothing is selected the element that the filter describes is made, unless there is only
 * something to clear; later operations of the same request then find it (Microsoft's SCIM validator checks this). A
 * single value that the filter does not select is noTarget: there is no room for another (RFC 7644 section 3.5.2.3).
 */
export function mergeSelected(draft: JsonObject, operation: AttributeOperation, value: Json, notes: NoteList): void {
  const { path } = operation;
  const { attribute, subAttribute, valueFilter } = path;
  const holder = targetHolder(draft, path);
  const part: Json = subAttribute === undefined ? value : { [subAttribute.name]: value };
  const fresh = new Set<Json>();
  assertUncontested(operation, targetElements(holder, attribute));
  const elements = targetElements(holder, attribute).map((element) => {
    if (valueFilter !== undefined && !matchElement(valueFilter, element)) return element;
    const after =
      subAttribute === undefined
        ? mergeElement(operation, element, value)
        : setPart(operation, element, subAttribute, value);
    fresh.add(after);
    return after;
  });
  if (fresh.size === 0) {
    if (isJsonObject(part) && !setsPart(part)) return;
    if (!attribute.multiValued && elements.length > 0) throw noTarget();
    const made =
      valueFilter === undefined ? part : makeElement(attribute, valueFilter, asParts(part, openAttribute("value")));
    elements.push(made);
    assertFew(elements.length, printPath(path));
    fresh.add(made);
  }
  if (hasPrimary(attribute) && setsPrimary(part))
    notePrimaries([...fresh], printPath({ extension: path.extension, attribute }), notes);
  setElements(holder, attribute, elements, fresh);
}

/** Refuses to change what another key of the same object selects as well, to say something else of it. */
export function assertUncontested({ path, rivals }: AttributeOperation, elements: readonly Json[]): void {
  const { valueFilter } = path;
  if (valueFilter !== undefined && rivals !== undefined) assertNoRival(printPath(path), valueFilter, rivals, elements);
}

function setsPrimary(part: Json): boolean {
  return isJsonObject(part) && part.primary === true;
}

/** A bare value where an element has parts is the `value` among them: the others stay. */
function mergeElement({ path: { attribute }, verb }: AttributeOperation, element: Json, value: Json): Json {
  if (isJsonObject(element)) return mergeParts(attribute, element, asParts(value, openAttribute("value")), verb);
  return isJsonObject(value) ? mergeParts(attribute, {}, value, verb) : value;
}

/** Takes away what a path selects: an attribute, elements, or a part of them. What is required stays. */
export function clearTarget(draft: JsonObject, operation: AttributeOperation, notes: NoteList): void {
  const { extension, attribute, subAttribute, valueFilter } = operation.path;
  assertRemovable(operation);
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
        ? withoutPart(attribute, element, subAttribute, (rest) => {
            // Who removes a value means what hangs on it too.
            if (operation.verb !== "remove") notes.add("value_left_out", printPath({ extension, attribute }), rest);
          })
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

function clearPart(holder: JsonObject, attribute: Attribute, sub: Attribute): void {
  const key = targetKey(holder, attribute);
  const value = holder[key];
  // A simple value that no schema describes is its own `value`.
  if (!isJsonObject(value) && attribute.open && sub.key === "value") delete holder[key];
  if (!isJsonObject(value)) return;
  const rest = mergeParts(attribute, value, { [targetKey(value, sub)]: null }, "replace");
  if (Object.keys(rest).length === 0) delete holder[key];
  else holder[key] = rest;
}

/** An element without a part of it; without its value nothing worth keeping is left, and `drop` is told what that was. */
function withoutPart(
  attribute: Attribute,
  element: Json,
  sub: Attribute | undefined,
  drop: (rest: JsonObject) => void,
): Json[] {
  if (sub === undefined) return [];
  if (!isJsonObject(element)) return sub.key === "value" ? [] : [element];
  const { [targetKey(element, sub)]: _gone, ...rest } = element;
  if (Object.keys(rest).length === 0) return [];
  if (sub.key !== "value" || !isHollow(attribute, rest)) return [rest];
  drop(rest);
  return [];
}
