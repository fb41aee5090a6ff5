import * as z from "zod";
import { PUT_WITHOUT_MEMBERS } from "../../settings/dialect-of-provider.ts";
import type { Dialect } from "../../settings/setting.ts";
import type { SettingRecord } from "../../settings/setting-store.ts";
import type { ConsoleContext } from "../console-env.ts";
import { perform } from "../perform-for-page.ts";
import { type Errors, readForm, type Values } from "../read-form.ts";
import { href } from "../routes.ts";
import { Choice, ErrorSummary, FieldError, Submit } from "../views/form.tsx";
import { SettingFrame } from "./edit-mapping-and-grouping-pages.tsx";

interface Ids {
  companyId: string;
  settingId: string;
}

const PAGINATION = ["show", "hide"] as const;
const FORM = z.object({ members: z.enum(PUT_WITHOUT_MEMBERS), pagination: z.enum(PAGINATION) });

/** What each switch does, as its setting's page says it. */
const WORDS = {
  keep: "A group sent without its members keeps them",
  empty: "A group sent without its members has none",
  show: "pagination is shown to clients",
  hide: "pagination is hidden from clients",
};

/** How a setting's client is understood, in one sentence, with the way to change it. */
export function DialectCard({ ids, dialect }: { ids: Ids; dialect: Dialect }) {
  const { members, pagination } = toValues(dialect);
  return (
    <section class="card" aria-labelledby="dialect-title">
      <div class="row between">
        <h2 id="dialect-title">How requests are read</h2>
        <a href={href("dialect", ids)}>Change</a>
      </div>
      <p>{`${WORDS[members]}; ${WORDS[pagination]}.`}</p>
    </section>
  );
}

/** The form of the two things of a client's dialect that cannot be told from its requests. */
export function showDialect(c: ConsoleContext, setting: SettingRecord, values?: Values, errors: Errors = {}) {
  const ids = { companyId: c.var.company.id, settingId: setting.id };
  const { members, pagination } = values ?? toValues(setting.dialect);
  const lead = "Two things that no request says of itself. Nothing that is stored changes by them.";
  return c.html(
    <SettingFrame c={c} setting={setting} title="How requests are read" lead={lead}>
      <form class="card stack loose" method="post" action={href("dialect", ids)}>
        <ErrorSummary errors={errors} />
        <Question
          name="members"
          legend="A PUT of a group without members"
          answers={MEMBERS_ANSWERS}
          chosen={members}
          errors={errors}
        />
        <Question
          name="pagination"
          legend="Pagination in ServiceProviderConfig"
          answers={PAGINATION_ANSWERS}
          chosen={pagination}
          errors={errors}
        />
        <Submit label="Save" cancel={href("setting", ids)} />
      </form>
    </SettingFrame>,
    Object.keys(errors).length > 0 ? 422 : 200,
  );
}

interface QuestionProps {
  name: string;
  legend: string;
  answers: readonly { value: string; title: string; hint: string }[];
  chosen: string | undefined;
  errors: Errors;
}

function Question({ name, legend, answers, chosen, errors }: QuestionProps) {
  return (
    <fieldset>
      <legend>{legend}</legend>
      <div class="choices">
        {answers.map((answer, index) => (
          <Choice
            name={name}
            {...answer}
            checked={chosen === answer.value}
            autofocus={index === 0 && errors[name] !== undefined}
          />
        ))}
      </div>
      <FieldError name={name} errors={errors} />
    </fieldset>
  );
}

const MEMBERS_ANSWERS = [
  {
    value: "keep",
    title: "Keeps the members",
    hint: "For most clients: a rename must not empty a group, and ConnId (Syncope) leaves members out when nothing changed. The log notes it.",
  },
  {
    value: "empty",
    title: "Empties the group",
    hint: "For Keycloak’s plug-ins, which leave members out when the last one is gone.",
  },
];

const PAGINATION_ANSWERS = [
  {
    value: "show",
    title: "Show it",
    hint: "For clients that walk long lists by cursor (RFC 9865) and look there whether they can.",
  },
  {
    value: "hide",
    title: "Hide it",
    hint: "For PingOne, Ping’s library before version 5 and a Keycloak plug-in, which stop at it. Lists can be walked all the same.",
  },
];

/** Changes a setting's dialect by the form. */
export async function applyDialect(c: ConsoleContext, setting: SettingRecord) {
  const form = await readForm(c, FORM);
  if (!form.ok) return showDialect(c, setting, form.values, form.errors);
  const { members, pagination } = form.data;
  const dialect = { putWithoutMembers: members, showPagination: pagination === "show" };
  await perform(c, { kind: "updateSetting", settingId: setting.id, dialect }, setting);
  const ids = { companyId: c.var.company.id, settingId: setting.id };
  return c.redirect(href("setting", ids, { done: "dialect-changed" }), 303);
}

function toValues({ putWithoutMembers, showPagination }: Dialect): z.output<typeof FORM> {
  return { members: putWithoutMembers, pagination: showPagination ? "show" : "hide" };
}
