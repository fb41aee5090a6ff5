import { guideOf } from "../../providers/guides.ts";
import type { SettingRecord } from "../../settings/setting-store.ts";
import { href } from "../routes.ts";
import type { Health } from "../setting/setting-health.ts";
import { type Column, Table } from "../views/list.tsx";
import { formatCount, Moment } from "../views/moments-and-counts.tsx";
import { Pill } from "../views/pills-notices-pager.tsx";

/** A setting and how it is. */
interface JudgedSetting {
  setting: SettingRecord;
  health: Health;
}

const URGENCY = { bad: 0, warn: 1, good: 2 };

/** How each setting of a company is, and why, the worst first. */
export function ConnectedSettings({ companyId, judged }: { companyId: string; judged: readonly JudgedSetting[] }) {
  if (judged.length === 0) return null;
  const rows = judged.toSorted((left, right) => URGENCY[left.health.tone] - URGENCY[right.health.tone]);
  return (
    <section class="card flush health" aria-labelledby="health-title">
      <div class="row between">
        <h2 id="health-title">SCIM settings</h2>
        <a class="small" href={href("settings", { companyId })}>
          All SCIM settings
        </a>
      </div>
      <Table caption="How each SCIM setting is" columns={columnsOf(companyId)} rows={rows} />
    </section>
  );
}

function columnsOf(companyId: string): Column<JudgedSetting>[] {
  return [
    {
      head: "Name",
      namesRow: true,
      cell: ({ setting: { id, name, provider } }) => (
        <>
          <a href={href("setting", { companyId, settingId: id })}>{name}</a>
          <span class="sub slim">{guideOf(provider).name}</span>
        </>
      ),
    },
    { head: "Provider", look: "wide roomy", cell: ({ setting }) => guideOf(setting.provider).name },
    {
      head: "State",
      cell: (judged) => (
        <>
          <Pill tone={judged.health.tone}>{judged.health.word}</Pill>
          <div class="sub slim">
            <Why companyId={companyId} judged={judged} />
          </div>
        </>
      ),
    },
    { head: "Why", look: "wide", cell: (judged) => <Why companyId={companyId} judged={judged} /> },
    {
      head: "Active people",
      look: "number wide",
      cell: ({ setting }) => formatCount(setting.users.active),
    },
    {
      head: "Last request",
      look: "number wide",
      cell: ({ setting }) => <Moment time={setting.lastRequestAt} none="never" />,
    },
  ];
}

function Why({ companyId, judged: { setting, health } }: { companyId: string; judged: JudgedSetting }) {
  if (health.reasons.length === 0) return <span class="soft">It works.</span>;
  return (
    <ul class="bullets">
      {health.reasons.map(({ sentence, alertId, holdId, page }) => (
        <li>
          {`${sentence} `}
          {alertId !== undefined && <a href={href("alert", { companyId, alertId })}>What to do</a>}
          {holdId !== undefined && <a href={href("hold", { companyId, holdId })}>Decide</a>}
          {page !== undefined && <a href={href(page, { companyId, settingId: setting.id })}>{PAGES[page]}</a>}
        </li>
      ))}
    </ul>
  );
}

const PAGES = {
  setting: "To the setting",
  setup: "Set-up guide",
  shadow: "What going live would do",
  tokens: "Make one",
};
