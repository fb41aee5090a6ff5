import { PREVIEW, previewItems } from "../../consequences/preview-change.ts";
import { type GroupAutoEnrolment, listAutoEnrolments } from "../../enrolment/enrolment-store.ts";
import type { EnrolmentChange } from "../../grouping/preview-regrouping.ts";
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
import { DecisionLater } from "../views/figures-later.tsx";
import { Decision, ErrorSummary, Hidden } from "../views/form.tsx";
import { GroupStep } from "./group-step.tsx";

/** Asks before a target group enrols its members in something no more, with whom it withdraws in numbers. */
export async function showItemRemoval(c: ConsoleContext, group: CountedTargetGroup) {
  const values = c.req.query();
  if (values.figures === "now") return askRemoval(c, group, await readInNumbers(c, group, values));
  const { item, rest } = await readItem(c, group, values);
  return askRemoval(c, group, { item, isLast: rest.length === 0, enrolments: null });
}

/** Whom it withdraws, and the button, for the script to put into the page. */
export async function showItemRemovalFigures(c: ConsoleContext, group: CountedTargetGroup) {
  const { item, enrolments } = await readInNumbers(c, group, c.req.query());
  if (item === undefined) throw notHere();
  return c.html(<Ends at={{ companyId: c.var.company.id, groupId: group.id }} enrolments={enrolments} errors={{}} />);
}

interface Removal {
  item: GroupAutoEnrolment | undefined;
  /** Whether the group enrols in nothing else. */
  isLast: boolean;
  /** What ends; null where it is still to be counted. */
  enrolments: EnrolmentChange[] | null;
}

function askRemoval(
  c: ConsoleContext,
  group: CountedTargetGroup,
  { item, isLast, enrolments }: Removal,
  errors: Errors = {},
) {
  if (item === undefined) throw notHere();
  const { kind, id, name } = item;
  const at = { companyId: c.var.company.id, groupId: group.id };
  return c.html(
    <GroupStep
      c={c}
      group={group}
      title={`Stop enrolling in ${name}?`}
      lead="Whom another target group enrols in it too stays enrolled."
    >
      <form class="card stack" method="post" action={href("removeAutoEnrolment", at)}>
        <ErrorSummary errors={errors} />
        <Hidden values={{ kind, id }} />
        <WhatUndoDoes group={group} isLast={isLast} />
        {enrolments === null ? (
          <DecisionLater
            url={href("itemRemovalFigures", at, { kind, id })}
            plainUrl={href("removeAutoEnrolment", at, { kind, id, figures: "now" })}
            cancel={href("group", at)}
          />
        ) : (
          <Ends at={at} enrolments={enrolments} errors={errors} />
        )}
      </form>
    </GroupStep>,
    Object.keys(errors).length > 0 ? 422 : 200,
  );
}

/** What can be had back of it. A mirror that nothing but its items may hold goes with the last of them. */
function WhatUndoDoes({ group, isLast }: { group: CountedTargetGroup; isLast: boolean }) {
  return (
    <>
      <p>
        For 30 days the group’s page has an Undo: whoever is withdrawn now, and is a member then, is enrolled again with
        the progress and the due date of today. It makes new enrolments; the training platform is told that these ones
        ended.
      </p>
      {isLast && group.source === "idp" && group.memberCount === 0 && (
        <p>If the provider’s group is gone by now, this target group goes too, and then there is no Undo.</p>
      )}
    </>
  );
}

interface EndsProps {
  at: { companyId: string; groupId: string };
  enrolments: EnrolmentChange[];
  errors: Errors;
}

function Ends({ at, enrolments, errors }: EndsProps) {
  const ends = endsOf(enrolments);
  return (
    <div class="stack">
      <div data-said>
        <EnrolmentFigures enrolments={enrolments} />
      </div>
      {ends > TYPED_ABOVE && <TypedCount people={ends} errors={errors} />}
      <Decision cancel={href("group", at)} label="Stop enrolling" isDanger />
    </div>
  );
}

/** Has a target group enrol its members in something no more; gives the page that asks again where the number was not typed. */
export async function removeItem(c: ConsoleContext, group: CountedTargetGroup) {
  const values = await readValues(c);
  const removal = await readInNumbers(c, group, values);
  const ends = endsOf(removal.enrolments);
  if (ends > TYPED_ABOVE && !isTyped(values, ends))
    return askRemoval(c, group, removal, { typed: `Type ${ends}: that many people are withdrawn.` });
  await perform(c, { kind: "setAutoEnrolments", targetGroupId: group.id, items: removal.rest });
  return null;
}

function endsOf(enrolments: readonly EnrolmentChange[]): number {
  return enrolments.reduce((sum, item) => sum + item.ends, 0);
}

async function readItem(c: ConsoleContext, group: CountedTargetGroup, { kind, id }: Values) {
  const { database, company } = c.var;
  const present = await listAutoEnrolments(database, company.key, group.key);
  const isMeant = (item: GroupAutoEnrolment) => item.kind === kind && item.id === id;
  return { item: present.find(isMeant), rest: present.filter((item) => !isMeant(item)) };
}

function readInNumbers(c: ConsoleContext, group: CountedTargetGroup, values: Values) {
  return atOneMoment(c, async () => {
    const { item, rest } = await readItem(c, group, values);
    const items = rest.map(({ id: itemId, ...each }) => ({ itemId, ...each }));
    const enrolments = await searchOf(c)(PREVIEW, (reads) => previewItems(reads, c.var.company.key, group.key, items));
    return { item, rest, isLast: rest.length === 0, enrolments };
  });
}
