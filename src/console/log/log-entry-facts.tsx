import { isoTime } from "../../platform/clock.ts";
import { guideOf } from "../../providers/guides.ts";
import { isSilent } from "../../settings/shadow.ts";
import { href } from "../routes.ts";
import { formatExact, Moment } from "../views/moments-and-counts.tsx";
import { Pill } from "../views/pills-notices-pager.tsx";
import { nameOfCredential } from "./credential-words.ts";
import { OutcomePill } from "./log-table.tsx";
import type { ReadEntry } from "./read-log-entry.ts";

interface FactsProps extends Pick<ReadEntry, "entry" | "setting" | "credential"> {
  companyId: string;
}

/** What a request was, when it came and whence. */
export function Facts({ companyId, entry, setting, credential }: FactsProps) {
  return (
    <section class="card panel" aria-label="Facts">
      <dl class="facts">
        <dt>Request</dt>
        <dd class="mono">{`${entry.method} ${entry.path}`}</dd>
        <dt>Outcome</dt>
        <dd>
          <OutcomePill status={entry.status} /> {entry.scimType}
        </dd>
        <dt>Time</dt>
        <Time time={entry.time} />
        <dt>Took</dt>
        <dd>{`${entry.duration} ms`}</dd>
        <dt>SCIM setting</dt>
        <SettingOf companyId={companyId} setting={setting} />
        {credential !== null && (
          <>
            <dt>Credential</dt>
            <dd>
              <a href={href("log", { companyId }, { credential: credential.id })}>{nameOfCredential(credential)}</a>
            </dd>
          </>
        )}
        {entry.label !== null && (
          <>
            <dt>About</dt>
            <About companyId={companyId} entry={entry} setting={setting} />
          </>
        )}
        <dt>Request id</dt>
        <dd class="mono">{entry.id}</dd>
      </dl>
    </section>
  );
}

function Time({ time }: { time: number }) {
  return (
    <dd>
      <span class="exact shown" data-exact={isoTime(time)}>
        {formatExact(time)}
      </span>
      <span class="soft">
        {" ("}
        <Moment time={time} isBeside />)
      </span>
    </dd>
  );
}

/** Of somebody in shadow there is no page. */
function isHidden(setting: ReadEntry["setting"]): boolean {
  return setting !== null && isSilent(setting);
}

function SettingOf({ companyId, setting }: Pick<FactsProps, "companyId" | "setting">) {
  if (setting === null) return <dd>deleted</dd>;
  return (
    <dd>
      <a
        href={href("setting", { companyId, settingId: setting.id })}
      >{`${setting.name} (${guideOf(setting.provider).name})`}</a>
      {isHidden(setting) && (
        <>
          {" "}
          <Pill tone="warn">In shadow</Pill>
        </>
      )}
    </dd>
  );
}

function About({ companyId, entry, setting }: Pick<FactsProps, "companyId" | "entry" | "setting">) {
  const { label, resourceId, resourceType } = entry;
  if (resourceId === null) return <dd>{label}</dd>;
  const requests = href("log", { companyId }, { resource: resourceId });
  return (
    <dd>
      {resourceType === "User" && !isHidden(setting) ? (
        <a href={href("person", { companyId, userId: resourceId })}>{label}</a>
      ) : (
        label
      )}
      {" · "}
      <a href={requests}>all requests about it</a>
    </dd>
  );
}
