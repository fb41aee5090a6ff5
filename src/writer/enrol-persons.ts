import { personIdOf, personKeyOf } from "../directory/person-key.ts";
import type { User } from "../directory/user.ts";
import {
  type AutoEnrolment,
  giftsOf,
  isOpen,
  itemKeyOf,
  type PersonUser,
  planEnrolments,
} from "../enrolment/plan-enrolments.ts";
import { presentProgress, presentTerms } from "../enrolment/present-progress.ts";
import { whichGivesWay } from "../enrolment/which-enrolment-goes-on.ts";
import type { Reason, TargetGroup } from "../grouping/target-group.ts";
import { DAY } from "../platform/clock.ts";
import { isInShadow } from "../settings/shadow.ts";
import type { Enrolment } from "../unit/enrolment-and-brake-rows.ts";
import { itemNamesOf } from "../unit/enrolment-item-names.ts";
import type { CarriedProgress } from "./follow-up.ts";
import type { OperationContext } from "./operation-context.ts";
import { recordStoppedItems } from "./record-stopped-items.ts";

/** Plans the enrolments of every person the operation touched, and applies the difference; gives those it withdrew. */
export function enrolPersons(context: OperationContext): Enrolment[] {
  // All that are missing are read at once: a step of a follow-up may touch hundreds that nobody foresaw.
  context.unit.persons.require(context.persons);
  followPersonChanges(context);
  return context.persons.flatMap((personKey) => enrolPerson(context, personKey));
}

function enrolPerson(context: OperationContext, personKey: string): Enrolment[] {
  const { unit } = context;
  const users = usersOf(context, personKey);
  const present = unit.enrolments.get(personKey) ?? [];
  const itemsOf = (key: number) => withoutReenrolTerms(context, unit.autoEnrolments.get(key) ?? []);
  const plan = planEnrolments(users.map(toPersonUser), itemsOf, present, unit.now);
  if (Object.values(plan).every((part) => part.length === 0)) return [];
  const holderById = new Map(users.map((holder) => [holder.user.id, holder]));
  const reassigned: Reassignment[] = [];
  const kept = present.flatMap((enrolment) => {
    if (plan.withdraw.includes(enrolment)) return [];
    const named = withOutcome(enrolment, plan);
    const holder = holderById.get(plan.handOver.find((move) => move.enrolment === enrolment)?.userId ?? "");
    if (holder === undefined) return [named];
    const after = { ...named, userKey: holder.user.key, userId: holder.user.id };
    reassigned.push({ enrolment: after, holder, oldUserId: enrolment.userId });
    return [after];
  });
  const started = plan.start.flatMap(({ userId, ...item }) => {
    const holder = holderById.get(userId);
    return holder === undefined ? [] : [{ enrolment: start(context, personKey, holder.user, item), holder }];
  });
  unit.enrolments.set(personKey, [...kept, ...started.map(({ enrolment }) => enrolment)]);
  for (const enrolment of plan.withdraw) withdraw(context, enrolment);
  for (const { enrolment, holder, oldUserId } of reassigned)
    announceHolder(context, "enrolment.reassigned", enrolment, holder, { oldUserId });
  for (const { enrolment, holder } of started) announceHolder(context, "enrolment.started", enrolment, holder);
  return plan.withdraw;
}

/** An undo starts nothing again that somebody completed, whatever the terms of the item say of those who come back. */
function withoutReenrolTerms(
  { restoredItem }: OperationContext,
  items: readonly AutoEnrolment[],
): readonly AutoEnrolment[] {
  if (restoredItem === null) return items;
  return items.map((item) => (itemKeyOf(item) === restoredItem.itemKey ? { ...item, reenrol: null } : item));
}

/** How an enrolment stays with its holder: by its name, and, of a completed one, whether it is given. */
function withOutcome(enrolment: Enrolment, plan: ReturnType<typeof planEnrolments<Enrolment>>): Enrolment {
  const name = plan.rename.find((one) => one.enrolment === enrolment)?.name ?? enrolment.name;
  if (plan.leave.includes(enrolment)) return { ...enrolment, given: null };
  if (plan.comeBack.includes(enrolment)) return { ...enrolment, given: true };
  return name === enrolment.name ? enrolment : { ...enrolment, name };
}

/** A user of a person, and why it is in target groups. */
interface Holder {
  user: User;
  reasons: readonly Reason[];
}

interface Reassignment {
  enrolment: Enrolment;
  holder: Holder;
  oldUserId: string;
}

/** The users of a person through whom it can hold anything: nobody knows of those in shadow. */
function usersOf({ unit, arrived }: OperationContext, personKey: string): Holder[] {
  return (unit.persons.get(personKey) ?? []).flatMap((ref) => {
    const user = unit.users.get(ref);
    if (user === undefined) return [];
    const setting = unit.config.settingsByKey.get(user.settingKey);
    const isHidden = setting !== undefined && isInShadow(setting, user.key) && !arrived.has(ref);
    return isHidden ? [] : [{ user, reasons: unit.reasons.get(ref) ?? [] }];
  });
}

function toPersonUser({ user, reasons }: Holder): PersonUser {
  const targetGroupKeys = [...new Set(reasons.map((reason) => reason.targetGroupKey))];
  return { userId: user.id, active: user.active, targetGroupKeys };
}

type Start = ReturnType<typeof planEnrolments>["start"][number];

