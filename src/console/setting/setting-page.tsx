import { selectFailingWrites, selectLivingAlerts } from "../../alerts/alert-store.ts";
import { ShareUsedUp } from "../../companies/read-in-share.ts";
import { selectOpenHolds } from "../../holds/hold-store.ts";
import { type Bar, COUNTING, readActivity, type Span } from "../../log/activity-store.ts";
import { selectUnusedPaths } from "../../log/unused-path-store.ts";
import { DAY } from "../../platform/clock.ts";
import { runRead, together } from "../../platform/read-batch.ts";
import { guideOf } from "../../providers/guides.ts";
import { selectFields } from "../../settings/field-store.ts";
import { selectClients, selectTrusts } from "../../settings/oauth-client-store.ts";
import { selectQuotaStates } from "../../settings/quota-store.ts";
import { selectHealthFacts } from "../../settings/setting-health-store.ts";
import { type SettingRecord, selectSetting, settingKeyOf } from "../../settings/setting-store.ts";
import { isSilent } from "../../settings/shadow.ts";
import { selectTokens } from "../../settings/token-store.ts";
import { selectRequestsNotMadeGood } from "../../unit/read-requests-behind-alerts.ts";
import type { ConsoleContext } from "../console-env.ts";
import { notHere } from "../refused.ts";
import { href } from "../routes.ts";
import { searchOf } from "../search-in-share.ts";
import { DoneNotice } from "../views/done-notice.tsx";
import { Page } from "../views/layout.tsx";
import { Tabs } from "../views/tabs.tsx";
import { ActivityPlot, SPAN_WORDS } from "./activity-plot.tsx";
import { ConnectionCard, NoCredentialCard, readCheck } from "./check-card.tsx";
import { CredentialsCard } from "./credentials-card.tsx";
import { DialectCard } from "./dialect-page.tsx";
import { gatherFailing } from "./failing-by-code.ts";
import { SafeguardsCard } from "./safeguards-page.tsx";
import { Attention } from "./setting-attention.tsx";
import { CountsCard, EndingCard, GroupingCard, MappingCard } from "./setting-cards.tsx";
import { type Health, judgeHealth, lacksCredential } from "./setting-health.ts";
import { HealthPill } from "./settings-list.tsx";
import { ShadowNotice } from "./shadow-words.tsx";
import { pathsOf, UnusedPaths } from "./unused-paths.tsx";

const WEEK = 7 * DAY;

interface Ids {
  companyId: string;
  settingId: string;
}

/** One setting: how it is doing, what it does, and everything that can be done with it. */
export async function showSetting(c: ConsoleContext) {
  const { company, database, session } = c.var;
  const ids = { companyId: company.id, settingId: c.req.param("settingId") ?? "" };
  const span: Span = c.req.query("span") === "month" ? "month" : "day";
  const now = Date.now();
  const read = await runRead(database, selectAllOf(company.key, ids.settingId, now));
  const { setting, fields } = read;
  if (setting === null) throw notHere();
  const health = judgeHealth(setting, read);
  const bars = await countActivity(c, setting.key, span, now);
  const [way] = guideOf(setting.provider).signIn;
  const isWaiting = setting.firstUserAt === null && !lacksCredential(health);
  const check = isWaiting ? await readCheck(c, setting, fields, way) : null;
  return c.html(
    <Page
      title={setting.name}
      company={company}
      session={session}
      section="settings"
      crumbs={[{ label: "SCIM settings", url: href("settings", { companyId: company.id }) }]}
      lead={<Lead ids={ids} setting={setting} health={health} />}
      aside={<Actions ids={ids} setting={setting} />}
      notice={
        <>
          <DoneNotice done={c.req.query("done")} />
          <ShadowNotice companyId={company.id} setting={setting} />
        </>
      }
    >
      <div class="stack">
        {lacksCredential(health) && <NoCredentialCard ids={ids} />}
        {check !== null && <ConnectionCard companyId={company.id} check={check} />}
        <CountsCard companyId={company.id} setting={setting} />
        <div class="columns">
          <div class="stack">
            <Activity ids={ids} bars={bars} span={span} />
            <HowItFares {...read} ids={ids} now={now} isNew={setting.firstRequestAt === null} />
          </div>
          <div class="stack">
            <GroupingCard ids={ids} setting={setting} fields={fields} />
            <MappingCard ids={ids} setting={setting} fields={fields} />
            <SafeguardsCard ids={ids} setting={setting} />
            <DialectCard ids={ids} dialect={setting.dialect} />
            <EndingCard ids={ids} />
          </div>
        </div>
      </div>
    </Page>,
  );
}

