import * as z from "zod";
import { type GroupAutoEnrolment, selectAutoEnrolments } from "../../enrolment/enrolment-store.ts";
import { selectCatalogue } from "../../enrolment/training-store.ts";
import type { EnrolmentChange } from "../../grouping/preview-regrouping.ts";
import { type CountedTargetGroup, selectTargetGroup, targetGroupKeyOf } from "../../grouping/target-group-store.ts";
import { runRead, together } from "../../platform/read-batch.ts";
import { PREVIEW, previewItems } from "../../previews/preview-change.ts";
import type { ConsoleContext } from "../console-env.ts";
import { attempt } from "../perform-for-page.ts";
import { type Errors, readForm, type Values } from "../read-form.ts";
import { atOneMoment } from "../read-page-at-one-moment.ts";
import { notHere } from "../refused.ts";
import { href } from "../routes.ts";
import { searchOf } from "../search-in-share.ts";
import { EnrolmentFigures } from "../setting/preview-figures.tsx";
import { DecisionLater } from "../views/figures-loaded-later.tsx";
import { ErrorSummary, FormEnd, Hidden } from "../views/form.tsx";
import { showChoice } from "./choose-item-page.tsx";
import { showGroup } from "./group-page.tsx";
import { GroupStep } from "./group-step.tsx";
import { readTerms, TermsFields, termsFields } from "./item-terms.tsx";

const addition = z.object({
  kind: z.enum(["training", "phishing"]),
  id: z.string().trim().min(1).max(200),
  name: z.string().trim().min(1).max(200),
  ...termsFields,
  /** Whether the page with its terms and consequences was shown. */
  confirmed: z.literal("yes").optional(),
});
type Addition = z.output<typeof addition>;

/**
 * Has a target group enrol its members in one more item, once its terms were asked and it has been shown for how many it
 * starts. Gives the page that asks, the form with what is wrong, or null when it is done.
 */
export async function addItem(c: ConsoleContext, group: CountedTargetGroup) {
  const { database, company } = c.var;
  const { present, offered } = await runRead(
    database,
    together({
      present: selectAutoEnrolments(company.key, group.key),
      offered: selectCatalogue(company.key),
    }),
  );
  const refuse = (values: Values, errors: Errors) =>
    offered.length === 0 ? showGroup(c, values, errors) : showChoice(c, { "": Object.values(errors).join(" ") });
  const form = await readForm(c, addition);
  const isNamed = form.ok || ["kind", "id", "name"].every((name) => form.errors[name] === undefined);
  if (!isNamed) return refuse(form.values, form.ok ? {} : form.errors);
  const sent = nameOf(form.values);
  const isSent = ({ kind, id }: Item) => kind === sent.kind && id === sent.id;
  if (present.some(isSent)) return refuse(form.values, { id: "Members are enrolled in this already." });
  // Where the platform says what there is, nothing else can be chosen, and its name is the platform's.
  const item = offered.length === 0 ? sent : offered.find(isSent);
  if (item === undefined) return refuse(form.values, { id: "This is not offered any more. Choose another one." });
  const ask = (errors: Errors) => showAddition(c, { group, item, present, values: form.values, errors });
  if (!form.ok) return ask(form.errors);
  const { terms, errors } = readTerms(form.data);
  if (form.data.confirmed === undefined || Object.keys(errors).length > 0) return ask(errors);
  const items = [...present, { ...item, ...terms }];
  const result = await attempt(c, { kind: "setAutoEnrolments", targetGroupId: group.id, items });
  return result.ok ? null : refuse(form.values, { "": result.detail });
}

type Item = Pick<Addition, "kind" | "id">;

/** The item of a form whose members were judged already. */
function nameOf({ kind, id = "", name = "" }: Values): Item & { name: string } {
  return { kind: kind === "phishing" ? kind : "training", id: id.trim(), name: name.trim() };
}

interface Asked {
  group: CountedTargetGroup;
  item: Item & { name: string };
  present: readonly GroupAutoEnrolment[];
  values: Values;
  errors: Errors;
}

async function showAddition(c: ConsoleContext, asked: Asked) {
  const { group, item, values, errors } = asked;
  const { kind, id, name } = item;
  const at = { companyId: c.var.company.id, groupId: group.id };
  return c.html(
    <GroupStep
      c={c}
      group={group}
      title={`Enrol members in ${name}?`}
      lead="Nothing has been changed yet. Who joins this group later is enrolled too."
    >
      <form class="card stack" method="post" action={href("addAutoEnrolment", at)}>
        <ErrorSummary errors={errors} />
        <TermsFields values={values} errors={errors} />
        <Hidden values={{ kind, id, name }} />
        {values.figures === "now" ? (
          <Starts at={at} enrolments={await readStarts(c, asked)} />
        ) : (
          <DecisionLater
            url={href("additionFigures", at, { kind, id, name })}
            plainUrl={null}
            cancel={href("group", at)}
          />
        )}
      </form>
    </GroupStep>,
    Object.keys(errors).length > 0 ? 422 : 200,
  );
}

/** For how many it starts, and the button, for the script to put into the page. */
export async function showAdditionFigures(c: ConsoleContext) {
  const { company, database } = c.var;
  const groupId = c.req.param("groupId") ?? "";
  const item = nameOf(c.req.query());
  const enrolments = await atOneMoment(c, async () => {
    const { group, present } = await runRead(
      database,
      together({
        group: selectTargetGroup(company.key, groupId),
        present: selectAutoEnrolments(company.key, targetGroupKeyOf(company.key, groupId)),
      }),
    );
    if (group === null) throw notHere();
    return readStarts(c, { group, item, present });
  });
  return c.html(<Starts at={{ companyId: company.id, groupId }} enrolments={enrolments} />);
}

function readStarts(c: ConsoleContext, { group, item, present }: Pick<Asked, "group" | "item" | "present">) {
  const items = [...present, item].map(({ id: itemId, ...rest }) => ({ itemId, ...rest }));
  return searchOf(c)(PREVIEW, (reads) => previewItems(reads, c.var.company.key, group.key, items));
}

interface StartsProps {
  at: { companyId: string; groupId: string };
  enrolments: EnrolmentChange[];
}

function Starts({ at, enrolments }: StartsProps) {
  return (
    <div class="stack">
      <div data-said>
        <EnrolmentFigures enrolments={enrolments} />
      </div>
      <Hidden values={{ confirmed: "yes" }} />
      <FormEnd cancel={href("group", at)} label="Enrol members" isDanger={false} />
    </div>
  );
}
