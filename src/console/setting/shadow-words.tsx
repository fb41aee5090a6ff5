import type { Becoming } from "../../previews/preview-go-live.ts";
import type { WhySkipped } from "../../previews/why-skipped-in-shadow.ts";
import type { SettingRecord } from "../../settings/setting-store.ts";
import { isSilent } from "../../settings/shadow.ts";
import { href } from "../routes.ts";
import { Notice } from "../views/pills-notices-pager.tsx";

/** What becomes of people in shadow, as the lists of them are called. */
export const BECOMING_WORDS: Record<Becoming, { title: string; hint: string }> = {
  new: { title: "New", hint: "They are added, and in the target groups shown." },
  known: {
    title: "Known",
    hint: "Their e-mail is here already by another setting: one person, who is enrolled once.",
  },
  skipped: { title: "In no group", hint: "They are added, and in no target group: no training starts for them." },
};

/** Why somebody is in no target group. */
export const WHY_WORDS: Record<WhySkipped, string> = {
  inactive: "Inactive at the identity provider",
  noValue: "No value in the field that groups people",
  longName: "The value is too long for a target group",
  noGroup: "In no group of the identity provider that is synchronised",
};

/** Says on the pages of a setting that nothing of it shows, or not yet all. */
export function ShadowNotice({ companyId, setting }: { companyId: string; setting: SettingRecord }) {
  if (setting.shadow === null) return null;
  if (!isSilent(setting))
    return (
      <Notice tone="warn">
        <p>
          <strong>Going live</strong>
          {": its people come out of shadow in steps. Load this page again to see how far it is."}
        </p>
      </Notice>
    );
  return (
    <Notice tone="warn">
      <p>
        <strong>In shadow</strong>
        {
          ": the identity provider is answered in full, and nothing of it shows. Nobody is in a group or a training by this setting. "
        }
        <a href={href("shadow", { companyId, settingId: setting.id })}>See what going live would do</a>
      </p>
    </Notice>
  );
}
