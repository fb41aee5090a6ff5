import { isJsonObject, type Json, type JsonObject } from "../json.ts";
import { printPath, type ResolvedPath, resolveName } from "../schema/attribute-name.ts";
import { findExtensionKey } from "../schema/extension-holder.ts";
import { readOpen } from "../schema/find-open-attribute.ts";
import {
  type Attribute,
  findSubAttribute,
  openAttribute,
  type ResourceType,
  valueSubAttribute,
} from "../schema/schema.ts";
import { quote, ScimError } from "../scim-error.ts";
import { matchElement } from "./match-element.ts";
import { type Filter, parseValueFilter } from "./parse-filter.ts";
import { findStringEnd, MAX_FILTER_LENGTH } from "./tokenize.ts";

/** A path of PATCH or of a field mapping: an attribute, perhaps a selection of its elements, perhaps a sub-attribute (RFC 7644 figure 7). */
export interface AttributePath extends ResolvedPath {
  readonly valueFilter?: Filter;
}

/** A path read: an attribute, a whole extension object, or a well-formed name that no schema of the type describes. */
type ParsedPath =
  | { kind: "attribute"; path: AttributePath }
  | { kind: "extension"; urn: string }
  | { kind: "unknown"; text: string };

/**
 * Reads a path (RFC 7644 section 3.5.2); a malformed one is 400 invalidPath with the position. A name under a URN that
 * no schema has is an attribute of an open extension.
 */
export function parsePath(type: ResourceType, text: string): ParsedPath {
  if (text.length > MAX_FILTER_LENGTH)
    throw new ScimError("invalid_path", `The path is longer than ${MAX_FILTER_LENGTH} characters.`);
  const trimmed = text.trim();
  const open = trimmed.indexOf("[");
  if (open >= 0) return parseValuePath(type, trimmed, open);
  const name = resolveName(type, trimmed);
  if (name.kind === "malformed") throw pathError(trimmed, name.position, name.reason);
  if (name.kind === "foreign") throw foreignSchema(type, trimmed);
  if (name.kind === "attribute") return { kind: "attribute", path: name.path };
  return name.kind === "extension" ? { kind: "extension", urn: name.urn } : name;
}

function parseValuePath(type: ResourceType, text: string, open: number): ParsedPath {
  const name = resolveName(type, text.slice(0, open).trimEnd());
  if (name.kind === "malformed") throw pathError(text, name.position, name.reason);
  if (name.kind === "foreign") throw foreignSchema(type, text);
  const close = findClosing(text, open);
  const rest = text.slice(close + 1).trim();
  if (rest !== "" && !/^\.[$A-Za-z][\w$-]*$/.test(rest))
    throw pathError(text, close + 1, "only a dot and a sub-attribute may follow the bracket");
  if (name.kind !== "attribute") return { kind: "unknown", text };
  const { path } = name;
  if ((path.attribute.type !== "complex" && !path.attribute.open) || path.subAttribute !== undefined)
    throw pathError(text, open, `${printPath(path)} has no elements to select from`);
  const valueFilter = parseValueFilter(type, path, text.slice(open + 1, close), open + 1);
  if (rest === "") return { kind: "attribute", path: { ...path, valueFilter } };
  const subAttribute = findSubAttribute(path.attribute, rest.slice(1));
  return subAttribute === undefined
    ? { kind: "unknown", text }
    : { kind: "attribute", path: { ...path, valueFilter, subAttribute } };
}

function findClosing(text: string, open: number): number {
  for (let position = open + 1; position < text.length; position++) {
    const character = text.charAt(position);
    if (character === '"') position = findStringEnd(text, position) - 1;
    else if (character === "]") return position;
  }
  throw pathError(text, open, "the bracket that opens here is not closed");
}

function pathError(text: string, position: number, reason: string): ScimError {
  return new ScimError("invalid_path", `The path ${quote(text)} is not valid at character ${position + 1}: ${reason}.`);
}

