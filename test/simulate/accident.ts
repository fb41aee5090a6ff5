import { believe, believeGroupDeleted, believeUserDeleted, isThere, membersOf, type PresentUser } from "./belief.ts";
import { changeMembers, pushGroup } from "./group-life.ts";
import type { Life } from "./life.ts";
import { changePerson } from "./user-life.ts";

/** The slips that can be played: what happens at the provider when somebody clicks the wrong thing. */
export const ACCIDENTS = [
  "group-emptied",
  "department-cleared",
  "everyone-deactivated",
  "app-unassigned",
  "groups-recreated",
] as const;
/** One of these slips. */
export type Accident = (typeof ACCIDENTS)[number];

/** Plays a slip in the provider's own requests, in its own pace. */
export async function playAccident(life: Life, accident: Accident): Promise<void> {
  const { connector, belief } = life;
  const people = belief.users.filter(isThere);
  const groups = belief.groups.filter(({ state }) => state === "present");
  const run = (tasks: (() => Promise<void>)[]) => life.run(accident, tasks);
  switch (accident) {
    case "group-emptied": {
      const [largest] = groups.toSorted((a, b) => membersOf(b).length - membersOf(a).length);
      if (largest === undefined) return;
      return run([() => changeMembers(life, largest, [], [...largest.members])]);
    }
    case "department-cleared":
      return run(people.map((user) => () => changePerson(life, user, { attributes: { department: null } })));
    case "everyone-deactivated":
      return run(people.map((user) => () => deactivate(life, user)));
    case "app-unassigned": {
      // Whoever deletes users deletes those who are not assigned any more, but for Entra ID, which waits for 30 days.
      const isDeleting = connector.deletesUsers && connector.deactivatesUnassigned !== true;
      await run(people.map((user) => () => (isDeleting ? remove(life, user) : deactivate(life, user))));
      if (connector.deletesGroups) await run(groups.map((group) => () => dropGroup(life, group)));
      return;
    }
    case "groups-recreated": {
      if (!connector.deletesGroups) return;
      const members = new Map(groups.map((group) => [group, new Set(group.members)]));
      await run(groups.map((group) => () => dropGroup(life, group)));
      return run(
        groups.map((group) => async () => {
          group.members = members.get(group) ?? new Set();
          await pushGroup(life, group);
        }),
      );
    }
  }
}

async function deactivate({ connector, belief }: Life, user: PresentUser): Promise<void> {
  await connector.setActive(user, false);
  believe(belief, user, "inactive");
}

async function remove({ connector, belief }: Life, user: PresentUser): Promise<void> {
  await connector.deleteUser(user);
  believeUserDeleted(belief, user);
}

async function dropGroup({ connector, belief }: Life, group: Life["belief"]["groups"][number]): Promise<void> {
  await connector.deleteGroup(group);
  believeGroupDeleted(belief, group);
}
