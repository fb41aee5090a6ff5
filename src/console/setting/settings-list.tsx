import { type AlertRecord, selectLivingAlerts } from "../../alerts/alert-store.ts";
import { QUOTAS } from "../../companies/quotas.ts";
import { selectOpenHolds } from "../../holds/hold-store.ts";
import { runRead, together } from "../../platform/read-batch.ts";
import { guideOf } from "../../providers/guides.ts";
import { selectFields } from "../../settings/field-store.ts";
import type { Field } from "../../settings/fields.ts";
import { selectQuotaStates } from "../../settings/quota-store.ts";
import { selectHealthFacts } from "../../settings/setting-health-store.ts";
import { type SettingRecord, selectSettings } from "../../settings/setting-store.ts";
import { isSilent } from "../../settings/shadow.ts";
import { selectWebhooks } from "../../webhooks/webhook-store.ts";
import { selectHeldUpWork } from "../../writer/retry-refused-follow-ups.ts";
import { AlertsCard } from "../alerts/alert-entry.tsx";
import type { ConsoleContext } from "../console-env.ts";
import { href, type LinkQuery } from "../routes.ts";
import { DoneNotice } from "../views/done-notice.tsx";
import { Icon } from "../views/icon.tsx";
import { Page } from "../views/layout.tsx";
import { type Column, Table } from "../views/list.tsx";
import { formatCount, Moment } from "../views/moments-and-counts.tsx";
import { Empty, Pill } from "../views/pills-notices-pager.tsx";
import { WebhookNotices } from "../webhooks/webhook-notices.tsx";
import { arrangeSettings, settingQuery } from "./arrange-settings.ts";
import { describeGrouping } from "./grouping-form.tsx";
import { HeldUpNotices } from "./held-up-notices.tsx";
import { QuotasCard } from "./quotas-card.tsx";
import { toValues } from "./setting-draft.ts";
import { type Evidence, type Health, judgeHealth } from "./setting-health.ts";

/** Company > Company Settings > SCIM Settings: all of them; a company has a handful. */
export async function showSettings(c: ConsoleContext) {
  const { company, database, session } = c.var;
  const read = await runRead(database, selectAllOf(company.key));
  const { webhooks, quotas, heldUp, alerts } = read;
  const { sort } = settingQuery.parse(c.req.query());
  const settings = arrangeSettings(read.settings, sort, (setting) => wordsOf(setting, read));
  const sorting = { order: sort, link: (more: LinkQuery) => href("settings", { companyId: company.id }, more) };
  const fresh = href("newSetting", { companyId: company.id });
  return c.html(
    <Page
      title="SCIM settings"
      company={company}
      session={session}
      section="settings"
      lead="Each connects one identity provider: people and groups arrive by themselves, and leave by themselves."
      aside={
        settings.length > 0 && (
          <a class="button primary" href={fresh}>
            <Icon name="plus" size={16} />
            New
          </a>
        )
      }
      notice={
        <>
          <DoneNotice done={c.req.query("done")} />
          <HeldUpNotices work={heldUp} />
          <WebhookNotices companyId={company.id} webhooks={webhooks.filter(({ id }) => !hasAlert(alerts, id))} />
        </>
      }
    >
      <div class="stack">
        <AlertsCard companyId={company.id} alerts={alerts} from="settings" />
        <div class="card flush">
          {settings.length === 0 ? (
            <NoSettings url={fresh} />
          ) : (
            <Table caption="SCIM settings" columns={columnsOf(company.id, read)} rows={settings} sorting={sorting} />
          )}
        </div>
        <QuotasCard states={quotas} />
      </div>
    </Page>,
  );
}

function selectAllOf(companyKey: number) {
  const now = Date.now();
  return together({
    settings: selectSettings(companyKey, { take: 200, after: null }),
    fields: selectFields(companyKey),
    webhooks: selectWebhooks(companyKey, now, { take: QUOTAS.webhooks.most, after: null }),
    quotas: selectQuotaStates(companyKey, now),
    heldUp: selectHeldUpWork(companyKey),
    alerts: selectLivingAlerts(companyKey),
    holds: selectOpenHolds(companyKey),
    standings: selectHealthFacts(companyKey, now),
  });
}

