import { ScimError } from "../scim/errors.ts";

/** A refusal ready to be sent: the SCIM error and the headers that go with its status. */
export interface Refused {
  error: ScimError;
  headers: Record<string, string>;
}

/** Seconds after which a client may try again when the company's writer is overloaded or restarting. */
const RETRY_SECONDS = 5;

const NO_TABLES =
  "The database has no tables yet. Run: npx wrangler d1 migrations apply rollcall --local (or --remote for a deployed Worker), then try again.";
const BUSY = "The server is busy with this company's other requests: nothing was changed. Try again in a few seconds.";
const BROKEN =
  "Something went wrong inside Rollcall. Try again; if it keeps happening, report the X-Request-Id of this answer.";

/** What to answer for anything thrown: a ScimError as it is, anything else without its message (it may hold data). */
export function refuse(thrown: unknown, requestId: string): Refused {
  if (thrown instanceof ScimError) return { error: thrown, headers: headersOf(thrown.status) };
  const message = thrown instanceof Error ? thrown.message : "";
  if (message.includes("no such table"))
    return { error: new ScimError(503, undefined, NO_TABLES), headers: headersOf(503) };
  if (isOverload(thrown)) return { error: new ScimError(503, undefined, BUSY), headers: headersOf(503) };
  console.error(JSON.stringify({ level: "error", room: "scim-api", requestId, error: describe(thrown) }));
  return { error: new ScimError(500, undefined, BROKEN), headers: {} };
}

/** The headers a status must carry: the challenge of a 401 (RFC 6750 section 3), the delay of a 429 or 503. */
export function headersOf(status: number, retryAfter: number = RETRY_SECONDS): Record<string, string> {
  if (status === 401) return { "WWW-Authenticate": 'Bearer realm="SCIM"' };
  if (status === 429 || status === 503) return { "Retry-After": String(retryAfter) };
  return {};
}

/** Errors of a Durable Object carry these marks when the call may be made again later. */
function isOverload(thrown: unknown): boolean {
  if (!(thrown instanceof Error)) return false;
  return ("overloaded" in thrown && thrown.overloaded === true) || ("retryable" in thrown && thrown.retryable === true);
}

function describe(thrown: unknown): { name: string; message: string; stack?: string } {
  if (!(thrown instanceof Error)) return { name: typeof thrown, message: "" };
  return { name: thrown.name, message: thrown.message, stack: thrown.stack };
}
