import * as z from "zod";
import type { CompanyLogQuery } from "../../log/log-list-store.ts";
import { parseTime } from "../parse-time.ts";
import type { Errors } from "../read-form.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const STRETCHES = { "1h": HOUR, "24h": 24 * HOUR, "7d": 168 * HOUR } as const;

/** The methods that requests are listed by. */
export const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"] as const;

/** What the log's URL may ask for; `from` and `to` count when `within` is `range`. */
export const logQuery = z.object({
  q: z.string().trim().max(200).catch(""),
  outcome: z.enum(["success", "failure"]).nullable().catch(null),
  kind: z.enum(["users", "groups", "read", "write"]).nullable().catch(null),
  setting: z.string().nullable().catch(null),
  resource: z.string().nullable().catch(null),
  status: z.coerce.number().int().min(100).max(599).nullable().catch(null),
  method: z.enum(METHODS).nullable().catch(null),
  credential: z.string().nullable().catch(null),
  // Whom a text names is looked up first, unless it is to be found in the requests themselves.
  in: z.literal("requests").nullable().catch(null),
  sort: z.literal("time").nullable().catch(null),
  within: z.enum(["1h", "24h", "7d", "range"]).nullable().catch(null),
  from: z.string().trim().max(40).catch(""),
  to: z.string().trim().max(40).catch(""),
});
/** What the log's URL asks for, as it was typed. */
export type Given = z.output<typeof logQuery>;

/** Reads what the log's URL asks for; `query` is null when a time in it is wrong, which `errors` tells by field. */
export function readLogQuery(
  values: Record<string, string>,
  now: number,
): { given: Given; query: CompanyLogQuery | null; errors: Errors } {
  const given = logQuery.parse(values);
  const { errors, ...times } = readTimes(given, now);
  const query: CompanyLogQuery = {
    search: given.q,
    outcome: given.outcome,
    kind: given.kind,
    settingId: given.setting === "" ? null : given.setting,
    resourceId: given.resource === "" ? null : given.resource,
    status: given.status,
    method: given.method,
    tokenId: given.credential === "" ? null : given.credential,
    ...times,
  };
  return { given, query: Object.keys(errors).length === 0 ? query : null, errors };
}

function readTimes(
  { within, from, to }: Given,
  now: number,
): { since: number | null; until: number | null; errors: Errors } {
  if (within === null) return { since: null, until: null, errors: {} };
  if (within !== "range") return { since: now - STRETCHES[within], until: null, errors: {} };
  const since = parseTime(from);
  const last = parseTime(to);
  // The minute that is named last is within.
  const until = last === null ? null : last + MINUTE;
  const unreadable = "Give a day and a time, such as 2026-11-24T13:05.";
  const errors: Errors = {
    ...(Number.isNaN(since) && { from: unreadable }),
    ...(Number.isNaN(until) && { to: unreadable }),
    ...(since === null && until === null && { from: "Give at least one of the two times." }),
    ...(since !== null && until !== null && until <= since && { to: "This is before the other time." }),
  };
  return { since, until, errors };
}

/** Whether the log's URL leaves anything out. */
export function isFiltered({ sort: _sort, ...given }: Given): boolean {
  return Object.values(given).some((value) => value !== null && value !== "");
}
