import type { SignInWay } from "../../providers/guide.ts";
import { guideOf } from "../../providers/guides.ts";
import type { Field } from "../../settings/fields.ts";
import { PROVIDERS } from "../../settings/setting.ts";
import { newNonce } from "../form-nonce.ts";
import { href } from "../routes.ts";
import { describeGrouping, GroupingFields } from "../setting/grouping-form.tsx";
import { MappingFields, NewFieldInputs, Unfilled } from "../setting/mapping-form.tsx";
import { PATH_PREFIX, readMappings } from "../setting/setting-draft.ts";
import { WAY_WORDS } from "../setting/sign-in-way.ts";
import { Choice, EnterButton, ErrorSummary, FieldError, Hidden, Input } from "../views/form.tsx";
import { carriedValues, providerOf, STEPS, type WizardState } from "./wizard-state.ts";

interface StepProps {
  companyId: string;
  state: WizardState;
  fields: readonly Field[];
  groupNames: readonly string[];
  /** Whether the company has people already. */
  hasPeople: boolean;
}

/** Where in the wizard one is. */
export function StepList({ current }: { current: number }) {
  return (
    <ol class="steps" aria-label="Steps">
      {STEPS.map((title, index) => (
        <li class={index < current ? "done" : undefined} aria-current={index === current ? "step" : undefined}>
          {index + 1}
          <span>{` · ${title}`}</span>
        </li>
      ))}
    </ol>
  );
}

/** The form of the step at hand. */
export function WizardStep(props: StepProps) {
  switch (props.state.step) {
    case 0:
      return <IdentityStep {...props} />;
    case 1:
      return <FieldsStep {...props} />;
    case 2:
      return <GroupsStep {...props} />;
    default:
      return <ReviewStep {...props} />;
  }
}

/** Next comes first in the page's order, so that Enter goes on and not back; it is seen to the right of Back. */
function Moves({ state, next }: { state: WizardState; next: string }) {
  return (
    <div class="actions moves">
      <button class="primary" type="submit" name="step" value={String(state.step + 1)}>
        {next}
      </button>
      {state.step > 0 && (
        <button type="submit" name="step" value={String(state.step - 1)} formnovalidate>
          Back
        </button>
      )}
    </div>
  );
}

function IdentityStep({ companyId, state }: StepProps) {
  const { values, errors } = state;
  return (
    <form class="card stack loose" method="get" action={href("newSetting", { companyId })}>
      <Hidden values={carriedValues(state, ["name", "provider"])} />
      <ErrorSummary errors={errors} />
      <Input
        name="name"
        label="Name of this setting"
        hint="For you and your colleagues, for example the directory it connects."
        values={values}
        errors={errors}
        maxlength={200}
        autocomplete="off"
        autofocus={errors.provider === undefined}
      />
      <fieldset aria-describedby={errors.provider === undefined ? undefined : "provider-error"}>
        <legend>Identity provider</legend>
        <div class="choices three">
          {PROVIDERS.map((provider, index) => (
            <Choice
              name="provider"
              value={provider}
              title={guideOf(provider).name}
              checked={values.provider === provider}
              autofocus={index === 0 && errors.provider !== undefined}
            />
          ))}
        </div>
        <FieldError name="provider" errors={errors} />
      </fieldset>
      <p class="hint">
        The choice selects the set-up guide, the suggested paths and two switches that you can turn later, under How
        requests are read. All else that is sent is understood from all alike.
      </p>
      <Moves state={state} next="Next: fields" />
    </form>
  );
}

function FieldsStep({ companyId, state, fields }: StepProps) {
  const { values, errors } = state;
  return (
    <form class="card stack" method="get" action={href("newSetting", { companyId })}>
      <Hidden values={carriedValues(state, [PATH_PREFIX])} />
      <EnterButton name="step" value={String(state.step + 1)} />
      <ErrorSummary errors={errors} />
      <p class="soft">
        Optional: the standard fields are filled as shown. Map a custom field to keep more of each person, for example
        the place they work at. User name, external id, display name, active and manager are always kept.
      </p>
      <div>
        <MappingFields
          companyId={companyId}
          provider={providerOf(values)}
          fields={fields}
          values={values}
          errors={errors}
        />
      </div>
      <NewFieldInputs companyId={companyId} values={values} errors={errors} />
      <Moves state={state} next="Next: groups" />
    </form>
  );
}

