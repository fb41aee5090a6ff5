import { positionOfRequest, readLogPosition } from "../../log/log-list-store.ts";
import type { LogPosition } from "../../log/logged-requests.ts";
import { readLogRetention } from "../../log/purge-log.ts";
import { DAY } from "../../platform/clock.ts";
import { encodeCursor } from "../../platform/opaque-cursor.ts";
import { runRead } from "../../platform/read-batch.ts";
import type { SettingRecord } from "../../settings/setting-store.ts";
import { isSilent } from "../../settings/shadow.ts";
import type { ConsoleContext } from "../console-env.ts";
import { isFirstPage, PAGE_SIZE, readEdges, toPageBothWays } from "../list-page.ts";
import { href, type LinkQuery } from "../routes.ts";
import { ExportLink } from "../views/export-link.tsx";
import { Page } from "../views/layout.tsx";
import { List, Table } from "../views/list.tsx";
import { countOf } from "../views/moments-and-counts.tsx";
import { Notice } from "../views/pills-notices-pager.tsx";
import { LogChips, LogFilters } from "./log-filters.tsx";
import { type Given, isFiltered, readLogQuery } from "./log-query.ts";
import { LookedTo, NoRequests, WhoIsNamed } from "./log-search-outcome.tsx";
import { columnsOfLog } from "./log-table.tsx";
import { isByName, readLogPage, selectLogFrame } from "./read-log-page.ts";

/**
 * A page looks at so many requests at most, where no index leads to those that are shown: it is there at once however long the
 * log is, and leads on from where it ended.
 */
const LOOKED_AT = 10_000;

/** Every SCIM request of a company, newest first or oldest first; a wrong time comes back as the form. */
export async function showLog(c: ConsoleContext) {
  const { company, session } = c.var;
  const { given, query, errors } = readLogQuery(c.req.query(), Date.now());
  const { frame, named, page, lookedTo, isFirst } = await readList(c, given, query);
  const days = Math.round(readLogRetention(c.env.LOG_RETENTION_DAYS) / DAY);
  const link = (more: LinkQuery = {}) => href("log", { companyId: company.id }, { ...given, ...more });
  // Whom a name means is looked up for each page: too much for what asks every few seconds.
  const isEmpty = page.rows.length === 0 && isFirst && !isFiltered(given) && query !== null;
  const isLive = isFirst && given.sort === null && query?.until === null && !isByName(given);
  return c.html(
    <Page
      title="Provisioning log"
      company={company}
      session={session}
      section="log"
      lead={`Every SCIM request that came in, what became of it, and what it meant. Kept for ${countOf(days, "day")}.`}
      aside={!isEmpty && <ExportLink url={href("logCsv", { companyId: company.id }, given)} />}
      notice={<InShadow companyId={company.id} settings={frame.settings} shown={given.setting} />}
    >
      {!isEmpty && <LogFilters companyId={company.id} given={given} errors={errors} isFiltered={isFiltered(given)} />}
      <LogChips companyId={company.id} given={given} {...frame} />
      {named !== null && <WhoIsNamed given={given} named={named} link={link} />}
      <div class="card flush spread requests">
        <Bar companyId={company.id} given={given} isLive={isLive} refresh={link()} />
        <List
          caption="Requests"
          columns={columnsOfLog(company.id)}
          page={page}
          isFirst={isFirst}
          link={link}
          order={given.sort ?? "-time"}
          isCounted
          empty={
            <NoRequests
              companyId={company.id}
              isFiltered={isFiltered(given)}
              isWrong={query === null}
              further={lookedTo && { to: lookedTo.time, url: further(page, link) }}
            />
          }
        />
        {lookedTo !== null && page.rows.length > 0 && <LookedTo time={lookedTo.time} />}
      </div>
    </Page>,
    query === null ? 422 : 200,
  );
}

type Listed = ReturnType<typeof toPageBothWays<Parameters<typeof positionOfRequest>[0], LogPosition>>;

function further({ next, previous }: Listed, link: (more: LinkQuery) => string): string | null {
  if (next !== null) return link({ after: next });
  return previous ? link({ before: previous }) : null;
}

async function readList(c: ConsoleContext, given: Given, query: ReturnType<typeof readLogQuery>["query"]) {
  const { company, database } = c.var;
  const url = href("log", { companyId: company.id }, given);
  const edges = readEdges(c, url, readLogPosition);
  const { before } = edges;
  if (query === null) {
    const frame = await runRead(database, selectLogFrame(company.key, given));
    const page = toPageBothWays(url, [], edges, positionOfRequest);
    return { frame, named: null, page, lookedTo: null, isFirst: true };
  }
  const isUp = (given.sort === "time") === (before === null);
  const asked = { take: PAGE_SIZE + 1, after: before ?? edges.after, isUp, most: LOOKED_AT };
  const { frame, named, lookedTo, ...requests } = await readLogPage(c, given, query, asked);
  const page = toPageBothWays(url, requests, edges, positionOfRequest);
  // Where it was not looked to the end, the page goes on from there.
  if (lookedTo !== null) page[before === null ? "next" : "previous"] = encodeCursor([url], lookedTo);
  return { frame, named, page, lookedTo, isFirst: isFirstPage(page, edges) };
}

interface BarProps {
  companyId: string;
  given: Given;
  /** Whether the newest requests are shown, so that those that come can be shown above them. */
  isLive: boolean;
  refresh: string;
}

/** The head of the list: how it is kept current, by a link or, where script runs, by itself. Nothing that is being read is moved. */
function Bar({ companyId, given, isLive, refresh }: BarProps) {
  return (
    <div class="row between tail">
      <span class="row small soft">
        <span data-tail-said>{given.sort === null ? "Newest first" : "Oldest first"}</span>
        <button type="button" data-tail-show hidden />
      </span>
      <span class="row">
        <a class="button" href={refresh}>
          Refresh
        </a>
        {isLive && (
          <button
            type="button"
            class="needs-script"
            aria-pressed="false"
            data-tail={href("newRequests", { companyId }, given)}
          >
            Live
          </button>
        )}
      </span>
    </div>
  );
}

/** Requests that came after a time, as rows for the page that has the ones before. */
export async function showNewRequests(c: ConsoleContext) {
  const { company } = c.var;
  const { given, query } = readLogQuery(c.req.query(), Date.now());
  const since = Number(c.req.query("since") ?? 0);
  if (query === null || !Number.isSafeInteger(since)) return c.text("", 422);
  const asked = { ...query, since: Math.max(query.since ?? 0, since) };
  const { rows } = await readLogPage(c, given, asked, { take: PAGE_SIZE, after: null, most: LOOKED_AT });
  return c.html(<Table caption="New requests" columns={columnsOfLog(company.id)} rows={rows} />);
}

/** Says which requests have no effect yet. */
function InShadow({
  companyId,
  settings,
  shown,
}: {
  companyId: string;
  settings: readonly SettingRecord[];
  shown: string | null;
}) {
  return (
    <>
      {settings
        .filter((setting) => isSilent(setting) && (!shown || setting.id === shown))
        .map(({ id, name }) => (
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
