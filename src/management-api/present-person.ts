import type { z } from "zod";
import type { TargetUser } from "../directory/target-user-store.ts";
import type { Enrolment } from "../enrolment/enrolment-store.ts";
import { isoTime } from "../platform/clock.ts";
import type { enrolmentShape, targetUserShape } from "./answer-shapes.ts";

/** A target user as lists answer it. */
export function presentTargetUser(user: TargetUser): z.infer<typeof targetUserShape> {
  return {
    id: user.id,
    userName: user.userName,
    externalId: user.externalId,
    status: user.active ? "active" : "inactive",
    fields: user.fields,
    managed: user.managed,
    settingId: user.managed ? user.setting.id : null,
    createdAt: isoTime(user.createdAt),
    updatedAt: isoTime(user.updatedAt),
  };
}

/** An enrolment as the API answers it. */
export function presentEnrolment(enrolment: Enrolment): z.infer<typeof enrolmentShape> {
  const { id, userId, kind, itemId, name, status, groupIds, requestId } = enrolment;
  const startedAt = isoTime(enrolment.startedAt);
  return {
    id,
    userId,
    kind,
    itemId,
    name,
    status,
    startedAt,
    withdrawnAt: isoTime(enrolment.withdrawnAt),
    groupIds,
    requestId,
  };
}
