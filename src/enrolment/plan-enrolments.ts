/** What people can be enrolled in. */
export type ItemKind = "training" | "phishing";

/** A training or phishing simulation that a target group enrols its members in. */
export interface AutoEnrolment {
  kind: ItemKind;
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
export interface HeldEnrolment extends AutoEnrolment {
  userId: string;
}

/** An enrolment to start, for the user through whom the person gets it. */
interface PlannedEnrolment extends AutoEnrolment {
  userId: string;
}

/** What to start, withdraw, hand over to another user of the same person, and call by another name. */
interface EnrolmentPlan<Held extends HeldEnrolment> {
  start: PlannedEnrolment[];
  withdraw: Held[];
  handOver: { held: Held; userId: string }[];
  rename: { held: Held; name: string }[];
}

/** An item that target groups give a person: under which names, and through which users. */
interface Gift {
  item: AutoEnrolment;
  names: Set<string>;
  userIds: Set<string>;
}

/** Names an item: its id is the training platform's, for each kind one. */
export function itemKeyOf({ kind, itemId }: Pick<AutoEnrolment, "kind" | "itemId">): string {
  return `${kind} ${itemId}`;
}

/** What the target groups of a person's active users give it, by the key of the item. */
export function giftsOf(
  users: readonly PersonUser[],
  itemsOf: (targetGroupKey: number) => readonly AutoEnrolment[],
): Map<string, Gift> {
  const gifts = new Map<string, Gift>();
  for (const { userId, targetGroupKeys } of users.filter(({ active }) => active))
    for (const item of targetGroupKeys.flatMap((key) => itemsOf(key))) {
      const gift = gifts.get(itemKeyOf(item)) ?? { item, names: new Set(), userIds: new Set() };
      gift.names.add(item.name);
      gift.userIds.add(userId);
      gifts.set(itemKeyOf(item), gift);
    }
  return gifts;
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
  const gifts = giftsOf(users, itemsOf);
  const plan: EnrolmentPlan<Held> = { start: [], withdraw: [], handOver: [], rename: [] };
  for (const enrolment of held) {
    const gift = gifts.get(itemKeyOf(enrolment));
    gifts.delete(itemKeyOf(enrolment));
    if (gift === undefined) {
      plan.withdraw.push(enrolment);
      continue;
    }
    const [userId = enrolment.userId] = gift.userIds;
    if (!gift.userIds.has(enrolment.userId)) plan.handOver.push({ held: enrolment, userId });
    if (!gift.names.has(enrolment.name)) plan.rename.push({ held: enrolment, name: gift.item.name });
  }
  for (const { item, userIds } of gifts.values())
    for (const userId of [...userIds].slice(0, 1)) plan.start.push({ ...item, userId });
  return plan;
}
