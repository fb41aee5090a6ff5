import type { TargetUser } from "../../directory/target-user-store.ts";
import type { GroupOfUser } from "../../grouping/membership-store.ts";
import { href } from "../routes.ts";
import type { Shared } from "./enrolments-card.tsx";
import { explainNone } from "./four-steps.tsx";
import { Reasons } from "./membership-reasons.tsx";

interface Props extends Shared {
  groups: readonly GroupOfUser[];
  user: TargetUser;
}

/** The target groups of a person with why, and the ways into another one and out of those given by hand. */
export function TargetGroups({ companyId, groups, user, logged }: Props) {
  const settings = new Set(user.setting.isDeleted ? [] : [user.setting.id]);
  return (
    <section class="card" aria-labelledby="groups-title">
      <div class="row between">
        <h2 id="groups-title">Target groups</h2>
        {!user.beingRemoved && (
          <a class="button" href={href("addToGroup", { companyId, userId: user.id })}>
            Add to a group…
          </a>
        )}
      </div>
      {groups.length === 0 && <p class="soft">{explainNone(user)}</p>}
      {groups.map((group) => (
        <div class="failure stack tight">
          <div class="row between">
            <h3>
              <a href={href("group", { companyId, groupId: group.id })}>{group.name}</a>
            </h3>
            {canLeave(user, group) && (
              <a
                class="button plain danger"
                href={href("removeMember", { companyId, groupId: group.id, userId: user.id }, { back: "person" })}
              >
                Take out<span class="hidden">{` of ${group.name}`}</span>
              </a>
            )}
          </div>
          <Reasons companyId={companyId} reasons={group.reasons} logged={logged} settings={settings} />
        </div>
      ))}
    </section>
  );
}

/** What a rule of a live setting gives, nobody takes back by hand. */
function canLeave({ managed, beingRemoved }: TargetUser, { reasons }: GroupOfUser): boolean {
  return !beingRemoved && (!managed || reasons.some(({ kind }) => kind === "manual"));
}
