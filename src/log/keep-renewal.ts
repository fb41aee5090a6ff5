import type { Note } from "../scim/note.ts";
import { type LogEntry, RENEWAL_METHOD } from "./log-entry.ts";
import { redactEntry } from "./redact-log-entry.ts";

/** What an entry about a renewal is about, and is erased with; null for what is about nobody. */
export type RenewedResource = Pick<LogEntry, "resourceType" | "resourceId" | "label"> | null;

/** The row of the provisioning log that tells what became of rows when they were renewed: of no request, and with no bodies. */
export function keepRenewal(
  renewal: Pick<LogEntry, "id" | "settingId" | "time">,
  about: RenewedResource,
  notes: Note[],
): LogEntry {
  return redactEntry({
    ...renewal,
    ...{ tokenId: null, method: RENEWAL_METHOD, path: "/", status: 200, duration: 0 },
    ...(about ?? { resourceType: null, resourceId: null, label: null }),
    ...{ code: null, scimType: null, detail: null, requestBody: null, responseBody: null },
    notes,
  });
}
