import { type BelievedUser, foldName, isThere } from "./belief.ts";
import { type Attribute, textOf } from "./company.ts";
import { blankToNull, type JsonObject, listOf, objectOf } from "./document.ts";
import { attributesOfFields, type ExpectedMembership, expectMemberships } from "./expected-target.ts";
import type { Management, SettingView } from "./management.ts";
import type { Connector } from "./provider.ts";
import type { Session } from "./session.ts";

/** What was compared on the target side. */
export interface TargetCounts {
  users: number;
  groups: number;
  memberships: number;
}

interface TargetGroupView {
  id: string;
  name: string;
  source: string;
  memberCount: number;
  members: JsonObject[];
}

const SAMPLE = 20;

/** Reads target users, groups and memberships and tells each difference from what the rules give for the belief. */
export async function compareTarget(
  session: Session,
  connector: Connector,
  management: Management,
  setting: SettingView,
): Promise<TargetCounts> {
  const { belief, report } = session;
  const fields = attributesOfFields(setting.fieldMappings);
  const company = `/companies/${setting.companyId}`;
  const targets = await management.list(`${company}/target-users`);
  const own = targets.filter(({ settingId }) => settingId === setting.id);
  compareTargetUsers(session, connector, own, fields);

  const groups = await readGroups(management, company);
  const { groupSettings } = setting;
  const groupBy = groupSettings.criteria === "field" ? (fields.get(groupSettings.field ?? "") ?? null) : null;
  if (groupSettings.criteria === "field" && groupBy === null)
    report(`the simulator cannot follow the field "${groupSettings.field}" that groups are made by`);
  // An attribute that the provider does not send is one that nobody has.
  const sent = groupBy !== null && connector.sends.includes(groupBy) ? groupBy : null;
  const ownGroup =
    groups.find(({ id }) => id === groupSettings.targetGroupId)?.name ?? groupSettings.targetGroupName ?? null;
  const expected = expectMemberships(belief, groupSettings, ownGroup, sent);
  const waiting = new Set(own.filter(isHeld).map(({ id }) => String(id)));
  compareMemberships(session, setting, groups, { expected, waiting });
  compareGroupNames(session, setting, groups, sent);
  await compareSamples(session, management, setting, { expected, waiting });
  return { users: own.length, groups: groups.length, memberships: expected.length };
}

function compareTargetUsers(
  { belief, report }: Session,
  connector: Connector,
  targets: readonly JsonObject[],
  fields: ReadonlyMap<string, Attribute | null>,
): void {
  const held = new Map(targets.map((target) => [String(target.id), target]));
  for (const user of belief.users.filter(isThere)) {
    const target = held.get(user.id);
    const name = textOf(user.person, "userName");
    if (target === undefined) report(`target user ${name} (${user.id}) is missing`);
    else
      for (const text of diffTargetUser(target, user, connector.sends, fields)) report(`target user ${name}: ${text}`);
  }
  for (const id of belief.goneUsers)
    if (held.has(id) && !isHeld(held.get(id))) report(`target user ${id} is there although its user was deleted`);
}

/** What an open hold of its kind takes in waits for an admin, who alone decides about it. */
function isHeld({ heldBy = null }: JsonObject = {}): boolean {
  return heldBy !== null;
}

/** What differs between a target user and what the mapping gives for the belief. */
function diffTargetUser(
  target: JsonObject,
  user: BelievedUser,
  sends: readonly Attribute[],
  fields: ReadonlyMap<string, Attribute | null>,
): string[] {
  const differences: string[] = [];
  const compare = (name: string, actual: unknown, expected: unknown) => {
    if (actual !== expected)
      differences.push(`${name} is ${JSON.stringify(actual)}, should be ${JSON.stringify(expected)}`);
  };
  compare("userName", target.userName, user.person.attributes.userName);
  if (sends.includes("externalId")) compare("externalId", target.externalId, user.person.attributes.externalId);
  compare("status", target.status, isHeld(target) ? "active" : user.state);
  const values = objectOf(target.fields);
  for (const [field, attribute] of fields) {
    if (attribute === null || !sends.includes(attribute)) continue;
    compare(field, blankToNull(values[field])?.trim() ?? null, user.person.attributes[attribute]?.trim() ?? null);
  }
  return differences;
}

