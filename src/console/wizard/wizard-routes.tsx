import { Hono } from "hono";
import { selectHasPeople } from "../../directory/people-totals-store.ts";
import { BY_NAME, type CountedTargetGroup, selectTargetGroups } from "../../grouping/target-group-store.ts";
import { runRead, together } from "../../platform/read-batch.ts";
import { guideOf } from "../../providers/guides.ts";
import { listFields, selectFields } from "../../settings/field-store.ts";
import type { Field } from "../../settings/fields.ts";
import { selectClient } from "../../settings/oauth-client-store.ts";
import { findSetting, type SettingRecord, selectSettings } from "../../settings/setting-store.ts";
import type { ConsoleContext, ConsoleEnv } from "../console-env.ts";
import { attempt } from "../perform-for-page.ts";
import { readValues, type Values } from "../read-form.ts";
import { notHere } from "../refused.ts";
import { href, ROUTES } from "../routes.ts";
import { explainPath } from "../setting/explain-path.ts";
import { draftField, isNamed, NOT_ADDED } from "../setting/field-from-name.ts";
import { mintFormToken, publishFormToken } from "../setting/form-token.ts";
import { mayShowSecret, mintFormSecret } from "../setting/new-secret.ts";
import { isNameTaken, judgeGrouping, NAME_TAKEN, PATH_PREFIX, readMappings } from "../setting/setting-draft.ts";
import { readWay } from "../setting/sign-in-way.ts";
import { leadToSecret, nonceOf } from "../show-secret-once.ts";
import { Page } from "../views/layout.tsx";
import { WizardPanel } from "./wizard-panel.tsx";
import { carriedValues, providerOf, readState, STEPS, type WizardState } from "./wizard-state.ts";
import { StepList, WizardStep } from "./wizard-steps.tsx";

/** The routes of making a SCIM setting. */
export function wizardRoutes() {
  return new Hono<ConsoleEnv>()
    .get(ROUTES.newSetting, async (c) => {
      const choices = await readChoices(c);
      const { fields } = choices;
      const state = withOwnName(readState(c.req.query(), fields, Date.now()), choices);
      const { newLabel, newType = "" } = state.values;
      const tried = newLabel === undefined ? null : draftField(newLabel, newType, fields).error;
      if (state.step === 1 && tried !== null)
        return showStep(c, { ...state, errors: { ...state.errors, newLabel: tried } }, choices);
      // The form went on with a field named that nobody added: it must not be lost unsaid.
      if (state.step > 1 && isNamed(newLabel))
        return showStep(c, { ...state, step: 1, errors: { newLabel: tried ?? NOT_ADDED } }, choices);
      return showStep(c, state, choices);
    })
    .post(ROUTES.newSetting, createFromForm)
    .post(ROUTES.newField, addField)
    .get(ROUTES.checkPath, (c) => c.json(explainPath((c.req.query("path") ?? "").slice(0, 500))));
}

/** What there is to choose from. */
interface Choices {
  fields: Field[];
  groups: CountedTargetGroup[];
  hasPeople: boolean;
  settings: SettingRecord[];
}

/** The state, back at the first step where another setting has its name: two that are called alike are mixed up. */
function withOwnName(state: WizardState, { settings }: Choices): WizardState {
  const isTaken = state.step > 0 && isNameTaken(settings, { id: state.id, name: state.values.name ?? "" });
  return isTaken ? { ...state, step: 0, errors: { name: NAME_TAKEN } } : state;
}

function readChoices(c: ConsoleContext): Promise<Choices> {
  const { database, company } = c.var;
  const groups = selectTargetGroups(company.key, BY_NAME, { take: 200, after: null });
  return runRead(
    database,
    together({
      fields: selectFields(company.key),
      groups,
      hasPeople: selectHasPeople(company.key),
      settings: selectSettings(company.key, { take: 200, after: null }),
    }),
  );
}

