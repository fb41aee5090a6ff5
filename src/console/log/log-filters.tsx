import * as z from "zod";
import type { CompanyLogQuery } from "../../log/log-list-store.ts";
import type { SettingRecord } from "../../settings/setting-store.ts";
import { parseTime } from "../parse-time.ts";
import type { Errors } from "../read-form.ts";
import { href } from "../routes.ts";
import { FilterForm, Hidden, Input, Select } from "../views/form.tsx";
import { SearchField } from "../views/list.tsx";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const STRETCHES = { "1h": HOUR, "24h": 24 * HOUR, "7d": 168 * HOUR } as const;

/** What the log's URL may ask for; `from` and `to` count when `within` is `range`. */
export const logQuery = z.object({
  q: z.string().trim().max(200).catch(""),
  outcome: z.enum(["success", "failure"]).nullable().catch(null),
  kind: z.enum(["users", "groups", "read", "write"]).nullable().catch(null),
  setting: z.string().nullable().catch(null),
  resource: z.string().nullable().catch(null),
  within: z.enum(["1h", "24h", "7d", "range"]).nullable().catch(null),
  from: z.string().trim().max(40).catch(""),
  to: z.string().trim().max(40).catch(""),
});
/** What the log's URL asks for, as it was typed. */
type Given = z.output<typeof logQuery>;

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

interface FilterProps {
  companyId: string;
  given: Given;
  errors: Errors;
  settings: readonly SettingRecord[];
  isFiltered: boolean;
}

const ANY = { value: "", label: "Any" };
const OUTCOMES = [ANY, { value: "success", label: "Accepted" }, { value: "failure", label: "Failed" }];
const KINDS = [
  ANY,
  { value: "users", label: "About users" },
  { value: "groups", label: "About groups" },
  { value: "read", label: "Questions" },
  { value: "write", label: "Changes" },
];
const SPANS = [
  ANY,
  { value: "1h", label: "Last hour" },
  { value: "24h", label: "Last 24 hours" },
  { value: "7d", label: "Last 7 days" },
  { value: "range", label: "Between two times" },
];

/** The filters above the log. */
export function LogFilters({ companyId, given, errors, settings, isFiltered }: FilterProps) {
  const url = href("log", { companyId });
  const times = { from: given.from, to: given.to };
  return (
    <FilterForm url={url} action="Filter" isFiltered={isFiltered}>
      <SearchField label="Person or group" value={given.q} placeholder="Part of the name" />
      <Select name="outcome" label="Outcome" values={{ outcome: given.outcome ?? "" }} options={OUTCOMES} />
      <Select name="kind" label="Kind" values={{ kind: given.kind ?? "" }} options={KINDS} />
      <Select name="within" label="Time" values={{ within: given.within ?? "" }} options={SPANS} />
      {settings.length > 1 ? (
        <Select
          name="setting"
          label="SCIM setting"
          values={{ setting: given.setting ?? "" }}
          options={[{ value: "", label: "All" }, ...settings.map(({ id, name }) => ({ value: id, label: name }))]}
        />
      ) : (
        <Hidden values={{ setting: given.setting ?? undefined }} />
      )}
      <Hidden values={{ resource: given.resource ?? undefined }} />
      <div class="when-range">
        <Input name="from" label="From (UTC)" type="datetime-local" values={times} errors={errors} />
        <Input name="to" label="To (UTC)" type="datetime-local" values={times} errors={errors} />
      </div>
    </FilterForm>
  );
}
