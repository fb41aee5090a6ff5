import { explainRequest } from "../../log/explain-request.ts";
import { type ListedRequest, listRequests, positionOfRequest, readLogPosition } from "../../log/log-list-store.ts";
import type { LogPosition } from "../../log/logged-requests.ts";
import { readLogRetention } from "../../log/purge-log.ts";
import { DAY, isoTime } from "../../platform/clock.ts";
import { NOTHING, runRead } from "../../platform/read-batch.ts";
import { type SettingRecord, selectSettings } from "../../settings/setting-store.ts";
import { isSilent } from "../../settings/shadow.ts";
import type { ConsoleContext } from "../console-env.ts";
import { streamCsv } from "../csv.ts";
import { PAGE_SIZE, readCursor, toPage } from "../list-page.ts";
import { Refused } from "../refused.ts";
import { href } from "../routes.ts";
import { patientSearchOf, searchOf } from "../search-in-share.ts";
import { Page } from "../views/layout.tsx";
import { type Column, List } from "../views/list.tsx";
import { countOf, Moment } from "../views/moments-and-counts.tsx";
import { Empty, Notice, Pill } from "../views/pills-notices-pager.tsx";
import { LogFilters, readLogQuery } from "./log-filters.tsx";

/** Every SCIM request of a company, newest first; a wrong time comes back as the form. */
export async function showLog(c: ConsoleContext) {
  const { company, database, session } = c.var;
  const { given, query, errors } = readLogQuery(c.req.query(), Date.now());
  const url = href("log", { companyId: company.id }, given);
  const after = readCursor(url, c.req.query("after"), readLogPosition);
  const listed = selectSettings(company.key, { take: 200, after: null });
  const { beside: settings, ...requests } =
    query === null
      ? { rows: [], isCut: false, beside: await runRead(database, listed) }
      : await listRequests(database, company.key, query, { take: PAGE_SIZE + 1, after }, listed, searchOf(c));
  const days = Math.round(readLogRetention(c.env.LOG_RETENTION_DAYS) / DAY);
  const page = toPage(url, requests, PAGE_SIZE, positionOfRequest);
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
      notice={
        <InShadow
          companyId={company.id}
          settings={settings.filter(({ id }) => !given.setting || id === given.setting)}
        />
      }
    >
      <LogFilters companyId={company.id} given={given} errors={errors} settings={settings} isFiltered={isFiltered} />
      <div class="card flush">
        <List
          caption="Requests"
          columns={columnsOf(company.id)}
          page={page}
          isFirst={after === null}
          link={(more) => href("log", { companyId: company.id }, { ...given, ...more })}
          isCounted
          empty={<NoRequests isFiltered={isFiltered} isWrong={query === null} />}
        />
      </div>
    </Page>,
    query === null ? 422 : 200,
  );
}

/** Says which requests have no effect yet. */
function InShadow({ companyId, settings }: { companyId: string; settings: readonly SettingRecord[] }) {
  return (
    <>
      {settings.filter(isSilent).map(({ id, name }) => (
        <Notice tone="warn">
          <p>
            <strong>{`“${name}” is in shadow`}</strong>
            {": its requests are answered in full, and nothing of them shows. "}
            <a href={href("shadow", { companyId, settingId: id })}>See what going live would do</a>
          </p>
        </Notice>
      ))}
    </>
  );
}

function NoRequests({ isFiltered, isWrong }: { isFiltered: boolean; isWrong: boolean }) {
  if (isWrong)
    return (
      <Empty icon="log" title="Nothing was looked up">
        <p>Correct the times above, then filter again.</p>
      </Empty>
    );
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

function columnsOf(companyId: string): Column<ListedRequest>[] {
  return [
    {
      head: "Time",
      look: "wide",
      cell: ({ time, settingName }) => (
        <>
          <Moment time={time} exact="bare" />
          <span class="sub">{settingName}</span>
        </>
      ),
    },
    {
      head: "What it meant",
      namesRow: true,
      cell: (row) => (
        <>
          <a href={href("logEntry", { companyId, requestId: row.id })}>{shorten(explainRequest(row))}</a>
          <span class="sub slim">
            <Moment time={row.time} exact="bare" /> · {row.settingName}
          </span>
          <span class="sub mono wide">{`${row.method} ${row.path.split("?")[0]}`}</span>
        </>
      ),
    },
    { head: "Outcome", cell: ({ status }) => <OutcomePill status={status} /> },
    { head: "Took", look: "number wide nowrap", cell: ({ duration }) => `${duration} ms` },
  ];
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
  const { query } = readLogQuery(c.req.query(), Date.now());
  if (query === null) throw new Refused(400, "A time is wrong", "Go back to the log and correct its times.");
  const readInShare = patientSearchOf(c);
  return streamCsv<ListedRequest, LogPosition>(`provisioning-log-${company.name}`, {
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
    read: async (after, take) =>
      (await listRequests(database, company.key, query, { take, after }, NOTHING, readInShare)).rows,
    at: positionOfRequest,
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
