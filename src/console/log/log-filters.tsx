import type { NamedResource } from "../../directory/named-resources.ts";
import type { CredentialRecord } from "../../settings/credential-store.ts";
import type { SettingRecord } from "../../settings/setting-store.ts";
import type { Errors } from "../read-form.ts";
import { href } from "../routes.ts";
import { FilterForm, Hidden, Input, Select } from "../views/form.tsx";
import { SearchField } from "../views/list.tsx";
import { nameOfCredential } from "./credential-words.ts";
import { type Given, METHODS } from "./log-query.ts";

interface FilterProps {
  companyId: string;
  given: Given;
  errors: Errors;
  isFiltered: boolean;
}

const SPANS = [
  { value: "", label: "Any" },
  { value: "1h", label: "Last hour" },
  { value: "24h", label: "Last 24 hours" },
  { value: "7d", label: "Last 7 days" },
  { value: "range", label: "Between two times" },
];

/** What is typed above the log: a name, and between which times. */
export function LogFilters({ companyId, given, errors, isFiltered }: FilterProps) {
  const { q, within, from, to, in: _in, ...chosen } = given;
  const carried = Object.entries(chosen).map(([name, value]) => [name, value === null ? undefined : String(value)]);
  return (
    <FilterForm url={href("log", { companyId })} action="Search" isFiltered={isFiltered}>
      <SearchField label="Person or group" value={q} placeholder="Name, user name, e-mail or group" />
      <Select name="within" label="Time" values={{ within: within ?? "" }} options={SPANS} />
      <Hidden values={Object.fromEntries(carried)} />
      <div class="when-range">
        <Input name="from" label="From (UTC)" type="datetime-local" values={{ from }} errors={errors} />
        <Input name="to" label="To (UTC)" type="datetime-local" values={{ to }} errors={errors} />
      </div>
    </FilterForm>
  );
}

/** One filter that is chosen from a few values. */
interface Chip {
  name: keyof Given;
  label: string;
  options: readonly { value: string; label: string }[];
  /** What cannot be asked for beside it. */
  clears?: readonly (keyof Given)[];
}

const OUTCOME: Chip = {
  name: "outcome",
  label: "Outcome",
  options: [
    { value: "success", label: "Accepted" },
    { value: "failure", label: "Failed" },
  ],
  clears: ["status"],
};

const STATUS: Chip = {
  name: "status",
  label: "Status",
  options: Object.entries({
    ...{ 200: "answered", 201: "made", 204: "done" },
    ...{ 400: "not accepted as sent", 401: "sign-in refused", 403: "not allowed", 404: "not here", 409: "name taken" },
    ...{ 412: "changed in between", 413: "too large", 415: "not JSON", 429: "too many", 500: "our fault", 503: "busy" },
  }).map(([value, words]) => ({ value, label: `${value} ${words}` })),
  clears: ["outcome"],
};

const METHOD: Chip = {
  name: "method",
  label: "Method",
  options: METHODS.map((value) => ({ value, label: value })),
};

const KIND: Chip = {
  name: "kind",
  label: "Kind",
  options: [
    { value: "users", label: "About users" },
    { value: "groups", label: "About groups" },
    { value: "read", label: "Questions" },
    { value: "write", label: "Changes" },
  ],
};

interface ChipsProps {
  companyId: string;
  given: Given;
  settings: readonly SettingRecord[];
  credentials: readonly CredentialRecord[];
  /** Whom the requests are about, where only those about one are shown. */
  resource: NamedResource | null;
}

/** What is chosen above the log: a menu of links for each filter, which works without script. */
export function LogChips({ companyId, given, settings, credentials, resource }: ChipsProps) {
  const chips: Chip[] = [OUTCOME, STATUS, METHOD, KIND];
  if (settings.length > 1)
    chips.push({
      ...{ name: "setting", label: "SCIM setting", clears: ["credential"] },
      options: settings.map(({ id, name }) => ({ value: id, label: name })),
    });
  const usable = credentials.filter(({ settingId }) => !given.setting || settingId === given.setting);
  if (usable.length > 0)
    chips.push({
      ...{ name: "credential", label: "Credential" },
      options: usable.map((credential) => ({ value: credential.id, label: nameOfCredential(credential) })),
    });
  const link = (more: Partial<Given>) => href("log", { companyId }, { ...given, ...more });
  return (
    <nav class="choosers" aria-label="Filters">
      {chips.map((chip) => (
        <Menu chip={chip} given={given} link={link} />
      ))}
      {given.resource && (
        <div class="chooser on">
          <span class="said">
            About: <strong>{resource?.name ?? "one that is not here"}</strong>
          </span>
          <Off label={`About: ${resource?.name ?? "one that is not here"}`} url={link({ resource: null })} />
        </div>
      )}
    </nav>
  );
}

function Menu({ chip, given, link }: { chip: Chip; given: Given; link: (more: Partial<Given>) => string }) {
  const { name, label, options, clears = [] } = chip;
  const value = given[name] === null ? "" : String(given[name]);
  const chosen = value === "" ? undefined : (options.find((option) => option.value === value)?.label ?? value);
  const cleared = Object.fromEntries(clears.map((other) => [other, null]));
  return (
    <div class={chosen === undefined ? "chooser" : "chooser on"}>
      <details name="filter">
        <summary>
          {label}
          {chosen !== undefined && (
            <>
              : <strong>{chosen}</strong>
            </>
          )}
        </summary>
        <ul>
          {options.map((option) => (
            <li>
              <a
                href={link({ ...cleared, [name]: option.value })}
                aria-current={option.value === value ? "true" : undefined}
              >
                {option.label}
              </a>
            </li>
          ))}
        </ul>
      </details>
      {chosen !== undefined && <Off label={`${label}: ${chosen}`} url={link({ [name]: null })} />}
    </div>
  );
}

function Off({ label, url }: { label: string; url: string }) {
  return (
    <a class="off" href={url}>
      <span aria-hidden="true">×</span>
      <span class="hidden">{`Remove the filter ${label}`}</span>
    </a>
  );
}
