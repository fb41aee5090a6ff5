import { foldCase } from "../fold-case.ts";
import { enterpriseSchema } from "./enterprise-schema.ts";
import { groupSchema } from "./group-schema.ts";
import {
  defineAttribute,
  defineSchema,
  type LocatedAttribute,
  openAttribute,
  type ResourceType,
  type Schema,
} from "./schema.ts";
import { urnStem } from "./urn.ts";
import { userSchema } from "./user-schema.ts";

/** An extension that a company's field mappings name: its URN and the attributes they read. */
export interface ExtraExtension {
  urn: string;
  attributes: { name: string }[];
}

/** The attributes every resource has (RFC 7643 sections 3 and 3.1). */
export const commonAttributes = [
  defineAttribute({
    name: "schemas",
    type: "reference",
    description: "The URNs of the schemas whose attributes the resource holds.",
    multiValued: true,
    caseExact: true,
    returned: "always",
    mutability: "readOnly",
    required: true,
  }),
  defineAttribute({
    name: "id",
    description: "The identifier that the service provider gave to the resource.",
    caseExact: true,
    returned: "always",
    mutability: "readOnly",
    uniqueness: "server",
  }),
  defineAttribute({
    name: "externalId",
    description: "The identifier that the provisioning client gave to the resource.",
    caseExact: true,
  }),
  defineAttribute({
    name: "meta",
    type: "complex",
    description: "What the service provider notes about the resource.",
    mutability: "readOnly",
    subAttributes: [
      defineAttribute({ name: "resourceType", caseExact: true, mutability: "readOnly" }),
      defineAttribute({ name: "created", type: "dateTime", mutability: "readOnly" }),
      defineAttribute({ name: "lastModified", type: "dateTime", mutability: "readOnly" }),
      defineAttribute({ name: "location", type: "reference", caseExact: true, mutability: "readOnly" }),
      defineAttribute({ name: "version", caseExact: true, mutability: "readOnly" }),
    ],
  }),
];

type ResourceTypes = { User: ResourceType; Group: ResourceType };

const userType: Pick<ResourceType, "name" | "endpoint" | "description" | "schema"> = {
  name: "User",
  endpoint: "/Users",
  description: "User Account",
  schema: userSchema,
};

const groupType = buildType(
  { name: "Group", endpoint: "/Groups", description: "Group", schema: groupSchema },
  [],
  [enterpriseSchema],
);
const standard: ResourceTypes = { User: buildType(userType, [enterpriseSchema]), Group: groupType };
const known = new WeakMap<readonly ExtraExtension[], ResourceTypes>();

/** The resource types, with the extensions of a company's field mappings added to User (RFC 7643 section 6). */
export function resourceTypes(extraExtensions?: ExtraExtension[]): ResourceTypes {
  if (extraExtensions === undefined || extraExtensions.length === 0) return standard;
  const remembered = known.get(extraExtensions);
  if (remembered !== undefined) return remembered;
  const extras = extraSchemas(extraExtensions);
  const types = { User: buildType(userType, [enterpriseSchema, ...extras]), Group: groupType };
  known.set(extraExtensions, types);
  return types;
}

function extraSchemas(extensions: readonly ExtraExtension[]): Schema[] {
  const described = new Set([userSchema.id, groupSchema.id, enterpriseSchema.id].map(foldCase));
  const merged = new Map<string, { urn: string; names: Map<string, string> }>();
  for (const { urn, attributes } of extensions) {
    const key = foldCase(urn);
    if (described.has(key)) continue;
    const entry = merged.get(key) ?? { urn, names: new Map<string, string>() };
    for (const { name } of attributes) if (!entry.names.has(foldCase(name))) entry.names.set(foldCase(name), name);
    merged.set(key, entry);
  }
  return [...merged.values()].map(({ urn, names }) =>
    defineSchema({
      id: urn,
      name: "CustomExtension",
      description: "Custom attributes that the company's field mapping reads",
      open: true,
      attributes: [...names.values()].map((name) => openAttribute(name, "A custom attribute, kept as sent.")),
    }),
  );
}

function buildType(
  base: Pick<ResourceType, "name" | "endpoint" | "description" | "schema">,
  extensions: readonly Schema[],
  foreign: readonly Schema[] = [],
): ResourceType {
  const foreignStems = new Set(foreign.map(({ id }) => urnStem(id)));
  const names = new Map<string, LocatedAttribute>();
  const schemas = new Map<string, Schema>();
  const add = (schema: Schema, extension: string | undefined) => {
    schemas.set(foldCase(schema.id), schema);
    if (!schema.open) schemas.set(urnStem(schema.id), schema);
    // Attributes of a custom extension are found by their URN only: their names are the company's own.
    if (schema.open) return;
    for (const [key, attribute] of schema.names) if (!names.has(key)) names.set(key, { extension, attribute });
  };
  for (const attribute of commonAttributes) names.set(attribute.key, { attribute });
  add(base.schema, undefined);
  for (const extension of extensions) add(extension, extension.id);
  return { ...base, extensions, names, schemas, foreignStems };
}
