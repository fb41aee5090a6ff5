import { type GroupAutoEnrolment, selectAutoEnrolments } from "../../enrolment/enrolment-store.ts";
import { type StoppedItem, selectStoppedItems, UNDO_FOR } from "../../enrolment/stopped-item-store.ts";
import { selectCatalogue } from "../../enrolment/training-store.ts";
import type { EnrolmentChange } from "../../grouping/preview-regrouping.ts";
import type { CountedTargetGroup } from "../../grouping/target-group-store.ts";
import { runRead, together } from "../../platform/read-batch.ts";
import { PREVIEW, previewItems } from "../../previews/preview-change.ts";
import type { ConsoleContext } from "../console-env.ts";
import { perform } from "../perform-for-page.ts";
import { readValues, type Values } from "../read-form.ts";
import { atOneMoment } from "../read-page-at-one-moment.ts";
import { notHere } from "../refused.ts";
import { href } from "../routes.ts";
import { searchOf } from "../search-in-share.ts";
import { EnrolmentFigures } from "../setting/preview-figures.tsx";
import { DecisionLater } from "../views/figures-loaded-later.tsx";
import { FormEnd, Hidden } from "../views/form.tsx";
import { GroupStep } from "./group-step.tsx";

/** Asks before a target group enrols its members again in what it was made to enrol them in no more. */
export async function showItemUndo(c: ConsoleContext, group: CountedTargetGroup) {
  const values = c.req.query();
  const { stop } = await readStop(c, group, values);
  const { kind, id, name } = stop.item;
  const at = { companyId: c.var.company.id, groupId: group.id };
  const starts = values.figures === "now" ? await countStarts(c, group, values) : null;
  return c.html(
    <GroupStep
      c={c}
      group={group}
      title={`Undo: enrol in ${name} again?`}
      lead="The group enrols its members again, on the terms of before."
    >
      <form class="card stack" method="post" action={href("undoItem", at)}>
        <ul class="bullets">
          <li>
            Whoever was withdrawn by it and is a member now is enrolled again, with the progress and the due date of
            then.
          </li>
          <li>Whoever has completed it stays so, and does not begin again.</li>
          <li>Whoever joined since is enrolled from now on; whoever left since stays out.</li>
          <li>The enrolments are new ones: since when somebody is enrolled counts from now.</li>
        </ul>
        <Hidden values={{ kind, id }} />
        {starts === null ? (
          <DecisionLater
            url={href("undoItemFigures", at, { kind, id })}
            plainUrl={href("undoItem", at, { kind, id, figures: "now" })}
            cancel={href("group", at)}
          />
        ) : (
          <Starts at={at} enrolments={starts} />
        )}
      </form>
    </GroupStep>,
  );
}

/** For how many it starts again, and the button, for the script to put into the page. */
export async function showItemUndoFigures(c: ConsoleContext, group: CountedTargetGroup) {
  const enrolments = await countStarts(c, group, c.req.query());
  return c.html(<Starts at={{ companyId: c.var.company.id, groupId: group.id }} enrolments={enrolments} />);
}

function Starts({ at, enrolments }: { at: { companyId: string; groupId: string }; enrolments: EnrolmentChange[] }) {
  return (
    <div class="stack">
      <div data-said>
        <EnrolmentFigures enrolments={enrolments} />
      </div>
      <FormEnd cancel={href("group", at)} label="Enrol members again" isDanger={false} />
    </div>
  );
}

/** Undoes that a target group enrols its members in something no more. */
export async function undoItem(c: ConsoleContext, group: CountedTargetGroup) {
  const { stop } = await readStop(c, group, await readValues(c));
  await perform(c, { kind: "restoreItem", targetGroupId: group.id, stop: { key: stop.key, item: stop.item } });
}

async function readStop(c: ConsoleContext, group: CountedTargetGroup, { kind, id }: Values) {
  const { database, company } = c.var;
  const { stops, present, offered } = await runRead(
    database,
    together({
      stops: selectStoppedItems(company.key, group.key, Date.now() - UNDO_FOR),
      present: selectAutoEnrolments(company.key, group.key),
      offered: selectCatalogue(company.key),
    }),
  );
  const isAsked = (item: Pick<GroupAutoEnrolment, "kind" | "id">) => item.kind === kind && item.id === id;
  const found = stops.find(({ item }) => isAsked(item));
  if (found === undefined) throw notHere();
  // The platform may call it by another name since.
  const name = offered.find(isAsked)?.name ?? found.item.name;
  const stop: StoppedItem = { ...found, item: { ...found.item, name } };
  return { stop, present };
}

function countStarts(c: ConsoleContext, group: CountedTargetGroup, values: Values) {
  return atOneMoment(c, async () => {
    const { stop, present } = await readStop(c, group, values);
    const { id: itemId, kind, name } = stop.item;
    // Without its terms: what was completed is not begun again.
    const items = [...present.map(({ id, ...rest }) => ({ itemId: id, ...rest })), { kind, itemId, name }];
    return searchOf(c)(PREVIEW, (reads) => previewItems(reads, c.var.company.key, group.key, items));
  });
}
