import { type AlertRecord, selectLivingAlerts } from "../../alerts/alert-store.ts";
import { selectPeopleDays } from "../../companies/people-days-store.ts";
import { QUOTAS } from "../../companies/quotas.ts";
import { type PeopleTotals, selectPeopleTotals } from "../../directory/people-totals-store.ts";
import { selectTrainings, type Training } from "../../enrolment/training-store.ts";
import { selectOpenHolds } from "../../holds/hold-store.ts";
import { runRead, together } from "../../platform/read-batch.ts";
import { selectHealthFacts } from "../../settings/setting-health-store.ts";
import { type SettingRecord, selectSettings } from "../../settings/setting-store.ts";
import { selectWebhooks } from "../../webhooks/webhook-store.ts";
import { selectHeldUpWork } from "../../writer/retry-refused-follow-ups.ts";
import { AlertsCard } from "../alerts/alert-entry.tsx";
import type { ConsoleContext } from "../console-env.ts";
import { href } from "../routes.ts";
import { HeldUpNotices } from "../setting/held-up-notices.tsx";
import { judgeHealth } from "../setting/setting-health.ts";
import { hasAlert, NoSettings } from "../setting/settings-list.tsx";
import { DoneNotice } from "../views/done-notice.tsx";
import { Page } from "../views/layout.tsx";
import { formatCount } from "../views/moments-and-counts.tsx";
import { isTroubled, WebhookNotices } from "../webhooks/webhook-notices.tsx";
import { ConnectedSettings } from "./connected-settings.tsx";
import { PeopleMovement } from "./people-movement.tsx";
import { TrainingsCard } from "./trainings-card.tsx";
import { HealthVerdict } from "./verdict.tsx";

/** The first page of a company: whether all is well, who is there, who came and left, and what they are trained in. */
export async function showHome(c: ConsoleContext) {
  const { company, database, session } = c.var;
  const read = await runRead(database, selectAllOf(company.key, Date.now()));
  const { settings, alerts, people, days, trainings, webhooks, heldUp } = read;
  const judged = settings.map((setting) => ({ setting, health: judgeHealth(setting, read) }));
  const untold = webhooks.filter((webhook) => isTroubled(webhook) && !hasAlert(alerts, webhook.id));
  return c.html(
    <Page
      title="Home"
      company={company}
      session={session}
      section="company"
      lead="Whether people arrive, leave and are trained as they should."
      notice={
        <>
          <DoneNotice done={c.req.query("done")} />
          <HeldUpNotices work={heldUp} />
          <WebhookNotices companyId={company.id} webhooks={untold} />
        </>
      }
    >
      {settings.length === 0 && people.active + people.inactive === 0 ? (
        <div class="card flush">
          <NoSettings url={href("newSetting", { companyId: company.id })} />
        </div>
      ) : (
        <div class="stack">
          <HealthVerdict
            companyId={company.id}
            health={judged}
            now={Date.now()}
            others={othersOf(alerts) + untold.length + heldUp.length}
            people={people.active + people.inactive}
          />
          <AlertsCard companyId={company.id} alerts={alerts} from="company" />
          <ConnectedSettings companyId={company.id} judged={judged} />
          <People companyId={company.id} people={people} settings={settings} trainings={trainings} />
          <div class="columns">
            <PeopleMovement companyId={company.id} days={days} createdAt={company.createdAt} now={Date.now()} />
            <TrainingsCard companyId={company.id} trainings={trainings} />
          </div>
        </div>
      )}
    </Page>,
  );
}

function selectAllOf(companyKey: number, now: number) {
  return together({
    settings: selectSettings(companyKey, { take: 200, after: null }),
    standings: selectHealthFacts(companyKey, now),
    alerts: selectLivingAlerts(companyKey),
    holds: selectOpenHolds(companyKey),
    people: selectPeopleTotals(companyKey),
    days: selectPeopleDays(companyKey),
    trainings: selectTrainings(companyKey),
    webhooks: selectWebhooks(companyKey, now, { take: QUOTAS.webhooks.most, after: null }),
    heldUp: selectHeldUpWork(companyKey),
  });
}

/** How many open alerts are about no setting. */
function othersOf(alerts: readonly AlertRecord[]): number {
  return alerts.filter(({ status, settingId }) => status === "open" && settingId === null).length;
}

interface PeopleProps {
  companyId: string;
  people: PeopleTotals;
  settings: readonly SettingRecord[];
  trainings: readonly Training[];
}

function People({ companyId, people, settings, trainings }: PeopleProps) {
  const [first] = settings;
  if (people.active + people.inactive === 0 && first !== undefined)
    return (
      <section class="card stack tight" aria-labelledby="nobody-title">
        <h2 id="nobody-title">Nobody has arrived yet</h2>
        <p>
          People appear here as soon as an identity provider sends them.{" "}
          <a href={href("setup", { companyId, settingId: first.id })}>{`How to set up “${first.name}”`}</a>
        </p>
      </section>
    );
  return (
    <dl class="stats">
      <div>
        <dt>Active people</dt>
        <dd>
          <a href={href("people", { companyId }, { status: "active" })}>{formatCount(people.active)}</a>
        </dd>
      </div>
      <div>
        <dt>Inactive people</dt>
        <dd>
          <a href={href("people", { companyId }, { status: "inactive" })}>{formatCount(people.inactive)}</a>
        </dd>
      </div>
      <div>
        <dt>Open enrolments</dt>
        <dd>{formatCount(trainings.reduce((sum, { enrolled }) => sum + (enrolled ?? 0), 0))}</dd>
      </div>
      <div>
        <dt>Trainings in use</dt>
        <dd>
          <a href={href("trainings", { companyId })}>
            {formatCount(trainings.filter(({ groups }) => groups > 0).length)}
          </a>
        </dd>
      </div>
    </dl>
  );
}
