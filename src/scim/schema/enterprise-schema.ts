import { defineAttribute, defineSchema } from "./schema.ts";

/** The enterprise extension of the User schema (RFC 7643 sections 4.3 and 8.7.1). */
export const enterpriseSchema = defineSchema({
  id: "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",
  name: "EnterpriseUser",
  description: "Enterprise User",
  attributes: [
    defineAttribute({ name: "employeeNumber", description: "The number the organisation gave to the person." }),
    defineAttribute({ name: "costCenter", description: "The name of a cost center." }),
    defineAttribute({ name: "organization", description: "The name of an organization." }),
    defineAttribute({ name: "division", description: "The name of a division." }),
    defineAttribute({ name: "department", description: "The name of a department." }),
    defineAttribute({
      name: "manager",
      description: "The user's manager.",
      type: "complex",
      subAttributes: [
        // SCIM 1.1 said managerId, and templates written for it still do.
        defineAttribute({
          name: "value",
          description: "The id of the manager.",
          aliases: ["managerid"],
        }),
        defineAttribute({
          name: "$ref",
          description: "The address of the manager.",
          type: "reference",
          caseExact: true,
          referenceTypes: ["User"],
        }),
        defineAttribute({ name: "displayName", description: "The manager's name.", mutability: "readOnly" }),
      ],
    }),
  ],
});