function GroupsStep({ companyId, state, fields, groupNames }: StepProps) {
  const { values, errors } = state;
  return (
    <form class="card stack loose" method="get" action={href("newSetting", { companyId })}>
      <Hidden values={carriedValues(state, ["group", "scope", "criteria", "field"])} />
      <ErrorSummary errors={errors} />
      <GroupingFields
        fields={fields}
        groupNames={groupNames}
        values={values}
        errors={errors}
        guide={guideOf(providerOf(values))}
      />
      <Moves state={state} next="Next: review" />
    </form>
  );
}

/** Asks how the provider will sign in, where it can in more than one way; the recommended one is first, and chosen. */
function SignInChoice({ ways }: { ways: readonly SignInWay[] }) {
  const [recommended, ...others] = ways;
  if (recommended === undefined || others.length === 0) return <Hidden values={{ signIn: recommended }} />;
  return (
    <fieldset>
      <legend>How will it sign in?</legend>
      <div class="choices">
        {ways.map((way) => (
          <Choice
            name="signIn"
            value={way}
            title={way === recommended ? `${WAY_WORDS[way].title} (recommended)` : WAY_WORDS[way].title}
            hint={WAY_WORDS[way].hint}
            checked={way === recommended}
          />
        ))}
      </div>
    </fieldset>
  );
}

/** Asks how it starts: in shadow where there are people whom it could touch. */
function ModeChoice({ mode }: { mode: string }) {
  return (
    <fieldset>
      <legend>How does it start?</legend>
      <div class="choices">
        <Choice
          name="mode"
          value="shadow"
          title="In shadow"
          hint="The identity provider sends everybody, and nothing of it shows. You see who would be new and which trainings would start, and then go live."
          checked={mode === "shadow"}
        />
        <Choice
          name="mode"
          value="live"
          title="Live"
          hint="Whoever arrives is in target groups and trainings at once."
          checked={mode !== "shadow"}
        />
      </div>
    </fieldset>
  );
}

function ReviewStep({ companyId, state, fields, hasPeople }: StepProps) {
  const { values, errors } = state;
  const overrides = readMappings(values, fields);
  const back = (step: number) => href("newSetting", { companyId }, { ...carriedValues(state), step });
  return (
    <div class="card stack loose">
      <ErrorSummary errors={errors} />
      <dl class="facts">
        <dt>Name</dt>
        <dd>
          {values.name} · <a href={back(0)}>Change name or provider</a>
        </dd>
        <dt>Identity provider</dt>
        <dd>{guideOf(providerOf(values)).name}</dd>
        <dt>Fields</dt>
        <dd>
          {overrides.length === 0 && "The standard fields, filled as usual. "}
          {overrides.map(({ field, path }) => (
            <div>
              {fields.find(({ key }) => key === field)?.label} ← <code>{path}</code>
            </div>
          ))}
          <Unfilled values={values} fields={fields} />
          <a href={back(1)}>Change fields</a>
        </dd>
        <dt>Groups</dt>
        <dd>
          {describeGrouping(values, fields)} <a href={back(2)}>Change groups</a>
        </dd>
      </dl>
      <form class="stack loose" method="post" action={href("newSetting", { companyId })}>
        <Hidden values={{ ...carriedValues(state, ["mode"]), nonce: newNonce() }} />
        <ModeChoice mode={values.mode ?? (hasPeople ? "shadow" : "live")} />
        <SignInChoice ways={guideOf(providerOf(values)).signIn} />
        <div class="actions moves">
          <button class="primary" type="submit">
            Save and connect
          </button>
          <a class="button" href={back(2)}>
            Back
          </a>
        </div>
      </form>
    </div>
  );
}
