import { type GoLiveFigures, MOST_FREE, previewGoLive, throughPeople } from "../../previews/preview-go-live.ts";
import { findSetting, type SettingRecord } from "../../settings/setting-store.ts";
import { isSilent } from "../../settings/shadow.ts";
import type { ConsoleContext } from "../console-env.ts";
import { attempt } from "../perform-for-page.ts";
import { type Errors, readValues } from "../read-form.ts";
import { atOneMoment } from "../read-page-at-one-moment.ts";
import { Refused } from "../refused.ts";
import { href } from "../routes.ts";
import { searchOf } from "../search-in-share.ts";
import { DecisionLater } from "../views/figures-loaded-later.tsx";
import { ErrorSummary, FormEnd, Hidden } from "../views/form.tsx";
import { countOf } from "../views/moments-and-counts.tsx";
import { SettingFrame } from "./edit-mapping-and-grouping-pages.tsx";
import { EnrolmentFigures } from "./preview-figures.tsx";
import { describeGroups } from "./shadow-figures.tsx";

/** Asks before a setting goes live, with what that does in numbers. */
export async function showGoLive(c: ConsoleContext, shown: SettingRecord, errors: Errors = {}) {
  const ids = { companyId: c.var.company.id, settingId: shown.id };
  const isNow = c.req.query("figures") === "now";
  const { setting, figures } = await atOneMoment(c, () => readGoLive(c, shown, isNow));
  if (!isSilent(setting)) return c.redirect(href("setting", ids), 303);
  return c.html(
    <SettingFrame
      c={c}
      setting={setting}
      title={`Go live with ${setting.name}?`}
      lead="It is planned anew when you do it, and done in steps: whoever arrives meanwhile is served at once."
      notice=""
    >
      <form class="card stack" method="post" action={href("goLive", ids)}>
        <ErrorSummary errors={errors} />
        {figures === null ? (
          <DecisionLater
            url={href("goLiveFigures", ids)}
            plainUrl={href("goLive", ids, { figures: "now" })}
            cancel={href("shadow", ids)}
          />
        ) : (
          <WhatHappens ids={ids} figures={figures} />
        )}
      </form>
    </SettingFrame>,
    Object.keys(errors).length > 0 ? 422 : 200,
  );
}

/** What going live does in numbers, and the button, for the script to put into the page. */
export async function showGoLiveFigures(c: ConsoleContext, shown: SettingRecord) {
  const ids = { companyId: c.var.company.id, settingId: shown.id };
  const { figures } = await atOneMoment(c, () => readGoLive(c, shown, true));
  return c.html(
    figures === null ? <p data-said>This setting is live.</p> : <WhatHappens ids={ids} figures={figures} />,
  );
}

/** The setting as it is now, and what its going live does: null of one that is live, and of many unless it is asked for. */
async function readGoLive(c: ConsoleContext, shown: SettingRecord, isAsked: boolean) {
  const { database, company } = c.var;
  const setting = (await findSetting(database, company.key, shown.id)) ?? shown;
  const isFew = setting.users.active + setting.users.inactive <= MOST_FREE;
  if (!isFew && !isAsked) return { setting, figures: null };
  const figures = await throughPeople(database, setting, searchOf(c), (reads) =>
    previewGoLive(reads, company.key, setting),
  );
  return { setting, figures };
}

interface WhatHappensProps {
  ids: { companyId: string; settingId: string };
  figures: GoLiveFigures;
}

function WhatHappens({ ids, figures }: WhatHappensProps) {
  return (
    <div class="stack">
      <div class="stack tight" data-said>
        <Arriving figures={figures} />
        <EnrolmentFigures enrolments={figures.enrolments} />
      </div>
      <p class="soft">There is no way back into shadow. A mistake is put right as for any setting that is live.</p>
      <Hidden values={{ version: figures.version }} />
      <FormEnd cancel={href("shadow", ids)} label="Go live" />
    </div>
  );
}

function Arriving({ figures: { people, groups } }: { figures: GoLiveFigures }) {
  const made = groups.filter(({ isNew }) => isNew).length;
  const lines = [
    people.new > 0 && `${countOf(people.new, "person is", "people are")} new: added, and put into target groups`,
    people.known > 0 &&
      `${countOf(people.known, "person is", "people are")} here already by another setting: put into the groups of this one too, and enrolled once`,
    people.skipped > 0 &&
      `${countOf(people.skipped, "person is", "people are")} added and in no target group: no training starts for them`,
    groups.length > 0 && describeGroups(made, groups.length - made),
  ].filter((line) => line !== false);
  if (lines.length === 0) return <p>Nobody has arrived yet: whoever comes from then on shows at once.</p>;
  return (
    <ul class="bullets">
      {lines.map((line) => (
        <li>{line}</li>
      ))}
    </ul>
  );
}

/** Has a setting go live by the configuration that was shown; where that has changed since, it is asked again. */
export async function goLive(c: ConsoleContext, setting: SettingRecord) {
  const ids = { companyId: c.var.company.id, settingId: setting.id };
  const { version = "" } = await readValues(c);
  const result = await attempt(c, { kind: "goLive", settingId: setting.id, version }, setting);
  if (!result.ok && result.code === "setting_changed") return showGoLive(c, setting, { "": result.detail });
  if (!result.ok) throw new Refused(result.status, "That was refused", result.detail);
  return c.redirect(href("setting", ids, { done: "live" }), 303);
}
