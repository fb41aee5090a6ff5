import { defineAttribute, defineSchema } from "./schema.ts";

/** The Group schema (RFC 7643 sections 4.2 and 8.7.1); members are rows of their own, not part of the document. */
export const groupSchema = defineSchema({
  id: "urn:ietf:params:scim:schemas:core:2.0:Group",
  name: "Group",
  description: "Group",
  attributes: [
    defineAttribute({
      name: "displayName",
      description: "The name of the group; unique within a SCIM setting.",
      required: true,
      uniqueness: "server",
    }),
    defineAttribute({
      name: "members",
      description: "The members of the group.",
      type: "complex",
      multiValued: true,
      storedApart: true,
      subAttributes: [
        defineAttribute({ name: "value", description: "The member's id.", caseExact: true, mutability: "immutable" }),
        defineAttribute({
          name: "$ref",
          description: "The member's address.",
          type: "reference",
          caseExact: true,
          mutability: "immutable",
          referenceTypes: ["User", "Group"],
        }),
        defineAttribute({
          name: "type",
          description: "Whether the member is a user or a group.",
          mutability: "immutable",
          canonicalValues: ["User", "Group"],
        }),
        defineAttribute({ name: "display", description: "The member's name.", mutability: "readOnly" }),
      ],
    }),
  ],
});
