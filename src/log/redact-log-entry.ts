import { redactCredentials } from "../platform/redact-credentials.ts";
import type { LogEntry } from "./log-entry.ts";

/** A row without anything that looks like one of our credentials, wherever a client put it. */
export function redactEntry(entry: LogEntry): LogEntry {
  const { path, label, detail, requestBody, responseBody, notes, frame } = entry;
  return {
    ...entry,
    path: redactCredentials(path),
    label: redact(label),
    detail: redact(detail),
    requestBody: redact(requestBody),
    responseBody: redact(responseBody),
    notes: notes.map((note) => ({ ...note, path: redact(note.path), value: redact(note.value) })),
    ...(frame !== undefined && { frame: redact(frame) }),
  };
}

function redact(text: string | null): string | null {
  return text === null ? null : redactCredentials(text);
}
