import { explainFailure } from "../../log/explain-request.ts";
import type { ListedRequest } from "../../log/plan-log-walk.ts";
import type { TailoredGuide } from "../../providers/tailor-guide.ts";
import type { SettingRecord } from "../../settings/setting-store.ts";
import { isSilent } from "../../settings/shadow.ts";
import { href } from "../routes.ts";
import { Icon } from "../views/icon.tsx";
import { countOf, Moment } from "../views/moments-and-counts.tsx";
import { RichText } from "../views/rich-text.tsx";
import type { SettingArrival } from "./arrival.ts";
import { Sentences } from "./guide-view.tsx";
import { LiveStatus } from "./live-status.tsx";

interface Props {
  companyId: string;
  setting: SettingRecord;
  arrival: SettingArrival;
  guide: TailoredGuide;
}

/** Whether the connection does what it should, and if not, where to look; without the frame it is refreshed in. */
export function ArrivalCheck(props: Props) {
  const { setting, arrival } = props;
  return (
    <div class="stack">
      <Headline {...props} />
      {arrival.refusal !== null && <Refusal {...props} refusal={arrival.refusal} />}
      <LiveStatus setting={setting} />
      {arrival.state !== "arrived" && arrival.refusal === null && (
        <div class="stack tight">
          <h3>{arrival.state === "waiting" ? "If nothing comes in" : "If nobody comes"}</h3>
          <Sentences of={props.guide.nothingCame} class="bullets" />
        </div>
      )}
    </div>
  );
}

/** Whether groups are what people are sorted by, and none has come. */
function lacksGroups({ groupSettings, firstGroupAt }: SettingRecord): boolean {
  return groupSettings.criteria === "idp" && firstGroupAt === null;
}

function Headline({ companyId, setting, arrival }: Props) {
  const isGood = arrival.state === "arrived" && !lacksGroups(setting);
  const tone = isGood ? "good" : arrival.refusal === null ? "wait" : "bad";
  return (
    <p class={`check ${tone}`}>
      <Icon name={isGood ? "done" : arrival.refusal === null ? "info" : "warning"} />
      <span>
        <strong data-said>{headlineOf(setting, arrival)}</strong>{" "}
        {arrival.state === "arrived" && <a href={urlOfPeople(companyId, setting)}>See who</a>}
      </span>
    </p>
  );
}

function headlineOf(setting: SettingRecord, { state, refusal }: SettingArrival): string {
  const { active, inactive } = setting.users;
  if (state === "arrived") {
    const came = `${countOf(active + inactive, "person has", "people have")} arrived`;
    return lacksGroups(setting) ? `${came}. Now send one of their groups.` : `It works: ${came}.`;
  }
  if (refusal !== null) return "The last request was refused.";
  if (state === "gone") return "Somebody came and is gone again, as a connection test does. Now send one person.";
  return state === "connected" ? "The connection works. Now send one person." : "Nothing has come in yet.";
}

function urlOfPeople(companyId: string, setting: SettingRecord): string {
  if (isSilent(setting)) return href("shadow", { companyId, settingId: setting.id });
  return href("people", { companyId }, { setting: setting.id, sort: "-added" });
}

/** What was refused, by its code: what the provider's guide knows of it, else what is known of it everywhere. */
function Refusal({ companyId, guide, refusal }: Props & { refusal: ListedRequest }) {
  const { title, advice } = explainFailure(refusal);
  const known = guide.mistakes.find(({ codes = [] }) => codes.some((code) => code === refusal.code));
  return (
    <div class="stack tight">
      <h3>{title}</h3>
      <p>{advice}</p>
      {known !== undefined && (
        <p>
          <RichText text={`**At ${guide.provider === "other" ? "your provider" : guide.name}:** ${known.fix}`} />
        </p>
      )}
      <p class="row small">
        <a href={href("logEntry", { companyId, requestId: refusal.id })}>The request</a>
        <code>{`${refusal.status} ${refusal.code ?? ""}`.trim()}</code>
        <Moment time={refusal.time} />
      </p>
    </div>
  );
}
