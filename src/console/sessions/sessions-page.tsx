import type { Child } from "hono/jsx";
import type { ConsoleSession } from "../../companies/console-session-store.ts";
import type { ConsoleContext } from "../console-env.ts";
import { href } from "../routes.ts";
import { FormEnd } from "../views/form.tsx";
import { Page } from "../views/layout.tsx";
import { type Column, Table } from "../views/list.tsx";
import { countOf, Moment } from "../views/moments-and-counts.tsx";
import { Pill } from "../views/pills-notices-pager.tsx";

/** Where the pages of one owner's sessions are. */
interface Urls {
  list: string;
  endAll: string;
  end(sessionId: string): string;
}

/** Who is signed in here: since when, by what, until when; each session can be ended. */
export function showSessions(c: ConsoleContext, sessions: readonly ConsoleSession[], notice: Child) {
  const urls = urlsOf(c);
  const others = sessions.filter(({ id }) => id !== c.var.session.id);
  return c.html(
    <Page
      title="Sessions"
      company={companyOf(c)}
      session={c.var.session}
      lead="Browsers that are signed in. A session ends after two hours without a page, twelve hours after its start, or here."
      notice={notice}
      narrow
    >
      <div class="stack">
        <section class="card flush" aria-label="Sessions">
          {sessions.length === 0 ? (
            <p class="pager">No admin of this company is signed in by a link.</p>
          ) : (
            <Table caption="Sessions" columns={columnsOf(urls, c.var.session.id)} rows={sessions} />
          )}
        </section>
        {others.length > 0 && (
          <p>
            <a class="button danger" href={urls.endAll}>
              End all others
            </a>
          </p>
        )}
      </div>
    </Page>,
  );
}

/** Asks before all other sessions are ended. */
export function showEndingAll(c: ConsoleContext, sessions: readonly ConsoleSession[]) {
  const urls = urlsOf(c);
  const others = sessions.filter(({ id }) => id !== c.var.session.id);
  return c.html(
    <Page
      title="End all other sessions?"
      company={companyOf(c)}
      session={c.var.session}
      crumbs={[{ label: "Sessions", url: urls.list }]}
      narrow
    >
      <form class="card stack" method="post" action={urls.endAll}>
        <p>
          {countOf(others.length, "browser is", "browsers are")} signed out from the next page on
          {c.var.session.role === "operator" && companyOf(c) === null
            ? ", and must give the operator key again."
            : ", and needs a new sign-in link to come back."}
          {" This browser stays signed in."}
        </p>
        <FormEnd cancel={urls.list} label="End all other sessions" isDanger />
      </form>
    </Page>,
  );
}

function columnsOf(urls: Urls, ownId: string): readonly Column<ConsoleSession>[] {
  return [
    {
      head: "Signed in",
      namesRow: true,
      cell: ({ id, createdAt }) => (
        <>
          <Moment time={createdAt} exact /> {id === ownId && <Pill tone="good">This one</Pill>}
        </>
      ),
    },
    { head: "By", look: "wide", cell: ({ companyKey, entry }) => <Entry isLink={companyKey !== null} entry={entry} /> },
    { head: "Last page", cell: ({ lastSeenAt }) => <Moment time={lastSeenAt} /> },
    { head: "Ends at", look: "wide", cell: ({ expiresAt }) => <Moment time={expiresAt} exact /> },
    {
      head: <span class="hidden">Action</span>,
      cell: ({ id, entry }) => (
        <form method="post" action={urls.end(id)}>
          <button class="plain danger" type="submit" aria-label={`End the session of ${entry.slice(0, 8)}`}>
            End
          </button>
        </form>
      ),
    },
  ];
}

/** A link or a key has no name: the start of its digest tells it from others. */
function Entry({ isLink, entry }: { isLink: boolean; entry: string }) {
  return (
    <>
      {isLink ? "link " : "operator key "}
      <span class="mono">{entry.slice(0, 8)}</span>
    </>
  );
}

/** Null on the operator's own page, which is no company's. */
function companyOf(c: ConsoleContext) {
  // Set below a company's path only, whatever its type says.
  const company: ConsoleContext["var"]["company"] | undefined = c.var.company;
  return company ?? null;
}

function urlsOf(c: ConsoleContext): Urls {
  const company = companyOf(c);
  if (company === null)
    return {
      list: href("operatorSessions", {}),
      endAll: href("endOperatorSessions", {}),
      end: (sessionId) => href("endOperatorSession", { sessionId }),
    };
  const at = { companyId: company.id };
  return {
    list: href("sessions", at),
    endAll: href("endSessions", at),
    end: (sessionId) => href("endSession", { ...at, sessionId }),
  };
}
