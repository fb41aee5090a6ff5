import type { JsonObject } from "../scim/json.ts";
import { NoteList } from "../scim/limited-note-list.ts";
import type { Note } from "../scim/note.ts";
import { publicCode } from "../scim/refusal-causes.ts";
import type { Refusal } from "../scim/scim-error.ts";
import { keepBody, keepFrame, keepRefusal } from "./keep-body.ts";
import type { LogEntry } from "./log-entry.ts";
import { maskDetail } from "./mask-error-detail.ts";
import { labelOf } from "./name-in-log-row.ts";
import { withoutPerson } from "./notes-without-person.ts";
import { redactEntry } from "./redact-log-entry.ts";

/** What a Bulk request was answered of an operation: of more than its status and the id of what it was about nothing is kept. */
interface Answered {
  status: number;
  id?: string | undefined;
}

/** What became of a write, as its row tells it. */
export type Fate =
  | { kind: "resource"; type: "User" | "Group"; id: string; document: JsonObject }
  | { kind: "deleted"; label: string | null }
  | { kind: "answered"; items: readonly Answered[] }
  | { kind: "done" }
  | ({ kind: "refused" } & Refusal);

/**
 * Completes a write's row of the provisioning log with what became of it; times in milliseconds. `calledNow` is the name of
 * what it is about, as far as that is known.
 */
export function completeEntry(
  entry: LogEntry,
  fate: Fate,
  notes: readonly Note[],
  now: number,
  calledNow: string | null = null,
): LogEntry {
  const isWhole = entry.frame !== undefined && fate.kind !== "refused";
  const all = [...entry.notes, ...notes];
  // What a Bulk request's parts hold of its notes is told apart by value: without them two of one path stay two.
  const isInParts = fate.kind === "answered";
  const told = new NoteList(isWhole || isInParts ? all : all.map(withoutPerson)).list();
  const { frame = entry.requestBody, ...row } = entry;
  return redactEntry({
    ...row,
    duration: Math.max(0, now - entry.time),
    notes: isWhole ? told : told.map(withoutPerson),
    ...describe({ ...entry, frame }, fate, calledNow),
  });
}

function describe(entry: LogEntry, fate: Fate, calledNow: string | null): Partial<LogEntry> {
  switch (fate.kind) {
    case "resource": {
      const { type, id, document } = fate;
      const label = labelOf(type, document) ?? entry.label;
      const body = { id, ...document };
      const responseBody = type === "User" ? keepBody(body) : keepFrame(body, { label, filter: null });
      return { resourceId: id, label, responseBody };
    }
    case "deleted":
      return { label: fate.label };
    case "answered": {
      const items = fate.items.map(({ status, id }) => ({ status, ...(id !== undefined && { id }) }));
      return { responseBody: keepFrame(items, { label: null, filter: null }) };
    }
    case "done":
      return {};
    case "refused": {
      const { code, status, scimType = null } = fate;
      // What is sent about a user that is not there (any more) is nobody's to keep.
      const isNobody = status === 404 && entry.resourceType === "User";
      const label = isNobody ? null : entry.resourceId === null ? entry.label : calledNow;
      const detail = maskDetail(fate.detail, label);
      const requestBody = isNobody ? null : (entry.frame ?? null);
      const responseBody = keepRefusal(status, scimType, detail);
      return { label, requestBody, status, code: publicCode(code), scimType, detail, responseBody };
    }
  }
}
