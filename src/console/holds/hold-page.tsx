import type { ReadInShare } from "../../companies/read-in-share.ts";
import { indexedReads } from "../../companies/split-long-reads.ts";
import type { HoldCause } from "../../holds/hold.ts";
import { type HoldRecord, listHeldPeople, type PeoplePage, selectHold } from "../../holds/hold-store.ts";
import { findLogged } from "../../log/log-store.ts";
import { readKey } from "../../platform/list-position.ts";
import { runRead } from "../../platform/read-batch.ts";
import { forecastWithdrawals, type LosingPerson } from "../../previews/preview-release.ts";
import type { ConsoleContext } from "../console-env.ts";
import { byPosition, streamCsv } from "../csv.ts";
import { isFirstPage, PAGE_SIZE, readEdges, toPageBothWays } from "../list-page.ts";
import { atOneMoment } from "../read-page-at-one-moment.ts";
import { notHere } from "../refused.ts";
import { href } from "../routes.ts";
import { patientSearchOf, searchOf } from "../search-in-share.ts";
import { capital, curlyCause } from "../views/curly-quotes.ts";
import { ExportLink } from "../views/export-link.tsx";
import { Page } from "../views/layout.tsx";
import { countOf, Moment } from "../views/moments-and-counts.tsx";
import { DecideCard } from "./decide-card.tsx";
import { HeldPeople } from "./held-people.tsx";
import { HoldCounts, ProgressNotice, readProgress } from "./hold-progress.tsx";
import { describeEffect, HOLD_WORDS, isPersonKept } from "./hold-words.tsx";

/** The company's hold of the path, or 404. */
export async function requireHold(c: ConsoleContext): Promise<HoldRecord> {
  const hold = await runRead(c.var.database, selectHold(c.var.company.key, c.req.param("holdId") ?? ""));
  if (hold === null) throw notHere();
  return hold;
}

/** People of a hold, with what each is withdrawn from by a release. */
async function listLosing(
  c: ConsoleContext,
  { key }: HoldRecord,
  page: PeoplePage,
  search: ReadInShare,
): Promise<LosingPerson[]> {
  const { company, database } = c.var;
  const people = await listHeldPeople(database, key, page, search);
  return forecastWithdrawals(indexedReads(database), company.key, key, people);
}

/** One hold: what waits, because of what, and of whom. */
export async function showHold(c: ConsoleContext) {
  const { company, database, session } = c.var;
  const at = { companyId: company.id, holdId: c.req.param("holdId") ?? "" };
  const search = (c.req.query("q") ?? "").trim().slice(0, 200);
  const url = href("hold", at, { q: search });
  const edges = readEdges(c, url, readKey);
  const query = { take: PAGE_SIZE + 1, ...edges, search: search === "" ? null : search };
  const { hold, people, progress } = await atOneMoment(c, async () => {
    const found = await requireHold(c);
    const [rows, steps] = await Promise.all([listLosing(c, found, query, searchOf(c)), readProgress(c, found)]);
    return { hold: found, people: rows, progress: steps };
  });
  // This says only which links lead somewhere.
  const logged = await findLogged(
    database,
    company.key,
    hold.causes.flatMap(({ requestIds }) => requestIds),
  );
  const page = toPageBothWays(url, people, edges, ({ key }) => key);
  return c.html(
    <Page
      title={HOLD_WORDS[hold.kind].title}
      company={company}
      session={session}
      section="holds"
      crumbs={[{ label: "Holds", url: href("holds", { companyId: company.id }) }]}
      lead={<Lead companyId={company.id} hold={hold} />}
      aside={<ExportLink url={href("heldPeopleCsv", at, { q: search })} />}
      notice={<ProgressNotice done={c.req.query("done")} progress={progress} />}
    >
      <div class="stack">
        <HoldCounts hold={hold} applied={progress.applied} />
        <div class="columns">
          <DecideCard at={at} hold={hold} applied={progress.applied} />
          <Causes companyId={company.id} hold={hold} logged={logged} />
        </div>
        <HeldPeople at={at} hold={hold} search={search} page={page} isFirst={isFirstPage(page, edges)} />
      </div>
    </Page>,
  );
}

function Lead({ companyId, hold }: { companyId: string; hold: HoldRecord }) {
  return (
    <>
      {`${HOLD_WORDS[hold.kind].what} SCIM setting `}
      <a href={href("setting", { companyId, settingId: hold.settingId })}>{hold.settingName}</a>
      {", opened "}
      <Moment time={hold.openedAt} />.
    </>
  );
}

function Causes({ companyId, hold, logged }: { companyId: string; hold: HoldRecord; logged: ReadonlySet<string> }) {
  const settingId = hold.settingId;
  return (
    <section class="card stack tight" aria-labelledby="causes-title">
      <h2 id="causes-title">Because of what</h2>
      <ul class="plain-list">
        {hold.causes.map((cause) => (
          <li>
            <strong>{capital(curlyCause(cause.detail))}</strong>
            {`: ${countOf(cause.people, "time")}`}
            <Requests companyId={companyId} cause={cause} logged={logged} />
          </li>
        ))}
      </ul>
      <p class="small">
        <a href={href("log", { companyId }, { setting: settingId })}>All requests of this setting</a>
        {" · "}
        <a href={href("tokens", { companyId, settingId })}>The credentials they came with</a>
      </p>
    </section>
  );
}

/** How many requests of a cause the page names. */
const SHOWN_REQUESTS = 5;

function Requests({ companyId, cause, logged }: { companyId: string; cause: HoldCause; logged: ReadonlySet<string> }) {
  const shown = cause.requestIds.filter((id) => logged.has(id)).slice(-SHOWN_REQUESTS);
  if (shown.length === 0) return null;
  return (
    <span class="small">
      {" · the latest requests: "}
      {shown.map((requestId, index) => (
        <>
          {index > 0 && ", "}
          <a
            href={href("logEntry", { companyId, requestId })}
            aria-label={`Request ${index + 1} of ${curlyCause(cause.detail)}`}
          >
            {String(index + 1)}
          </a>
        </>
      ))}
    </span>
  );
}

/** All people of a hold as a download. */
export async function exportHeldPeople(c: ConsoleContext) {
  const hold = await requireHold(c);
  const search = (c.req.query("q") ?? "").trim().slice(0, 200);
  return streamCsv<LosingPerson>(`held-${hold.kind}`, {
    head: ["User name", "State", "What", "Target groups", "Withdrawn from", "Id"],
    next: byPosition(
      (after: number | null, take) =>
        listLosing(c, hold, { take, after, search: search === "" ? null : search }, patientSearchOf(c)),
      ({ key }) => key,
    ),
    values: (person) => [
      person.userName,
      isPersonKept(person) ? "kept" : "waiting",
      describeEffect(person),
      person.groups.map(({ name }) => name).join("; "),
      person.losing.map(({ name }) => name).join("; "),
      person.userId,
    ],
  });
}
