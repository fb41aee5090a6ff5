import type { LogRecordInFull } from "../../log/log-store.ts";

/** A request as a command for a terminal, and what of it was not kept, in words. */
export interface Curl {
  command: string;
  missing: string | null;
}

const METHODS = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]);
/** What stands for what was masked, in bodies and, as URLs have it too, in paths. */
const MASKED = /(?:\u2026|%E2%80%A6)|(?:\[|%5B)(?:name|redacted)(?:\]|%5D)/i;

/**
 * A logged request as curl would send it again to an origin, with `$TOKEN` where the credential stood: none is in the log. Null
 * for what cannot be sent again: a request for an access token, which is made of secrets, and what was no request.
 */
export function printCurl(
  { method, path, requestBody }: Pick<LogRecordInFull, "method" | "path" | "requestBody">,
  origin: string,
): Curl | null {
  if (!METHODS.has(method) || !path.startsWith("/") || /\/oauth\/token\/?$/i.test(path.split("?")[0] ?? ""))
    return null;
  const lines = [
    // The kept path may have brackets, which curl takes for ranges.
    `curl --globoff ${method === "HEAD" ? "--head" : `--request ${method}`} ${quote(origin + path)}`,
    `--header "Authorization: Bearer $TOKEN"`,
    ...(requestBody === null
      ? []
      : [`--header ${quote("Content-Type: application/scim+json")}`, `--data-raw ${quote(requestBody)}`]),
  ];
  return { command: lines.join(" \\\n  "), missing: missingOf({ method, path, requestBody }) };
}

/** A text as one word of a POSIX shell. */
function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

function missingOf({ method, path, requestBody }: { method: string; path: string; requestBody: string | null }) {
  const hasBody = method === "POST" || method === "PUT" || method === "PATCH";
  if (hasBody && requestBody === null) return "Its body was not kept: put one in its place.";
  if (requestBody !== null && !isJson(requestBody))
    return "Its body was long, and only the beginning was kept: complete it.";
  if (MASKED.test(path) || (requestBody !== null && MASKED.test(requestBody)))
    return "What could name somebody was masked, as … , [name] or [redacted]: put in what you mean before you send it.";
  return null;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
