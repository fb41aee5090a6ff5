import { foldKey, keysOf } from "../directory/fold-key.ts";
import { lostNameOf } from "../directory/name-lost-by-folding.ts";
import type { GroupSettings } from "../settings/setting.ts";
import { type Groupable, type Mirror, planGroups } from "./plan-groups.ts";

/** What decides which target groups a user joins and leaves; people of one profile move alike. */
export interface Profile extends Groupable {
  /** The target groups the user is in, each with the setting that gives it: one pair for each reason. */
  reasons: readonly (readonly [targetGroupKey: number, settingKey: number])[];
  /** The keys of the IdP groups the user is in. */
  groupKeys: readonly number[];
  /** Whether something of the user waits in a hold: a change of the rules leaves it as it is. */
  waits: boolean;
}

/** A target group that a user would join or leave. */
export interface Move {
  targetGroupKey: number;
  groupName: string;
  action: "join" | "leave";
}

/** What is planned: a setting's new group settings, the IdP groups they mirror, and the target groups there are. */
export interface MovePlan {
  settingKey: number;
  settings: GroupSettings;
  mirrors: ReadonlyMap<number, Mirror>;
  names: GroupNames;
}

/** Names of target groups by key; names that have no group yet get keys of their own, below zero. */
export class GroupNames {
  readonly #names = new Map<number, string>();
  readonly #keys = new Map<string, number>();
  /** Groups whose name another one has, with that name. */
  readonly #waiting = new Map<number, string>();

  constructor(groups: Iterable<{ key: number; name: string; nameKey: string }>) {
    for (const { key, name, nameKey } of groups) {
      this.#names.set(key, name);
      this.#keys.set(nameKey, key);
      const waitsFor = lostNameOf(nameKey);
      if (waitsFor !== null) this.#waiting.set(key, waitsFor);
    }
  }

  has(name: string): boolean {
    return this.#find(name) !== undefined;
  }

  /** The key for a name of somebody who is in the groups `own`: of two groups that have one name, the one of these. */
  keyOf(name: string, own: readonly number[] = []): number {
    const known = own.find((key) => this.#waiting.get(key) === foldKey(name)) ?? this.#find(name);
    if (known !== undefined) return known;
    const key = -1 - this.#keys.size;
    this.#keys.set(foldKey(name), key);
    this.#names.set(key, name.trim());
    return key;
  }

  #find(name: string): number | undefined {
    return keysOf(name)
      .map((key) => this.#keys.get(key))
      .find((key) => key !== undefined);
  }

  nameOf(key: number): string {
    return this.#names.get(key) ?? "";
  }
}

/** What people of a profile would join and leave; what another setting or a person put them into they keep. */
export function planMoves(profile: Profile, { settingKey, settings, mirrors, names }: MovePlan): Move[] {
  if (profile.waits) return [];
  const mirrored = profile.groupKeys.flatMap((key) => mirrors.get(key) ?? []);
  const planned = planGroups(profile, settings, mirrored, (name) => names.has(name));
  const own = profile.reasons.flatMap(([key, by]) => (by === settingKey ? [key] : []));
  const plannedKeys = new Set(
    planned.map(({ target }) => ("key" in target ? target.key : names.keyOf(target.name, own))),
  );
  const before = new Set(profile.reasons.map(([key]) => key));
  const kept = new Set(profile.reasons.filter(([, by]) => by !== settingKey).map(([key]) => key));
  const joins = [...plannedKeys].filter((key) => !before.has(key));
  const leaves = [...before].filter((key) => !plannedKeys.has(key) && !kept.has(key));
  return [
    ...joins.map((key): Move => ({ targetGroupKey: key, groupName: names.nameOf(key), action: "join" })),
    ...leaves.map((key): Move => ({ targetGroupKey: key, groupName: names.nameOf(key), action: "leave" })),
  ];
}
