import type { Change } from "../../changes/change.ts";
import type { SamePerson } from "../../directory/other-users-of-person-store.ts";
import type { TargetUser } from "../../directory/target-user-store.ts";
import type { Enrolment } from "../../enrolment/enrolment-store.ts";
import type { GroupOfUser } from "../../grouping/membership-store.ts";
import { href } from "../routes.ts";
import { countOf, Moment } from "../views/moments-and-counts.tsx";
import type { Shared } from "./enrolments-card.tsx";
import { RequestLink } from "./membership-reasons.tsx";
import { Others } from "./timeline-line.tsx";

interface StepsProps extends Shared {
  user: TargetUser;
  /** The first change that is kept of the person. */
  first: Change | null;
  /** Other users of the same person; of more than are shown one more is read. */
  others: readonly SamePerson[];
  groups: readonly GroupOfUser[];
  enrolments: readonly Enrolment[];
}

/** How many other users of a person are named. */
export const SHOWN_OTHERS = 5;

/** How a person came to what they are enrolled in, in four steps as they stand today. */
export function FourSteps({ user, first, others, groups, enrolments, ...shared }: StepsProps) {
  const open = enrolments.filter(({ status, given }) => status === "active" && given).length;
  return (
    <section class="card stack tight" aria-labelledby="steps-title">
      <h2 id="steps-title">How it came to this</h2>
      <ol class="live">
        <li class="done">
          <strong>1. Imported</strong>
          <Imported user={user} first={first} {...shared} />
        </li>
        <li class="done">
          <strong>2. Matched</strong>
          <Matched companyId={shared.companyId} user={user} others={others} />
        </li>
        <li class={groups.length > 0 ? "done" : undefined}>
          <strong>3. Grouped</strong>
          <span class="soft">
            {groups.length === 0 ? (
              explainNone(user)
            ) : (
              <a href="#groups-title">{`In ${countOf(groups.length, "target group")}`}</a>
            )}
          </span>
        </li>
        <li class={open > 0 ? "done" : undefined}>
          <strong>4. Enrolled</strong>
          <span class="soft">
            {open === 0 ? (
              explainNothing(user)
            ) : (
              <a href="#enrolments-title">{`In ${countOf(open, "training or simulation", "trainings and simulations")}`}</a>
            )}
          </span>
        </li>
      </ol>
    </section>
  );
}

function Imported({ user, first, companyId, logged }: Pick<StepsProps, "user" | "first" | keyof Shared>) {
  const { setting, createdAt } = user;
  const request = first?.type === "user.created" ? first.cause.requestId : null;
  return (
    <span class="soft">
      <Moment time={createdAt} />
      {", by "}
      {setting.isDeleted ? (
        `${setting.name} (deleted)`
      ) : (
        <a href={href("setting", { companyId, settingId: setting.id })}>{setting.name}</a>
      )}
      <RequestLink companyId={companyId} requestId={request} logged={logged} before=" · " />
    </span>
  );
}

function Matched({ companyId, user, others }: Pick<StepsProps, "user" | "others"> & { companyId: string }) {
  if (user.emailKey === null)
    return <span class="soft">With nobody: they have no e-mail address to be matched by.</span>;
  if (others.length === 0) return <span class="soft">With nobody: no other user has this e-mail address.</span>;
  return (
    <span class="soft">
      {"By the e-mail address with "}
      <Others companyId={companyId} others={others.slice(0, SHOWN_OTHERS)} />
      {others.length > SHOWN_OTHERS && " and more"}: one person, enrolled once.
    </span>
  );
}

function explainNothing({ active }: TargetUser): string {
  return active
    ? "In nothing: no target group of theirs enrols anybody."
    : "In nothing: inactive people are withdrawn from all that is open.";
}

/** Why somebody is in no target group. */
export function explainNone({ managed, active }: Pick<TargetUser, "managed" | "active">): string {
  if (!managed) return "In none, and no rule puts them into one: it can be done by hand.";
  return active
    ? "In none: no rule of the setting applies."
    : "In none: inactive people leave all groups that SCIM gave them.";
}
