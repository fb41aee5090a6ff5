import {
  type BelievedGroup,
  type BelievedUser,
  isThere,
  type Member,
  memberOf,
  membersOf,
  type PresentUser,
} from "./belief.ts";
import { idOf, type JsonObject, memberIdsOf } from "./document.ts";
import type { Life } from "./life.ts";
import { request } from "./session.ts";

/** Looks a group up by name, then creates it with its members or takes it over. */
export async function pushGroup(life: Life, group: BelievedGroup): Promise<void> {
  const { connector } = life;
  const members = membersOf(group);
  if (members.length === 0 && !connector.createsEmptyGroups) return;
  const found = await lookUp(life, group);
  if (found !== null) return adoptGroup(life, group, found);
  await connector.createGroup(group, members);
  if (group.id !== null) group.state = "present";
}

/** After an earlier run a group may have the name that this life would give it; then it starts with it. */
async function lookUp({ connector }: Life, group: BelievedGroup): Promise<JsonObject | null> {
  const found = await connector.findGroup(group.name);
  if (found !== null || group.nextName === null) return found;
  const renamed = await connector.findGroup(group.nextName);
  if (renamed !== null) [group.name, group.nextName] = [group.nextName, group.name];
  return renamed;
}

/** Makes a group of the same name the IdP's: its spelling where the provider renames, and exactly its members. */
async function adoptGroup({ session, connector }: Life, group: BelievedGroup, found: JsonObject): Promise<void> {
  group.id = idOf(found);
  if (group.id === null) return;
  group.state = "present";
  if (found.displayName !== group.name) {
    if (connector.renamesGroups) await connector.renameGroup(group, group.name);
    else group.name = String(found.displayName);
  }
  const reply = await request(
    session,
    { method: "GET", target: `/Groups/${group.id}`, kind: "GET /Groups/{id}" },
    [200],
  );
  const held = new Set(memberIdsOf(reply?.body));
  const wanted = membersOf(group);
  const ids = new Set(wanted.map(({ id }) => id));
  const join = wanted.filter(({ id }) => !held.has(id));
  const leave = [...held].filter((id) => !ids.has(id)).map((id): Member => ({ id, userName: id }));
  if (join.length + leave.length > 0) await connector.changeMembers(group, join, leave);
}

/** Lets people join and leave a group in the IdP's directory and sends what differs. */
export async function changeMembers(
  life: Life,
  group: BelievedGroup,
  joining: readonly BelievedUser[],
  leaving: readonly BelievedUser[],
): Promise<void> {
  const join = joining.filter((user) => !group.members.has(user));
  const leave = leaving.filter((user) => group.members.has(user));
  for (const user of join) group.members.add(user);
  for (const user of leave) group.members.delete(user);
  if (group.state === "present") {
    const sent = (users: readonly BelievedUser[]) => users.filter(isThere).map(memberOf);
    if (join.length + leave.length > 0) await life.connector.changeMembers(group, sent(join), sent(leave));
  } else if (group.state === "absent") await pushGroup(life, group);
}

/** Sends a newcomer's memberships: the groups the IdP has them in already; they may be the first of one. */
export async function joinWantedGroups(life: Life, user: PresentUser): Promise<void> {
  const { belief, connector, inTurn } = life;
  for (const group of belief.groups.filter(({ members }) => members.has(user))) {
    const join = () => connector.changeMembers(group, [memberOf(user)], []);
    if (group.state === "present") await join();
    else if (group.state === "absent")
      await inTurn(group, () => (group.state === "present" ? join() : pushGroup(life, group)));
  }
}
