import type { SettingRecord } from "../../settings/setting-store.ts";
import type { ConsoleContext } from "../console-env.ts";
import { perform } from "../perform-for-page.ts";
import { readValues } from "../read-form.ts";
import { href } from "../routes.ts";
import { FormEnd } from "../views/form.tsx";
import { SettingFrame } from "./edit-mapping-and-grouping-pages.tsx";
import { findOpenHolds, HoldsFirst, seenHolds } from "./open-holds.tsx";

/** Asks before a setting in which people wait is paused. */
export async function showPause(c: ConsoleContext, setting: SettingRecord) {
  const ids = { companyId: c.var.company.id, settingId: setting.id };
  const held = await findOpenHolds(c, setting);
  return c.html(
    <SettingFrame
      c={c}
      setting={setting}
      title={`Pause ${setting.name}`}
      lead="Its tokens are answered with 403 and nothing changes, until you resume it."
    >
      <form class="card stack" method="post" action={href("pauseSetting", ids)}>
        <HoldsFirst
          companyId={ids.companyId}
          held={held}
          rest="or pause the setting and leave them untouched: they wait on."
        />
        <p>Pausing withdraws nobody and removes nobody.</p>
        <FormEnd cancel={href("setting", ids)} label="Pause this setting" />
      </form>
    </SettingFrame>,
  );
}

/** Pauses a setting; one in which people wait only by the form that shows them. */
export async function pauseSetting(c: ConsoleContext, setting: SettingRecord) {
  const ids = { companyId: c.var.company.id, settingId: setting.id };
  const holds = seenHolds(await readValues(c));
  if (holds.holds === undefined && (await findOpenHolds(c, setting)).holds > 0)
    return c.redirect(href("pauseSetting", ids), 303);
  await perform(c, { kind: "pauseSetting", settingId: setting.id, ...holds }, setting);
  return c.redirect(href("setting", ids, { done: "paused" }), 303);
}
