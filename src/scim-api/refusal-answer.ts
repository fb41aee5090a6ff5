import { ShareUsedUp } from "../companies/read-in-share.ts";
import { describeError, isTransientFault, lacksTables } from "../platform/transient-fault.ts";
import { type Refusal, ScimError } from "../scim/scim-error.ts";

/** A refusal of the writer, with the seconds after which to try again where it names them. */
export class RefusedWrite extends ScimError {
  readonly retryAfter: number | undefined;

  constructor(refusal: Pick<Refusal, "code" | "detail" | "retryAfter">) {
    super(refusal.code, refusal.detail);
    this.name = "RefusedWrite";
    this.retryAfter = refusal.retryAfter;
  }
}

/** Seconds after which a client may try again when the company's writer is overloaded or restarting. */
const RETRY_SECONDS = 5;

const NO_TABLES =
  "The database has no tables yet. Run: npx wrangler d1 migrations apply rollcall --local (or --remote for a deployed Worker), then try again.";
const BUSY = "The server is busy with this company's other requests. Try again in a few seconds.";
const BROKEN =
  "Something went wrong inside Rollcall. Try again; if it keeps happening, report the X-Request-Id of this answer.";

/** The refusal to answer anything thrown with: a ScimError as it is, anything else without its message (it may hold data). */
export function refuse(thrown: unknown, requestId: string): ScimError {
  if (thrown instanceof ScimError) return thrown;
  if (thrown instanceof ShareUsedUp)
    return new RefusedWrite({ code: "share_used_up", detail: thrown.detail, retryAfter: thrown.retryAfter });
  if (lacksTables(thrown)) return new ScimError("no_tables", NO_TABLES);
  if (isTransientFault(thrown)) return new ScimError("busy", BUSY);
  console.error(JSON.stringify({ level: "error", room: "scim-api", requestId, error: describeError(thrown) }));
  return new ScimError("internal_error", BROKEN);
}

/** The headers a refusal must carry: the challenge of a 401 (RFC 6750 section 3), the delay of a 429 or 503. */
export function headersOf(error: ScimError): Record<string, string> {
  if (error.status === 401) {
    // By this word a client knows that another access token helps.
    const why = error.code === "no_token" ? "" : ', error="invalid_token"';
    return { "WWW-Authenticate": `Bearer realm="SCIM"${why}` };
  }
  if (error.status !== 429 && error.status !== 503) return {};
  const seconds = error instanceof RefusedWrite ? error.retryAfter : undefined;
  return { "Retry-After": String(seconds ?? RETRY_SECONDS) };
}
