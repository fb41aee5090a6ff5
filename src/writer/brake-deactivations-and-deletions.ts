import type { User } from "../directory/user.ts";
import { isWaiting, NO_MARK } from "../holds/hold.ts";
import { namesOf, valuesOfRow } from "../platform/columns.ts";
import { SETTING, toSettingRow } from "../settings/setting-row.ts";
import { isInShadow } from "../settings/shadow.ts";
import { isManaging, type WriterSetting } from "../unit/company-config.ts";
import { type Ref, refOf } from "../unit/resource-references.ts";
import { insertRows } from "../unit/row-statements.ts";
import { holdsOf } from "./open-and-close-holds.ts";
import type { OperationContext } from "./operation-context.ts";
import { raiseVersionsOfGroupsOf } from "./save-group.ts";
import { countBack, judgeLoss } from "./trip-brake.ts";

/** Whether a user itself waits in a hold, or was kept there, and as what. */
type HoldOfUser = Pick<User, "heldBy" | "heldVersion" | "heldAs" | "heldAt">;

/** A user as it stands. */
interface UserAtRef {
  ref: Ref;
  user: User;
}

/** Somebody who neither waits nor was kept. */
export const NOT_HELD: HoldOfUser = { ...NO_MARK, heldAs: null, heldAt: null };

/**
 * The status of a target user whom its identity provider gives one: who is to leave and waits stays active, and so does who
 * was kept, until it is active at the identity provider again.
 */
export function brakeStatus(
  context: OperationContext,
  setting: WriterSetting,
  before: User,
  active: boolean,
): HoldOfUser & Pick<User, "active"> {
  const { heldBy, heldVersion, heldAs, heldAt } = before;
  if (!isManaging(setting) || isInShadow(setting, before.key)) return { active, ...NOT_HELD };
  if (active) {
    if (!before.active) countBack(context, setting, before, ({ lost }) => lost === null);
    return { active, ...NOT_HELD };
  }
  if (heldBy !== null) return { active: true, heldBy, heldVersion, heldAs, heldAt };
  if (!before.active) return { active, ...NOT_HELD };
  const mark = judgeLoss(context, setting, before, { kinds: ["leavers"], lost: null, why: "deactivated" });
  if (mark === null) return { active, ...NOT_HELD };
  return { active: true, ...mark, heldAs: "inactive", heldAt: context.unit.now };
}

/**
 * Lets the target user of somebody whom an identity provider deletes stay where that waits in a hold, or where its leaving was
 * kept: it goes on as one whom no setting manages. False when it is to be removed.
 */
export function keepDeleted(context: OperationContext, setting: WriterSetting, { ref, user }: UserAtRef): boolean {
  if (!user.active || isInShadow(setting, user.key)) return false;
  const isKept = user.heldBy !== null && !isWaiting(user);
  const mark = isKept ? NO_MARK : judgeLoss(context, setting, user, { kinds: ["leavers"], lost: null, why: "deleted" });
  if (mark === null) return false;
  const { unit } = context;
  if (mark !== NO_MARK) unit.startsTerm = true;
  const hold: HoldOfUser = mark === NO_MARK ? NOT_HELD : { ...mark, heldAs: "deleted", heldAt: unit.now };
  context.watch(ref, user.id, () => holdsOf(unit, ref));
  if (isKept) announceUnmanaged(context, user);
  raiseVersionsOfGroupsOf(context, ref);
  for (const group of unit.groupsOf.get(ref) ?? []) unit.setMembership(group, ref, false);
  moveToHeir(context, setting, { ref, user: { ...user, ...hold } });
  return true;
}

/** Tells the feed of somebody whose deletion was kept: no setting manages it any more. */
export function announceUnmanaged(context: OperationContext, { id, settingKey }: User): void {
  const { settingsByKey } = context.unit.config;
  const heirOf = settingsByKey.get(settingKey)?.heirOf ?? settingKey;
  const settingId = settingsByKey.get(heirOf)?.id ?? null;
  context.announce({
    type: "user.updated",
    subject: { kind: "user", id },
    userId: id,
    data: { changed: { settingId: { old: settingId, new: null } } },
  });
}

/** Follows the name in the key of who lives on beside a setting: folded text has no capitals, so no name folds to it. */
const BESIDE = " BESIDE ";

/** The person lives on in a deleted setting of its own, under a name that no other can have. */
function moveToHeir(context: OperationContext, setting: WriterSetting, { ref, user }: UserAtRef): void {
  const { unit } = context;
  const heir = requireHeir(context, setting);
  const to = refOf(heir.key, user.id);
  const text = unit.documents.get(ref) ?? "{}";
  const reasons = (unit.reasons.get(ref) ?? []).map((reason) => {
    const isOwn = reason.settingKey === setting.key;
    return isOwn ? { ...reason, ...NO_MARK, settingKey: heir.key } : reason;
  });
  unit.users.load(to, undefined);
  unit.documents.load(to, undefined);
  unit.groupsOf.load(to, []);
  unit.reasons.load(to, []);
  unit.setReasons(ref, []);
  unit.setUser(ref, undefined);
  unit.documents.set(ref, undefined);
  const userNameKey = `${user.userNameKey}${BESIDE}${user.key}`;
  unit.setUser(to, { ...user, settingKey: heir.key, userNameKey, version: user.version + 1 });
  unit.documents.set(to, text);
  unit.setReasons(to, reasons);
  context.watch(to, user.id, () => holdsOf(unit, to));
}

function requireHeir({ unit }: OperationContext, setting: WriterSetting): WriterSetting {
  const known = unit.heirs.get(setting.key);
  if (known !== undefined) return known;
  const heir: WriterSetting = {
    ...setting,
    ...{ key: unit.allocateKey(), id: unit.allocateId(), status: "deleted", heirOf: setting.key, shadow: null },
    groupSettings: { targetGroupKey: null, targetGroupScope: "everyone", criteria: "none", field: null },
  };
  const row = [unit.config.companyKey, unit.now, unit.now, ...valuesOfRow(SETTING, toSettingRow(heir))];
  unit.executeAll(insertRows("scim_settings", ["company_key", "created_at", "deleted_at", ...namesOf(SETTING)], [row]));
  unit.heirs.set(setting.key, heir);
  return heir;
}
