import type { Context } from "hono";
import { HTTPException } from "hono/http-exception";
import { isTaken } from "../companies/idempotency-store.ts";
import { ShareUsedUp } from "../companies/read-in-share.ts";
import { describeError, isTransientFault, lacksTables } from "../platform/transient-fault.ts";
import { kindOf, publicCode, type RefusalCode, type RefusalStatus } from "../scim/refusal-causes.ts";
import { ScimError } from "../scim/scim-error.ts";
import type { InputProblem } from "../settings/judge-mappings-and-grouping.ts";
import { keyTaken } from "../writer/refuse-write.ts";
import type { ApiEnv } from "./api-env.ts";

/** What statuses are called (RFC 9110). */
export const TITLES: Record<RefusalStatus, string> = {
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  409: "Conflict",
  410: "Gone",
  412: "Precondition Failed",
  413: "Content Too Large",
  415: "Unsupported Media Type",
  422: "Unprocessable Content",
  429: "Too Many Requests",
  500: "Internal Server Error",
  501: "Not Implemented",
  503: "Service Unavailable",
};

/** When a client may try again that was told nothing more exact (seconds). */
const RETRY_SECONDS = "5";

/** A refused request, in the words of RFC 9457; `errors` says which members of the input are wrong, by JSON pointer. */
export class Problem extends Error {
  readonly code: RefusalCode;
  readonly status: RefusalStatus;
  readonly detail: string;
  readonly errors: readonly InputProblem[];
  readonly headers: Record<string, string>;

  constructor(
    code: RefusalCode,
    detail: string,
    more: { errors?: readonly InputProblem[]; headers?: Record<string, string> } = {},
  ) {
    super(detail);
    this.code = code;
    this.status = kindOf(code).status;
    this.detail = detail;
    this.errors = more.errors ?? [];
    this.headers = more.headers ?? {};
  }
}

/** A 400 that names what is wrong with which member. */
export function invalidInput(errors: readonly InputProblem[]): Problem {
  const [first] = errors;
  const detail =
    errors.length === 1 && first !== undefined
      ? `${first.pointer === "" ? "The request" : first.pointer}: ${first.detail}`
      : `${errors.length} members of the request are wrong: see errors.`;
  return new Problem("invalid_input", detail, { errors });
}

/** What a company may not have, as people call it. */
const THINGS = {
  no_such_company: "company",
  no_such_setting: "SCIM setting",
  no_such_token: "token",
  no_such_client: "client",
  no_such_secret: "secret",
  no_such_trust: "trust",
  no_such_field: "field",
  no_such_user: "target user",
  no_such_target_group: "target group",
  no_such_enrolment: "enrolment",
  no_such_webhook: "webhook",
  no_such_delivery: "delivery",
  no_such_request: "logged request",
  no_such_hold: "hold",
  no_such_alert: "alert",
  no_such_channel: "alert channel",
} as const satisfies Partial<Record<RefusalCode, string>>;

/** A 404 for a thing that this company does not have; another company's things are not told apart from none. */
export function notFound(code: keyof typeof THINGS, id: string): Problem {
  return new Problem(code, `There is no ${THINGS[code]} "${id}" here.`);
}

/** The one catcher: every error leaves the management API as problem details, an unknown one without its message. */
export function catchProblem(error: Error, c: Context<ApiEnv>): Response {
  const problem = toProblem(error);
  if (problem.status === 500) {
    const requestId = c.get("requestId");
    console.error(JSON.stringify({ level: "error", room: "management-api", requestId, error: describeError(error) }));
  }
  const body = {
    type: `${c.get("origin") ?? ""}${PROBLEMS}${publicCode(problem.code)}`,
    title: TITLES[problem.status],
    status: problem.status,
    code: publicCode(problem.code),
    detail: problem.detail,
    requestId: c.get("requestId"),
    ...(problem.errors.length > 0 && { errors: problem.errors }),
  };
  return new Response(JSON.stringify(body), {
    status: problem.status,
    headers: {
      "Content-Type": "application/problem+json",
      ...(problem.status === 429 || problem.status === 503 ? { "Retry-After": RETRY_SECONDS } : {}),
      ...problem.headers,
    },
  });
}

/** Where a code of a problem is explained, from the origin's root. */
export const PROBLEMS = "/api/v1/problems/";

function toProblem(error: Error): Problem {
  if (isTaken(error)) {
    const { code, detail } = keyTaken(true);
    return new Problem(code, detail);
  }
  if (error instanceof Problem) return error;
  if (error instanceof ShareUsedUp)
    return new Problem("share_used_up", error.detail, { headers: { "Retry-After": String(error.retryAfter) } });
  if (error instanceof ScimError) return new Problem(error.code, error.detail);
  // Hono's own refusals: malformed JSON is the only one that reaches this API.
  if (error instanceof HTTPException && error.status === 400) return new Problem("malformed_body", error.message);
  if (lacksTables(error))
    return new Problem(
      "no_tables",
      "The database has no tables yet: run `npx wrangler d1 migrations apply DB --local` (or --remote for a deployed Worker).",
    );
  if (isTransientFault(error))
    return new Problem("busy", "Too busy just now: try again.", { headers: { "Retry-After": "1" } });
  return new Problem(
    "internal_error",
    "Something went wrong on our side. Try again; if it stays, look into the Worker's log.",
  );
}
