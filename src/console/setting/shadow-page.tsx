import { selectLivingAlerts } from "../../alerts/alert-store.ts";
import { selectOpenHolds } from "../../holds/hold-store.ts";
import { readText } from "../../platform/list-position.ts";
import { runRead, together } from "../../platform/read-batch.ts";
import {
  type Arrival,
  type ArrivalGroup,
  type Becoming,
  type GoLiveFigures,
  listArrivals,
  MOST_FREE,
  previewGoLive,
  readAllArrivals,
  throughPeople,
} from "../../previews/preview-go-live.ts";
import { guideOf } from "../../providers/guides.ts";
import { listFields } from "../../settings/field-store.ts";
import { selectHealthFacts } from "../../settings/setting-health-store.ts";
import { findSetting, type SettingRecord } from "../../settings/setting-store.ts";
import { isSilent } from "../../settings/shadow.ts";
import type { ConsoleContext } from "../console-env.ts";
import { inStretches, streamCsv } from "../csv.ts";
import { PAGE_SIZE, readCursor, toPage } from "../list-page.ts";
import { atOneMoment } from "../read-page-at-one-moment.ts";
import { href } from "../routes.ts";
import { patientSearchOf, searchOf } from "../search-in-share.ts";
import { Notice } from "../views/pills-notices-pager.tsx";
import { Tabs } from "../views/tabs.tsx";
import { ConnectionCard, NoCredentialCard, readCheck } from "./check-card.tsx";
import { SettingFrame } from "./edit-mapping-and-grouping-pages.tsx";
import { WaitingForFigures } from "./preview-figures.tsx";
import { judgeHealth, lacksCredential } from "./setting-health.ts";
import { ShadowFigures } from "./shadow-figures.tsx";
import { Arrivals, Groups, groupNamesOf } from "./shadow-lists.tsx";
import { BECOMING_WORDS, WHY_WORDS } from "./shadow-words.tsx";

const TABS = ["new", "known", "skipped", "groups"] as const;
type Tab = (typeof TABS)[number];

interface Ids {
  companyId: string;
  settingId: string;
}

const LEAD =
  "The identity provider is answered in full, and nothing of it shows. Nobody is in a group or a training by this setting.";

/** What going live would do: in numbers, which follow as the identity provider sends people, and who and what it is about. */
export async function showShadow(c: ConsoleContext, shown: SettingRecord) {
  const ids = { companyId: c.var.company.id, settingId: shown.id };
  const tab = TABS.find((each) => each === c.req.query("as")) ?? "new";
  const { setting, health, isFew, check, figures, list } = await atOneMoment(c, () => readShadow(c, shown, tab));
  if (!isSilent(setting)) return c.redirect(href("setting", ids), 303);
  const isMute = lacksCredential(health);
  return c.html(
    <SettingFrame
      c={c}
      setting={setting}
      title={`${setting.name} in shadow`}
      lead={LEAD}
      notice={setting.status === "paused" && <PausedNotice ids={ids} />}
      isWide
    >
      <div class="stack">
        {isMute && <NoCredentialCard ids={ids} />}
        <section class="card stack" aria-labelledby="figures-title">
          <div class="row between">
            <h2 id="figures-title">If it went live now</h2>
            <a class="small" href={href("shadow", ids, { as: tab })}>
              Refresh
            </a>
          </div>
          {isMute && setting.firstUserAt === null ? (
            <p>Nobody has arrived, and nobody can until it has a credential.</p>
          ) : (
            <Numbers ids={ids} figures={figures} isLive={isFew} />
          )}
          <p class="row">
            <a class={isMute ? "button" : "button primary"} href={href("goLive", ids)}>
              Go live…
            </a>
            <a class="button" href={href("setup", ids)}>
              Set-up guide
            </a>
          </p>
        </section>
        {check !== null && !isMute && <ConnectionCard companyId={ids.companyId} check={check} />}
        <section class="stack tight" aria-labelledby="list-title">
          <div class="row between">
            <h2 id="list-title">Who and what</h2>
            <Lists ids={ids} tab={tab} />
          </div>
          {list === null ? <Groups ids={ids} groups={figures?.groups ?? []} /> : <Arrivals ids={ids} {...list} />}
        </section>
      </div>
    </SettingFrame>,
  );
}

