import type { Child } from "hono/jsx";
import { BY_NAME, selectTargetGroups } from "../../grouping/target-group-store.ts";
import { runRead, together } from "../../platform/read-batch.ts";
import { guideOf } from "../../providers/guides.ts";
import { selectFields } from "../../settings/field-store.ts";
import type { Field } from "../../settings/fields.ts";
import { type SettingRecord, selectSetting } from "../../settings/setting-store.ts";
import type { ConsoleContext } from "../console-env.ts";
import type { Errors, Values } from "../read-form.ts";
import { notHere } from "../refused.ts";
import { href } from "../routes.ts";
import { EnterButton, ErrorSummary, Hidden, Submit } from "../views/form.tsx";
import { Page } from "../views/layout.tsx";
import { draftField } from "./field-from-name.ts";
import { GroupingFields } from "./grouping-form.tsx";
import { MappingFields, NewFieldInputs } from "./mapping-form.tsx";
import { PATH_PREFIX, toValues } from "./setting-draft.ts";
import { ShadowNotice } from "./shadow-words.tsx";

interface FrameProps {
  c: ConsoleContext;
  setting: SettingRecord;
  title: string;
  lead: string;
  /** That the setting is in shadow when it is not said. */
  notice?: Child;
  /** Whether it shows lists, which take the whole width. */
  isWide?: boolean;
  children?: Child;
}

/** A page that belongs to one setting. */
export function SettingFrame({ c, setting, title, lead, notice, isWide = false, children }: FrameProps) {
  const companyId = c.var.company.id;
  return (
    <Page
      title={title}
      company={c.var.company}
      session={c.var.session}
      section="settings"
      crumbs={[
        { label: "SCIM settings", url: href("settings", { companyId }) },
        { label: setting.name, url: href("setting", { companyId, settingId: setting.id }) },
      ]}
      lead={lead}
      notice={notice ?? <ShadowNotice companyId={companyId} setting={setting} />}
      narrow={!isWide}
    >
      {children}
    </Page>
  );
}

/** The setting's values with those of a query over them, so that a form comes back as it was left. */
export function valuesWith(setting: SettingRecord, given: Values): Values {
  return { ...toValues(setting), ...given };
}

/** The company's setting of the path, or 404, and what it can be mapped to. */
export async function requireEdited(c: ConsoleContext): Promise<{ setting: SettingRecord; fields: Field[] }> {
  const { company, database } = c.var;
  const { setting, fields } = await runRead(
    database,
    together({
      setting: selectSetting(company.key, c.req.param("settingId") ?? ""),
      fields: selectFields(company.key),
    }),
  );
  if (setting === null) throw notHere();
  return { setting, fields };
}

/** The form of a setting's group settings. It asks for a preview; nothing is saved from here. */
export async function showGrouping(c: ConsoleContext, errors: Errors = {}) {
  const { company, database } = c.var;
  const ids = { companyId: company.id, settingId: c.req.param("settingId") ?? "" };
  const { setting, fields, groups } = await runRead(
    database,
    together({
      setting: selectSetting(company.key, ids.settingId),
      fields: selectFields(company.key),
      groups: selectTargetGroups(company.key, BY_NAME, { take: 200, after: null }),
    }),
  );
  if (setting === null) throw notHere();
  const lead = "See first who would join and leave which group. Nothing changes until you apply it.";
  return c.html(
    <SettingFrame c={c} setting={setting} title="Change group settings" lead={lead}>
      <form class="card stack loose" method="get" action={href("groupingPreview", ids)}>
        <ErrorSummary errors={errors} />
        <GroupingFields
          fields={fields}
          groupNames={groups.map(({ name }) => name)}
          values={valuesWith(setting, c.req.query())}
          errors={errors}
          guide={guideOf(setting.provider)}
        />
        <Submit label="Preview the change" cancel={href("setting", ids)} />
      </form>
    </SettingFrame>,
    Object.keys(errors).length > 0 ? 422 : 200,
  );
}

/** The form of a setting's field mapping. It asks for a preview; only a new custom field is made from here. */
export async function showMapping(c: ConsoleContext, errors: Errors = {}) {
  const { setting, fields } = await requireEdited(c);
  const companyId = c.var.company.id;
  const ids = { companyId, settingId: setting.id };
  const { newLabel, newType = "", ...given } = c.req.query();
  const tried = newLabel === undefined ? null : draftField(newLabel, newType, fields).error;
  const all = tried === null ? errors : { ...errors, newLabel: tried };
  const values = { ...valuesWith(setting, given), newLabel: newLabel ?? "", newType };
  const lead =
    "Fields are read anew from what the provider sent, for everybody. See first what that does to the groups.";
  return c.html(
    <SettingFrame c={c} setting={setting} title="Change fields" lead={lead}>
      <form class="card stack" method="get" action={href("mappingPreview", ids)}>
        <EnterButton />
        <ErrorSummary errors={all} />
        <Hidden values={{ settingId: setting.id }} />
        <div>
          <MappingFields
            companyId={companyId}
            provider={setting.provider}
            fields={fields}
            values={values}
            errors={all}
          />
        </div>
        <NewFieldInputs companyId={companyId} values={values} errors={all} />
        <Submit label="Preview the change" cancel={href("setting", ids)} />
      </form>
    </SettingFrame>,
    Object.keys(all).length > 0 ? 422 : 200,
  );
}

/** The members of a query that name a field's path. */
export function mappingPathsOf(given: Values): Values {
  return Object.fromEntries(Object.entries(given).filter(([name]) => name.startsWith(PATH_PREFIX)));
}

/** The members of a query that make up group settings. */
export function groupingOf(given: Values): Values {
  const names = ["group", "scope", "criteria", "field"];
  return Object.fromEntries(Object.entries(given).filter(([name]) => names.includes(name)));
}
