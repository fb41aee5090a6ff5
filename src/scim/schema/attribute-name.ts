import { foldCase } from "../fold-case.ts";
import { isPollutingName } from "../json.ts";
import { endsInSecret } from "../secret-attributes.ts";
import { type Attribute, findSubAttribute, openAttribute, type ResourceType, valueSubAttribute } from "./schema.ts";
import { findSchema, isBareUrn, isForeignSchema, isUrn, looksLikeExtension, splitQualifiedName } from "./urn.ts";

/** An attribute path resolved against a resource type: all that a matcher or a compiler needs (RFC 7644 section 3.10). */
export interface ResolvedPath {
  /** The URN of the extension that holds the attribute: its key in the document; absent for core and common ones. */
  readonly extension?: string;
  readonly attribute: Attribute;
  readonly subAttribute?: Attribute;
}

/** What a name turned out to be; `malformed` gives the offset and the reason, `foreign` leads to another resource type. */
export type ResolvedName =
  | { kind: "attribute"; path: ResolvedPath; declared: boolean }
  | { kind: "extension"; urn: string; declared: boolean }
  | { kind: "unknown"; text: string }
  | { kind: "foreign"; text: string }
  | { kind: "malformed"; position: number; reason: string };

const NAME = /^[$A-Za-z][\w$-]*$/;

/** Resolves `[urn:]attribute[.subAttribute]`, names and URNs in any case (RFC 7644 section 3.10). */
export function resolveName(type: ResourceType, text: string): ResolvedName {
  if (!text.includes(":")) return resolveLocal(type, text, 0, undefined);
  if (!isUrn(text)) return { kind: "unknown", text };
  if (isForeignSchema(type, text)) return { kind: "foreign", text };
  const whole = findSchema(type, text);
  if (whole === type.schema) return { kind: "unknown", text };
  if (whole !== undefined) return { kind: "extension", urn: whole.id, declared: true };
  if (looksLikeExtension(type, text)) return { kind: "extension", urn: text, declared: false };
  if (isBareUrn(text))
    return endsInSecret(text) ? { kind: "unknown", text } : { kind: "extension", urn: text, declared: false };
  const split = splitQualifiedName(type, text);
  if (split === null) return { kind: "malformed", position: 0, reason: "a URN is due before the colon" };
  if (isForeignSchema(type, split.urn)) return { kind: "foreign", text };
  const schema = findSchema(type, split.urn);
  const offset = text.length - split.rest.length;
  if (schema === type.schema) return resolveLocal(type, split.rest, offset, undefined);
  if (schema !== undefined) return resolveLocal(type, split.rest, offset, schema.id);
  const gap = text.indexOf("::");
  if (gap >= 0) return { kind: "malformed", position: gap + 1, reason: "a part of the URN is due between the colons" };
  return resolveLocal(type, split.rest, offset, split.urn);
}

function resolveLocal(type: ResourceType, text: string, offset: number, urn: string | undefined): ResolvedName {
  const dot = text.indexOf(".");
  const name = dot < 0 ? text : text.slice(0, dot);
  const sub = dot < 0 ? undefined : text.slice(dot + 1);
  const bad = findMalformed(name, sub, offset);
  if (bad !== null) return bad;
  const located = locate(type, name, urn);
  if (located === null) return { kind: "unknown", text: urn === undefined ? text : `${urn}:${text}` };
  const { extension, attribute, declared } = located;
  if (sub === undefined) return { kind: "attribute", path: { extension, attribute }, declared };
  const subAttribute = findSubAttribute(attribute, sub);
  if (subAttribute === undefined) return { kind: "unknown", text };
  return { kind: "attribute", path: { extension, attribute, subAttribute }, declared };
}

function findMalformed(name: string, sub: string | undefined, offset: number): ResolvedName | null {
  if (!NAME.test(name) || isPollutingName(name))
    return { kind: "malformed", position: offset, reason: name === "" ? "an attribute name is due" : "not a name" };
  if (sub !== undefined && (!NAME.test(sub) || isPollutingName(sub)))
    return { kind: "malformed", position: offset + name.length + 1, reason: "a sub-attribute name is due" };
  return null;
}

function locate(
  type: ResourceType,
  name: string,
  urn: string | undefined,
): { extension?: string; attribute: Attribute; declared: boolean } | null {
  const key = foldCase(name);
  if (urn === undefined) {
    const located = type.names.get(key);
    return located === undefined ? null : { ...located, declared: true };
  }
  const schema = findSchema(type, urn);
  if (schema === undefined) return { extension: urn, attribute: openAttribute(name), declared: false };
  const attribute = schema.names.get(key) ?? (schema.open ? openAttribute(name) : undefined);
  return attribute === undefined ? null : { extension: schema.id, attribute, declared: true };
}

/**
 * Whether a list can be asked for an attribute: one of a schema, or of an extension whose URN ends as those of RFC 7643
 * section 3.3 do, whether anybody has it or not.
 */
export function isKnown(type: ResourceType, name: Extract<ResolvedName, { kind: "attribute" }>): boolean {
  return name.declared || (name.path.extension !== undefined && looksLikeExtension(type, name.path.extension));
}

/**
 * The path whose values are compared and sorted by: of a complex attribute named alone its `value` (RFC 7644 section 3.4.2.2
 * shows `emails co "x"`), and so of one that no schema describes, which may hold objects; null where there is no such part.
 */
export function toSimple(path: ResolvedPath): ResolvedPath | null {
  const { attribute, subAttribute } = path;
  if (subAttribute !== undefined || (attribute.type !== "complex" && !attribute.open)) return path;
  const value = attribute.open ? openAttribute("value") : valueSubAttribute(attribute);
  return value === undefined ? null : { ...path, subAttribute: value };
}

/** Prints a resolved path in its canonical spelling, qualified by URN when it lies in an extension. */
export function printPath({ extension, attribute, subAttribute }: ResolvedPath): string {
  const name = subAttribute === undefined ? attribute.name : `${attribute.name}.${subAttribute.name}`;
  return extension === undefined ? name : `${extension}:${name}`;
}
