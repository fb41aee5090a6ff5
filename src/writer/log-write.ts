import { completeEntry, type Fate } from "../log/complete-entry.ts";
import type { LogEntry } from "../log/entry.ts";
import type { Note } from "../scim/note.ts";
import type { WriteResult } from "./operation.ts";

/** Completes a request's row of the provisioning log with what became of it. */
export function describeRequest(entry: LogEntry, result: WriteResult, notes: readonly Note[], now: number): LogEntry {
  return completeEntry(entry, fateOf(result), notes, now);
}

function fateOf(result: WriteResult): Fate {
  if (!result.ok) return { kind: "refused", ...result };
  const { outcome } = result;
  switch (outcome.kind) {
    case "user":
      return { kind: "resource", type: "User", ...outcome.user };
    case "group":
      return { kind: "resource", type: "Group", ...outcome.group };
    case "bulkItem":
      return {
        kind: "answered",
        body: (outcome.all ?? []).map(({ status, id }) => ({ status, ...(id !== undefined && { id }) })),
      };
    case "deleted":
      return outcome;
    case "bulk":
      return {
        kind: "answered",
        body: outcome.items.map(({ status, id }) => ({ status, ...(id !== undefined && { id }) })),
      };
    case "done":
      return { kind: "done" };
  }
}
