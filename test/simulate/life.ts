import {
  type Belief,
  type BelievedGroup,
  type BelievedUser,
  believe,
  believeGroupDeleted,
  believeGroupRenamed,
  believeUserDeleted,
  isThere,
  type PresentUser,
} from "./belief.ts";
import { changeMembers, joinWantedGroups, pushGroup } from "./group-life.ts";
import type { LifePlan } from "./life-plan.ts";
import type { Task } from "./pool.ts";
import type { Connector } from "./provider.ts";
import type { Session } from "./session.ts";
import { changePerson, provisionUser } from "./user-life.ts";

/** What a life is lived with. */
export interface Life {
  connector: Connector;
  session: Session;
  belief: Belief;
  plan: LifePlan;
  /** Runs a phase's tasks over the connections; in chaos, in any order. */
  run(title: string, tasks: Task[]): Promise<void>;
  /** Lets the first members of a group come one after the other: only the first creates it. */
  inTurn(group: BelievedGroup, task: Task): Promise<void>;
  /** Leave out what takes people and groups away. */
  keep: boolean;
}

/** Brings a company's people and groups to the directory for the first time. */
export async function arrive(life: Life): Promise<void> {
  const { connector, plan, belief } = life;
  const first = belief.users.filter(({ person }) => !plan.lateJoiners.has(person.index));
  await runPhases(life, [["create users", () => first.map((user) => () => provisionUser(life, user, true))]]);
  await runPhases(life, [
    ["link users", () => there(first).map((user) => () => connector.linkUser(user))],
    ["push groups", () => belief.groups.map((group) => () => pushGroup(life, group))],
  ]);
}

/** Brings those who were not there at first. */
export async function arriveLate(life: Life): Promise<void> {
  await runPhases(life, [["late joiners", () => lateJoiners(life)]]);
}

function lateJoiners(life: Life): Task[] {
  const late = life.belief.users.filter(({ person }) => life.plan.lateJoiners.has(person.index));
  return late.map((user) => () => joinLate(life, user));
}

/** Plays what happens between a provider and a directory, phase by phase; a phase's tasks do not depend on each other. */
export async function live(life: Life): Promise<void> {
  const { connector } = life;
  await arrive(life);
  await runPhases(life, [
    ["update users", () => userUpdates(life)],
    ["change groups", () => groupUpdates(life)],
  ]);
  await runPhases(life, [
    ["deactivate", () => deactivations(life)],
    ["late joiners", () => lateJoiners(life)],
  ]);
  await runPhases(life, [["reactivate", () => reactivations(life)]]);
  await runPhases(life, [["empty and refill the largest group", () => [() => massChange(life)]]]);
  if (!life.keep) await deleteAndRecreate(life);
  await runPhases(life, [["last pushes", () => [() => connector.finish()]]]);
}

/** Phases that do not depend on each other: one after the other, or in chaos all mixed. */
async function runPhases(life: Life, phases: (readonly [title: string, tasks: () => Task[]])[]): Promise<void> {
  if (!life.session.chaos) {
    for (const [title, tasks] of phases) await life.run(title, tasks());
    return;
  }
  const titles = phases.map(([title]) => title).join(", ");
  await life.run(
    titles,
    phases.flatMap(([, tasks]) => tasks()),
  );
}

function userUpdates(life: Life): Task[] {
  const { plan, belief } = life;
  return there(belief.users).flatMap((user) => {
    const change = plan.changes.get(user.person.index);
    const tasks: Task[] = change === undefined ? [] : [() => changePerson(life, user, change)];
    if (user.nextUserName !== null) {
      const userName = user.nextUserName;
      tasks.push(() => changePerson(life, user, { attributes: { userName } }));
    }
    return tasks.length === 0 ? [] : [() => inTurn(tasks)];
  });
}

/** A group's own changes come one after the other: its name rides on some of them. */
function groupUpdates(life: Life): Task[] {
  const { plan, belief, connector } = life;
  return belief.groups.map((group, index) => async () => {
    const change = plan.membershipChanges.get(index);
    const pick = (indexes: readonly number[]) =>
      indexes.map((person) => belief.users[person]).filter((user) => user !== undefined);
    if (change !== undefined) await changeMembers(life, group, pick(change.join), pick(change.leave));
    if (!connector.renamesGroups || group.nextName === null || group.state !== "present") return;
    await connector.renameGroup(group, group.nextName);
    believeGroupRenamed(group, group.nextName);
  });
}

