import type { JsonObject } from "../json.ts";
import { ScimError } from "../scim-error.ts";
import type { ResourceType } from "./schema.ts";

/** Refuses a document without one of its required attributes (RFC 7643 section 2.2). */
export function assertRequired(type: ResourceType, document: JsonObject): void {
  for (const { name, required } of type.schema.attributes)
    if (required && document[name] === undefined)
      throw new ScimError("missing_attribute", `${name} is required for a ${type.name} and may not be empty.`);
}
