import type { ProgressStatus, Reenrol } from "../directory/enrolment-column-values.ts";
import { isStartedAgain } from "./starts-again.ts";

/** What people can be enrolled in. */
export type ItemKind = "training" | "phishing";

/** A training or phishing simulation. */
export interface Item {
  kind: ItemKind;
  itemId: string;
  name: string;
}

/** An item that a target group enrols its members in, by when, and whether those who completed it again. */
export interface AutoEnrolment extends Item {
  dueInDays?: number | null;
  reenrol?: Reenrol | null;
}

/** One user of a person: the same e-mail through two settings makes two users of one person. */
export interface PersonUser {
  userId: string;
  active: boolean;
  targetGroupKeys: readonly number[];
}

/** How an enrolment stands, as far as it rules what is planned. */
interface Standing {
  status: "active" | "withdrawn";
  progressStatus: ProgressStatus | null;
  /** In milliseconds. */
  completedAt: number | null;
  /** Null of a completed one that no target group gives the item of any more. */
  given: boolean | null;
}

/** An enrolment of a person that is open, or that it completed. */
export interface PresentEnrolment extends Item, Standing {
  userId: string;
}

/** An enrolment to start, for the user through whom the person gets it. */
interface PlannedEnrolment extends Item {
  userId: string;
  dueInDays: number | null;
}

/**
 * What to start, withdraw, hand over to another user of the same person, and call by another name; which completed ones
 * nothing gives any more, and which are given again without being started again.
 */
interface EnrolmentPlan<Present extends PresentEnrolment> {
  start: PlannedEnrolment[];
  withdraw: Present[];
  handOver: { enrolment: Present; userId: string }[];
  rename: { enrolment: Present; name: string }[];
  leave: Present[];
  comeBack: Present[];
}

/** An item that target groups give a person: under which names, through which users, and on which terms. */
interface Gift {
  item: Item;
  names: Set<string>;
  userIds: Set<string>;
  /** The shortest time that one of them gives. */
  dueInDays: number | null;
  reenrol: Reenrol[];
}

/** Names an item: its id is the training platform's, for each kind one. */
export function itemKeyOf({ kind, itemId }: Pick<Item, "kind" | "itemId">): string {
  return `${kind} ${itemId}`;
}

/** Whether somebody is completing it: only such an enrolment is withdrawn, called by another name, and overdue. */
export function isOpen({ status, progressStatus }: Pick<Standing, "status" | "progressStatus">): boolean {
  return status === "active" && progressStatus !== "completed";
}

/** What the target groups of a person's active users give it, by the key of the item. */
export function giftsOf(
  users: readonly PersonUser[],
  itemsOf: (targetGroupKey: number) => readonly AutoEnrolment[],
): Map<string, Gift> {
  const gifts = new Map<string, Gift>();
  for (const { userId, targetGroupKeys } of users.filter(({ active }) => active))
    for (const { dueInDays = null, reenrol, ...item } of targetGroupKeys.flatMap((key) => itemsOf(key))) {
      const none = { item, names: new Set<string>(), userIds: new Set<string>(), dueInDays, reenrol: [] };
      const gift: Gift = gifts.get(itemKeyOf(item)) ?? none;
      gift.names.add(item.name);
      gift.userIds.add(userId);
      gift.dueInDays = Math.min(gift.dueInDays ?? Number.POSITIVE_INFINITY, dueInDays ?? Number.POSITIVE_INFINITY);
      if (!Number.isFinite(gift.dueInDays)) gift.dueInDays = null;
      if (reenrol !== null && reenrol !== undefined) gift.reenrol.push(reenrol);
      gifts.set(itemKeyOf(item), gift);
    }
  return gifts;
}

/**
 * The difference between the enrolments a person holds and those the target groups of its active users give: each item
 * once, whatever the number of groups or users that give it. `present` are all that are open, and all that it completed,
 * withdrawn or not: what is completed stays as it is, and is started again only when the item is given again after it was
 * not, where one of the groups that give it says so; `now` is in milliseconds.
 */
export function planEnrolments<Present extends PresentEnrolment>(
  users: readonly PersonUser[],
  itemsOf: (targetGroupKey: number) => readonly AutoEnrolment[],
  present: readonly Present[],
  now: number,
): EnrolmentPlan<Present> {
  const gifts = giftsOf(users, itemsOf);
  const notYetPresent = new Map(gifts);
  const plan: EnrolmentPlan<Present> = { start: [], withdraw: [], handOver: [], rename: [], leave: [], comeBack: [] };
  for (const enrolment of present.filter(isOpen)) {
    const gift = gifts.get(itemKeyOf(enrolment));
    notYetPresent.delete(itemKeyOf(enrolment));
    if (gift === undefined) {
      plan.withdraw.push(enrolment);
      continue;
    }
    const [userId = enrolment.userId] = gift.userIds;
    if (!gift.userIds.has(enrolment.userId)) plan.handOver.push({ enrolment, userId });
    if (!gift.names.has(enrolment.name)) plan.rename.push({ enrolment, name: gift.item.name });
  }
  const completed = present.filter((enrolment) => !isOpen(enrolment));
  for (const enrolment of completed) keepHolder(plan, users, enrolment, gifts.get(itemKeyOf(enrolment)));
  for (const [key, history] of Map.groupBy(completed, itemKeyOf)) {
    const isOver = users.length > 0 && !gifts.has(key);
    if (isOver) plan.leave.push(...history.filter(({ given }) => given));
    const gift = notYetPresent.get(key);
    if (gift === undefined) continue;
    const isThere = history.some(({ given }) => given);
    const latest = history.reduce((one, other) => (timeOf(other) > timeOf(one) ? other : one));
    if (!isThere && isStartedAgain(gift.reenrol, timeOf(latest), now)) continue;
    if (!isThere) plan.comeBack.push(latest);
    notYetPresent.delete(key);
  }
  for (const { item, userIds, dueInDays } of notYetPresent.values())
    for (const userId of [...userIds].slice(0, 1)) plan.start.push({ ...item, userId, dueInDays });
  return plan;
}

/** The history of a person is that of its other users when the one goes through whom it had it; with the last it is over. */
function keepHolder<Present extends PresentEnrolment>(
  plan: EnrolmentPlan<Present>,
  users: readonly PersonUser[],
  enrolment: Present,
  gift: Gift | undefined,
): void {
  const isThere = users.some(({ userId }) => userId === enrolment.userId);
  const isGiven = enrolment.given !== true || gift === undefined || gift.userIds.has(enrolment.userId);
  if (isThere && isGiven) return;
  const [userId = users[0]?.userId] = gift?.userIds ?? [];
  if (userId !== undefined) plan.handOver.push({ enrolment, userId });
  else if (enrolment.status === "active") plan.withdraw.push(enrolment);
}

function timeOf({ completedAt }: Standing): number {
  return completedAt ?? 0;
}
