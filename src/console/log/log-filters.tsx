import { z } from "zod";
import type { SettingRecord } from "../../settings/setting-store.ts";
import { href } from "../routes.ts";
import { FilterForm, Hidden, Input, Select } from "../views/form.tsx";
import type { LogQuery } from "./company-log-store.ts";

const HOUR = 3_600_000;
const STRETCHES = { "1h": HOUR, "24h": 24 * HOUR, "7d": 168 * HOUR } as const;

/** What the log's URL may ask for. */
export const logQuery = z.object({
  q: z.string().trim().max(200).catch(""),
  outcome: z.enum(["success", "failure"]).nullable().catch(null),
  kind: z.enum(["users", "groups", "read", "write"]).nullable().catch(null),
  setting: z.string().nullable().catch(null),
  resource: z.string().nullable().catch(null),
  within: z.enum(["1h", "24h", "7d"]).nullable().catch(null),
});
/** What the log's URL asks for. */
export type Given = z.output<typeof logQuery>;
/** What was asked for, as the store takes it. */
export function toQuery(given: Given, now: number): LogQuery {
  return {
    search: given.q,
    outcome: given.outcome,
    kind: given.kind,
    settingId: given.setting === "" ? null : given.setting,
    resourceId: given.resource === "" ? null : given.resource,
    since: given.within === null ? null : now - STRETCHES[given.within],
  };
}

interface FilterProps {
  companyId: string;
  given: Given;
  settings: readonly SettingRecord[];
  isFiltered: boolean;
}

/** The filters above the log. */
export function LogFilters({ companyId, given, settings, isFiltered }: FilterProps) {
  const url = href("log", { companyId });
  const any = { value: "", label: "Any" };
  return (
    <FilterForm url={url} action="Filter" isFiltered={isFiltered}>
      <Input
        grow
        name="q"
        label="Person or group"
        type="search"
        values={{ q: given.q }}
        errors={{}}
        placeholder="Part of the name"
        maxlength={200}
      />
      <Select
        name="outcome"
        label="Outcome"
        values={{ outcome: given.outcome ?? "" }}
        options={[any, { value: "success", label: "Accepted" }, { value: "failure", label: "Failed" }]}
      />
      <Select
        name="kind"
        label="Kind"
        values={{ kind: given.kind ?? "" }}
        options={[
          any,
          { value: "users", label: "About users" },
          { value: "groups", label: "About groups" },
          { value: "read", label: "Questions" },
          { value: "write", label: "Changes" },
        ]}
      />
      <Select
        name="within"
        label="Time"
        values={{ within: given.within ?? "" }}
        options={[
          any,
          { value: "1h", label: "Last hour" },
          { value: "24h", label: "Last 24 hours" },
          { value: "7d", label: "Last 7 days" },
        ]}
      />
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
    </FilterForm>
  );
}
