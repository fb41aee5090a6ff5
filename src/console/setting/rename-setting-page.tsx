import * as z from "zod";
import { runRead } from "../../platform/read-batch.ts";
import { givenName } from "../../settings/setting-input.ts";
import { type SettingRecord, selectSettings } from "../../settings/setting-store.ts";
import type { ConsoleContext } from "../console-env.ts";
import { attempt } from "../perform-for-page.ts";
import { type Errors, readForm, type Values } from "../read-form.ts";
import { href } from "../routes.ts";
import { ErrorSummary, Input, Submit } from "../views/form.tsx";
import { SettingFrame } from "./edit-mapping-and-grouping-pages.tsx";
import { isNameTaken, NAME_TAKEN } from "./setting-draft.ts";

const nameForm = z.object({ name: givenName });

/** The form of a setting's name. */
export function showRename(c: ConsoleContext, setting: SettingRecord, values: Values = {}, errors: Errors = {}) {
  const ids = { companyId: c.var.company.id, settingId: setting.id };
  return c.html(
    <SettingFrame
      c={c}
      setting={setting}
      title="Rename this setting"
      lead="The name is for you and your colleagues: the identity provider never sees it."
    >
      <form class="card stack" method="post" action={href("renameSetting", ids)}>
        <ErrorSummary errors={errors} />
        <Input
          name="name"
          label="Name of this setting"
          values={{ name: setting.name, ...values }}
          errors={errors}
          maxlength={200}
          autocomplete="off"
          autofocus
        />
        <Submit label="Rename" cancel={href("setting", ids)} />
      </form>
    </SettingFrame>,
    Object.keys(errors).length > 0 ? 422 : 200,
  );
}

/** Renames a setting, unless another of the company has the name. */
export async function renameSetting(c: ConsoleContext, setting: SettingRecord) {
  const form = await readForm(c, nameForm);
  if (!form.ok) return showRename(c, setting, form.values, form.errors);
  const { name } = form.data;
  const settings = await runRead(c.var.database, selectSettings(c.var.company.key, { take: 200, after: null }));
  if (isNameTaken(settings, { id: setting.id, name })) return showRename(c, setting, form.values, { name: NAME_TAKEN });
  const result = await attempt(c, { kind: "updateSetting", settingId: setting.id, name }, setting);
  if (!result.ok) return showRename(c, setting, form.values, { "": result.detail });
  const ids = { companyId: c.var.company.id, settingId: setting.id };
  return c.redirect(href("setting", ids, { done: "renamed" }), 303);
}
