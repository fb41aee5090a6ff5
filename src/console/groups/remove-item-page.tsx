import { type GroupAutoEnrolment, listAutoEnrolments } from "../../enrolment/enrolment-store.ts";
import type { EnrolmentChange } from "../../grouping/preview-regrouping.ts";
import type { CountedTargetGroup } from "../../grouping/target-group-store.ts";
import { PREVIEW, previewItems } from "../../previews/preview-change.ts";
import type { ConsoleContext } from "../console-env.ts";
import { countedValue, findMoment, readCounted } from "../count-shown-in-form.ts";
import { perform } from "../perform-for-page.ts";
import { type Errors, readValues, type Values } from "../read-form.ts";
import { atOneMoment } from "../read-page-at-one-moment.ts";
import { notHere } from "../refused.ts";
import { href } from "../routes.ts";
import { searchOf } from "../search-in-share.ts";
import { EnrolmentFigures } from "../setting/preview-figures.tsx";
import { DecisionLater } from "../views/figures-loaded-later.tsx";
import { ErrorSummary, FormEnd, Hidden } from "../views/form.tsx";
import { isTyped, TYPED_ABOVE, TypedCount } from "../views/typed-count.tsx";
import { GroupStep } from "./group-step.tsx";

/** Asks before a target group enrols its members in something no more, with whom it withdraws in numbers. */
export async function showItemRemoval(c: ConsoleContext, group: CountedTargetGroup) {
  const values = c.req.query();
  const isWrong = values.typed === "wrong";
  if (values.figures === "now") return askRemoval(c, group, await readInNumbers(c, group, values), isWrong);
  const { item, rest } = await readItem(c, group, values);
  return askRemoval(c, group, { item, isLast: rest.length === 0, counted: null }, isWrong);
}

/** Whom it withdraws, and the button, for the script to put into the page. */
export async function showItemRemovalFigures(c: ConsoleContext, group: CountedTargetGroup) {
  const { item, counted } = await readInNumbers(c, group, c.req.query());
  if (item === undefined) throw notHere();
  const isWrong = c.req.query("typed") === "wrong";
  const errors: Errors = isWrong ? wrongCount(endsOf(counted.enrolments)) : {};
  return c.html(<Ends at={{ companyId: c.var.company.id, groupId: group.id }} counted={counted} errors={errors} />);
}

function wrongCount(ends: number): Errors {
  return { typed: `Type ${ends}: that many people are withdrawn.` };
}

/** What ends, and at which change of the company that was counted. */
interface CountedEnds {
  enrolments: EnrolmentChange[];
  at: string;
}

interface Removal {
  item: GroupAutoEnrolment | undefined;
  /** Whether the group enrols in nothing else. */
  isLast: boolean;
  /** What ends; null where it is still to be counted. */
  counted: CountedEnds | null;
}

/** The page that asks; after a wrong number it counts anew, and says what is right. */
function askRemoval(c: ConsoleContext, group: CountedTargetGroup, { item, isLast, counted }: Removal, isWrong = false) {
  if (item === undefined) throw notHere();
  const errors: Errors = !isWrong ? {} : counted === null ? { typed: "" } : wrongCount(endsOf(counted.enrolments));
  const typed = isWrong ? "wrong" : undefined;
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
        {counted === null ? (
          <DecisionLater
            url={href("itemRemovalFigures", at, { kind, id, typed })}
            plainUrl={href("removeAutoEnrolment", at, { kind, id, typed, figures: "now" })}
            cancel={href("group", at)}
          />
        ) : (
          <Ends at={at} counted={counted} errors={errors} />
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
  counted: CountedEnds;
  errors: Errors;
}

function Ends({ at, counted: { enrolments, at: moment }, errors }: EndsProps) {
  const ends = endsOf(enrolments);
  return (
    <div class="stack">
      <div data-said>
        <EnrolmentFigures enrolments={enrolments} />
      </div>
      <Hidden values={countedValue({ people: ends, at: moment })} />
      {ends > TYPED_ABOVE && <TypedCount people={ends} errors={errors} />}
      <FormEnd cancel={href("group", at)} label="Stop enrolling" isDanger />
    </div>
  );
}

/** Has a target group enrol its members in something no more; gives the page that asks again where the number was not typed. */
export async function removeItem(c: ConsoleContext, group: CountedTargetGroup) {
  const values = await readValues(c);
  const { item, rest } = await readItem(c, group, values);
  const count = async () => endsOf((await readInNumbers(c, group, values)).counted.enrolments);
  // No more are withdrawn than are in the group.
  const ends = group.memberCount <= TYPED_ABOVE ? 0 : await readCounted(c, values, count);
  if (ends > TYPED_ABOVE && !isTyped(values, ends))
    return askRemoval(c, group, { item, isLast: rest.length === 0, counted: null }, true);
  await perform(c, { kind: "setAutoEnrolments", targetGroupId: group.id, items: rest });
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
    const at = await findMoment(c);
    const { item, rest } = await readItem(c, group, values);
    const items = rest.map(({ id: itemId, ...each }) => ({ itemId, ...each }));
    const enrolments = await searchOf(c)(PREVIEW, (reads) => previewItems(reads, c.var.company.key, group.key, items));
    return { item, isLast: rest.length === 0, counted: { enrolments, at } };
  });
}
