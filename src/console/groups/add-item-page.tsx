import * as z from "zod";
import { PREVIEW, previewItems } from "../../consequences/preview-change.ts";
import { selectAutoEnrolments } from "../../enrolment/enrolment-store.ts";
import { selectCatalogue } from "../../enrolment/training-store.ts";
import type { CountedTargetGroup } from "../../grouping/target-group-store.ts";
import { runRead, together } from "../../platform/read-batch.ts";
import type { ConsoleContext } from "../console-env.ts";
import { attempt } from "../perform-for-page.ts";
import { type Errors, readForm, type Values } from "../read-form.ts";
import { href } from "../routes.ts";
import { searchOf } from "../search-in-share.ts";
import { EnrolmentFigures } from "../setting/preview-figures.tsx";
import { Decision, Hidden } from "../views/form.tsx";
import { showChoice } from "./choose-item-page.tsx";
import { showGroup } from "./group-page.tsx";
import { GroupStep } from "./group-step.tsx";

const addition = z.object({
  kind: z.enum(["training", "phishing"]),
  id: z.string().trim().min(1).max(200),
  name: z.string().trim().min(1).max(200),
  /** Whether the page with its consequences was shown. */
  confirmed: z.literal("yes").optional(),
});
type Addition = z.output<typeof addition>;

/**
 * Has a target group enrol its members in one more item, once it has been shown for how many that starts; where it starts for
 * nobody there is nothing to be shown. Gives the page that asks, the form with what is wrong, or null when it is done.
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
  if (!form.ok) return refuse(form.values, form.errors);
  const { confirmed, ...sent } = form.data;
  const isSent = ({ kind, id }: Pick<Addition, "kind" | "id">) => kind === sent.kind && id === sent.id;
  if (present.some(isSent)) return refuse(form.values, { id: "Members are enrolled in this already." });
  // Where the platform says what there is, nothing else can be chosen, and its name is the platform's.
  const item = offered.length === 0 ? sent : offered.find(isSent);
  if (item === undefined) return refuse(form.values, { id: "This is not offered any more. Choose another one." });
  const items = [...present, item];
  if (confirmed === undefined) {
    const asItems = items.map(({ id: itemId, ...rest }) => ({ itemId, ...rest }));
    const enrolments = await searchOf(c)(PREVIEW, (reads) => previewItems(reads, company.key, group.key, asItems));
    if (enrolments.length > 0) return showAddition(c, group, item, enrolments);
  }
  const result = await attempt(c, { kind: "setAutoEnrolments", targetGroupId: group.id, items });
  return result.ok ? null : refuse(form.values, { id: result.detail });
}

function showAddition(
  c: ConsoleContext,
  group: CountedTargetGroup,
  { kind, id, name }: Omit<Addition, "confirmed">,
  enrolments: Awaited<ReturnType<typeof previewItems>>,
) {
  const { company } = c.var;
  const at = { companyId: company.id, groupId: group.id };
  return c.html(
    <GroupStep
      c={c}
      group={group}
      title={`Enrol members in ${name}?`}
      lead="Nothing has been changed yet. Who joins this group later is enrolled too."
    >
      <form class="card stack" method="post" action={href("addAutoEnrolment", at)}>
        <EnrolmentFigures enrolments={enrolments} />
        <Hidden values={{ kind, id, name, confirmed: "yes" }} />
        <Decision cancel={href("group", at)} label="Enrol members" isDanger={false} />
      </form>
    </GroupStep>,
  );
}
