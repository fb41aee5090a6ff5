import fc from "fast-check";
import { anyClash } from "./any-clash.ts";
import { anyCase, anyText, openValue, UNIQUE, valueFor, valueInExtension } from "./any-value.ts";
import {
  ATTRIBUTES,
  CORE,
  ENTERPRISE,
  ENTERPRISE_SPELLINGS,
  isObject,
  type Json,
  type JsonObject,
  OPEN_URNS,
  type Shape,
} from "./known.ts";
import type { Type } from "./statements.ts";

/** A key of a body and what stands there. */
export type Entry = [key: string, value: Json];

const EXTENSION_NAMES = ["site", "Badge", "since", "temporary", "tags", "contacts", "floor"] as const;
const UNKNOWN = [
  "shoeSize",
  "foo.bar",
  "emails.foo",
  "name.nick",
  "custom:country",
  "active:x",
  "$odd",
  "first name",
  "urn:",
  "urn::x",
  "urn:x:",
  "urn:x::site",
] as const;

function fromTable(table: Record<string, Shape>, name: fc.Arbitrary<string>): fc.Arbitrary<Entry> {
  return name.chain((key) => {
    const shape = table[key] ?? { kind: "open" };
    return fc.tuple(anyCase(key), valueFor(shape, key));
  });
}

/** More unknown attributes than a log entry has notes. */
const crowd: fc.Arbitrary<JsonObject> = fc
  .integer({ min: 19, max: 30 })
  .map((count) => Object.fromEntries(Array.from({ length: count }, (_, n) => [`odd${n}`, "x"])));

/** What is a user's alone, on a group. */
const ofUsers: fc.Arbitrary<Entry> = fc
  .constantFrom(ENTERPRISE, CORE.User, ...ENTERPRISE_SPELLINGS)
  .chain((urn) =>
    fc.constantFrom<Entry>([urn, { department: "L" }], [`${urn}:department`, "L"], [`${urn}.manager`, { value: "m" }]),
  );

/** Attributes that are sent often, and all the others. */
function core(type: Type): fc.Arbitrary<Entry> {
  const table = ATTRIBUTES[type];
  const names = Object.keys(table).filter((name) => name !== "members" && name !== "schemas");
  const usual = names.filter((name) =>
    ["name", "emails", "active", "title", "displayName", "addresses", "externalId"].includes(name),
  );
  return fromTable(
    table,
    fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...usual) }, { weight: 2, arbitrary: fc.constantFrom(...names) }),
  );
}

/** A part of a complex attribute under a dotted key: `name.givenName`. */
const dotted: fc.Arbitrary<Entry> = fc.constantFrom("name", "emails", "addresses", "roles").chain((name) => {
  const shape = ATTRIBUTES.User[name];
  const parts = shape !== undefined && "parts" in shape ? Object.entries(shape.parts) : [];
  return fc
    .constantFrom(...parts)
    .chain(([part, kind]) => fc.tuple(anyCase(`${name}.${part}`), valueFor({ kind }, part)));
});

const enterpriseAttribute = fromTable(ATTRIBUTES.Enterprise, fc.constantFrom(...Object.keys(ATTRIBUTES.Enterprise)));

/** Attributes of the enterprise extension: in its object, under a full URN, after a dot, without the URN. */
const enterprise: fc.Arbitrary<Entry> = fc.oneof(
  fc.tuple(
    fc.oneof({ weight: 3, arbitrary: anyCase(ENTERPRISE) }, fc.constantFrom(...ENTERPRISE_SPELLINGS)),
    someOf(fc.oneof({ weight: 9, arbitrary: enterpriseAttribute }, unknownEntry())),
  ),
  fc
    .tuple(anyCase(ENTERPRISE), fc.constantFrom(":", ":", "."), enterpriseAttribute)
    .map(([urn, mark, [name, value]]): Entry => [`${urn}${mark}${name}`, value]),
  enterpriseAttribute,
);

const extensionAttribute: fc.Arbitrary<Entry> = fc
  .constantFrom(...EXTENSION_NAMES)
  .chain((name) => fc.tuple(anyCase(name), valueInExtension(name)));

/** An attribute under a full URN; an object under one that does not end in version and type would be an extension of its own. */
export function qualified(type: Type, urn: string, name: string, value: Json): Entry {
  return [`${/:\d+\.\d+:(?:user|group)$/i.test(urn) || !isObject(value) ? urn : OPEN_URNS[type][0]}:${name}`, value];
}