/** The refusal of a name under the schema of another resource type (RFC 7644 section 3.12). */
export function foreignSchema(type: ResourceType, text: string): ScimError {
  return new ScimError(
    "invalid_path",
    `${quote(text)} belongs to another resource type: a ${type.name} does not have it.`,
  );
}

/** The elements of an attribute: none when it is missing, one when it is single-valued. */
export function elementsOf(path: ResolvedPath, resource: JsonObject): Json[] {
  const key = path.extension === undefined ? undefined : findExtensionKey(resource, path.extension);
  const holder = path.extension === undefined ? resource : key === undefined ? undefined : resource[key];
  if (!isJsonObject(holder)) return [];
  const value = path.attribute.open ? readOpen(holder, path.attribute) : holder[path.attribute.name];
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}

/**
 * The one value a path leads to in a document: among several elements that have one the primary one's, else the first's; of a
 * complex attribute named alone its `value`. This is what field mappings read.
 */
export function readValue(document: JsonObject, path: AttributePath): Json | undefined {
  return readValueOf(path, chooseElement(path, selectedBy(document, path)));
}

/** The elements of a document that a path selects. */
export function selectedBy(document: JsonObject, path: AttributePath): Json[] {
  const { valueFilter } = path;
  const all = elementsOf(path, document);
  return valueFilter === undefined ? all : all.filter((element) => matchElement(valueFilter, element));
}

/** The value that a path leads to in one of the elements that it selects. */
export function readValueOf(path: AttributePath, chosen: Json | undefined): Json | undefined {
  const sub = readSubAttribute(path);
  if (!isJsonObject(chosen)) return path.subAttribute === undefined ? (chosen ?? undefined) : undefined;
  if (sub === undefined) return undefined;
  return (sub.open ? readOpen(chosen, sub) : chosen[sub.name]) ?? undefined;
}

/**
 * The one element among several that a path without more to say means: of those that have a value there the primary one, else
 * the first. One that has none hides none that has.
 */
export function chooseElement(path: AttributePath, elements: readonly Json[]): Json | undefined {
  if (elements.length < 2) return elements[0];
  const filled = elements.filter((element) => readValueOf(path, element) !== undefined);
  const among = filled.length === 0 ? elements : filled;
  return among.find((element) => isJsonObject(element) && element.primary === true) ?? among[0];
}

/** The sub-attribute whose value a path leads to: the one it names, else `value`; undefined where there is neither. */
export function readSubAttribute({ attribute, subAttribute }: AttributePath): Attribute | undefined {
  return subAttribute ?? (attribute.open ? openAttribute("value") : valueSubAttribute(attribute));
}

/** Checks a path that an administrator maps a field to; the refusal says what to write instead. */
export function validateMappingPath(type: ResourceType, text: string): AttributePath {
  const refuse = (reason: string) => new ScimError("invalid_path", `${quote(text.trim())}: ${reason}.`);
  if (text.trim() === "") throw refuse("a SCIM attribute is due, for example title or name.givenName");
  const parsed = parsePath(type, text);
  if (parsed.kind === "extension") throw refuse("this names a whole schema; add a colon and one of its attributes");
  if (parsed.kind === "unknown")
    throw refuse(`no schema of ${type.name} has this attribute; a custom one is written urn:...:attribute`);
  const { path } = parsed;
  const { attribute } = path;
  if (attribute.returned === "never" || path.subAttribute?.returned === "never" || attribute.storedApart)
    throw refuse(`${attribute.name} cannot be read into a field`);
  if (path.subAttribute === undefined && attribute.type === "complex" && valueSubAttribute(attribute) === undefined) {
    const example = attribute.subAttributes[0]?.name ?? "value";
    throw refuse(`${attribute.name} has several parts; name one, for example ${attribute.name}.${example}`);
  }
  return path;
}
