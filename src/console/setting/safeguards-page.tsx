import { isoTime } from "../../platform/clock.ts";
import {
  type Expected,
  type Limit,
  SAFEGUARD_KINDS,
  type SafeguardKind,
  type Safeguards,
} from "../../settings/safeguards.ts";
import type { Setting } from "../../settings/setting.ts";
import type { SettingRecord } from "../../settings/setting-store.ts";
import type { ConsoleContext } from "../console-env.ts";
import { parseTime } from "../parse-time.ts";
import { perform } from "../perform-for-page.ts";
import { type Errors, readValues, type Values } from "../read-form.ts";
import { href } from "../routes.ts";
import { ErrorSummary, Input, Submit } from "../views/form.tsx";
import { countOf, formatCount, Moment } from "../views/moments-and-counts.tsx";
import { SettingFrame } from "./edit-mapping-and-grouping-pages.tsx";

interface Ids {
  companyId: string;
  settingId: string;
}

/** What each limit stops, in plain words. */
const WORDS: Record<SafeguardKind, { title: string; hint: string; of: string }> = {
  leavers: {
    title: "Many people leaving",
    hint: "Deactivated, deleted, or out of every group. As it begins, a setting with under 50 people has 10 people and 30 percent instead.",
    of: "of the active people",
  },
  emptied: {
    title: "A grouping field emptied",
    hint: "The field by which people are grouped goes from a value to none.",
    of: "of the active people",
  },
  moves: {
    title: "Many people changing groups",
    hint: "Their value changes to another. A group renamed at the identity provider waits from the first person on.",
    of: "of the active people",
  },
  group: {
    title: "One target group losing its members",
    hint: "Judged for each target group by itself.",
    of: "of the group’s members",
  },
};

/** The brake of a setting in one sentence, with the way to change it. */
export function SafeguardsCard({ ids, setting }: { ids: Ids; setting: Setting }) {
  const { safeguards, expected } = setting;
  const on = SAFEGUARD_KINDS.filter((kind) => safeguards[kind] !== null);
  const { leavers } = safeguards;
  return (
    <section class="card stack tight" aria-labelledby="safeguards-title">
      <div class="row between">
        <h2 id="safeguards-title">Brake</h2>
        <a href={href("safeguards", ids)}>Change</a>
      </div>
      <p>
        {on.length === 0
          ? "Off: whatever the identity provider sends is carried out at once."
          : `On for ${on.length} of ${SAFEGUARD_KINDS.length} kinds of large losses. ${leavers === null ? "People leaving are not stopped." : `More than ${countOf(leavers.people, "person", "people")} and ${leavers.percent} % leaving within an hour wait for you.`}`}
      </p>
      {expected !== null && expected.until > Date.now() && (
        <p>
          {`${countOf(expected.people, "person is", "people are")} expected to leave until `}
          <Moment time={expected.until} exact />
          {": nothing is stopped until then."}
        </p>
      )}
    </section>
  );
}

/** The form of a setting's limits and of losses that are expected. */
export function showSafeguards(c: ConsoleContext, setting: SettingRecord, given?: Values, errors: Errors = {}) {
  const ids = { companyId: c.var.company.id, settingId: setting.id };
  const values = given ?? toValues(setting);
  const lead =
    "What would take more people at once than both numbers say waits for your decision. It is counted over an hour. Nobody who joins ever waits.";
  return c.html(
    <SettingFrame c={c} setting={setting} title="Brake" lead={lead}>
      <form class="card stack loose" method="post" action={href("safeguards", ids)}>
        <ErrorSummary errors={errors} />
        {SAFEGUARD_KINDS.map((kind) => (
          <LimitFields kind={kind} values={values} errors={errors} />
        ))}
        <fieldset class="stack tight">
          <legend>A large change that you expect</legend>
          <p class="hint">
            Say how many people will leave and until when: nothing is stopped until as many are gone, or the time has
            come. Leave both empty for none.
          </p>
          <div class="filters">
            <Input name="expectedPeople" label="People" values={values} errors={errors} maxlength={7} />
            <Input name="expectedUntil" label="Until (UTC)" type="datetime-local" values={values} errors={errors} />
          </div>
        </fieldset>
        <Submit label="Save" cancel={href("setting", ids)} />
      </form>
    </SettingFrame>,
    Object.keys(errors).length > 0 ? 422 : 200,
  );
}

