import type { GuideMistake, GuideStep } from "../../providers/guide.ts";
import type { TailoredGuide } from "../../providers/tailor-guide.ts";
import { LongText } from "../views/form.tsx";
import { Copyable } from "../views/pills-notices-pager.tsx";
import { RichText } from "../views/rich-text.tsx";

/** What stands in a guide for values that only this setting knows. */
export interface GuideValues {
  tenantUrl: string;
  tokenEndpoint: string;
  /** Null once the token is no longer shown. */
  token: string | null;
  /** Null while there is no client or trust. */
  clientId: string | null;
  /** Null once the secret is no longer shown. */
  clientSecret: string | null;
}

/** What stands for a value that cannot be shown. */
const ABSENT = {
  "{token}": "the token you copied when it was made",
  "{clientId}": "there is none yet: make it first",
  "{clientSecret}": "the secret you copied when it was made",
};

/** What is to be done at the provider, with a setting's own values in place. */
export function GuideSteps({ guide, values }: { guide: TailoredGuide; values: GuideValues }) {
  return (
    <section class="card" aria-labelledby="guide-title">
      <h2 id="guide-title">{guide.provider === "other" ? "Set up your SCIM 2.0 client" : `Set up ${guide.name}`}</h2>
      <Sentences of={guide.prerequisites} class="bullets soft" />
      <ol class="guide">
        {guide.steps.map((step, index) => (
          <Step step={step} index={index} values={values} />
        ))}
      </ol>
    </section>
  );
}

/** What else there is to try and to know, once the steps are done. */
export function GuideRest({ guide }: { guide: TailoredGuide }) {
  return (
    <>
      <section class="card stack tight">
        <h2>Once somebody has come, try this</h2>
        <Sentences of={guide.test} class="bullets" />
      </section>
      <Mistakes mistakes={guide.mistakes} />
      <Limits guide={guide} />
    </>
  );
}

/** Sentences of a guide as a list. */
export function Sentences({ of, class: look }: { of: readonly string[]; class?: string }) {
  return (
    <ul class={look}>
      {of.map((text) => (
        <li>
          <RichText text={text} />
        </li>
      ))}
    </ul>
  );
}

function Step({ step, index, values }: { step: GuideStep<string>; index: number; values: GuideValues }) {
  return (
    <li>
      <h3>{step.title}</h3>
      {step.where && <p class="where">{step.where}</p>}
      <Sentences of={step.actions} />
      {step.values && (
        <dl class="stack tight">
          {step.values.map(({ label, value }, place) => (
            <div>
              <dt class="label">{label}</dt>
              <dd>
                <Value id={`value-${index}-${place}`} label={label} value={value} values={values} />
              </dd>
            </div>
          ))}
        </dl>
      )}
      {step.template && (
        <LongText kind="template" label={`Template for ${step.title}`}>
          {step.template}
        </LongText>
      )}
      {step.note && (
        <p class="hint">
          <RichText text={step.note} />
        </p>
      )}
    </li>
  );
}

function Value({ id, label, value, values }: { id: string; label: string; value: string; values: GuideValues }) {
  if (value === "{token}" && values.token === null) return <em class="soft">{ABSENT[value]}</em>;
  if (value === "{clientId}" && values.clientId === null) return <em class="soft">{ABSENT[value]}</em>;
  if (value === "{clientSecret}" && values.clientSecret === null) return <em class="soft">{ABSENT[value]}</em>;
  const { host, pathname } = new URL(values.tenantUrl);
  const text = value
    .replace("{tenantUrl}", values.tenantUrl)
    .replace("{tenantHost}", host)
    .replace("{tenantPath}", pathname)
    .replace("{tokenEndpoint}", values.tokenEndpoint)
    .replace("{clientId}", values.clientId ?? "")
    .replace("{clientSecret}", values.clientSecret ?? "")
    .replace("{token}", values.token ?? "");
  return <Copyable id={id} text={text} label={label} />;
}

function Mistakes({ mistakes }: { mistakes: readonly GuideMistake[] }) {
  return (
    <section class="card">
      <h2>When something is wrong</h2>
      <p class="soft">What the log of this setting shows, what it means, and the way out.</p>
      {mistakes.map(({ looks, means, fix }) => (
        <div class="failure stack tight">
          <h3>
            <RichText text={looks} />
          </h3>
          <p>
            <RichText text={means} />
          </p>
          <p>
            <strong>Do this: </strong>
            <RichText text={fix} />
          </p>
        </div>
      ))}
    </section>
  );
}

function Limits({ guide }: { guide: TailoredGuide }) {
  return (
    <section class="card stack tight">
      <h2>Good to know</h2>
      <Sentences of={guide.limits} class="bullets" />
      <p class="hint">
        The vendor’s own pages:{" "}
        {guide.sources.map(({ title, url }, index) => (
          <>
            {index > 0 && " · "}
            <a href={url} rel="noreferrer">
              {title}
            </a>
          </>
        ))}
      </p>
    </section>
  );
}
