import { type BelievedGroup, isThere, membersOf, type PresentUser } from "./belief.ts";
import { textOf } from "./company.ts";
import { idOf, type JsonObject, memberIdsOf, objectOf, readAttribute, readManager } from "./document.ts";
import { walkPages } from "./page-walk.ts";
import type { Connector } from "./provider.ts";
import { request, type Session } from "./session.ts";

/** What was at the server before the first request, and so is not this run's to judge. */
interface Snapshot {
  users: Set<string>;
  groups: Set<string>;
}

const SAMPLE = 20;

/** Reads the ids that are at the server. */
export async function readSnapshot(session: Session, pageSize: number | null): Promise<Snapshot> {
  const users = await walkPages(session, "/Users", pageSize, "GET /Users pages", "&attributes=userName");
  const groups = await walkPages(session, "/Groups", pageSize, "GET /Groups pages", "&excludedAttributes=members");
  const ids = (resources: JsonObject[]) => new Set(resources.map((one) => idOf(one) ?? ""));
  return { users: ids(users), groups: ids(groups) };
}

/** Walks users and groups the provider's way and tells each difference from the belief. */
export async function compareScim(session: Session, connector: Connector, before: Snapshot): Promise<void> {
  await compareUsers(session, connector, before);
  await compareGroups(session, connector, before);
}

async function compareUsers(session: Session, connector: Connector, before: Snapshot): Promise<void> {
  const { belief, report } = session;
  const held = byId(await walkPages(session, "/Users", connector.pageSize, "GET /Users pages"));
  const believed = belief.users.filter(isThere);
  const known = new Set(believed.map(({ id }) => id));
  for (const user of believed) {
    const document = held.get(user.id);
    if (document === undefined) report(`user ${nameOf(user)} (${user.id}) is missing`);
    else for (const text of diffUser(document, user, connector)) report(`user ${nameOf(user)} (${user.id}): ${text}`);
  }
  for (const user of belief.users)
    if (user.state === "absent") report(`user ${textOf(user.person, "userName")} was never created`);
  for (const [id, { userName }] of held) {
    if (belief.goneUsers.includes(id)) report(`user ${userName} (${id}) was deleted but is listed`);
    else if (!known.has(id) && !before.users.has(id)) report(`user ${userName} (${id}) is unknown to the IdP`);
  }
  await compareSamples(session, connector, believed);
}

/** What differs between a SCIM user and the belief. */
function diffUser(document: JsonObject, user: PresentUser, connector: Connector): string[] {
  const differences: string[] = [];
  const compare = (name: string, actual: unknown, expected: unknown) => {
    if (actual !== expected)
      differences.push(`${name} is ${JSON.stringify(actual)}, should be ${JSON.stringify(expected)}`);
  };
  compare("active", document.active, user.state === "active");
  for (const attribute of connector.sends)
    compare(attribute, readAttribute(document, attribute), user.person.attributes[attribute]);
  const manager = connector.managerOf(user.person);
  if (manager !== undefined) compare("manager", readManager(document), manager);
  if ("password" in document) differences.push("the password is shown");
  return differences;
}

/** By id and by userName a user reads as in the list, inactive ones too; deleted ones are gone. */
async function compareSamples(session: Session, connector: Connector, believed: readonly PresentUser[]): Promise<void> {
  const { random, belief, report } = session;
  const inactive = believed.filter(({ state }) => state === "inactive");
  for (const user of [...random.sample(believed, SAMPLE), ...random.sample(inactive, SAMPLE)]) {
    const call = { method: "GET" as const, target: `/Users/${user.id}`, kind: "GET /Users/{id}" };
    const reply = await request(session, call, [200]);
    const read = diffUser(objectOf(reply?.body), user, connector);
    for (const text of read) report(`GET /Users/${user.id} (${nameOf(user)}): ${text}`);
    if (idOf(await connector.findUser(nameOf(user))) !== user.id)
      report(`the look-up of ${nameOf(user)} does not find it`);
  }
  for (const { resource, ids } of [
    { resource: "Users", ids: belief.goneUsers },
    { resource: "Groups", ids: belief.goneGroups },
  ])
    for (const id of random.sample(ids, SAMPLE))
      await request(session, { method: "GET", target: `/${resource}/${id}`, kind: `GET /${resource}/{id}` }, [404]);
}

async function compareGroups(session: Session, connector: Connector, before: Snapshot): Promise<void> {
  const { belief, report } = session;
  const more = "&excludedAttributes=members";
  const held = byId(await walkPages(session, "/Groups", connector.pageSize, "GET /Groups pages", more));
  const known = new Set(belief.groups.map(({ id }) => id));
  for (const [id, { displayName, members }] of held) {
    if (members !== undefined) report(`group ${displayName}: members are listed although excluded`);
    if (belief.goneGroups.includes(id)) report(`group ${displayName} (${id}) was deleted but is listed`);
    else if (!known.has(id) && !before.groups.has(id)) report(`group ${displayName} (${id}) is unknown to the IdP`);
  }
  for (const group of belief.groups) {
    if (group.state === "absent" && (connector.createsEmptyGroups || membersOf(group).length > 0))
      report(`group ${group.name} was never created`);
    if (group.state !== "present" || group.id === null) continue;
    if (!held.has(group.id)) report(`group ${group.name} (${group.id}) is not listed`);
    const call = { method: "GET" as const, target: `/Groups/${group.id}`, kind: "GET /Groups/{id}" };
    const reply = await request(session, call, [200]);
    if (reply !== null)
      for (const text of diffGroup(objectOf(reply.body), group)) report(`group ${group.name}: ${text}`);
  }
}

/** What differs between a SCIM group and the belief. */
function diffGroup(document: JsonObject, group: BelievedGroup): string[] {
  const differences: string[] = [];
  if (document.displayName !== group.name) differences.push(`is named ${JSON.stringify(document.displayName)}`);
  if (group.sentExternalId !== null && document.externalId !== group.sentExternalId)
    differences.push(`externalId is ${JSON.stringify(document.externalId)}, should be ${group.sentExternalId}`);
  const ids = memberIdsOf(document);
  const held = new Set(ids);
  if (held.size !== ids.length) differences.push(`${ids.length - held.size} members are listed twice`);
  const wanted = new Map(membersOf(group).map(({ id, userName }) => [id, userName]));
  for (const [id, userName] of wanted) if (!held.has(id)) differences.push(`member ${userName} (${id}) is missing`);
  for (const id of held) if (!wanted.has(id)) differences.push(`member ${id} should not be there`);
  return differences;
}

function byId(resources: readonly JsonObject[]): Map<string, JsonObject> {
  return new Map(resources.map((one) => [idOf(one) ?? "", one]));
}

function nameOf(user: PresentUser): string {
  return textOf(user.person, "userName");
}
