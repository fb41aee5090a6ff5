import { isId, newId } from "../../platform/uuid.ts";
import type { Field } from "../../settings/fields.ts";
import { PROVIDERS, type Provider } from "../../settings/setting.ts";
import type { Errors, Values } from "../read-form.ts";
import { judgeGrouping, judgeIdentity, judgeMapping, PATH_PREFIX } from "../setting/setting-draft.ts";

/** The steps of making a setting, in their order. */
export const STEPS = ["Name and provider", "Fields", "Groups", "Review"] as const;

/**
 * The whole state of the wizard: it lives in the query of its pages, so that Back, reload and a bookmark keep
 * everything and the setting is stored at the last step; a custom field is the company's at once. `id` is the new setting's id, chosen at the start.
 */
export interface WizardState {
  id: string;
  /** 0 to 3. */
  step: number;
  values: Values;
  errors: Errors;
}

const NAMES = new Set(["name", "provider", "group", "scope", "criteria", "field", "mode", "newLabel", "newType"]);

/** Reads the state out of a query or a form, and judges the steps before the one asked for: a wrong one comes back. */
export function readState(given: Values, fields: readonly Field[], now: number): WizardState {
  const values = Object.fromEntries(
    Object.entries(given).filter(([name]) => NAMES.has(name) || name.startsWith(PATH_PREFIX)),
  );
  const id = isId(given.id ?? "") ? (given.id ?? "") : newId(now);
  const wanted = Math.min(Math.max(Math.trunc(Number(given.step ?? 0)) || 0, 0), STEPS.length - 1);
  for (let step = 0; step < wanted; step += 1) {
    const errors = judgeStep(step, values, fields);
    if (Object.keys(errors).length > 0) return { id, step, values, errors };
  }
  return { id, step: wanted, values, errors: {} };
}

/** What is wrong with one step's values. */
function judgeStep(step: number, values: Values, fields: readonly Field[]): Errors {
  if (step === 0) return judgeIdentity(values);
  if (step === 1) return judgeMapping(values, fields);
  return step === 2 ? judgeGrouping(values, fields).errors : {};
}

/** The state as a query or as hidden fields, without the values that the form shows itself. */
export function carriedValues(state: WizardState, shown: readonly string[] = []): Record<string, string> {
  const carried = Object.entries(state.values).filter(
    ([name, value]) =>
      value !== "" &&
      !name.startsWith("new") &&
      !shown.some((each) => name === each || (each === PATH_PREFIX && name.startsWith(each))),
  );
  return { id: state.id, ...Object.fromEntries(carried) };
}

/** The chosen provider, or that of any SCIM client while none is chosen. */
export function providerOf(values: Values): Provider {
  return PROVIDERS.find((provider) => provider === values.provider) ?? "other";
}
