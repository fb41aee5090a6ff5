import type { LogEntry } from "../log/entry.ts";
import { MAX_NOTES } from "../scim/note.ts";
import type { Outcome, WriteResult } from "./operation.ts";

/** An answer's body is kept up to this many characters. */
const BODY_LIMIT = 4_096;

/** Completes a request's row of the provisioning log with what became of it. */
export function describeRequest(entry: LogEntry, result: WriteResult, notes: readonly string[], now: number): LogEntry {
  const done = {
    ...entry,
    duration: Math.max(0, now - entry.time),
    notes: [...new Set([...entry.notes, ...notes])].slice(0, MAX_NOTES),
  };
  if (!result.ok)
    return {
      ...done,
      // What is sent about a user that is not there (any more) is nobody's to keep.
      ...(result.status === 404 && entry.resourceType === "User" ? { label: null, requestBody: null } : {}),
      status: result.status,
      scimType: result.scimType ?? null,
      detail: result.detail,
      responseBody: cut(
        JSON.stringify({ status: String(result.status), scimType: result.scimType, detail: result.detail }),
      ),
    };
  return { ...done, ...describeOutcome(entry, result.outcome) };
}

function describeOutcome(entry: LogEntry, outcome: Outcome): Partial<LogEntry> {
  switch (outcome.kind) {
    case "user": {
      const { id, document } = outcome.user;
      const label = typeof document.userName === "string" ? document.userName : entry.label;
      return { resourceId: id, label, responseBody: cut(JSON.stringify({ id, ...document })) };
    }
    case "group": {
      const { id, document } = outcome.group;
      const label = typeof document.displayName === "string" ? document.displayName : entry.label;
      return { resourceId: id, label, responseBody: cut(JSON.stringify({ id, ...document })) };
    }
    case "bulkItem":
      return { responseBody: cut(JSON.stringify(outcome.all?.map(({ status, id }) => ({ status, id })) ?? [])) };
    case "deleted":
      return { label: outcome.label };
    case "bulk":
    case "done":
      return {};
  }
}

function cut(text: string): string {
  return text.length <= BODY_LIMIT ? text : `${text.slice(0, BODY_LIMIT)}…`;
}
