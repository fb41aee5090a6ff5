/** Any JSON value; written here and not taken from src, as all that the judgement rests on. */
export type Json = string | number | boolean | null | Json[] | { [name: string]: Json };
export type JsonObject = { [name: string]: Json };

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export const fold = (text: string): string => text.normalize("NFKC").toLowerCase();

export const CORE = {
  User: "urn:ietf:params:scim:schemas:core:2.0:User",
  Group: "urn:ietf:params:scim:schemas:core:2.0:Group",
} as const;
export const ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
/** A custom extension of which some attributes are mapped to fields. */
export const MAPPED = "urn:ietf:params:scim:schemas:extension:acme:2.0:User";
/** Custom extensions that no mapping names: spelt as RFC 7643 asks, and as Okta's are. */
export const UNMAPPED = "urn:ietf:params:scim:schemas:extension:site:1.0:User";
const FREE = "urn:okta:acme:1.0:user:custom";
/** One that has no more than one part. */
const BARE = "urn:acme";
/** The custom extensions of each type. */
export const OPEN_URNS: Readonly<Record<"User" | "Group", readonly [string, string, ...string[]]>> = {
  User: [MAPPED, UNMAPPED, FREE, BARE],
  Group: ["urn:ietf:params:scim:schemas:extension:acme:2.0:Group", "urn:okta:custom:group:1.0"],
};
/** Spellings of the enterprise extension's URN that clients send (idp-behaviours, rows 50 and 53). */
export const ENTERPRISE_SPELLINGS: readonly string[] = [
  ENTERPRISE,
  "urn:ietf:params:scim:schemas:extension:enterprise:2.0User",
  "urn:scim:schemas:extension:enterprise:2.0",
  "urn:scim:schemas:extension:enterprise:1.0",
];

/** The kinds of attributes that RFC 7643 sections 4.1 to 4.3 have, with the parts of the complex ones. */
export type Shape =
  | { kind: "text" | "boolean" | "readOnly" | "secret" | "members" | "open" }
  | { kind: "complex" | "plural"; parts: Readonly<Record<string, "text" | "boolean" | "readOnly">> };

const PLURAL = { kind: "plural", parts: { value: "text", display: "text", type: "text", primary: "boolean" } } as const;
const texts = (...names: string[]) => Object.fromEntries(names.map((name) => [name, { kind: "text" } as const]));
const COMMON: Record<string, Shape> = {
  schemas: { kind: "readOnly" },
  id: { kind: "readOnly" },
  meta: { kind: "readOnly" },
  ...texts("externalId"),
};

/** The attributes of a user, of the enterprise extension and of a group, by their names. */
export const ATTRIBUTES: Record<"User" | "Group" | "Enterprise", Record<string, Shape>> = {
  User: {
    ...COMMON,
    ...texts("userName", "displayName", "nickName", "title", "userType", "preferredLanguage", "locale", "timezone"),
    ...texts("profileUrl"),
    active: { kind: "boolean" },
    groups: { kind: "readOnly" },
    password: { kind: "secret" },
    name: {
      kind: "complex",
      parts: {
        formatted: "text",
        familyName: "text",
        givenName: "text",
        middleName: "text",
        honorificPrefix: "text",
        honorificSuffix: "text",
      },
    },
    addresses: {
      kind: "plural",
      parts: {
        formatted: "text",
        streetAddress: "text",
        locality: "text",
        region: "text",
        postalCode: "text",
        country: "text",
        type: "text",
        primary: "boolean",
      },
    },
    emails: PLURAL,
    phoneNumbers: PLURAL,
    ims: PLURAL,
    photos: PLURAL,
    entitlements: PLURAL,
    roles: PLURAL,
    x509Certificates: PLURAL,
  },
  Enterprise: {
    ...texts("employeeNumber", "costCenter", "organization", "division", "department"),
    manager: { kind: "complex", parts: { value: "text", $ref: "text", displayName: "readOnly" } },
  },
  Group: { ...COMMON, ...texts("displayName"), members: { kind: "members" } },
};

