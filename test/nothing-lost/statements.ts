import { ENTERPRISE, fold, isObject, isSecret, type Json, type JsonObject, type Place, placeOf } from "./known.ts";

export type Verb = "set" | "add" | "replace" | "remove";

/** One thing that a request names: an attribute or what a value path selects of it, with the value sent for it. */
export interface Statement {
  verb: Verb;
  /** The key or the path as it was sent. */
  text: string;
  place: Extract<Place, { kind: "attribute" }>;
  /** What a value path asks of the elements, part by part; null for none. */
  filter: Readonly<Record<string, string>> | null;
  value: Json | undefined;
  /** The object that it is a key of: such keys have no order. */
  object: number;
}

/** What a request names, told apart by what is due for it. */
export interface Named {
  statements: Statement[];
  /** Extensions that are taken away as a whole. */
  goneExtensions: string[];
  /** The objects that have those among their keys, in the same order. */
  goneBy: number[];
  /** Names that lead nowhere, which a note must tell of. */
  unknown: { text: string; value: Json }[];
  /** How many objects of keys there are so far. */
  objects: number;
}

export type Type = "User" | "Group";
export type Method = "POST" | "PUT" | "PATCH";

/** Everything that the body of a request names, read from the request alone. */
export function namedBy(type: Type, method: Method, body: JsonObject): Named {
  const named: Named = { statements: [], goneExtensions: [], goneBy: [], unknown: [], objects: 0 };
  if (method !== "PATCH") readKeys(type, "set", body, named);
  else if (Object.hasOwn(body, "Operations")) {
    for (const [key, value] of Object.entries(body))
      if (!["Operations", "schemas", "id", "meta"].includes(key)) named.unknown.push({ text: key, value });
    const operations = body.Operations ?? [];
    for (const [index, operation] of (Array.isArray(operations) ? operations : [operations]).entries())
      if (isObject(operation)) readOperation(type, operation, index, named);
  } else readLegacy(type, body, named);
  return named;
}

function readOperation(type: Type, operation: JsonObject, index: number, named: Named): void {
  named.objects += 1;
  const field = (name: string) => operation[Object.keys(operation).find((key) => fold(key) === name) ?? name];
  for (const [key, value] of Object.entries(operation))
    if (!["op", "path", "value"].includes(fold(key)))
      named.unknown.push({ text: `Operations[${index}].${key}`, value });
  const verb = verbOf(String(field("op")));
  const path = field("path");
  const value = field("value");
  if (typeof path === "string" && path.trim() !== "") readPath(type, verb, path, value, named);
  else readKeys(type, verb, Array.isArray(value) ? (value[0] ?? null) : (value ?? null), named);
}

function verbOf(op: string): Verb {
  const verb = fold(op.trim());
  return verb === "add" || verb === "remove" ? verb : "replace";
}

/** SCIM 1.1: lists are added to, elements with an operation taken out, `meta.attributes` removed, the rest replaced. */
function readLegacy(type: Type, body: JsonObject, named: Named): void {
  for (const [key, value] of Object.entries(body)) {
    if (key === "schemas") continue;
    if (key === "meta") {
      const gone = isObject(value) && Array.isArray(value.attributes) ? value.attributes : [];
      for (const path of gone) readPath(type, "remove", String(path), undefined, named);
    } else if (Array.isArray(value)) {
      const isGone = (element: Json) => isObject(element) && element.operation === "delete";
      const bare = (element: Json) => {
        if (!isObject(element)) return element;
        const { operation: _operation, ...rest } = element;
        return rest;
      };
      const gone = value.filter(isGone).map(bare);
      const added = value.filter((element) => !isGone(element)).map(bare);
      if (gone.length > 0) readPath(type, "remove", key, gone, named);
      if (added.length > 0) readPath(type, "add", key, added, named);
    } else readKeys(type, "replace", { [key]: value }, named);
  }
}

function readKeys(type: Type, verb: Verb, sent: Json, named: Named): void {
  if (!isObject(sent)) return;
  for (const [key, value] of Object.entries(sent)) {
    if (verb !== "set" && key.includes("[")) readPath(type, verb, key, value, named);
    else
      readPlace(
        type,
        { verb, text: key, place: placeOf(type, key), filter: null, value, object: named.objects },
        named,
      );
  }
}

function readPath(type: Type, verb: Verb, path: string, value: Json | undefined, named: Named): void {
  const [, name = path, asked, sub] = /^([^[]+)\[(.*)\](?:\.(.+))?$/.exec(path.trim()) ?? [];
  const place = placeOf(type, sub === undefined ? name.trim() : `${name.trim()}.${sub}`);
  readPlace(
    type,
    { verb, text: path, place, filter: asked === undefined ? null : readFilter(asked), value, object: named.objects },
    named,
  );
}

/** Equalities joined by `and`, as the generator writes them. */
function readFilter(text: string): Record<string, string> {
  return Object.fromEntries(
    text.split(/\s+and\s+/i).map((term) => {
      const [, part = "", value = ""] = /^(\S+)\s+eq\s+(.*)$/i.exec(term.trim()) ?? [];
      return [part, value.startsWith('"') ? String(JSON.parse(value)) : value];
    }),
  );
}

type Read = Omit<Statement, "place"> & { place: Place };

function readPlace(type: Type, read: Read, named: Named): void {
  const { place, text, verb } = read;
  const value = read.value ?? null;
  if (place.kind === "attribute") named.statements.push({ ...read, place });
  else if (place.kind === "unknown") named.unknown.push({ text, value });
  else {
    const inner = Array.isArray(value) && value.length === 1 ? (value[0] ?? null) : value;
    if (place.kind === "core") {
      if (isObject(inner)) readKeys(type, verb, inner, named);
      else named.unknown.push({ text, value });
    } else if (isObject(inner)) readExtension(type, { ...read, urn: place.urn, inner }, named);
    else if (verb !== "set") {
      named.goneExtensions.push(place.urn);
      named.goneBy.push(read.object);
    }
  }
}

function readExtension(
  type: Type,
  { urn, inner, verb, object }: Read & { urn: string; inner: JsonObject },
  named: Named,
): void {
  for (const [key, value] of Object.entries(inner)) {
    const text = `${urn}:${key}`;
    // What an extension that no schema describes holds is named as it stands there, dots included.
    const place: Place =
      urn === ENTERPRISE && type === "User"
        ? placeOf(type, text)
        : { kind: "attribute", urn, name: key, shape: { kind: isSecret(key) ? "secret" : "open" }, part: null };
    readPlace(type, { verb, text, place, filter: null, value, object }, named);
  }
}
