import type { GroupSettingsInput } from "../../src/settings/setting.ts";

/** What an identity provider has told of somebody. */
export interface ToldUser {
  userName: string;
  email: string;
  department: string | null;
  isActive: boolean;
  /** Whether it has come out of shadow, or never was in it. */
  isSeen: boolean;
}

/** What it has told of a group: its members by user name. */
export interface ToldGroup {
  name: string;
  members: Set<string>;
}

/** A setting as its identity provider and its admin know it. */
export interface ToldSetting {
  grouping: GroupSettingsInput;
  /** Whether it was told to go live, if it ever was in shadow. */
  isLive: boolean;
  users: ToldUser[];
  groups: ToldGroup[];
}

/** What there is on the target side, in words that do not depend on ids. */
export interface TargetSide {
  people: string[];
  memberships: string[];
  enrolments: string[];
}

/** The names of the target groups somebody has by a setting's rules, each with why. */
function groupsOf({ grouping, groups }: ToldSetting, user: ToldUser): string[] {
  if (!user.isActive) return [];
  const given: string[] = [];
  if (grouping.criteria === "field" && user.department !== null) given.push(`${user.department} by field`);
  if (grouping.criteria === "idp")
    for (const { name, members } of groups) if (members.has(user.userName)) given.push(`${name} by idp ${name}`);
  const own = grouping.targetGroupName;
  const scope = grouping.targetGroupScope ?? "everyone";
  if (own !== undefined && (scope === "everyone" || given.length === 0)) given.push(`${own} by ${scope}`);
  return given;
}

/**
 * The target side as the rules say it should be, of what the identity providers have told and no more: nothing of how it came
 * about, and nothing of people in shadow. `byHand` has lines as `groupsOf` gives them, by user name.
 */
export function targetSideOf(
  settings: readonly ToldSetting[],
  byHand: ReadonlyMap<string, ReadonlySet<string>>,
  items: Readonly<Record<string, string>>,
): TargetSide {
  const people: string[] = [];
  const memberships = new Set<string>();
  const enrolments = new Set<string>();
  for (const [index, setting] of settings.entries())
    for (const user of setting.users.filter(({ isSeen }) => isSeen)) {
      people.push(`${user.userName} ${user.isActive ? 1 : 0}`);
      const own = groupsOf(setting, user).map((line) => `${line} of ${index}`);
      for (const line of [...own, ...(byHand.get(user.userName) ?? [])]) {
        memberships.add(`${user.userName} in ${line}`);
        const item = items[line.split(" by ")[0] ?? ""];
        if (user.isActive && item !== undefined) enrolments.add(`${user.email} ${item}`);
      }
    }
  return { people: people.sort(), memberships: [...memberships].sort(), enrolments: [...enrolments].sort() };
}

/** The names of target groups that settings have made by what was told of those who have come out of shadow. */
export function namesMadeBy(settings: readonly ToldSetting[]): string[] {
  return settings.flatMap((setting) => {
    const { grouping, isLive, users, groups } = setting;
    const given = users.filter(({ isSeen }) => isSeen).flatMap((user) => groupsOf(setting, user));
    const mirrors = isLive && grouping.criteria === "idp" ? groups.map(({ name }) => name) : [];
    const own = isLive ? [grouping.targetGroupName ?? ""] : [];
    return [...given.map((line) => line.split(" by ")[0] ?? ""), ...mirrors, ...own];
  });
}