function deactivations({ plan, belief, connector }: Life): Task[] {
  return picked(belief, plan.deactivated).map((user) => async () => {
    await connector.setActive(user, false);
    believe(belief, user, "inactive");
    if (user.person.index % 5 === 0) await connector.setActive(user, false);
  });
}

/** A rehire comes back with another job: the department first changes while the user is inactive. */
function reactivations(life: Life): Task[] {
  const { plan, belief, connector } = life;
  return picked(belief, plan.reactivated).map((user) => async () => {
    if (user.person.index % 2 === 0) await changePerson(life, user, { attributes: { department: "Customer Success" } });
    await connector.setActive(user, true);
    believe(belief, user, "active");
  });
}

/** Brings somebody who was not there at first, with its groups. */
export async function joinLate(life: Life, user: BelievedUser): Promise<void> {
  const { plan, connector, belief } = life;
  const inactive = plan.inactiveAtFirst.has(user.person.index);
  await provisionUser(life, user, !inactive);
  if (!isThere(user)) return;
  await connector.linkUser(user);
  await joinWantedGroups(life, user);
  if (!inactive || user.person.index % 2 === 0) return;
  await connector.setActive(user, true);
  believe(belief, user, "active");
}

/** Three fifths of the largest group leave and come back: the largest step that a connector takes in a day. */
async function massChange(life: Life): Promise<void> {
  const group = life.belief.groups.toSorted((a, b) => b.members.size - a.members.size)[0];
  if (group === undefined || group.state !== "present") return;
  const leaving = there([...group.members]).filter((_, order) => order % 5 < 3);
  await changeMembers(life, group, [], leaving);
  await changeMembers(life, group, leaving, []);
}

async function deleteAndRecreate(life: Life): Promise<void> {
  const { plan, belief, connector } = life;
  const users = plan.recreated.map((index) => belief.users[index]).filter((user) => user !== undefined);
  const groups = (indexes: readonly number[]) =>
    indexes.map((index) => belief.groups[index]).filter((group) => group !== undefined);
  const doomed = () => groups(plan.deletedGroups).filter(({ state }) => state === "present");
  await runPhases(life, [
    [
      "delete users",
      () => (connector.deletesUsers ? picked(belief, plan.deleted) : []).map((user) => () => deleteUser(life, user)),
    ],
    ["delete groups", () => (connector.deletesGroups ? doomed() : []).map((group) => () => deleteGroup(life, group))],
  ]);
  await runPhases(life, [
    [
      "push groups again",
      () => groups(connector.deletesGroups ? plan.recreatedGroups : []).map((group) => () => pushGroup(life, group)),
    ],
  ]);
  await runPhases(life, [
    ["create users again", () => (connector.deletesUsers ? users : []).map((user) => () => recreateUser(life, user))],
  ]);
}

async function deleteGroup({ connector, belief }: Life, group: BelievedGroup): Promise<void> {
  await connector.deleteGroup(group);
  believeGroupDeleted(belief, group);
}

async function deleteUser({ connector, belief }: Life, user: PresentUser): Promise<void> {
  await connector.deleteUser(user);
  believeUserDeleted(belief, user);
}

async function recreateUser(life: Life, user: BelievedUser): Promise<void> {
  await provisionUser(life, user, true);
  if (!isThere(user)) return;
  const everyone = life.belief.groups[0];
  await life.connector.linkUser(user);
  if (everyone?.state === "present") await changeMembers(life, everyone, [user], []);
}

function picked(belief: Belief, indexes: readonly number[]): PresentUser[] {
  return there(indexes.map((index) => belief.users[index]).filter((user) => user !== undefined));
}

function there(users: readonly BelievedUser[]): PresentUser[] {
  return users.filter(isThere);
}

async function inTurn(tasks: readonly Task[]): Promise<void> {
  for (const task of tasks) await task();
}
