import * as z from "zod";
import { type AlertRecord, selectAlert } from "../../alerts/alert-store.ts";
import { runRead, together } from "../../platform/read-batch.ts";
import { type RefusedRequest, selectRequestsOfAlert } from "../../unit/read-requests-behind-alerts.ts";
import type { ConsoleContext } from "../console-env.ts";
import { perform } from "../perform-for-page.ts";
import { readValues } from "../read-form.ts";
import { notHere } from "../refused.ts";
import { href } from "../routes.ts";
import { Page } from "../views/layout.tsx";
import { type Column, Table } from "../views/list.tsx";
import { formatCount, Moment } from "../views/moments-and-counts.tsx";
import { Pill } from "../views/pills-notices-pager.tsx";
import { Dismiss, Remedy } from "./alert-entry.tsx";

/** One alert: what is wrong, what can be done about it, and the requests behind it. */
export async function showAlert(c: ConsoleContext) {
  const { company, database, session } = c.var;
  const alertId = c.req.param("alertId") ?? "";
  const { alert, requests } = await runRead(
    database,
    together({
      alert: selectAlert(company.key, alertId),
      requests: selectRequestsOfAlert(company.key, alertId),
    }),
  );
  if (alert === null) throw notHere();
  const companyId = company.id;
  return c.html(
    <Page
      title={alert.title}
      company={company}
      session={session}
      section="alerts"
      crumbs={[{ label: "Alerts", url: href("alerts", { companyId }) }]}
      lead={<StatusPill alert={alert} />}
      narrow
    >
      <div class="stack">
        <section class="card stack" aria-label="What to do">
          <p>{alert.detail}</p>
          {alert.status !== "closed" && (
            <div class="row">
              {alert.kind !== "failing" && <Remedy companyId={companyId} alert={alert} />}
              {alert.status === "open" && <Dismiss companyId={companyId} alert={alert} />}
            </div>
          )}
          <Facts companyId={companyId} alert={alert} />
        </section>
        {alert.kind === "failing" && <Requests companyId={companyId} requests={requests} />}
      </div>
    </Page>,
  );
}

function StatusPill({ alert: { status } }: { alert: AlertRecord }) {
  if (status === "closed") return <Pill tone="good">Over</Pill>;
  return status === "dismissed" ? <Pill>Dismissed</Pill> : <Pill tone="bad">Open</Pill>;
}

function Facts({ companyId, alert }: { companyId: string; alert: AlertRecord }) {
  const { settingId, settingName, kind, count, since, lastSeenAt, closedAt, dismissedAt } = alert;
  return (
    <dl class="facts">
      {settingId !== null && (
        <>
          <dt>Setting</dt>
          <dd>
            <a href={href("setting", { companyId, settingId })}>{settingName}</a>
          </dd>
        </>
      )}
      <dt>Since</dt>
      <dd>
        <Moment time={since} exact />
      </dd>
      {kind === "failing" && (
        <>
          <dt>Refused</dt>
          <dd>{`${formatCount(count)} ×`}</dd>
        </>
      )}
      <dt>Last seen</dt>
      <dd>
        <Moment time={lastSeenAt} exact />
      </dd>
      {dismissedAt !== null && (
        <>
          <dt>Dismissed</dt>
          <dd>
            <Moment time={dismissedAt} exact />
          </dd>
        </>
      )}
      {closedAt !== null && (
        <>
          <dt>Over</dt>
          <dd>
            <Moment time={closedAt} exact />
          </dd>
        </>
      )}
    </dl>
  );
}

function Requests({ companyId, requests }: { companyId: string; requests: readonly RefusedRequest[] }) {
  return (
    <section class="card flush" aria-labelledby="requests-title">
      <div class="row between">
        <h2 id="requests-title">The requests behind it</h2>
      </div>
      {requests.length === 0 ? (
        <p class="pager">The log does not hold these requests any more.</p>
      ) : (
        <Table caption="Refused requests" columns={columnsOf(companyId)} rows={requests} />
      )}
    </section>
  );
}

function columnsOf(companyId: string): Column<RefusedRequest>[] {
  return [
    {
      head: "Request",
      namesRow: true,
      cell: ({ id, label, method, path, detail }) => (
        <>
          <a href={href("logEntry", { companyId, requestId: id })}>
            {label === null || label === "" ? `${method} ${path.split("?")[0]}` : label}
          </a>
          {detail !== null && <span class="sub">{detail}</span>}
        </>
      ),
    },
    { head: "Status", look: "number", cell: ({ status }) => String(status) },
    { head: "Time", cell: ({ time }) => <Moment time={time} /> },
  ];
}

const BACK = z.object({ from: z.enum(["alerts", "company", "settings", "setting"]).catch("alerts") });

/** Puts an alert aside, and goes back to the page that showed it, or to the list of them. */
export async function dismissAlert(c: ConsoleContext) {
  const alertId = c.req.param("alertId") ?? "";
  const alert = await runRead(c.var.database, selectAlert(c.var.company.key, alertId));
  if (alert === null) throw notHere();
  const { from } = BACK.parse(await readValues(c));
  if (alert.status === "open") await perform(c, { kind: "dismissAlert", alertId });
  const [companyId, done] = [c.var.company.id, { done: "alert-dismissed" }];
  if (from === "setting" && alert.settingId !== null)
    return c.redirect(href("setting", { companyId, settingId: alert.settingId }, done), 303);
  return c.redirect(href(from === "setting" ? "alerts" : from, { companyId }, done), 303);
}