type ReadOfSetting = ReturnType<ReturnType<typeof selectAllOf>["decode"]>;
type FaresProps = Omit<ReadOfSetting, "setting" | "fields" | "standings"> & { ids: Ids; now: number; isNew: boolean };

/** What wants somebody, what signs in, and what is sent in vain. */
function HowItFares({
  ids,
  now,
  isNew,
  holds,
  alerts,
  failing,
  requests,
  unused,
  quotas,
  tokens,
  clients,
  trusts,
}: FaresProps) {
  return (
    <>
      <Attention
        companyId={ids.companyId}
        settingId={ids.settingId}
        alerts={alerts}
        failing={gatherFailing(failing, requests, alerts)}
        quotas={quotas}
        holds={holds.filter(({ settingId }) => settingId === ids.settingId)}
        isNew={isNew}
        unfit={pathsOf(unused, "attention").filter(({ lastAt }) => lastAt >= now - WEEK)}
      />
      <CredentialsCard ids={ids} tokens={tokens} others={{ clients, trusts }} />
      <UnusedPaths companyId={ids.companyId} paths={pathsOf(unused, "told")} />
    </>
  );
}

/** The bars of the plot, or why there are none for now: the page is there without them. */
async function countActivity(c: ConsoleContext, settingKey: number, span: Span, now: number): Promise<Bar[] | string> {
  try {
    return await searchOf(c)(COUNTING, (reads) => readActivity(reads, settingKey, span, now));
  } catch (error) {
    if (error instanceof ShareUsedUp) return error.detail;
    throw error;
  }
}

function selectAllOf(companyKey: number, settingId: string, now: number) {
  const key = settingKeyOf(companyKey, settingId);
  return together({
    setting: selectSetting(companyKey, settingId),
    fields: selectFields(companyKey),
    tokens: selectTokens(key, { take: 100, after: null }),
    clients: selectClients(key, { take: 200, after: null }),
    trusts: selectTrusts(key, { take: 200, after: null }),
    alerts: selectLivingAlerts(companyKey, key),
    holds: selectOpenHolds(companyKey),
    standings: selectHealthFacts(companyKey, now),
    failing: selectFailingWrites(key),
    requests: selectRequestsNotMadeGood(companyKey, key),
    unused: selectUnusedPaths(key),
    quotas: selectQuotaStates(companyKey, now),
  });
}

function Lead({ ids, setting, health }: { ids: Ids; setting: SettingRecord; health: Health }) {
  return (
    <>
      {`${guideOf(setting.provider).name} · `}
      <HealthPill health={health} />
      {" · "}
      <a class="small" href={href("renameSetting", ids)}>
        Rename
      </a>
    </>
  );
}

function Actions({ ids, setting }: { ids: Ids; setting: SettingRecord }) {
  const isPaused = setting.status === "paused";
  return (
    <>
      {isSilent(setting) && (
        <a class="button primary" href={href("shadow", ids)}>
          Compare…
        </a>
      )}
      <a class="button" href={href("setup", ids)}>
        Set-up guide
      </a>
      <form method="post" action={href(isPaused ? "resumeSetting" : "pauseSetting", ids)}>
        <button type="submit" class={isPaused ? "primary" : undefined}>
          {isPaused ? "Resume" : "Pause"}
        </button>
      </form>
    </>
  );
}

function Activity({ ids, bars, span }: { ids: Ids; bars: readonly Bar[] | string; span: Span }) {
  return (
    <section class="card" aria-labelledby="activity-title">
      <div class="row between">
        <h2 id="activity-title">Activity</h2>
        <Tabs
          label="Stretch of time"
          tabs={(["day", "month"] as const).map((each) => ({
            href: href("setting", ids, { span: each }),
            label: SPAN_WORDS[each],
            isShown: each === span,
          }))}
        />
      </div>
      {typeof bars === "string" ? <p class="soft">{bars}</p> : <ActivityPlot ids={ids} bars={bars} span={span} />}
      <p class="small">
        <a href={href("log", { companyId: ids.companyId }, { setting: ids.settingId })}>
          All requests in the provisioning log
        </a>
      </p>
    </section>
  );
}
