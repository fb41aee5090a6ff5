import * as z from "zod";
import { type GroupAutoEnrolment, listAutoEnrolments } from "../../enrolment/enrolment-store.ts";
import type { CountedTargetGroup } from "../../grouping/target-group-store.ts";
import type { ConsoleContext } from "../console-env.ts";
import { attempt } from "../perform-for-page.ts";
import { type Errors, readForm, type Values } from "../read-form.ts";
import { notHere } from "../refused.ts";
import { href } from "../routes.ts";
import { Decision, ErrorSummary, Hidden } from "../views/form.tsx";
import { GroupStep } from "./group-step.tsx";
import { readTerms, TermsFields, termsFields, valuesOfTerms } from "./item-terms.tsx";

const change = z.object({ kind: z.string(), id: z.string(), ...termsFields });

/** The form that changes on which terms a target group enrols its members in an item, which the query names. */
export async function showTerms(c: ConsoleContext, group: CountedTargetGroup) {
  const { item } = await findItem(c, group, c.req.query());
  return showForm(c, group, item, valuesOfTerms(item));
}

async function findItem(c: ConsoleContext, group: CountedTargetGroup, { kind, id }: Values) {
  const { database, company } = c.var;
  const items = await listAutoEnrolments(database, company.key, group.key);
  const item = items.find((each) => each.kind === kind && each.id === id);
  if (item === undefined) throw notHere();
  return { item, items };
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
        <Decision cancel={href("group", at)} label="Save" />
      </form>
    </GroupStep>,
    Object.keys(errors).length > 0 ? 422 : 200,
  );
}

/** Changes the terms of an item; gives the form with what is wrong, or null when it is done. */
export async function changeTerms(c: ConsoleContext, group: CountedTargetGroup) {
  const form = await readForm(c, change);
  const { item, items } = await findItem(c, group, form.values);
  if (!form.ok) return showForm(c, group, item, form.values, form.errors);
  const { terms, errors } = readTerms(form.data);
  if (Object.keys(errors).length > 0) return showForm(c, group, item, form.values, errors);
  const { kind, id, name } = item;
  const changed = items.map((each) => (each === item ? { kind, id, name, ...terms } : each));
  const result = await attempt(c, { kind: "setAutoEnrolments", targetGroupId: group.id, items: changed });
  return result.ok ? null : showForm(c, group, item, form.values, { "": result.detail });
}
