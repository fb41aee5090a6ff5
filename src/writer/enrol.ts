import type { User } from "../directory/user.ts";
import { type HeldEnrolment, planEnrolments } from "../enrolment/plan-enrolments.ts";
import type { Scope } from "./scope.ts";
import type { Enrolment } from "./working-set.ts";

/** Plans the enrolments of every person the operation touched, and applies the difference; gives those it withdrew. */
export function enrolPersons(scope: Scope): Enrolment[] {
  return scope.persons.flatMap((personKey) => enrolPerson(scope, personKey));
}

function enrolPerson(scope: Scope, personKey: string): Enrolment[] {
  const { workingSet } = scope;
  const users = usersOf(scope, personKey);
  const held = workingSet.enrolments.get(personKey) ?? [];
  const plan = planEnrolments(
    users.map(({ user, targetGroupKeys }) => ({ userId: user.id, active: user.active, targetGroupKeys })),
    (key) => workingSet.autoEnrolments.get(key) ?? [],
    held,
  );
  const userById = new Map(users.map(({ user }) => [user.id, user]));
  const kept = held.flatMap((enrolment) => {
    if (plan.withdraw.includes(enrolment)) return [];
    const user = userById.get(plan.handOver.find((move) => move.held === enrolment)?.userId ?? "");
    return [user === undefined ? enrolment : { ...enrolment, userKey: user.key, userId: user.id }];
  });
  const started = plan.start.flatMap(({ userId, kind, itemId, name }) => {
    const user = userById.get(userId);
    return user === undefined ? [] : [start(scope, personKey, user, { kind, itemId, name })];
  });
  if (plan.withdraw.length + plan.start.length + plan.handOver.length === 0) return [];
  workingSet.enrolments.set(personKey, [...kept, ...started]);
  for (const enrolment of plan.withdraw) announceEnrolment(scope, "enrolment.withdrawn", enrolment);
  for (const enrolment of started) announceEnrolment(scope, "enrolment.started", enrolment);
  return plan.withdraw;
}

function usersOf({ workingSet }: Scope, personKey: string): { user: User; targetGroupKeys: number[] }[] {
  return (workingSet.persons.get(personKey) ?? []).flatMap((ref) => {
    const user = workingSet.users.get(ref);
    const reasons = workingSet.reasons.get(ref) ?? [];
    return user === undefined
      ? []
      : [{ user, targetGroupKeys: [...new Set(reasons.map((reason) => reason.targetGroupKey))] }];
  });
}

function start(
  { workingSet, cause }: Scope,
  personKey: string,
  user: User,
  item: Pick<HeldEnrolment, "kind" | "itemId"> & { name: string },
): Enrolment {
  return {
    key: workingSet.allocateKey(),
    id: workingSet.allocateId(),
    personKey,
    userKey: user.key,
    userId: user.id,
    ...item,
    startedAt: workingSet.now,
    requestId: cause.requestId,
  };
}

function announceEnrolment(
  scope: Scope,
  type: "enrolment.started" | "enrolment.withdrawn",
  { id, userId, kind, itemId, name }: Enrolment,
): void {
  scope.announce({
    type,
    subject: { kind: "enrolment", id },
    userId,
    data: { userId, kind, itemId, name },
  });
}

/**
 * When a user's e-mail changes it is still the same human: what only this user held of the old address's enrolments goes
 * with it, unless the new address holds the same item already.
 */
export function moveEnrolments({ workingSet }: Scope, from: string, to: string, user: User): void {
  if (!workingSet.isEnrolling || from === to) return;
  const held = workingSet.enrolments.get(from) ?? [];
  const present = workingSet.enrolments.get(to) ?? [];
  const taken = (enrolment: Enrolment) =>
    present.some((other) => other.kind === enrolment.kind && other.itemId === enrolment.itemId);
  const moving = held.filter((enrolment) => enrolment.userId === user.id && !taken(enrolment));
  if (moving.length === 0) return;
  workingSet.enrolments.set(
    from,
    held.filter((enrolment) => !moving.includes(enrolment)),
  );
  workingSet.enrolments.set(to, [...present, ...moving.map((enrolment) => ({ ...enrolment, personKey: to }))]);
}
