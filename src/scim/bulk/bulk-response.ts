import { errorBody } from "../error-response.ts";
import type { JsonObject } from "../json.ts";
import type { ScimError } from "../scim-error.ts";

/** How one bulk operation went. */
export interface BulkResult {
  /** As sent; absent when nothing was sent that could be one. */
  method?: string;
  bulkId?: string;
  status: number;
  location?: string;
  version?: string;
  error?: ScimError;
}

/** The BulkResponse message, one entry for each operation that was looked at (RFC 7644 section 3.7.3). */
export function bulkResponse(results: readonly BulkResult[]): JsonObject {
  return {
    schemas: ["urn:ietf:params:scim:api:messages:2.0:BulkResponse"],
    Operations: results.map(({ method, bulkId, status, location, version, error }) => ({
      ...(location === undefined ? {} : { location }),
      ...(method === undefined ? {} : { method }),
      ...(bulkId === undefined ? {} : { bulkId }),
      ...(version === undefined ? {} : { version }),
      status: String(status),
      ...(error === undefined ? {} : { response: errorBody(error) }),
    })),
  };
}
