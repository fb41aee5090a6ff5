import * as z from "zod";
import { type GroupAutoEnrolment, selectAutoEnrolments } from "../../enrolment/enrolment-store.ts";
import { type CountedTargetGroup, selectTargetGroup, targetGroupKeyOf } from "../../grouping/target-group-store.ts";
import { runRead, together } from "../../platform/read-batch.ts";
import type { ConsoleContext } from "../console-env.ts";
import { attempt } from "../perform-for-page.ts";
import { type Errors, readForm, type Values } from "../read-form.ts";
import { notHere } from "../refused.ts";
import { href } from "../routes.ts";
import { ErrorSummary, FormEnd, Hidden } from "../views/form.tsx";
import { GroupStep } from "./group-step.tsx";
import { readTerms, TermsFields, termsFields, valuesOfTerms } from "./item-terms.tsx";

const change = z.object({ kind: z.string(), id: z.string(), ...termsFields });

/** The form that changes on which terms a target group enrols its members in an item, which the query names. */
export async function showTerms(c: ConsoleContext) {
  const { group, item } = await requireItem(c, c.req.query());
  return showForm(c, group, item, valuesOfTerms(item));
}

async function requireItem(c: ConsoleContext, { kind, id }: Values) {
  const { database, company } = c.var;
  const groupId = c.req.param("groupId") ?? "";
  const { group, items } = await runRead(
    database,
    together({
      group: selectTargetGroup(company.key, groupId),
      items: selectAutoEnrolments(company.key, targetGroupKeyOf(company.key, groupId)),
    }),
  );
  const item = items.find((each) => each.kind === kind && each.id === id);
  if (group === null || item === undefined) throw notHere();
  return { group, item, items };
}

function showForm(
  c: ConsoleContext,
  group: CountedTargetGroup,
  { kind, id, name }: GroupAutoEnrolment,
  values: Values,
  errors: Errors = {},
) {
  const at = { companyId: c.var.company.id, groupId: group.id };
  return c.html(
    <GroupStep
      c={c}
      group={group}
      title={`Terms of ${name}`}
      lead={`They hold for whoever is enrolled through ${group.name} from now on.`}
    >
      <form class="card stack" method="post" action={href("itemTerms", at)}>
        <ErrorSummary errors={errors} />
        <TermsFields values={values} errors={errors} />
        <Hidden values={{ kind, id }} />
        <FormEnd cancel={href("group", at)} label="Save" />
      </form>
    </GroupStep>,
    Object.keys(errors).length > 0 ? 422 : 200,
  );
}

/** Changes the terms of an item, or gives the form with what is wrong. */
export async function changeTerms(c: ConsoleContext) {
  const form = await readForm(c, change);
  const { group, item, items } = await requireItem(c, form.values);
  if (!form.ok) return showForm(c, group, item, form.values, form.errors);
  const { terms, errors } = readTerms(form.data);
  if (Object.keys(errors).length > 0) return showForm(c, group, item, form.values, errors);
  const { kind, id, name } = item;
  const changed = items.map((each) => (each === item ? { kind, id, name, ...terms } : each));
  const result = await attempt(c, { kind: "setAutoEnrolments", targetGroupId: group.id, items: changed });
  if (!result.ok) return showForm(c, group, item, form.values, { "": result.detail });
  const at = { companyId: c.var.company.id, groupId: group.id };
  return c.redirect(href("group", at, { done: "terms-changed" }), 303);
}