async function readGroups(management: Management, company: string): Promise<TargetGroupView[]> {
  const groups = await management.list(`${company}/target-groups`);
  const views: TargetGroupView[] = [];
  for (const group of groups) {
    const members = await management.list(`${company}/target-groups/${group.id}/members`).catch(() => []);
    views.push({
      id: String(group.id),
      name: String(group.name),
      source: String(group.source),
      memberCount: Number(group.memberCount),
      members,
    });
  }
  return views;
}

/** The memberships that the rules give, and the people who are as they were until an admin decides. */
interface Right {
  expected: readonly ExpectedMembership[];
  waiting: ReadonlySet<string>;
}

/** Only reasons of this setting and of this run's people are judged: other settings may feed the same groups meanwhile. */
function compareMemberships(
  { belief, report }: Session,
  setting: SettingView,
  groups: readonly TargetGroupView[],
  { expected, waiting }: Right,
): void {
  const names = new Map(belief.users.filter(isThere).map((user) => [user.id, textOf(user.person, "userName")]));
  const wanted = new Set(expected.map(keyOf));
  const held = new Set<string>();
  for (const { name, members, memberCount } of groups) {
    if (setting.alone && members.length !== memberCount)
      report(`target group ${name}: memberCount is ${memberCount}, but it lists ${members.length} members`);
    for (const { userId, userName, reasons } of members) {
      const ours = names.has(String(userId)) || String(userName).endsWith(`@${belief.domain}`);
      for (const reason of listOf(reasons)) {
        if (!ours || reason.settingId !== setting.id || reason.kind === "manual") continue;
        const key = `${foldName(name)}\n${userId}\n${reason.kind}`;
        held.add(key);
        if (!wanted.has(key) && !isHeld(reason) && !waiting.has(String(userId)))
          report(`target group ${name}: ${userName} should not be in it (${reason.kind})`);
      }
    }
  }
  for (const membership of expected)
    if (!held.has(keyOf(membership)))
      report(`target group ${membership.group}: ${names.get(membership.userId)} is missing (${membership.kind})`);
}

function keyOf({ group, userId, kind }: ExpectedMembership): string {
  return `${group}\n${userId}\n${kind}`;
}

/** A value's group stays when it is empty; a mirror goes with its group and does not stay behind under an old name. */
function compareGroupNames(
  { belief, report }: Session,
  { groupSettings, alone }: SettingView,
  groups: readonly TargetGroupView[],
  groupBy: Attribute | null,
): void {
  const names = new Map(groups.map((group) => [foldName(group.name), group]));
  if (names.size !== groups.length) report("two target groups have the same name");
  for (const value of groupBy === null ? [] : (belief.valuesEver.get(groupBy) ?? []))
    if (foldName(value) !== "" && !names.has(foldName(value)))
      report(`the target group of the value "${value}" is gone`);
  if (groupSettings.criteria !== "idp") return;
  const present = belief.groups.filter(({ state }) => state === "present").map(({ name }) => foldName(name));
  for (const name of present) if (!names.has(name)) report(`target group ${name} is missing`);
  for (const name of alone ? belief.groups.flatMap(({ formerNames }) => formerNames) : []) {
    const left = names.get(foldName(name));
    if (left?.source === "idp" && left.members.length === 0 && !present.includes(foldName(name)))
      report(`target group ${name} stayed behind, although its group was renamed or deleted`);
  }
}

/** One person's own page says the same as the members lists. */
async function compareSamples(
  { belief, random, report }: Session,
  management: Management,
  setting: SettingView,
  { expected, waiting }: Right,
): Promise<void> {
  for (const user of random.sample(belief.users.filter(isThere), SAMPLE)) {
    if (waiting.has(user.id)) continue;
    const target = await management.get(`/companies/${setting.companyId}/target-users/${user.id}`);
    const held = listOf(target.groups).flatMap(({ name, reasons }) =>
      listOf(reasons)
        .filter((reason) => reason.settingId === setting.id && reason.kind !== "manual" && !isHeld(reason))
        .map(({ kind }) => `${foldName(String(name))} (${kind})`),
    );
    const wanted = expected.filter(({ userId }) => userId === user.id).map(({ group, kind }) => `${group} (${kind})`);
    const [actual, right] = [held, wanted].map((list) => [...new Set(list)].sort().join(", "));
    if (actual !== right)
      report(`target user ${textOf(user.person, "userName")} shows groups ${actual}, should be ${right}`);
  }
}
