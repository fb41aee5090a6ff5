import { z } from "zod";
import type { SettingRecord } from "../../settings/setting-store.ts";
import { forgetTokens } from "../../settings/token-routing.ts";
import { listLiveTokenIds } from "../../settings/token-store.ts";
import type { ConsoleContext } from "../console-env.ts";
import { perform } from "../perform-for-page.ts";
import { type Errors, readForm } from "../read-form.ts";
import { href } from "../routes.ts";
import { Choice, Decision, ErrorSummary, FieldError } from "../views/form.tsx";
import { countOf } from "../views/moments-and-counts.tsx";
import { SettingFrame } from "./edit-mapping-and-grouping-pages.tsx";

const deletion = z.object({ users: z.enum(["keep", "remove"]) });

/** Asks what becomes of the people before a setting is deleted. */
export function showDeletion(c: ConsoleContext, setting: SettingRecord, errors: Errors = {}) {
  const ids = { companyId: c.var.company.id, settingId: setting.id };
  const people = countOf(setting.users.active + setting.users.inactive, "person", "people");
  return c.html(
    <SettingFrame
      c={c}
      setting={setting}
      title={`Delete ${setting.name}`}
      lead="Its tokens stop working at once and the provider's requests are refused. This cannot be undone."
    >
      <form class="card stack" method="post" action={href("deleteSetting", ids)}>
        <ErrorSummary errors={errors} />
        <fieldset aria-describedby={errors.users === undefined ? undefined : "users-error"}>
          <legend>{`What becomes of ${people}?`}</legend>
          <div class="choices">
            <Choice
              name="users"
              value="keep"
              title="Keep them as they are"
              hint="They stay in their target groups and enrolments, and nothing keeps them up to date any more: you find them under People, “Without a connection”, and edit or remove them there."
              checked={false}
            />
            <Choice
              name="users"
              value="remove"
              title="Remove them"
              hint="They leave all groups, their enrolments are withdrawn, and they are gone. The change feed keeps the fact."
              checked={false}
            />
          </div>
          <FieldError name="users" errors={errors} />
        </fieldset>
        <Decision cancel={href("setting", ids)} label="Delete this setting" isDanger />
      </form>
    </SettingFrame>,
    Object.keys(errors).length > 0 ? 422 : 200,
  );
}

/** Deletes a setting with the choice made. */
export async function deleteSetting(c: ConsoleContext, setting: SettingRecord) {
  const form = await readForm(c, deletion);
  if (!form.ok) return showDeletion(c, setting, { users: "Choose what becomes of its people." });
  const tokenIds = await listLiveTokenIds(c.var.database, c.var.company.key, setting.key);
  await perform(c, { kind: "deleteSetting", settingId: setting.id, users: form.data.users }, setting);
  await forgetTokens(c.env, tokenIds);
  return c.redirect(href("settings", { companyId: c.var.company.id }, { done: "deleted" }), 303);
}