/** Older names of parts: SCIM 1.1 had `manager.managerId`. */
const ALIASES: Readonly<Record<string, string>> = { managerid: "value" };

/** A name of a body, or the part of a path before its filter, as what it leads to. */
export type Place =
  | { kind: "attribute"; urn: string | null; name: string; shape: Shape; part: string | null }
  | { kind: "extension"; urn: string }
  | { kind: "core" }
  | { kind: "unknown" };

type Type = "User" | "Group";

function find(table: Record<string, Shape>, name: string): [string, Shape] | null {
  const key = Object.keys(table).find((each) => fold(each) === fold(name));
  const shape = key === undefined ? undefined : table[key];
  return key === undefined || shape === undefined ? null : [key, shape];
}

/** The name of a part of a shape, in any case; null where it has none such. */
export function findPart(shape: Shape, sent: string): string | null {
  if (shape.kind === "open") return sent;
  if (shape.kind !== "complex" && shape.kind !== "plural") return null;
  const alias = Object.hasOwn(shape.parts, "$ref") ? ALIASES[fold(sent)] : undefined;
  const wanted = alias ?? fold(sent);
  return Object.keys(shape.parts).find((part) => fold(part) === wanted) ?? null;
}

/** What a name leads to, by the rules of design section 4: URNs and names in any case, a dot after a URN for its colon. */
export function placeOf(type: Type, text: string): Place {
  const spellings = [CORE[type], ...(type === "User" ? ENTERPRISE_SPELLINGS : []), ...OPEN_URNS[type]];
  const spelt = spellings.find((each) => fold(text) === fold(each) || /^[:.]/.test(text.slice(startOf(text, each))));
  if (spelt === undefined) return text.includes(":") ? { kind: "unknown" } : local(type, null, text);
  const urn = ENTERPRISE_SPELLINGS.includes(spelt) ? ENTERPRISE : spelt;
  const rest = text.slice(spelt.length + 1);
  if (rest === "") return urn === CORE[type] ? { kind: "core" } : { kind: "extension", urn };
  return local(type, urn === CORE[type] ? null : urn, rest);
}

/** The length of a URN that a text begins with, else that of the text: nothing follows then. */
function startOf(text: string, urn: string): number {
  return fold(text).startsWith(fold(urn)) ? urn.length : text.length;
}

function local(type: Type, urn: string | null, text: string): Place {
  const [name = "", sub] = text.split(".", 2);
  if (urn !== null && urn !== ENTERPRISE)
    return { kind: "attribute", urn, name, shape: { kind: "open" }, part: sub ?? null };
  const own = urn === null ? find(ATTRIBUTES[type], name) : null;
  const found = own ?? (type === "User" ? find(ATTRIBUTES.Enterprise, name) : null);
  if (found === null) return { kind: "unknown" };
  const [key, shape] = found;
  const part = sub === undefined ? null : findPart(shape, sub);
  if (sub !== undefined && part === null) return shape.kind === "secret" ? asPart(key, shape) : { kind: "unknown" };
  return { kind: "attribute", urn: own === null ? ENTERPRISE : null, name: key, shape, part };
}

function asPart(name: string, shape: Shape): Place {
  return { kind: "attribute", urn: null, name, shape, part: null };
}

/** Whether a key or a path leads to or through a password. */
export function isSecret(text: string): boolean {
  return fold(text)
    .split(/[^a-z0-9]+/)
    .includes("password");
}

/** What an object holds under a name in any case. */
export function under(holder: Json | undefined, name: string): Json | undefined {
  if (!isObject(holder)) return undefined;
  const key = Object.hasOwn(holder, name) ? name : Object.keys(holder).find((each) => fold(each) === fold(name));
  return key === undefined ? undefined : holder[key];
}
