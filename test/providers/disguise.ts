import fc from "fast-check";
import { isJsonObject, type Json, type JsonObject } from "../../src/scim/json.ts";
import { commonAttributes, resourceTypes } from "../../src/scim/schema/resource-types.ts";
import type { Attribute } from "../../src/scim/schema/schema.ts";

const { schema, extensions } = resourceTypes().User;

/** A part of a user as it is kept: where it lies, what it is, and a value of its type. */
export interface Part {
  attribute: Attribute;
  /** The URN of its extension, if it has one. */
  extension?: string;
  /** The value as it reads back. */
  value: Json;
}

/** Every attribute that a client may write, of every schema, with a value each; `userName` is left to the test. */
export function listParts(): Part[] {
  const core = [...commonAttributes, ...schema.attributes].map((attribute) => ({ attribute }));
  const extended = extensions.flatMap(({ id, attributes }) =>
    attributes.map((attribute) => ({ attribute, extension: id })),
  );
  return [...core, ...extended]
    .filter(({ attribute }) => attribute.mutability === "readWrite" && attribute.name !== "userName")
    .map((part) => ({ ...part, value: sampleOf(part.attribute) }));
}

function sampleOf(attribute: Attribute): Json {
  // A user is active unless it says otherwise, so true would prove nothing.
  if (attribute.type === "boolean") return false;
  if (!attribute.multiValued) return sampleOne(attribute);
  return [sampleOne(attribute)];
}

function sampleOne(attribute: Attribute): Json {
  if (attribute.type === "boolean") return true;
  if (attribute.type === "binary") return "QUJD";
  if (attribute.type === "reference") return `https://northwind.example/${attribute.name}`;
  if (attribute.type !== "complex") return attribute.canonicalValues?.[0] ?? `${attribute.name} 1`;
  const parts = attribute.subAttributes.filter((sub) => sub.mutability === "readWrite");
  return Object.fromEntries(parts.map((sub) => [sub.name, sampleOne(sub)]));
}

/** The document that parts make. */
export function documentOf(parts: readonly Part[]): JsonObject {
  const document: JsonObject = {};
  for (const { attribute, extension, value } of parts) {
    const inner = extension === undefined ? undefined : document[extension];
    if (extension === undefined) document[attribute.name] = value;
    else document[extension] = { ...(isJsonObject(inner) ? inner : {}), [attribute.name]: value };
  }
  return document;
}

/** How a client may say the same thing otherwise; every choice is made once for each attribute. */
export interface Disguise {
  /** How names and URNs are spelt. */
  spell(name: string): string;
  /** How a boolean is written. */
  boolean(value: boolean): Json;
  /** A list of one element as that element. */
  isUnwrapped: boolean;
  /** A single value as a list of one. */
  isWrapped: boolean;
  /** A complex value that holds nothing but `value` as that text. */
  isBare: boolean;
  /** The parts of a complex value as dotted keys. */
  isDotted: boolean;
  /** Attributes of an extension: inside its object, under their whole URN, or by their name alone. */
  place: "object" | "urn" | "alone";
}

/** A client that follows the RFC to the letter. */
export const PLAIN: Disguise = {
  spell: (name) => name,
  boolean: (value) => value,
  isUnwrapped: false,
  isWrapped: false,
  isBare: false,
  isDotted: false,
  place: "object",
};

const SPELLINGS = [
  (name: string) => name,
  (name: string) => name.toUpperCase(),
  (name: string) => name.toLowerCase(),
  (name: string) => name.charAt(0).toUpperCase() + name.slice(1),
];
const BOOLEANS = [
  (value: boolean): Json => value,
  (value: boolean): Json => (value ? "True" : "False"),
  (value: boolean): Json => String(value),
  (value: boolean): Json => String(value).toUpperCase(),
];

/** Any mixture of disguises. */
export const anyDisguise: fc.Arbitrary<Disguise> = fc.record({
  spell: fc.constantFrom(...SPELLINGS),
  boolean: fc.constantFrom(...BOOLEANS),
  isUnwrapped: fc.boolean(),
  isWrapped: fc.boolean(),
  isBare: fc.boolean(),
  isDotted: fc.boolean(),
  place: fc.constantFrom("object", "urn", "alone"),
});

/** A value as the disguised client writes it. */
export function disguiseValue(attribute: Attribute, value: Json, disguise: Disguise): Json {
  if (Array.isArray(value)) {
    const elements = value.map((element) => disguiseOne(attribute, element, disguise));
    return disguise.isUnwrapped && elements.length === 1 ? (elements[0] ?? null) : elements;
  }
  const one = disguiseOne(attribute, value, disguise);
  return disguise.isWrapped ? [one] : one;
}

function disguiseOne(attribute: Attribute, value: Json, disguise: Disguise): Json {
  if (typeof value === "boolean") return disguise.boolean(value);
  if (!isJsonObject(value)) return value;
  const names = Object.keys(value);
  if (disguise.isBare && names.length === 1 && names[0] === "value") return value.value ?? null;
  return Object.fromEntries(
    attribute.subAttributes.flatMap((sub) => {
      const part = value[sub.name];
      return part === undefined ? [] : [[disguise.spell(sub.name), disguiseOne(sub, part, disguise)]];
    }),
  );
}

/** A part as keys and values of a body: one for the whole, or one for each of its own parts. */
export function disguiseKeys({ attribute, extension, value }: Part, disguise: Disguise): [string, Json][] {
  const prefix = extension !== undefined && disguise.place !== "alone" ? `${extension}:` : "";
  const name = (path: string) => disguise.spell(prefix + path);
  if (!disguise.isDotted || !isJsonObject(value))
    return [[name(attribute.name), disguiseValue(attribute, value, disguise)]];
  return attribute.subAttributes.flatMap((sub): [string, Json][] => {
    const part = value[sub.name];
    const key = name(`${attribute.name}.${sub.name}`);
    return part === undefined ? [] : [[key, disguiseValue(sub, part, disguise)]];
  });
}

/** A body of POST or PUT: the parts in disguise, each its own way. */
export function disguiseBody(parts: readonly (readonly [Part, Disguise])[]): JsonObject {
  const body: JsonObject = {};
  for (const [part, disguise] of parts) {
    const { attribute, extension } = part;
    if (extension === undefined || disguise.place !== "object") {
      Object.assign(body, Object.fromEntries(disguiseKeys(part, disguise)));
      continue;
    }
    const inside = Object.fromEntries(disguiseKeys({ attribute, value: part.value }, disguise));
    const key = disguise.spell(extension);
    const before = body[key];
    body[key] = { ...(isJsonObject(before) ? before : {}), ...inside };
  }
  return body;
}
