import { forWay, type Guide, type GuideStep, type SignInWay } from "../../providers/guide.ts";
import { LongText } from "../views/form.tsx";
import { Copyable } from "../views/pills-notices-pager.tsx";
import { RichText } from "../views/rich-text.tsx";

/** What stands in a guide for values that only this setting knows. */
interface GuideValues {
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

/** A provider's set-up guide with a setting's own values in place. */
export function GuideView({ guide, way, values }: { guide: Guide; way: SignInWay; values: GuideValues }) {
  return (
    <div class="stack loose">
      <section class="card" aria-labelledby="guide-title">
        <h2 id="guide-title">{guide.provider === "other" ? "Set up your SCIM 2.0 client" : `Set up ${guide.name}`}</h2>
        <ul class="bullets soft">
          {guide.needs.map((need) => (
            <li>
              <RichText text={need} />
            </li>
          ))}
        </ul>
      </section>
      <section class="card" aria-label="Steps at the provider">
        <ol class="guide">
          {forWay(guide.steps, way).map((step, index) => (
            <Step step={step} index={index} values={values} />
          ))}
        </ol>
      </section>
      <section class="card stack tight">
        <h2>Try it</h2>
        <ul class="bullets">
          {guide.test.map((test) => (
            <li>
              <RichText text={test} />
            </li>
          ))}
        </ul>
      </section>
      <Mistakes guide={guide} way={way} />
      <Limits guide={guide} />
    </div>
  );
}

function Step({ step, index, values }: { step: GuideStep; index: number; values: GuideValues }) {
  return (
    <li>
      <h3>{step.title}</h3>
      {step.where && <p class="where">{step.where}</p>}
      <ul>
        {step.actions.map((action) => (
          <li>
            <RichText text={action} />
          </li>
        ))}
      </ul>
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

function Mistakes({ guide, way }: { guide: Guide; way: SignInWay }) {
  return (
    <section class="card">
      <h2>When something is wrong</h2>
      <p class="soft">What the log of this setting shows, what it means, and the way out.</p>
      {forWay(guide.mistakes, way).map(({ looks, means, fix }) => (
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

function Limits({ guide }: { guide: Guide }) {
  return (
    <section class="card stack tight">
      <h2>Good to know</h2>
      <ul class="bullets">
        {guide.limits.map((limit) => (
          <li>
            <RichText text={limit} />
          </li>
        ))}
      </ul>
      <p class="hint">
        The vendor's own pages:{" "}
        {guide.sources.map((source, index) => (
          <>
            {index > 0 && ", "}
            <a href={source} rel="noreferrer">
              {new URL(source).pathname.split("/").filter(Boolean).at(-1) ?? new URL(source).host}
            </a>
          </>
        ))}
      </p>
    </section>
  );
}
