import type { JsonObject } from "./json.ts";
import type { ScimError } from "./scim-error.ts";

/** The body of an error answer; `status` is a string (RFC 7644 section 3.12). */
export function errorBody(error: ScimError): JsonObject {
  return {
    schemas: ["urn:ietf:params:scim:api:messages:2.0:Error"],
    status: String(error.status),
    ...(error.scimType === undefined ? {} : { scimType: error.scimType }),
    detail: error.detail,
  };
}
