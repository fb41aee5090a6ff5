import { selectTargetUser, type TargetUser, userKeyOf } from "../../directory/target-user-store.ts";
import { type MembershipReason, selectGroupsOfUser } from "../../grouping/membership-store.ts";
import { type CountedTargetGroup, selectTargetGroup } from "../../grouping/target-group-store.ts";
import { runRead, together } from "../../platform/read-batch.ts";
import { PREVIEW, previewLeaving } from "../../previews/preview-change.ts";
import type { ConsoleContext } from "../console-env.ts";
import { atOneMoment } from "../read-page-at-one-moment.ts";
import { notHere } from "../refused.ts";
import { href } from "../routes.ts";
import { searchOf } from "../search-in-share.ts";
import { EnrolmentFigures } from "../setting/preview-figures.tsx";
import { FormEnd, Hidden } from "../views/form.tsx";
import { GroupStep } from "./group-step.tsx";

/** Asks before a person is taken out of a target group, with what ends for them; or says why they stay in it. */
export async function showMemberRemoval(c: ConsoleContext) {
  const { company } = c.var;
  const { group, user, reasons, enrolments } = await atOneMoment(c, () => readLeaving(c));
  if (group === null || user === null || reasons === undefined) throw notHere();
  const at = { companyId: company.id, groupId: group.id };
  const back = c.req.query("back") === "person" ? "person" : undefined;
  const others = rulesThatStay(user, reasons);
  return c.html(
    <GroupStep
      c={c}
      group={group}
      title={`Take ${user.userName} out?`}
      lead="The person stays in the company, and can be added by hand again: what ends now begins anew then."
    >
      <form class="card stack" method="post" action={href("removeMember", { ...at, userId: user.id })}>
        {others.length > 0 ? <Stays group={group} reasons={others} /> : <EnrolmentFigures enrolments={enrolments} />}
        <Hidden values={{ back }} />
        <FormEnd
          cancel={back === undefined ? href("group", at) : href("person", { companyId: company.id, userId: user.id })}
          label="Take out"
          isDanger
        />
      </form>
    </GroupStep>,
  );
}

function Stays({ group, reasons }: { group: CountedTargetGroup; reasons: readonly MembershipReason[] }) {
  return (
    <>
      <p>{`Nothing ends: only what was given by hand is taken back. They stay in ${group.name}, because:`}</p>
      <ul class="bullets">
        {reasons.map(({ detail }) => (
          <li>{detail}</li>
        ))}
      </ul>
    </>
  );
}

/** A rule of a live setting goes on; of somebody without a connection every reason goes. */
function rulesThatStay({ managed }: TargetUser, reasons: readonly MembershipReason[]) {
  return managed ? reasons.filter(({ kind }) => kind !== "manual") : [];
}

async function readLeaving(c: ConsoleContext) {
  const { database, company } = c.var;
  const { groupId = "", userId = "" } = c.req.param();
  const { group, user, groups } = await runRead(
    database,
    together({
      group: selectTargetGroup(company.key, groupId),
      user: selectTargetUser(company.key, userId),
      groups: selectGroupsOfUser(userKeyOf(company.key, userId)),
    }),
  );
  const reasons = groups.find(({ id }) => id === group?.id)?.reasons;
  const enrolments =
    group === null || user === null
      ? []
      : await searchOf(c)(PREVIEW, (reads) => previewLeaving(reads, company.key, user.key, group.key));
  return { group, user, reasons, enrolments };
}
