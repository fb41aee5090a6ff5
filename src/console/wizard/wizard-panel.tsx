import { guideOf } from "../../providers/guides.ts";
import type { Field } from "../../settings/fields.ts";
import { href } from "../routes.ts";
import { Sentences } from "../setting/guide-view.tsx";
import { Unfilled } from "../setting/mapping-form.tsx";
import { readMappings } from "../setting/setting-draft.ts";
import { carriedValues, providerOf, type WizardState } from "./wizard-state.ts";

interface Props {
  companyId: string;
  state: WizardState;
  fields: readonly Field[];
}

/** Beside a step: what comes, before anything is chosen; then what was chosen so far. The last step is that itself. */
export function WizardPanel({ companyId, state, fields }: Props) {
  if (state.step === 3) return null;
  return (
    <aside class="card stack tight panel" aria-labelledby="panel-title">
      {state.step === 0 ? <WhatComes /> : <SoFar companyId={companyId} state={state} fields={fields} />}
    </aside>
  );
}

const STEPS_AHEAD = [
  "**Name and provider**: which directory it connects.",
  "**Fields**: what is kept of each person. The usual ones are set already.",
  "**Groups**: how people are sorted into target groups, and so into trainings.",
  "**Review**: how it signs in, and whether it starts in shadow. Then you get what to paste at the provider, and a guide made for your choices.",
];

function WhatComes() {
  return (
    <>
      <h2 id="panel-title">What comes</h2>
      <Sentences of={STEPS_AHEAD} class="bullets" />
      <p class="hint">About ten minutes, with an admin of the identity provider beside you.</p>
    </>
  );
}

function SoFar({ companyId, state, fields }: Props) {
  const { values, step } = state;
  const guide = guideOf(providerOf(values));
  const back = (to: number) => href("newSetting", { companyId }, { ...carriedValues(state), step: to });
  const overrides = readMappings(values, fields);
  return (
    <>
      <h2 id="panel-title">So far</h2>
      <dl class="facts">
        <dt>Name</dt>
        <dd>{values.name}</dd>
        <dt>Identity provider</dt>
        <dd>
          {guide.name} <a href={back(0)}>Change name or provider</a>
        </dd>
        {step > 1 && (
          <>
            <dt>Fields</dt>
            <dd>
              {overrides.length === 0 ? "Filled as usual" : overrides.map(({ path }) => <code>{`${path} `}</code>)}{" "}
              <Unfilled values={values} fields={fields} />
              <a href={back(1)}>Change fields</a>
            </dd>
          </>
        )}
      </dl>
      <h3>{`What ${guide.provider === "other" ? "your provider" : guide.name} needs`}</h3>
      <Sentences of={guide.prerequisites.filter((need) => typeof need === "string")} class="bullets" />
    </>
  );
}
