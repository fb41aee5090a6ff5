/** A training or phishing simulation that a target group enrols its members in. */
export interface AutoEnrolment {
  kind: "training" | "phishing";
  itemId: string;
  name: string;
}

/** One user of a person: the same e-mail through two settings makes two users of one person. */
export interface PersonUser {
  userId: string;
  active: boolean;
  targetGroupKeys: readonly number[];
}

/** An enrolment a person holds. */
export interface HeldEnrolment {
  kind: AutoEnrolment["kind"];
  itemId: string;
  userId: string;
}

/** An enrolment to start, for the user through whom the person gets it. */
export interface PlannedEnrolment extends AutoEnrolment {
  userId: string;
}

/** What to start, withdraw and hand over to another user of the same person. */
export interface EnrolmentPlan<Held extends HeldEnrolment> {
  start: PlannedEnrolment[];
  withdraw: Held[];
  handOver: { held: Held; userId: string }[];
}

/**
 * The difference between the enrolments a person holds and those the target groups of its active users give: each item
 * once, whatever the number of groups or users that give it.
 */
export function planEnrolments<Held extends HeldEnrolment>(
  users: readonly PersonUser[],
  itemsOf: (targetGroupKey: number) => readonly AutoEnrolment[],
  held: readonly Held[],
): EnrolmentPlan<Held> {
  const wanted = new Map<string, { item: AutoEnrolment; userIds: string[] }>();
  for (const user of users) {
    if (!user.active) continue;
    for (const item of user.targetGroupKeys.flatMap((key) => itemsOf(key))) {
      const entry = wanted.get(`${item.kind} ${item.itemId}`) ?? { item, userIds: [] };
      if (!entry.userIds.includes(user.userId)) entry.userIds.push(user.userId);
      wanted.set(`${item.kind} ${item.itemId}`, entry);
    }
  }
  const plan: EnrolmentPlan<Held> = { start: [], withdraw: [], handOver: [] };
  for (const enrolment of held) {
    const entry = wanted.get(`${enrolment.kind} ${enrolment.itemId}`);
    if (entry === undefined) plan.withdraw.push(enrolment);
    else if (!entry.userIds.includes(enrolment.userId))
      plan.handOver.push({ held: enrolment, userId: entry.userIds[0] ?? enrolment.userId });
    wanted.delete(`${enrolment.kind} ${enrolment.itemId}`);
  }
  for (const { item, userIds } of wanted.values()) plan.start.push({ ...item, userId: userIds[0] ?? "" });
  return plan;
}
