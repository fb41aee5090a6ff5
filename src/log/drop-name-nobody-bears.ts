import type { JsonObject } from "../scim/json.ts";
import { keepFrame, keepRefusal } from "./keep-body.ts";
import type { LogEntry } from "./log-entry.ts";
import { maskDetail } from "./mask-error-detail.ts";
import { maskFilters } from "./mask-request-path.ts";
import { isHarmless } from "./protocol-words.ts";

/**
 * The name that a request asks by, where that alone ties its row to somebody; null for none, and for what names nobody. One
 * that makes somebody gives the name instead: it is kept, for an admin to know who was refused.
 */
export function nameAskedBy({ method, path, resourceId, label }: LogEntry): string | null {
  const [bare = ""] = path.split("?", 1);
  const isMaking = method === "POST" && !bare.toLowerCase().endsWith("/.search");
  return resourceId !== null || label === null || isMaking || isHarmless(label) ? null : label;
}

/** A row without the name that it asks by, for when nobody here bears it: no erasure would find it then. */
export function withoutName(entry: LogEntry): LogEntry {
  const { path, status, scimType, detail, requestBody, responseBody } = entry;
  const told = detail === null ? null : maskDetail(detail, null);
  return {
    ...entry,
    label: null,
    detail: told,
    path: maskFilters(path),
    requestBody: frameAgain(requestBody),
    responseBody: status >= 400 ? keepRefusal(status, scimType, told) : responseBody,
  };
}

/** What was kept of a body, without the name; one that was cut is no JSON any more, and goes. */
function frameAgain(kept: string | null): string | null {
  try {
    // A frame of an object, by `keepRequest`.
    return keepFrame(JSON.parse(kept ?? "null") as JsonObject | null, { label: null, filter: null });
  } catch {
    return null;
  }
}
