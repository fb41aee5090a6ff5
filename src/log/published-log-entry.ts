import { isoTime } from "../platform/clock.ts";
import type { LogRecord, LogRecordInFull } from "./log-store.ts";

/** A logged request as the outside sees it in a list. */
export function publishLogEntry(entry: LogRecord) {
  const { duration, ...shown } = entry;
  const { id, settingId, method, path, resourceType, resourceId, label, status, code, scimType, detail, notes } = shown;
  return {
    id,
    settingId,
    time: isoTime(entry.time),
    method,
    path,
    resourceType,
    resourceId,
    label,
    outcome: status < 400 ? ("success" as const) : ("failure" as const),
    status,
    code,
    scimType,
    detail,
    durationMs: duration,
    notes,
  };
}

/** The same with its redacted bodies, as an answer about it alone, or an export, shows it. */
export function publishLogEntryInFull(entry: LogRecordInFull) {
  const { requestBody, responseBody } = entry;
  return { ...publishLogEntry(entry), requestBody, responseBody };
}
