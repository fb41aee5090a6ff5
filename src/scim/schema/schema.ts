import { foldCase } from "../fold-case.ts";
import { isSecret } from "../secret-attributes.ts";

/** The data types of attributes (RFC 7643 section 2.3). */
type AttributeType = "string" | "boolean" | "decimal" | "integer" | "dateTime" | "reference" | "binary" | "complex";

/** One attribute or sub-attribute with its characteristics (RFC 7643 section 2.2 and 7). */
export interface Attribute {
  readonly name: string;
  /** The name folded, as look-ups compare it. */
  readonly key: string;
  readonly type: AttributeType;
  readonly multiValued: boolean;
  readonly description: string;
  readonly required: boolean;
  readonly caseExact: boolean;
  readonly mutability: "readOnly" | "readWrite" | "immutable" | "writeOnly";
  readonly returned: "always" | "never" | "default" | "request";
  readonly uniqueness: "none" | "server" | "global";
  readonly canonicalValues?: readonly string[];
  readonly referenceTypes?: readonly string[];
  readonly subAttributes: readonly Attribute[];
  /** Older names that clients still send, e.g. of SCIM 1.1. */
  readonly aliases: readonly string[];
  /** When no element says which is primary, the first one is. */
  readonly impliesPrimary: boolean;
  /** Kept outside the document, as rows of their own. */
  readonly storedApart: boolean;
  /** An empty list of it is kept and answered as such. */
  readonly shownEmpty: boolean;
  /** Says who the resource is, so that a value which cannot be read refuses the request rather than being left out. */
  readonly identifying: boolean;
  /** Cannot be taken away: no value leaves it as it is. */
  readonly lasting: boolean;
  /** Accepted and returned, but left out of /Schemas. */
  readonly unpublished: boolean;
  /** An attribute that no schema describes: its values are kept as sent. */
  readonly open: boolean;
}

/** A schema: a URN and its attributes (RFC 7643 section 7). */
export interface Schema {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly attributes: readonly Attribute[];
  /** Whether attributes beyond the listed ones are kept as sent. */
  readonly open: boolean;
  /** Attributes by folded name and alias. */
  readonly names: ReadonlyMap<string, Attribute>;
}

/** Where an attribute of a resource type lives. */
export interface LocatedAttribute {
  /** The URN of its extension, which is also its key in the document; absent for core and common attributes. */
  readonly extension?: string;
  readonly attribute: Attribute;
}

/** A resource type with everything that look-ups need, prepared once (RFC 7643 section 6). */
export interface ResourceType {
  readonly name: "User" | "Group";
  readonly endpoint: "/Users" | "/Groups";
  readonly description: string;
  readonly schema: Schema;
  readonly extensions: readonly Schema[];
  /** Attributes by folded name: common and core ones first, then those of the described extensions. */
  readonly names: ReadonlyMap<string, LocatedAttribute>;
  /** Schemas by folded URN, and by the stem that older spellings of the URN share. */
  readonly schemas: ReadonlyMap<string, Schema>;
  /** The stems of the URNs of extensions that are those of other types alone. */
  readonly foreignStems: ReadonlySet<string>;
}

type AttributeData = Partial<Omit<Attribute, "key">> & { name: string };

/** An attribute with the defaults of RFC 7643 section 2.2 for everything that is not said. */
export function defineAttribute(data: AttributeData): Attribute {
  return {
    type: "string",
    multiValued: false,
    description: "",
    required: false,
    caseExact: false,
    mutability: "readWrite",
    returned: "default",
    uniqueness: "none",
    subAttributes: [],
    aliases: [],
    impliesPrimary: false,
    storedApart: false,
    lasting: false,
    shownEmpty: false,
    identifying: false,
    unpublished: false,
    open: false,
    ...data,
    key: foldCase(data.name),
  };
}

/** A schema with its look-up table. */
export function defineSchema(data: Omit<Schema, "names" | "open"> & { open?: boolean }): Schema {
  return { open: false, ...data, names: indexAttributes(data.attributes) };
}

/** An attribute that no schema describes, made when a path or a mapping names it; a secret is one under every URN. */
export function openAttribute(name: string, description = ""): Attribute {
  const secret = isSecret(name) ? ({ mutability: "writeOnly", returned: "never" } as const) : {};
  return defineAttribute({ name, description, open: true, ...secret });
}

/** The sub-attribute of that name, in any case, or by an older name; one that no schema describes has any. */
export function findSubAttribute(attribute: Attribute, name: string): Attribute | undefined {
  const key = foldCase(name);
  const found = attribute.subAttributes.find((sub) => sub.key === key || sub.aliases.includes(key));
  return found ?? (attribute.open ? openAttribute(name) : undefined);
}

/** The sub-attribute `value` of a complex attribute, if it has one (RFC 7643 section 2.4). */
export function valueSubAttribute(attribute: Attribute): Attribute | undefined {
  return attribute.subAttributes.find((sub) => sub.key === "value");
}

/** Whether an attribute is multi-valued with a sub-attribute `primary` (RFC 7643 section 2.4). */
export function hasPrimary(attribute: Attribute): boolean {
  return attribute.multiValued && attribute.subAttributes.some((sub) => sub.key === "primary");
}

function indexAttributes(attributes: readonly Attribute[]): Map<string, Attribute> {
  const names = new Map<string, Attribute>();
  for (const attribute of attributes) {
    names.set(attribute.key, attribute);
    for (const alias of attribute.aliases) names.set(foldCase(alias), attribute);
  }
  return names;
}