function start(
  { unit, cause, restoredItem }: OperationContext,
  personKey: string,
  user: User,
  { kind, itemId, name, dueInDays }: Omit<Start, "userId">,
): Enrolment {
  const fresh: CarriedProgress = {
    ...{ progressStatus: null, score: null, completedAt: null, isOverdue: false },
    dueAt: dueInDays === null ? null : unit.now + dueInDays * DAY,
  };
  const isRestored = restoredItem?.itemKey === itemKeyOf({ kind, itemId });
  const progress = (isRestored ? restoredItem.progress.get(personKey) : undefined) ?? fresh;
  if (progress.dueAt !== null && !progress.isOverdue) unit.expectDue(progress.dueAt);
  return {
    key: unit.allocateKey(),
    id: unit.allocateId(),
    personKey,
    userKey: user.key,
    userId: user.id,
    kind,
    itemId,
    name,
    startedAt: unit.now,
    requestId: cause.requestId,
    ...{ status: "active", withdrawnAt: null, given: true },
    ...progress,
  };
}

/** Whose an enrolment is from now on, by which target groups, and the rule that put the user into the first of them. */
function announceHolder(
  context: OperationContext,
  type: "enrolment.started" | "enrolment.reassigned",
  enrolment: Enrolment,
  { user, reasons }: Holder,
  more: { oldUserId?: string } = {},
): void {
  const { id, userId, personKey, kind, itemId, name } = enrolment;
  const { targetGroups, autoEnrolments, config } = context.unit;
  const personId = personIdOf(config.companyId, personKey);
  const giving = reasons.filter(({ targetGroupKey }) =>
    (autoEnrolments.get(targetGroupKey) ?? []).some((item) => item.kind === kind && item.itemId === itemId),
  );
  const keys = [...new Set(giving.map((reason) => reason.targetGroupKey))];
  targetGroups.require(keys);
  const groups = keys.flatMap((key) => {
    const group = targetGroups.get(key);
    return group === undefined ? [] : [{ id: group.id, name: group.name }];
  });
  const { email, externalId } = user;
  const progress = type === "enrolment.started" ? presentProgress(enrolment) : null;
  context.announce(
    {
      type,
      subject: { kind: "enrolment", id },
      userId,
      data: {
        ...{ ...more, userId, personId, kind, itemId, name, email, externalId, groups },
        ...(progress !== null && { progress }),
      },
    },
    giving[0]?.kind ?? null,
  );
}

/** Ends an enrolment under the name that its item has by now, which the feed has told of. */
function withdraw(context: OperationContext, stored: Enrolment): void {
  const { unit } = context;
  const nameByNow = (isOpen(stored) ? itemNamesOf(unit.config).get(itemKeyOf(stored)) : undefined) ?? stored.name;
  const enrolment = nameByNow === stored.name ? stored : { ...stored, name: nameByNow };
  unit.recordWithdrawal(enrolment);
  const { id, userId, kind, itemId, name } = enrolment;
  const personId = personIdOf(unit.config.companyId, enrolment.personKey);
  context.announce({
    type: "enrolment.withdrawn",
    subject: { kind: "enrolment", id },
    userId,
    data: { userId, personId, kind, itemId, name },
  });
}

/**
 * Replaces what a target group enrols its members in, and tells the feed, by which the open enrolments of these items have
 * their names. Who is a member already is for others to look at.
 */
export function setItems(
  context: OperationContext,
  { key, id, name }: TargetGroup,
  items: readonly AutoEnrolment[],
): void {
  recordStoppedItems(context, key, items);
  context.unit.autoEnrolments.set(key, [...items]);
  context.announce({
    type: "auto_enrolments.changed",
    subject: { kind: "group", id },
    userId: null,
    data: {
      groupId: id,
      groupName: name,
      items: items.map((item) => ({ kind: item.kind, id: item.itemId, name: item.name, ...presentTerms(item) })),
    },
  });
}

/**
 * A user whose e-mail changed is still the same human: what it holds goes with it, unless another user that stays at the old
 * address has a right to it. All that goes is taken away before any of it arrives: addresses may be passed on in a ring.
 */
function followPersonChanges(context: OperationContext): void {
  const { unit, personChanges } = context;
  const { autoEnrolments } = unit;
  const changedUsers = new Set(personChanges.flatMap(({ ref }) => unit.users.get(ref) ?? []));
  const leaving = personChanges.flatMap(({ ref, from }) => {
    const user = unit.users.get(ref);
    if (user === undefined) return [];
    const staying = usersOf(context, from).filter((holder) => !changedUsers.has(holder.user));
    const gifts = giftsOf(staying.map(toPersonUser), (key) => autoEnrolments.get(key) ?? []);
    const present = unit.enrolments.get(from) ?? [];
    const going = present.filter((enrolment) => enrolment.userId === user.id && !gifts.has(itemKeyOf(enrolment)));
    unit.enrolments.set(
      from,
      present.filter((enrolment) => !going.includes(enrolment)),
    );
    return going.map((enrolment) => ({ ...enrolment, personKey: personKeyOf(user) }));
  });
  for (const enrolment of leaving) giveToPerson(context, enrolment);
}

/**
 * Where two persons turn out to be one, what is open of the enrolment that gives way is over, and what it has completed is of
 * the person's past.
 */
function giveToPerson(context: OperationContext, enrolment: Enrolment): void {
  const { enrolments } = context.unit;
  const present = enrolments.get(enrolment.personKey) ?? [];
  const rival = present.find((other) => other.given && itemKeyOf(other) === itemKeyOf(enrolment));
  const loser = enrolment.given && rival !== undefined ? whichGivesWay(rival, enrolment) : null;
  const rest = [...present, enrolment].filter((other) => other !== loser);
  const past = loser === null || isOpen(loser) ? [] : [{ ...loser, given: null }];
  enrolments.set(enrolment.personKey, [...rest, ...past]);
  if (loser !== null && isOpen(loser)) withdraw(context, loser);
}
