import { redactCredentials } from "./redact-credentials.ts";

/**
 * What D1, KV and Durable Objects say in errors of faults that pass (https://developers.cloudflare.com/d1/observability/debug-d1/,
 * and SQLite's own words, which come through from a database on the local disk).
 */
const PASSING = new RegExp(
  [
    "network connection lost|client disconnected|connection (closed|refused|reset)|transient issue",
    "overloaded|too many requests queued|timed? ?out|timeout|service unavailable",
    "\\breset\\b|storage caused object|was aborted|durable object.{0,200}(restarted|evicted)|internal error",
    "database (table )?is (locked|busy)|SQLITE_(BUSY|LOCKED)|currently processing a long-running",
    // What stands before D1 answered in its place, with a page of its own.
    "failed to parse body as JSON",
  ].join("|"),
  "i",
);

/** The error at the bottom: the query builder wraps those of D1, with the query's parameters in its own message. */
export function rootOf(error: unknown): unknown {
  return error instanceof Error && error.cause instanceof Error ? rootOf(error.cause) : error;
}

/** Whether an error is of the platform and passes: the request may be sent again, and is answered 503 with Retry-After. */
export function isTransientFault(thrown: unknown): boolean {
  const error = rootOf(thrown);
  if (!(error instanceof Error) || isConstraint(error)) return false;
  // The runtime hangs these marks on errors of Durable Objects; no type declares them.
  const marks = error as Error & { overloaded?: unknown; retryable?: unknown; durableObjectReset?: unknown };
  return (
    marks.overloaded === true ||
    marks.retryable === true ||
    marks.durableObjectReset === true ||
    PASSING.test(error.message)
  );
}

/** Whether a statement violated a constraint: its whole batch is rolled back. */
export function isConstraint(thrown: unknown): boolean {
  const error = rootOf(thrown);
  return error instanceof Error && /constraint failed|SQLITE_CONSTRAINT/i.test(error.message);
}

/** An error as the Worker's log shows it: of the root alone, since what wraps it may quote people's data. */
export function describeError(thrown: unknown): { name: string; message: string; stack?: string } {
  const error = rootOf(thrown);
  if (!(error instanceof Error)) return { name: typeof error, message: "" };
  const { name, message, stack } = error;
  return { name, message: redactCredentials(message), stack: stack && redactCredentials(stack) };
}

/** Whether the database has no tables: nobody has applied the migrations yet. */
export function lacksTables(thrown: unknown): boolean {
  const error = rootOf(thrown);
  return error instanceof Error && error.message.includes("no such table");
}