function showStep(c: ConsoleContext, state: WizardState, { fields, groups, hasPeople }: Choices) {
  const companyId = c.var.company.id;
  const title = state.step === 0 ? "New SCIM setting" : `New SCIM setting: ${STEPS[state.step]?.toLowerCase()}`;
  return c.html(
    <Page
      title={title}
      company={c.var.company}
      session={c.var.session}
      section="settings"
      crumbs={[{ label: "SCIM settings", url: href("settings", { companyId }) }]}
      lead="The setting is made at the last step: Back, reload and a bookmark keep what you chose until then."
    >
      <StepList current={state.step} />
      <div class="with-panel reading">
        <WizardStep
          companyId={companyId}
          state={state}
          fields={fields}
          groupNames={groups.map(({ name }) => name)}
          hasPeople={hasPeople}
        />
        <WizardPanel companyId={companyId} state={state} fields={fields} />
      </div>
    </Page>,
    Object.keys(state.errors).length > 0 ? 422 : 200,
  );
}

/** Makes the setting. Sent twice it makes one: the id is the form's, and so is the token's nonce. */
async function createFromForm(c: ConsoleContext) {
  const given = await readValues(c);
  const choices = await readChoices(c);
  const { fields } = choices;
  const state = withOwnName(readState({ ...given, step: "3" }, fields, Date.now()), choices);
  const { input } = judgeGrouping(state.values, fields);
  if (state.step < 3 || input === null) return showStep(c, state, choices);
  const provider = providerOf(state.values);
  const name = (state.values.name ?? "").trim();
  // A form of before the question was asked wants a token.
  const way = readWay(given.signIn, guideOf(provider)) ?? "token";
  const nonce = nonceOf(given.nonce);
  const token = await mintFormToken(c, state.id, nonce);
  const { clientId, secret } = await mintFormSecret(c, state.id, nonce);
  const result = await attempt(
    c,
    {
      kind: "createSetting",
      id: state.id,
      name,
      provider,
      fieldMappings: readMappings(state.values, fields),
      groupSettings: input,
      mode: state.values.mode === "shadow" ? "shadow" : "live",
      ...(way === "token" && { token: { id: token.id, lastFour: token.lastFour, expiresAt: null } }),
      ...(way === "client" && { client: { client: { id: clientId, name }, secret } }),
    },
    { id: state.id, provider },
  );
  if (!result.ok) return showStep(c, { ...state, errors: { "": result.detail } }, choices);
  const setting = await findSetting(c.var.database, c.var.company.key, state.id);
  if (setting === null) throw notHere();
  const ids = { companyId: c.var.company.id, settingId: setting.id };
  if (way === "federation") return c.redirect(href("setup", ids, { signIn: way }), 303);
  if (way === "client") {
    const client = await runRead(c.var.database, selectClient(setting.key, clientId));
    if (client !== null && mayShowSecret(client, secret.id))
      return leadToSecret(c, href("setup", ids), { kind: "client", of: setting.id, nonce });
  } else if (await publishFormToken(c, setting, token))
    return leadToSecret(c, href("setup", ids), { kind: "token", of: setting.id, nonce });
  return c.redirect(href("setting", ids, { done: "made-before" }), 303);
}

/** Defines a custom field from the wizard or from a setting's mapping, and goes back to the form with all its values. */
async function addField(c: ConsoleContext) {
  const given = await readValues(c);
  const companyId = c.var.company.id;
  const fields = await listFields(c.var.database, c.var.company.key);
  const { field } = draftField(given.newLabel ?? "", given.newType ?? "", fields);
  const { newLabel, newType, ...others } = given;
  const values: Values = field === null ? given : others;
  if (field !== null) {
    const result = await attempt(c, { kind: "createField", field });
    if (!result.ok && result.code !== "field_key_taken") throw new Error(result.detail);
  }
  // The fragment has the browser put the focus there, without script too.
  const place = field === null ? "#newLabel" : `#path-${field.key}`;
  const paths = Object.fromEntries(Object.entries(values).filter(([name]) => name.startsWith(PATH_PREFIX)));
  const tried = field === null ? { newLabel: newLabel?.trim() || " ", newType } : {};
  if (given.settingId !== undefined)
    return c.redirect(href("mapping", { companyId, settingId: given.settingId }, { ...paths, ...tried }) + place, 303);
  const state = readState({ ...values, step: "1" }, fields, Date.now());
  return c.redirect(href("newSetting", { companyId }, { ...carriedValues(state), ...tried, step: 1 }) + place, 303);
}
