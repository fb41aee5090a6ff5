import { z } from "zod";
import { readLogRetention } from "../../log/retention.ts";
import { isoTime } from "../../platform/clock.ts";
import { listSettings, type SettingRecord } from "../../settings/setting-store.ts";
import type { ConsoleContext } from "../console-env.ts";
import { streamCsv } from "../csv.ts";
import { decodeKey, type Page as ListPage, PAGE_SIZE, toPage } from "../cursor.ts";
import { href } from "../routes.ts";
import { FilterForm, Hidden, Input, Select } from "../views/form.tsx";
import { Page } from "../views/layout.tsx";
import { countOf, Empty, Moment, Pager, Pill } from "../views/parts.tsx";
import { type LogQuery, listRequests } from "./company-log-store.ts";
import { explainRequest } from "./explain-request.ts";

const HOUR = 3_600_000;
const STRETCHES = { "1h": HOUR, "24h": 24 * HOUR, "7d": 168 * HOUR } as const;

const logQuery = z.object({
  q: z.string().trim().max(200).catch(""),
  outcome: z.enum(["success", "failure"]).nullable().catch(null),
  kind: z.enum(["users", "groups", "read", "write"]).nullable().catch(null),
  setting: z.string().nullable().catch(null),
  resource: z.string().nullable().catch(null),
  within: z.enum(["1h", "24h", "7d"]).nullable().catch(null),
});
type Given = z.output<typeof logQuery>;
type Row = Awaited<ReturnType<typeof listRequests>>[number];

function toQuery(given: Given, now: number): LogQuery {
  return {
    search: given.q,
    outcome: given.outcome,
    kind: given.kind,
    settingId: given.setting === "" ? null : given.setting,
    resourceId: given.resource === "" ? null : given.resource,
    since: given.within === null ? null : now - STRETCHES[given.within],
  };
}

/** Every SCIM request of a company, newest first. */
export async function showLog(c: ConsoleContext) {
  const { company, database, session } = c.var;
  const given = logQuery.parse(c.req.query());
  const before = decodeKey(c.req.query("after"));
  const [settings, rows] = await Promise.all([
    listSettings(database, company.key, { take: 200, after: null }),
    listRequests(database, company.key, toQuery(given, Date.now()), { take: PAGE_SIZE + 1, before }),
  ]);
  const days = Math.round(readLogRetention(c.env.LOG_RETENTION_DAYS) / (24 * HOUR));
  const page = toPage(rows, PAGE_SIZE, (row) => [row.key]);
  const isFiltered = Object.values(given).some((value) => value !== null && value !== "");
  return c.html(
    <Page
      title="Provisioning log"
      company={company}
      session={session}
      section="log"
      lead={`Every SCIM request that came in, what became of it, and what it meant. Times are UTC; kept for ${countOf(days, "day")}.`}
      aside={
        <a class="button" href={href("logCsv", { companyId: company.id }, given)}>
          Export CSV
        </a>
      }
    >
      <Filters companyId={company.id} given={given} settings={settings} isFiltered={isFiltered} />
      <div class="card flush">
        {page.rows.length === 0 ? (
          <NoRequests isFiltered={isFiltered} />
        ) : (
          <LogTable companyId={company.id} given={given} page={page} isFirst={before === null} />
        )}
      </div>
    </Page>,
  );
}

interface FilterProps {
  companyId: string;
  given: Given;
  settings: readonly SettingRecord[];
  isFiltered: boolean;
}

function Filters({ companyId, given, settings, isFiltered }: FilterProps) {
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

function NoRequests({ isFiltered }: { isFiltered: boolean }) {
  return isFiltered ? (
    <Empty icon="log" title="No request matches">
      <p>Try another outcome, kind or time.</p>
    </Empty>
  ) : (
    <Empty icon="log" title="No request yet">
      <p>As soon as an identity provider tests its connection, its requests are listed here.</p>
    </Empty>
  );
}

interface TableProps {
  companyId: string;
  given: Given;
  page: ListPage<Row>;
  isFirst: boolean;
}

function LogTable({ companyId, given, page, isFirst }: TableProps) {
  return (
    <>
      <table>
        <caption>Requests</caption>
        <thead>
          <tr>
            <th scope="col">Time</th>
            <th scope="col">What it meant</th>
            <th scope="col">Outcome</th>
            <th scope="col" class="number wide">
              Took
            </th>
          </tr>
        </thead>
        <tbody>
          {page.rows.map((row) => (
            <tr>
              <td>
                <Moment time={row.time} exact />
                <span class="sub">{row.settingName}</span>
              </td>
              <th scope="row">
                <a href={href("logEntry", { companyId, requestId: row.id })}>{shorten(explainRequest(row))}</a>
                <span class="sub mono wide">{`${row.method} ${row.path.split("?")[0]}`}</span>
              </th>
              <td>
                <OutcomePill status={row.status} />
              </td>
              <td class="number wide nowrap">{`${row.duration} ms`}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <Pager
        shown={`${page.rows.length} shown`}
        first={isFirst ? null : href("log", { companyId }, given)}
        next={page.next === null ? null : href("log", { companyId }, { ...given, after: page.next })}
      />
    </>
  );
}

/** A sentence about the provider without its subject, which every row shares. */
function shorten(sentence: string): string {
  const rest = sentence.replace(/^The provider /, "").replace(/\.$/, "");
  return rest.charAt(0).toUpperCase() + rest.slice(1);
}

/** An answer's status, coloured by whether it was accepted. */
export function OutcomePill({ status }: { status: number }) {
  return <Pill tone={status < 400 ? "good" : "bad"}>{status}</Pill>;
}

/** The same list as a download, all of it. */
export function exportLog(c: ConsoleContext) {
  const { company, database } = c.var;
  const query = toQuery(logQuery.parse(c.req.query()), Date.now());
  return streamCsv<Row, number>(`provisioning-log-${company.name}`, {
    head: [
      "Time",
      "SCIM setting",
      "Method",
      "Path",
      "About",
      "Status",
      "Error",
      "Detail",
      "Milliseconds",
      "What it meant",
      "Request id",
    ],
    read: (before, take) => listRequests(database, company.key, query, { take, before }),
    at: (row) => row.key,
    values: (row) => [
      isoTime(row.time),
      row.settingName,
      row.method,
      row.path,
      row.label,
      row.status,
      row.scimType,
      row.detail,
      row.duration,
      explainRequest(row),
      row.id,
    ],
  });
}
