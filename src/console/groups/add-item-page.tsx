import * as z from "zod";
import { PREVIEW, previewItems } from "../../consequences/preview-change.ts";
import { listAutoEnrolments } from "../../enrolment/enrolment-store.ts";
import type { CountedTargetGroup } from "../../grouping/target-group-store.ts";
import type { ConsoleContext } from "../console-env.ts";
import { attempt } from "../perform-for-page.ts";
import { readForm } from "../read-form.ts";
import { href } from "../routes.ts";
import { searchOf } from "../search-in-share.ts";
import { EnrolmentFigures } from "../setting/preview-figures.tsx";
import { Decision, Hidden } from "../views/form.tsx";
import { Page } from "../views/layout.tsx";
import { showGroup } from "./group-page.tsx";

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
  const form = await readForm(c, addition);
  if (!form.ok) return showGroup(c, form.values, form.errors);
  const { confirmed, ...item } = form.data;
  const { database, company } = c.var;
  const present = await listAutoEnrolments(database, company.key, group.key);
  if (present.some(({ kind, id }) => kind === item.kind && id === item.id))
    return showGroup(c, form.values, { id: "Members are enrolled in this already." });
  const items = [...present, item];
  if (confirmed === undefined) {
    const asItems = items.map(({ id: itemId, kind, name }) => ({ itemId, kind, name }));
    const enrolments = await searchOf(c)(PREVIEW, (reads) => previewItems(reads, company.key, group.key, asItems));
    if (enrolments.length > 0) return showAddition(c, group, item, enrolments);
  }
  const result = await attempt(c, { kind: "setAutoEnrolments", targetGroupId: group.id, items });
  return result.ok ? null : showGroup(c, form.values, { id: result.detail });
}

function showAddition(
  c: ConsoleContext,
  group: CountedTargetGroup,
  { kind, id, name }: Omit<Addition, "confirmed">,
  enrolments: Awaited<ReturnType<typeof previewItems>>,
) {
  const { company, session } = c.var;
  const at = { companyId: company.id, groupId: group.id };
  return c.html(
    <Page
      title={`Enrol members in ${name}?`}
      company={company}
      session={session}
      section="groups"
      crumbs={[
        { label: "Target groups", url: href("groups", { companyId: company.id }) },
        { label: group.name, url: href("group", at) },
      ]}
      lead="Nothing has been changed yet. Who joins this group later is enrolled too."
      narrow
    >
      <form class="card stack" method="post" action={href("addAutoEnrolment", at)}>
        <EnrolmentFigures enrolments={enrolments} />
        <Hidden values={{ kind, id, name, confirmed: "yes" }} />
        <Decision cancel={href("group", at)} label="Enrol members" isDanger={false} />
      </form>
    </Page>,
  );
}
