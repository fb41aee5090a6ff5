import { versionOf } from "../directory/resource-version.ts";
import { labelOf } from "../log/name-in-log-row.ts";
import type { NotedPerson } from "../log/parts-of-bulk-entry.ts";
import type { BulkOperation } from "../scim/bulk/bulk-request.ts";
import type { BulkItemOutcome, Outcome } from "./operation.ts";

/** The person that notes of an item are about, or null. */
export function personOf({ method }: BulkOperation, outcome: Outcome): NotedPerson | null {
  if (outcome.kind !== "user") return null;
  return { method, id: outcome.user.id, userName: labelOf("User", outcome.user.document) };
}

/** What the answer to a Bulk request says of an item that was carried out (RFC 7644 section 3.7.3). */
export function describeBulkItem(
  { method, id }: BulkOperation,
  outcome: Outcome,
): Pick<BulkItemOutcome, "status" | "id" | "version"> {
  switch (outcome.kind) {
    case "user":
      return {
        status: method === "POST" ? 201 : 200,
        id: outcome.user.id,
        version: versionOf({ type: "User", ...outcome.user }),
      };
    case "group":
      return {
        status: { POST: 201, PUT: 200, PATCH: 204, DELETE: 204 }[method],
        id: outcome.group.id,
        version: versionOf({ type: "Group", ...outcome.group }),
      };
    case "deleted":
    case "bulk":
    case "bulkItem":
    case "done":
    case "progress":
      return { status: 204, id };
  }
}