function LimitFields({ kind, values, errors }: { kind: SafeguardKind; values: Values; errors: Errors }) {
  const { title, hint, of } = WORDS[kind];
  return (
    <fieldset class="stack tight">
      <legend>{title}</legend>
      <p class="hint">{hint}</p>
      <label class="row" for={`${kind}.on`}>
        <input
          type="checkbox"
          id={`${kind}.on`}
          name={`${kind}.on`}
          value="yes"
          checked={values[`${kind}.on`] === "yes"}
        />
        Stop it
      </label>
      <div class="filters">
        <Input name={`${kind}.people`} label="More than so many people" values={values} errors={errors} maxlength={7} />
        <Input
          name={`${kind}.percent`}
          label={`and more than so many percent ${of}`}
          values={values}
          errors={errors}
          maxlength={3}
        />
      </div>
    </fieldset>
  );
}

/** Changes a setting's limits and what is expected by the form. */
export async function editSafeguards(c: ConsoleContext, setting: SettingRecord) {
  const values = await readValues(c);
  const { safeguards, expected, errors } = readSafeguards(values, Date.now());
  if (Object.keys(errors).length > 0) return showSafeguards(c, setting, values, errors);
  await perform(c, { kind: "updateSetting", settingId: setting.id, safeguards, expected }, setting);
  const ids = { companyId: c.var.company.id, settingId: setting.id };
  return c.redirect(href("setting", ids, { done: "safeguards-changed" }), 303);
}

interface Reading {
  safeguards: Partial<Safeguards>;
  expected: Expected | null;
  errors: Errors;
}

/** Reads the form; `now` (ms) is what an announcement must lie after. */
function readSafeguards(values: Values, now: number): Reading {
  const errors: Errors = {};
  const limits = SAFEGUARD_KINDS.map((kind): [SafeguardKind, Limit | null] => {
    if (values[`${kind}.on`] !== "yes") return [kind, null];
    const people = readNumber(values, `${kind}.people`, { least: 0, most: 1_000_000 }, errors);
    const percent = readNumber(values, `${kind}.percent`, { least: 0, most: 100 }, errors);
    return [kind, { people, percent }];
  });
  return { safeguards: Object.fromEntries(limits), expected: readExpected(values, now, errors), errors };
}

function readExpected(values: Values, now: number, errors: Errors): Expected | null {
  const { expectedPeople = "", expectedUntil = "" } = values;
  if (expectedPeople.trim() === "" && expectedUntil === "") return null;
  const people = readNumber(values, "expectedPeople", { least: 1, most: 1_000_000 }, errors);
  const until = parseTime(expectedUntil) ?? Number.NaN;
  if (Number.isNaN(until)) errors.expectedUntil = "Give a date and a time.";
  else if (until <= now) errors.expectedUntil = "This is past already.";
  return { people, until };
}

function readNumber(
  values: Values,
  name: string,
  { least, most }: { least: number; most: number },
  errors: Errors,
): number {
  const text = (values[name] ?? "").trim();
  const number = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (number >= least && number <= most) return number;
  errors[name] = `A whole number from ${least} to ${formatCount(most)}.`;
  return least;
}

function toValues({ safeguards, expected }: Setting): Values {
  const limits = SAFEGUARD_KINDS.flatMap((kind) => {
    const limit = safeguards[kind];
    return limit === null
      ? []
      : [
          [`${kind}.on`, "yes"],
          [`${kind}.people`, String(limit.people)],
          [`${kind}.percent`, String(limit.percent)],
        ];
  });
  const announced =
    expected === null || expected.until <= Date.now()
      ? []
      : [
          ["expectedPeople", String(expected.people)],
          ["expectedUntil", isoTime(expected.until).slice(0, 16)],
        ];
  return Object.fromEntries([...limits, ...announced]);
}
