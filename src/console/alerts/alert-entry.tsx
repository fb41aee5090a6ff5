import type { AlertKind } from "../../alerts/alert.ts";
import type { AlertRecord } from "../../alerts/alert-store.ts";
import { describeAlert } from "../../alerts/alert-words.ts";
import type { RefusedRequest } from "../../unit/read-requests-behind-alerts.ts";
import { newNonce } from "../form-nonce.ts";
import { href } from "../routes.ts";
import { Hidden } from "../views/form.tsx";
import { Icon } from "../views/icon.tsx";
import { formatMoment, JUST_NOW, Moment } from "../views/moments-and-counts.tsx";

interface EntryProps {
  companyId: string;
  alert: AlertRecord;
  /** On a page of the very setting that the alert is about, which need not name it. */
  isBeside?: boolean;
  /** The page that shows it, to which dismissing it leads back. */
  from?: DismissedFrom;
}

/** The pages on which an alert can be dismissed. */
type DismissedFrom = "alerts" | "company" | "settings" | "setting";

/** An alert in a list: what is wrong, and the way to do something about it. */
export function AlertEntry({ companyId, alert, isBeside = false, from }: EntryProps) {
  const { title } = isBeside ? describeAlert({ ...alert, settingName: null }) : alert;
  return (
    <div class="failure stack tight">
      <div class="row between">
        <h3>
          <a href={href("alert", { companyId, alertId: alert.id })}>{title}</a>
        </h3>
        <span class="soft small">
          {formatMoment(alert.since, Date.now()) !== JUST_NOW && "since "}
          <Moment time={alert.since} />
        </span>
      </div>
      <p>{alert.detail}</p>
      <div class="row">
        <Remedy companyId={companyId} alert={alert} />
        {alert.status === "open" && <Dismiss companyId={companyId} alert={{ ...alert, title }} from={from} />}
      </div>
    </div>
  );
}

/** Puts an alert aside. */
export function Dismiss({ companyId, alert: { id, title }, from }: EntryProps) {
  return (
    <form class="inline" method="post" action={href("dismissAlert", { companyId, alertId: id })}>
      <Hidden values={{ from }} />
      <button type="submit" class="plain">
        Dismiss
        <span class="hidden">{`: ${title}`}</span>
      </button>
    </form>
  );
}

/** What an admin can do about an alert, here or on the page that it leads to. */
export function Remedy({ companyId, alert }: EntryProps) {
  const { kind, subject, settingId, id } = alert;
  switch (kind) {
    case "hold":
      return <Lead url={href("hold", { companyId, holdId: subject })}>Decide</Lead>;
    case "webhook":
      return <Lead url={href("webhook", { companyId, webhookId: subject })}>What to do</Lead>;
    case "quota":
      return <Lead url={`${href("settings", { companyId })}#quotas-title`}>See all limits</Lead>;
    case "failing":
      return <Lead url={href("alert", { companyId, alertId: id })}>Show the requests</Lead>;
    case "silent":
      if (settingId === null) return null;
      return <Lead url={href("log", { companyId }, { setting: settingId })}>What came last</Lead>;
    default:
      return settingId === null ? null : <NextCredential companyId={companyId} settingId={settingId} alert={alert} />;
  }
}

function Lead({ url, children }: { url: string; children: string }) {
  return (
    <a class="button" href={url}>
      {children}
    </a>
  );
}

/** Makes the credential that follows one that ends, and says where it is pasted. */
function NextCredential({ companyId, settingId, alert }: EntryProps & { settingId: string }) {
  const ids = { companyId, settingId };
  const { credential, clientId } = alert.facts;
  const isSecret = credential === "secret" && clientId !== undefined;
  const action = isSecret ? href("clientSecrets", { ...ids, clientId }) : href("tokens", ids);
  return (
    <>
      <form class="inline" method="post" action={action}>
        <Hidden values={{ nonce: newNonce() }} />
        <button type="submit" class="primary">
          {isSecret ? "Make the next secret" : alert.kind === "no_credential" ? "Make a token" : "Make the next token"}
        </button>
      </form>
      <a href={href("setup", ids)}>Where to paste it</a>
    </>
  );
}

/** The requests behind an alert, each with the way to its row of the log. */
export function RequestLinks({ companyId, requests }: { companyId: string; requests: readonly RefusedRequest[] }) {
  if (requests.length === 0) return <p class="soft small">The log does not hold these requests any more.</p>;
  return (
    <ul class="bullets small">
      {requests.map(({ id, time, label, method, detail }) => (
        <li>
          <a href={href("logEntry", { companyId, requestId: id })}>{label === null || label === "" ? method : label}</a>{" "}
          <span class="soft">
            <Moment time={time} />
          </span>
          {detail !== null && <span class="sub soft">{detail}</span>}
        </li>
      ))}
    </ul>
  );
}

/** What of a company wants somebody, on its first page; nothing where all is well. Holds have a banner of their own. */
export function AlertsCard({
  companyId,
  alerts,
  from,
}: Omit<EntryProps, "alert"> & { alerts: readonly AlertRecord[] }) {
  const shown = alerts
    .filter(({ status, kind }) => status === "open" && kind !== "hold")
    .sort((a, b) => URGENCY.indexOf(a.kind) - URGENCY.indexOf(b.kind));
  if (shown.length === 0) return null;
  return (
    <section class="card alerts" aria-labelledby="alerts-title">
      <div class="row between">
        <h2 id="alerts-title">
          <span class="row">
            <Icon name="bell" />
            Needs you
          </span>
        </h2>
        <a class="small" href={href("alerts", { companyId })}>
          All alerts
        </a>
      </div>
      {shown.slice(0, MOST_SHOWN).map((alert) => (
        <AlertEntry companyId={companyId} alert={alert} from={from} />
      ))}
      {shown.length > MOST_SHOWN && (
        <p class="small">
          <a href={href("alerts", { companyId })}>{`And ${shown.length - MOST_SHOWN} more`}</a>
        </p>
      )}
    </section>
  );
}

/** What to look at first: people do not arrive, or will not. */
const URGENCY: readonly AlertKind[] = [
  ...(["hold", "no_credential", "credential_ended", "failing", "silent", "webhook"] as const),
  ...(["credential_ending", "quota"] as const),
];

/** How many alerts the first page shows. */
const MOST_SHOWN = 5;
