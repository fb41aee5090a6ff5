import type { Refusal } from "../scim/errors.ts";
import type { Json, JsonObject } from "../scim/json.ts";
import { joinNotes, type Note } from "../scim/note.ts";
import type { LogEntry } from "./entry.ts";
import { keepBody } from "./keep-body.ts";
import { labelOf } from "./label.ts";

/** What became of a write, as its row tells it. */
export type Fate =
  | { kind: "resource"; type: "User" | "Group"; id: string; document: JsonObject }
  | { kind: "deleted"; label: string | null }
  | { kind: "answered"; body: Json }
  | { kind: "done" }
  | ({ kind: "refused" } & Refusal);

/** Completes a write's row of the provisioning log with what became of it; times in milliseconds. */
export function completeEntry(entry: LogEntry, fate: Fate, notes: readonly Note[], now: number): LogEntry {
  return {
    ...entry,
    duration: Math.max(0, now - entry.time),
    notes: joinNotes(entry.notes, notes),
    ...describe(entry, fate),
  };
}

function describe(entry: LogEntry, fate: Fate): Partial<LogEntry> {
  switch (fate.kind) {
    case "resource": {
      const { type, id, document } = fate;
      const responseBody = keepBody({ id, ...document });
      return { resourceId: id, label: labelOf(type, document) ?? entry.label, responseBody };
    }
    case "deleted":
      return { label: fate.label };
    case "answered":
      return { responseBody: keepBody(fate.body) };
    case "done":
      return {};
    case "refused": {
      const { code, status, scimType = null, detail } = fate;
      const responseBody = keepBody({ status: String(status), ...(scimType === null ? {} : { scimType }), detail });
      // What is sent about a user that is not there (any more) is nobody's to keep.
      const kept = status === 404 && entry.resourceType === "User" ? { label: null, requestBody: null } : {};
      return { ...kept, status, code, scimType, detail, responseBody };
    }
  }
}
