import { foldKey } from "../directory/fold-key.ts";
import { lostNameOf } from "../directory/name-lost-by-folding.ts";
import { type Changed, runEach } from "../unit/loaded-and-changed-rows.ts";
import { lostNameKey, type NameKind } from "../unit/names-lost-by-folding.ts";
import type { OperationContext } from "./operation-context.ts";

/** Names that were let go, as they stand in the look-ups by name. */
interface LetGo {
  kind: NameKind;
  ownerKey: number;
  nameKey: string;
}

/**
 * Gives the names that nobody has any more, because their rows went or were renamed, to those who lost them when names came to
 * be folded otherwise. Nearly no company has any.
 */
export function giveBackLostNames(context: OperationContext): void {
  const { unit } = context;
  if (!unit.config.hasLostNames) return;
  const letGo = [
    ...lettingGo("user", unit.users.differences(), ({ settingKey, userNameKey }) => [settingKey, userNameKey]),
    ...lettingGo("group", unit.groups.differences(), ({ settingKey, displayNameKey }) => [settingKey, displayNameKey]),
    ...lettingGo("targetGroup", unit.targetGroups.differences(), ({ nameKey }) => [0, nameKey]),
  ];
  runEach(letGo, (name) => giveBack(context, name));
}

function lettingGo<Row>(
  kind: NameKind,
  differences: readonly Changed<string | number, Row>[],
  nameOf: (row: Row) => [ownerKey: number, nameKey: string],
): LetGo[] {
  return differences.flatMap(({ before, after }) => {
    if (before === undefined) return [];
    const [ownerKey, nameKey] = nameOf(before);
    const isKept = after !== undefined && nameOf(after)[1] === nameKey;
    // For a key of before the present rule nobody waits, nor for that of one who waits.
    const isWaitedFor = !isKept && lostNameOf(nameKey) === null && foldKey(nameKey) === nameKey;
    return isWaitedFor ? [{ kind, ownerKey, nameKey }] : [];
  });
}

function giveBack({ unit }: OperationContext, { kind, ownerKey, nameKey }: LetGo): void {
  const lost = lostNameKey(kind, ownerKey, nameKey);
  if (kind === "targetGroup") {
    if (unit.targetGroupNames.get(nameKey) !== undefined) return;
    const key = Number(unit.lostNames.get(lost) ?? Number.NaN);
    const group = Number.isNaN(key) ? undefined : unit.targetGroups.get(key);
    if (group !== undefined && lostNameOf(group.nameKey) === nameKey) unit.setTargetGroup(key, { ...group, nameKey });
    return;
  }
  const names = kind === "user" ? unit.userNames : unit.groupNames;
  if (names.get(`${ownerKey}/${nameKey}`) !== undefined) return;
  const ref = unit.lostNames.get(lost);
  if (ref === undefined) return;
  if (kind === "user") {
    const user = unit.users.get(ref);
    if (user !== undefined && lostNameOf(user.userNameKey) === nameKey)
      unit.setUser(ref, { ...user, userNameKey: nameKey });
  } else {
    const group = unit.groups.get(ref);
    if (group !== undefined && lostNameOf(group.displayNameKey) === nameKey)
      unit.setGroup(ref, { ...group, displayNameKey: nameKey });
  }
}
