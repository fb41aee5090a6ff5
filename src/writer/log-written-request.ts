import { completeEntry, type Fate } from "../log/complete-log-entry.ts";
import type { LogEntry } from "../log/log-entry.ts";
import { partsOf } from "../log/parts-of-bulk-entry.ts";
import type { Note } from "../scim/note.ts";
import { refOf } from "../unit/resource-references.ts";
import type { UnitOfWork } from "../unit/unit-of-work.ts";
import type { WriteResult } from "./operation.ts";

/** Completes a request's row of the provisioning log with what became of it; after what it says of people, if it is about many. */
export function describeRequest(
  unit: UnitOfWork,
  entry: LogEntry,
  result: WriteResult,
  notes: readonly Note[],
): LogEntry[] {
  const completed = completeEntry(entry, fateOf(result), notes, unit.now, calledNow(unit, entry));
  const people = result.ok && result.outcome.kind === "bulkItem" ? result.outcome.people : undefined;
  return people === undefined ? [completed] : [...partsOf(completed, notes, people), completed];
}

/** The same of a Bulk request whose last operation no commit took along. */
export function describeBulk(entry: LogEntry, result: WriteResult, notes: readonly Note[], now: number): LogEntry {
  return completeEntry(entry, fateOf(result), notes, now, null);
}

/** What the user or group of a row is called, as far as it was read. */
function calledNow({ config, users, groups }: UnitOfWork, entry: LogEntry): string | null {
  const { settingId, resourceType, resourceId } = entry;
  const setting = config.settings.get(settingId);
  if (setting === undefined || resourceId === null) return null;
  const ref = refOf(setting.key, resourceId);
  if (resourceType === "User") return users.knows(ref) ? (users.get(ref)?.userName ?? null) : null;
  return groups.knows(ref) ? (groups.get(ref)?.displayName ?? null) : null;
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
      return { kind: "answered", items: outcome.all ?? [] };
    case "deleted":
      return outcome;
    case "bulk":
      return { kind: "answered", items: outcome.items };
    case "done":
    case "progress":
      return { kind: "done" };
  }
}