/** What a company without a setting does next. */
export function NoSettings({ url }: { url: string }) {
  return (
    <Empty icon="link" title="Connect your identity provider">
      <p>
        Entra ID, Okta, OneLogin, JumpCloud or any SCIM 2.0 client. Name a setting, choose how people are grouped, and
        paste one address and one token there. It takes about ten minutes.
      </p>
      <a class="button primary" href={url}>
        <Icon name="plus" size={16} />
        New SCIM setting
      </a>
    </Empty>
  );
}

/** Whether an alert of a webhook is open already. */
export function hasAlert(alerts: readonly AlertRecord[], webhookId: string): boolean {
  return alerts.some(({ kind, subject, status }) => kind === "webhook" && subject === webhookId && status === "open");
}

type Read = Evidence & { fields: readonly Field[] };

function wordsOf(setting: SettingRecord, read: Read) {
  const { tone, word } = judgeHealth(setting, read);
  const grouping = describeGrouping(toValues(setting), read.fields);
  return { provider: guideOf(setting.provider).name, grouping, tone, word };
}

function columnsOf(companyId: string, read: Read): Column<SettingRecord>[] {
  const wordsOfEach = (setting: SettingRecord) => wordsOf(setting, read);
  return [
    {
      head: "Name",
      sort: { up: "name", down: "-name" },
      namesRow: true,
      cell: ({ id, name, provider }) => (
        <>
          <a href={href("setting", { companyId, settingId: id })}>{name}</a>
          <span class="sub slim">{guideOf(provider).name}</span>
        </>
      ),
    },
    {
      head: "Provider",
      look: "wide roomy",
      sort: { up: "provider", down: "-provider" },
      cell: (setting) => wordsOfEach(setting).provider,
    },
    {
      head: "Grouping",
      look: "wide",
      sort: { up: "grouping", down: "-grouping" },
      cell: (setting) => wordsOfEach(setting).grouping,
    },
    {
      head: "Status",
      sort: { up: "status", down: "-status" },
      cell: (setting) => <Status companyId={companyId} setting={setting} health={judgeHealth(setting, read)} />,
    },
    ...FIGURES,
  ];
}

const FIGURES: readonly Column<SettingRecord>[] = [
  {
    head: "Active",
    look: "number",
    sort: { up: "-active", down: "active" },
    cell: ({ users }) => formatCount(users.active),
  },
  {
    head: "Inactive",
    look: "number wide roomy",
    sort: { up: "-inactive", down: "inactive" },
    cell: ({ users }) => formatCount(users.inactive),
  },
  {
    head: "Last request",
    look: "number wide",
    sort: { up: "-request", down: "request" },
    cell: (setting) => <Moment time={setting.lastRequestAt} none="never" />,
  },
];

interface StatusProps {
  companyId: string;
  setting: SettingRecord;
  health: Health;
}

function Status({ companyId, setting, health }: StatusProps) {
  if (!isSilent(setting)) return <HealthPill health={health} />;
  const url = href("shadow", { companyId, settingId: setting.id });
  return (
    <>
      <HealthPill health={health} />{" "}
      <a href={url} aria-label={`What going live would do: ${setting.name}`}>
        What going live would do
      </a>
    </>
  );
}

/** How a setting is, in a word; of one in shadow that, too. */
export function HealthPill({ health: { tone, word, reasons } }: { health: Health }) {
  const shadow = reasons.find(({ state }) => state === "inShadow");
  // Of one that is paused the word says both.
  const isSaid = shadow === undefined || reasons[0] === shadow || reasons[0]?.state === "paused";
  return (
    <>
      <Pill tone={tone}>{word}</Pill>
      {!isSaid && (
        <>
          {" "}
          <Pill tone={shadow.tone}>{shadow.word}</Pill>
        </>
      )}
    </>
  );
}