/** Attributes of custom extensions: in an object, under a full URN, with a part after a dot. */
export function custom(type: Type): fc.Arbitrary<Entry> {
  const urns = anyUrn(type);
  return fc.oneof(
    { weight: 2, arbitrary: fc.tuple(urns.chain(anyCase), someOf(extensionAttribute)) },
    {
      weight: 2,
      arbitrary: fc.tuple(urns, extensionAttribute).map(([urn, [name, value]]) => qualified(type, urn, name, value)),
    },
    { weight: 1, arbitrary: openValue.map((value): Entry => [`${OPEN_URNS[type][0]}:floor.room`, value]) },
  );
}

/** A custom extension of the type, most often the one that fields are mapped to. */
export function anyUrn(type: Type): fc.Arbitrary<string> {
  const [first, ...others] = OPEN_URNS[type];
  return fc.oneof(fc.constant(first), fc.constantFrom(...others));
}

function unknownEntry(): fc.Arbitrary<Entry> {
  return fc.tuple(fc.constantFrom(...UNKNOWN), fc.oneof(anyText, openValue));
}

/** An object of some entries, no name twice. */
export function someOf(entry: fc.Arbitrary<Entry>, minLength = 1, maxLength = 3): fc.Arbitrary<JsonObject> {
  return fc
    .uniqueArray(entry, { minLength, maxLength, selector: ([name]) => name.toLowerCase() })
    .map((entries): JsonObject => Object.fromEntries(entries));
}

/** One thing that a body says of a user or a group. */
export function anyEntry(type: Type): fc.Arbitrary<Entry> {
  const own = core(type);
  const wrapped = fc.tuple(fc.constant(CORE[type]), someOf(own)).map(([urn, value]): Entry => [urn, value]);
  const inCore = fc.tuple(anyCase(CORE[type]), own).map(([urn, [name, value]]): Entry => [`${urn}:${name}`, value]);
  const users =
    type === "User"
      ? [
          { weight: 4, arbitrary: enterprise },
          { weight: 2, arbitrary: dotted },
        ]
      : [{ weight: 1, arbitrary: ofUsers }];
  return fc.oneof(
    { weight: 9, arbitrary: own },
    { weight: 5, arbitrary: custom(type) },
    ...users,
    { weight: 1, arbitrary: wrapped },
    { weight: 1, arbitrary: inCore },
    { weight: 1, arbitrary: unknownEntry() },
  );
}

/** The ids of people that a group may name. */
export type Crew = readonly [string, string, string];

export function anyMember(crew: Crew): fc.Arbitrary<Json> {
  const id = fc.oneof({ weight: 30, arbitrary: fc.constantFrom(...crew) }, fc.constant("nobody"));
  return fc.oneof(
    id,
    fc.record({ value: id, $ref: fc.constant(null) }),
    fc.record(
      { value: id, display: anyText, type: fc.constantFrom("User", "user", "Device"), nick: anyText },
      { requiredKeys: ["value"] },
    ),
  );
}

export function anyMembers(crew: Crew): fc.Arbitrary<Json> {
  return fc.oneof(
    { weight: 6, arbitrary: fc.array(anyMember(crew), { maxLength: 3 }) },
    anyMember(crew),
    fc.constant(null),
  );
}

/** The body of a POST or PUT: what the type requires, and up to five other things. */
export function anyBody(type: Type, crew: Crew): fc.Arbitrary<JsonObject> {
  const required = type === "User" ? "userName" : "displayName";
  const members = type === "Group" ? [fc.tuple(fc.constant("members"), anyMembers(crew))] : [];
  const other = fc.oneof({ weight: 5, arbitrary: anyEntry(type) }, ...members);
  return fc
    .tuple(
      fc.tuple(
        anyCase(required),
        anyText.map((text): Json => `${text.slice(0, 60).toWellFormed()}${UNIQUE}`),
      ),
      fc.constantFrom<Json[]>([CORE[type]], ["urn:scim:schemas:core:1.0"], []),
      someOf(other, 0, 5),
      fc.oneof(
        { weight: 12, arbitrary: fc.constant<JsonObject>({}) },
        crowd,
        ...(type === "User" ? [anyClash(true)] : []),
      ),
    )
    .map(([[key, name], schemas, entries, others]) => {
      const rest = Object.entries(entries).filter(([each]) => each.toLowerCase() !== required.toLowerCase());
      return { schemas, [key]: name, ...others, ...Object.fromEntries(rest) };
    });
}
