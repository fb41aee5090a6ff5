import { selectAutoEnrolments } from "../../enrolment/enrolment-store.ts";
import { selectStoppedItems, UNDO_FOR } from "../../enrolment/stopped-item-store.ts";
import { selectHasCatalogue } from "../../enrolment/training-store.ts";
import { listTargetGroupMembers, type TargetGroupMember } from "../../grouping/membership-store.ts";
import {
  type CountedTargetGroup,
  findTargetGroup,
  selectTargetGroup,
  targetGroupKeyOf,
} from "../../grouping/target-group-store.ts";
import { runRead, together } from "../../platform/read-batch.ts";
import { selectSettings } from "../../settings/setting-store.ts";
import type { ConsoleContext } from "../console-env.ts";
import { byPosition, streamCsv } from "../csv.ts";
import type { Errors, Values } from "../read-form.ts";
import { atOneMoment } from "../read-page-at-one-moment.ts";
import { notHere } from "../refused.ts";
import { href } from "../routes.ts";
import { DoneNotice } from "../views/done-notice.tsx";
import { ExportLink } from "../views/export-link.tsx";
import { Input } from "../views/form.tsx";
import { Page } from "../views/layout.tsx";
import { countOf } from "../views/moments-and-counts.tsx";
import { Notice } from "../views/pills-notices-pager.tsx";
import { AutoEnrolments, UndoLink } from "./auto-enrolments-card.tsx";
import { SOURCE_WORDS } from "./groups-page.tsx";
import { Members, readMembersPage } from "./members-list.tsx";

/** The company's target group of the path, or 404. */
export async function requireGroupOfPath(c: ConsoleContext): Promise<CountedTargetGroup> {
  const group = await findTargetGroup(c.var.database, c.var.company.key, c.req.param("groupId") ?? "");
  if (group === null) throw notHere();
  return group;
}

/** A target group: who is in it and why, and what it enrols them in. */
export async function showGroup(c: ConsoleContext, values: Values = {}, errors: Errors = {}) {
  const { company, session } = c.var;
  const { group, list, enrolments, stops, settings, isOffered } = await atOneMoment(c, () => readGroup(c));
  const at = { companyId: company.id, groupId: group.id };
  const done = c.req.query("done");
  const [stopped] = stops;
  return c.html(
    <Page
      title={group.name}
      company={company}
      session={session}
      section="groups"
      crumbs={[{ label: "Target groups", url: href("groups", { companyId: company.id }) }]}
      lead={`${SOURCE_WORDS[group.source]} · ${countOf(group.memberCount, "member")}`}
      aside={<ExportLink url={href("groupMembersCsv", at)} />}
      notice={
        done === "enrolment-removed" && stopped !== undefined ? (
          <Notice isFirst>
            {`Nobody is enrolled through this group in ${stopped.item.name} any more; whoever was by it alone is withdrawn, many in steps.`}{" "}
            <UndoLink at={at} item={stopped.item} />
          </Notice>
        ) : (
          <DoneNotice done={done} />
        )
      }
    >
      <div class="columns">
        <Members at={at} list={list} settings={new Set(settings.map(({ id }) => id))} total={group.memberCount} />
        <div class="stack">
          <AutoEnrolments
            at={at}
            items={enrolments}
            stops={stops}
            isOffered={isOffered}
            values={values}
            errors={errors}
          />
          <AddMember at={at} values={values} errors={errors} />
        </div>
      </div>
    </Page>,
    Object.keys(errors).length > 0 ? 422 : 200,
  );
}

async function readGroup(c: ConsoleContext) {
  const { company, database } = c.var;
  const groupId = c.req.param("groupId") ?? "";
  const key = targetGroupKeyOf(company.key, groupId);
  const { group, ...beside } = await runRead(
    database,
    together({
      group: selectTargetGroup(company.key, groupId),
      enrolments: selectAutoEnrolments(company.key, key),
      stops: selectStoppedItems(company.key, key, Date.now() - UNDO_FOR),
      settings: selectSettings(company.key, { take: 200, after: null }),
      isOffered: selectHasCatalogue(company.key),
    }),
  );
  if (group === null) throw notHere();
  return { group, ...beside, list: await readMembersPage(c, group) };
}

function AddMember({
  at,
  values,
  errors,
}: {
  at: { companyId: string; groupId: string };
  values: Values;
  errors: Errors;
}) {
  return (
    <form class="card stack" method="post" action={href("addMember", at)}>
      <h2>Add a person by hand</h2>
      <Input
        name="person"
        label="User name or e-mail"
        values={values}
        errors={errors}
        hint="They stay until somebody takes them out here; SCIM does not."
        autocomplete="off"
        maxlength={320}
      />
      <p>
        <button type="submit">Add</button>
      </p>
    </form>
  );
}

/** All members of a target group as a download. */
export function exportMembers(c: ConsoleContext, group: CountedTargetGroup) {
  return streamCsv<TargetGroupMember>(`members-${group.name}`, {
    head: ["User name", "Status", "Why", "Id"],
    next: byPosition(
      async (after: number | null, take) =>
        (await listTargetGroupMembers(c.var.database, group.key, { take, after })).rows,
      ({ userKey }) => userKey,
    ),
    values: ({ userName, active, reasons, userId }) => [
      userName,
      active ? "active" : "inactive",
      reasons.map(({ detail }) => detail).join("; "),
      userId,
    ],
  });
}