/** What the page shows: the setting as it is now, the figures where they are asked for, and the list of people of a tab. */
async function readShadow(c: ConsoleContext, shown: SettingRecord, tab: Tab) {
  const setting = (await findSetting(c.var.database, c.var.company.key, shown.id)) ?? shown;
  const isFew = setting.users.active + setting.users.inactive <= MOST_FREE;
  const evidence = await runRead(c.var.database, selectEvidence(c.var.company.key, shown.key));
  const health = judgeHealth(setting, evidence);
  if (!isSilent(setting)) return { setting, health, isFew, check: null, figures: null, list: null };
  const isAsked = isFew || tab === "groups" || c.req.query("figures") === "now";
  const figures = isAsked ? await readFigures(c, setting) : null;
  const [way] = guideOf(setting.provider).signIn;
  const isSeen = isFew && setting.firstUserAt !== null;
  const check = isSeen ? null : await readCheck(c, setting, await listFields(c.var.database, c.var.company.key), way);
  return {
    setting,
    health,
    isFew,
    check,
    figures,
    list: tab === "groups" ? null : await readArrivals(c, setting, tab),
  };
}

function selectEvidence(companyKey: number, settingKey: number) {
  return together({
    standings: selectHealthFacts(companyKey, Date.now()),
    alerts: selectLivingAlerts(companyKey, settingKey),
    holds: selectOpenHolds(companyKey),
  });
}

function PausedNotice({ ids }: { ids: Ids }) {
  return (
    <Notice tone="warn">
      <p>
        <strong>Paused</strong>
        {": it refuses all requests, so nobody arrives. "}
        <a href={href("setting", ids)}>Resume it on its page</a>
      </p>
    </Notice>
  );
}

function Numbers({ ids, figures, isLive }: { ids: Ids; figures: GoLiveFigures | null; isLive: boolean }) {
  const url = href("shadowFigures", ids);
  if (figures === null) return <WaitingForFigures url={url} plainUrl={href("shadow", ids, { figures: "now" })} />;
  if (!isLive) return <ShadowFigures figures={figures} />;
  return (
    <div data-live={url} aria-live="polite">
      <ShadowFigures figures={figures} />
    </div>
  );
}

function readFigures(c: ConsoleContext, setting: SettingRecord): Promise<GoLiveFigures | null> {
  const { database, company } = c.var;
  return throughPeople(database, setting, searchOf(c), (reads) => previewGoLive(reads, company.key, setting));
}

/** The figures alone, for the script to put into the page. */
export async function showShadowFigures(c: ConsoleContext, shown: SettingRecord) {
  const { database, company } = c.var;
  const figures = await atOneMoment(c, async () =>
    readFigures(c, (await findSetting(database, company.key, shown.id)) ?? shown),
  );
  return c.html(figures === null ? <p data-said>This setting is live.</p> : <ShadowFigures figures={figures} />);
}

function Lists({ ids, tab }: { ids: Ids; tab: Tab }) {
  const tabs = TABS.map((each) => ({
    href: href("shadow", ids, { as: each }),
    label: each === "groups" ? "Groups" : BECOMING_WORDS[each].title,
    isShown: each === tab,
  }));
  return <Tabs label="Which list" tabs={tabs} />;
}

async function readArrivals(c: ConsoleContext, setting: SettingRecord, becomes: Becoming) {
  const url = href("shadow", { companyId: c.var.company.id, settingId: setting.id }, { as: becomes });
  const after = readCursor(url, c.req.query("after"), readText);
  const query = { becomes, take: PAGE_SIZE + 1, after };
  const arrivals = await throughPeople(c.var.database, setting, searchOf(c), (reads) =>
    listArrivals(reads, c.var.company.key, setting, query),
  );
  return {
    becomes,
    page: toPage(url, arrivals, PAGE_SIZE, ({ id }) => id),
    isFirst: after === null,
    isEmpty: setting.firstUserAt === null,
  };
}

/** One of the lists as a download, all of it. */
export async function exportShadow(c: ConsoleContext, setting: SettingRecord) {
  const { database, company } = c.var;
  const as = TABS.find((tab) => tab === c.req.query("as")) ?? null;
  if (as === "groups") {
    const figures = await readFigures(c, setting);
    return streamCsv<ArrivalGroup>(`shadow-groups-${setting.name}`, {
      head: ["Target group", "Is made", "People who join"],
      next: inStretches(figures?.groups ?? []),
      values: ({ name, isNew, people }) => [name, isNew, people],
    });
  }
  // Of one that is live nobody is in shadow.
  const isRead = isSilent(setting);
  return streamCsv<Arrival>(`shadow-${setting.name}`, {
    head: ["User name", "E-mail", "Becomes", "Why", "Target groups", "Id"],
    next: isRead
      ? await readAllArrivals(database, company.key, setting, as, patientSearchOf(c))
      : inStretches<Arrival>([]),
    values: ({ userName, email, becomes, why, moves, id }) => [
      ...[userName, email, becomes, why === null ? null : WHY_WORDS[why]],
      ...[groupNamesOf(moves).join("; "), id],
    ],
  });
}
