import { ALERT_STATUSES, type AlertStatus } from "../../alerts/alert.ts";
import { type AlertRecord, selectAlerts, selectPlannedWork } from "../../alerts/alert-store.ts";
import { readText } from "../../platform/list-position.ts";
import { runRead, together } from "../../platform/read-batch.ts";
import type { ConsoleContext } from "../console-env.ts";
import { isFirstPage, type ListPage, PAGE_SIZE, readEdges, toPageBothWays } from "../list-page.ts";
import { href } from "../routes.ts";
import { DoneNotice } from "../views/done-notice.tsx";
import { Page } from "../views/layout.tsx";
import { type Column, List } from "../views/list.tsx";
import { Moment } from "../views/moments-and-counts.tsx";
import { Empty } from "../views/pills-notices-pager.tsx";
import { Tabs } from "../views/tabs.tsx";
import { AlertEntry } from "./alert-entry.tsx";
import { WorkNotice } from "./work-form.tsx";

const LABELS: Record<AlertStatus, string> = { open: "Open", dismissed: "Dismissed", closed: "Over" };

/** What wants somebody, what was put aside, and what is over. */
export async function showAlerts(c: ConsoleContext) {
  const { company, session } = c.var;
  const companyId = company.id;
  const { status, page, isFirst, work } = await readAlerts(c);
  return c.html(
    <Page
      title="Alerts"
      company={company}
      session={session}
      section="alerts"
      lead="What wants somebody, found by facts: an alert opens and closes by itself, and is over when what it is about is over."
      aside={
        <>
          <Lists companyId={companyId} status={status} />
          <a class="button" href={href("channels", { companyId })}>
            Who is told
          </a>
        </>
      }
      notice={
        <>
          <DoneNotice done={c.req.query("done")} />
          <WorkNotice companyId={companyId} work={work} />
        </>
      }
    >
      <div class="stack">
        {status === "open" && page.rows.length > 0 && isFirst ? (
          <OpenAlerts companyId={companyId} page={page} />
        ) : (
          <div class="card flush">
            <List
              caption={`${LABELS[status]} alerts`}
              columns={columnsOf(companyId, status)}
              page={page}
              isFirst={isFirst}
              isCounted
              link={(more) => href("alerts", { companyId }, { ...filterOf(status), ...more })}
              empty={<NoAlerts status={status} waiting={company.held.people} />}
            />
          </div>
        )}
      </div>
    </Page>,
  );
}

function filterOf(status: AlertStatus) {
  return { status: status === "open" ? null : status };
}

async function readAlerts(c: ConsoleContext) {
  const { company, database } = c.var;
  const status = ALERT_STATUSES.find((each) => each === c.req.query("status")) ?? "open";
  const url = href("alerts", { companyId: company.id }, filterOf(status));
  const edges = readEdges(c, url, readText);
  const { rows, work } = await runRead(
    database,
    together({
      rows: selectAlerts(company.key, { status, take: PAGE_SIZE + 1, before: edges.after, since: edges.before }),
      work: selectPlannedWork(company.key),
    }),
  );
  const page = toPageBothWays(url, rows, edges, ({ id }) => id);
  return { status, page, isFirst: isFirstPage(page, edges), work };
}

/** The newest of those that are open, each in full. */
function OpenAlerts({ companyId, page }: { companyId: string; page: ListPage<AlertRecord> }) {
  return (
    <section class="card" aria-labelledby="open-title">
      <h2 id="open-title" class="hidden">
        Open alerts
      </h2>
      {page.rows.map((alert) => (
        <AlertEntry companyId={companyId} alert={alert} />
      ))}
      {page.next !== null && (
        <p class="small">
          <a href={href("alerts", { companyId }, { after: page.next })}>Older ones</a>
        </p>
      )}
    </section>
  );
}

function Lists({ companyId, status }: { companyId: string; status: AlertStatus }) {
  const tabs = ALERT_STATUSES.map((each) => ({
    href: href("alerts", { companyId }, { status: each === "open" ? null : each }),
    label: LABELS[each],
    isShown: each === status,
  }));
  return <Tabs label="Which alerts" tabs={tabs} />;
}

function NoAlerts({ status, waiting }: { status: AlertStatus; waiting: number }) {
  if (status === "open" && waiting > 0)
    return (
      <Empty icon="bell" title="No alert is open">
        <p>What waits for your decision is told above.</p>
      </Empty>
    );
  if (status === "open")
    return (
      <Empty icon="done" title="No alert is open">
        <p>
          You are told when provisioning fails or goes silent, when a credential is about to end, when something waits
          for your decision, when a limit comes near, and when a webhook stops.
        </p>
      </Empty>
    );
  return (
    <Empty icon="bell" title={status === "dismissed" ? "Nothing was put aside" : "No alert is over yet"}>
      <p>
        {status === "dismissed" ? "What you dismiss stands here until it is over." : "Alerts stay here for 90 days."}
      </p>
    </Empty>
  );
}

function columnsOf(companyId: string, status: AlertStatus): Column<AlertRecord>[] {
  return [
    {
      head: "What",
      namesRow: true,
      cell: ({ id, title, settingName }) => (
        <>
          <a href={href("alert", { companyId, alertId: id })}>{title}</a>
          {settingName !== null && <span class="sub">{settingName}</span>}
        </>
      ),
    },
    { head: "Since", cell: ({ since }) => <Moment time={since} /> },
    status === "closed"
      ? { head: "Over", cell: ({ closedAt }) => <Moment time={closedAt} /> }
      : { head: "Last seen", look: "wide", cell: ({ lastSeenAt }) => <Moment time={lastSeenAt} /> },
  ];
}
