import { PREVIEW, previewItems } from "../../consequences/preview-change.ts";
import { listAutoEnrolments } from "../../enrolment/enrolment-store.ts";
import type { CountedTargetGroup } from "../../grouping/target-group-store.ts";
import { atOneMoment } from "../at-one-moment.ts";
import type { ConsoleContext } from "../console-env.ts";
import { isTyped, TYPED_ABOVE, TypedCount } from "../holds/decision-pages.tsx";
import { perform } from "../perform-for-page.ts";
import { type Errors, readValues, type Values } from "../read-form.ts";
import { notHere } from "../refused.ts";
import { href } from "../routes.ts";
import { searchOf } from "../search-in-share.ts";
import { EnrolmentFigures } from "../setting/preview-figures.tsx";
import { Decision, ErrorSummary, Hidden } from "../views/form.tsx";
import { GroupStep } from "./group-step.tsx";

/** Asks before a target group enrols its members in something no more, with whom it withdraws in numbers. */
export async function showItemRemoval(
  c: ConsoleContext,
  group: CountedTargetGroup,
  values: Values,
  errors: Errors = {},
) {
  const { company } = c.var;
  const at = { companyId: company.id, groupId: group.id };
  const { item, enrolments, ends } = await atOneMoment(c, () => readRemoval(c, group, values));
  if (item === undefined) throw notHere();
  return c.html(
    <GroupStep
      c={c}
      group={group}
      title={`Stop enrolling in ${item.name}?`}
      lead="Whom another target group enrols in it too stays enrolled. This has no Undo, but the item can be added to the group again."
    >
      <form class="card stack" method="post" action={href("removeAutoEnrolment", at)}>
        <ErrorSummary errors={errors} />
        <EnrolmentFigures enrolments={enrolments} />
        <Hidden values={{ kind: item.kind, id: item.id }} />
        {ends > TYPED_ABOVE && <TypedCount people={ends} errors={errors} />}
        <Decision cancel={href("group", at)} label="Stop enrolling" isDanger />
      </form>
    </GroupStep>,
    Object.keys(errors).length > 0 ? 422 : 200,
  );
}

/** Has a target group enrol its members in something no more; gives the page that asks again where the number was not typed. */
export async function removeItem(c: ConsoleContext, group: CountedTargetGroup) {
  const values = await readValues(c);
  const { rest, ends } = await readRemoval(c, group, values);
  if (ends > TYPED_ABOVE && !isTyped(values, ends))
    return showItemRemoval(c, group, values, { typed: `Type ${ends}: that many people are withdrawn.` });
  await perform(c, { kind: "setAutoEnrolments", targetGroupId: group.id, items: rest });
  return null;
}

async function readRemoval(c: ConsoleContext, group: CountedTargetGroup, { kind, id }: Values) {
  const { database, company } = c.var;
  const present = await listAutoEnrolments(database, company.key, group.key);
  const isMeant = (item: (typeof present)[number]) => item.kind === kind && item.id === id;
  const rest = present.filter((item) => !isMeant(item));
  const items = rest.map(({ id: itemId, ...item }) => ({ itemId, ...item }));
  const enrolments = await searchOf(c)(PREVIEW, (reads) => previewItems(reads, company.key, group.key, items));
  const ends = enrolments.reduce((sum, item) => sum + item.ends, 0);
  return { item: present.find(isMeant), rest, enrolments, ends };
}
