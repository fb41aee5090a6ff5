import type { AlertRecord } from "../../alerts/alert-store.ts";
import type { QuotaState } from "../../companies/quotas.ts";
import type { HoldRecord } from "../../holds/hold-store.ts";
import type { UnusedPath } from "../../log/unused-path-store.ts";
import { AlertEntry, RequestLinks } from "../alerts/alert-entry.tsx";
import { HOLD_WORDS } from "../holds/hold-words.tsx";
import { href } from "../routes.ts";
import { Hidden } from "../views/form.tsx";
import { Icon } from "../views/icon.tsx";
import { countOf, formatCount } from "../views/moments-and-counts.tsx";
import type { FailingCode } from "./failing-by-code.ts";
import { isNearlyUsed, NearQuotas } from "./quotas-card.tsx";
import { UnfitPaths } from "./unused-paths.tsx";

interface Props {
  companyId: string;
  settingId: string;
  /** The setting's own that are open or dismissed. */
  alerts: readonly AlertRecord[];
  /** Refused writes that are too few yet for an alert. */
  failing: readonly FailingCode[];
  /** Paths whose values did not fit the fields they are mapped to. */
  unfit: readonly UnusedPath[];
  quotas: readonly QuotaState[];
  /** The setting's own that are open. */
  holds: readonly HoldRecord[];
  /** Whether it has ever had a request. */
  isNew: boolean;
}

/** How many requests of a code are shown at once. */
const SHOWN = 5;

/** What of a setting wants an admin: its alerts, writes not made good, values that the mapping has no place for, quotas nearly used. */
export function Attention({ companyId, settingId, alerts, failing, unfit, quotas, holds, isNew }: Props) {
  const open = alerts.filter(({ status }) => status === "open");
  const dismissed = alerts.length - open.length;
  // An alert comes of a hold only once it has waited for a while.
  const untold = holds.filter(({ id }) => !open.some(({ subject }) => subject === id));
  const isCalm = open.length + failing.length + unfit.length + untold.length === 0 && !quotas.some(isNearlyUsed);
  return (
    <section class="card" aria-labelledby="failures-title">
      <h2 id="failures-title">Needs attention</h2>
      {isCalm && (
        <p class="row soft">
          {!isNew && <Icon name="done" />}
          {sayCalm(isNew, dismissed)}
        </p>
      )}
      {untold.map(({ id, kind, people }) => (
        <p>
          <strong>{`${countOf(people, "person waits", "people wait")} in a hold of this setting.`}</strong>{" "}
          <a href={href("hold", { companyId, holdId: id })}>{HOLD_WORDS[kind].title}</a>
        </p>
      ))}
      {open.map((alert) => (
        <AlertEntry companyId={companyId} alert={alert} isBeside from="setting" />
      ))}
      {failing.map((group) => (
        <Failing companyId={companyId} settingId={settingId} group={group} />
      ))}
      <NearQuotas states={quotas} />
      <UnfitPaths companyId={companyId} paths={unfit} />
      {dismissed > 0 && (
        <p class="small">
          <a href={href("alerts", { companyId }, { status: "dismissed" })}>{`${formatCount(dismissed)} dismissed`}</a>
        </p>
      )}
    </section>
  );
}

function sayCalm(isNew: boolean, dismissed: number): string {
  if (dismissed > 0) return "Nothing but what was dismissed.";
  return isNew ? "Nothing so far: no request has come yet." : "Nothing: every refused write was made good.";
}

function Failing({ companyId, settingId, group }: { companyId: string; settingId: string; group: FailingCode }) {
  const { code, title, advice, count, requests } = group;
  return (
    <div class="failure stack tight">
      <div class="row between">
        <h3>{title}</h3>
        <span class="tag">{`${formatCount(count)} ×`}</span>
      </div>
      <p>{advice}</p>
      <RequestLinks companyId={companyId} requests={requests.slice(0, SHOWN)} />
      <form class="inline" method="post" action={href("dismissFailing", { companyId, settingId })}>
        <Hidden values={{ code }} />
        <button type="submit" class="plain">
          Dismiss
          <span class="hidden">{`: ${title}`}</span>
        </button>
      </form>
    </div>
  );
}
