import { personIdOf, personKeyOf } from "../directory/person-key.ts";
import { selectTargetUser, type TargetUser, userKeyOf } from "../directory/target-user-store.ts";
import { type Enrolment, selectEnrolmentsOfUser } from "../enrolment/enrolment-store.ts";
import { presentProgress } from "../enrolment/present-progress.ts";
import { type GroupOfUser, selectGroupsOfUser } from "../grouping/membership-store.ts";
import { isoTime } from "../platform/clock.ts";
import { type Read, together } from "../platform/read-batch.ts";

/** A target user with the groups it is in, and why, and its enrolments. */
interface PersonInFull {
  user: TargetUser;
  groups: GroupOfUser[];
  enrolments: Enrolment[];
}

/** Reads one target user of a company in full, or null. */
export function selectPerson(companyKey: number, userId: string): Read<PersonInFull | null> {
  const userKey = userKeyOf(companyKey, userId);
  const read = together({
    user: selectTargetUser(companyKey, userId),
    groups: selectGroupsOfUser(userKey),
    enrolments: selectEnrolmentsOfUser(companyKey, userKey),
  });
  return {
    ...read,
    decode: (results) => {
      const { user, ...more } = read.decode(results);
      return user === null ? null : { user, ...more };
    },
  };
}

/** A target user as an answer about it alone, or the export of its data, shows it. */
export function presentPerson({ user, groups, enrolments }: PersonInFull, companyId: string) {
  const shown = enrolments.map((enrolment) => presentEnrolment(enrolment, companyId));
  return { ...presentTargetUser(user, companyId), groups, enrolments: shown };
}

/** A target user as the outside sees it in a list. */
export function presentTargetUser(user: TargetUser, companyId: string) {
  return {
    id: user.id,
    personId: personIdOf(companyId, personKeyOf(user)),
    userName: user.userName,
    externalId: user.externalId,
    displayName: user.displayName,
    status: user.active ? ("active" as const) : ("inactive" as const),
    fields: user.fields,
    managed: user.managed,
    heldBy: user.heldBy,
    settingId: user.managed ? user.setting.id : null,
    beingRemoved: user.beingRemoved,
    createdAt: isoTime(user.createdAt),
    updatedAt: isoTime(user.updatedAt),
  };
}

/** An enrolment as the outside sees it. */
export function presentEnrolment(enrolment: Enrolment, companyId: string) {
  const { id, userId, kind, itemId, name, status, groupIds, requestId } = enrolment;
  const startedAt = isoTime(enrolment.startedAt);
  return {
    id,
    personId: personIdOf(companyId, enrolment.personKey),
    userId,
    kind,
    itemId,
    name,
    status,
    progress: presentProgress(enrolment),
    overdue: enrolment.isOverdue,
    startedAt,
    withdrawnAt: isoTime(enrolment.withdrawnAt),
    groupIds,
    requestId,
  };
}
