import { rowKey } from "../platform/row-keys.ts";
import { sql } from "../platform/sql.ts";
import { ScimError } from "../scim/scim-error.ts";
import { configurationVersion } from "../settings/configuration-version.ts";
import { isInShadow, isSilent } from "../settings/shadow.ts";
import { isManaging, type WriterSetting } from "../unit/company-config.ts";
import { runEach } from "../unit/loaded-and-changed-rows.ts";
import type { Ref } from "../unit/resource-references.ts";
import { type FollowUpWork, ofSetting, walk, withEach } from "./follow-up-record.ts";
import { wantUser } from "./hold-decision-steps.ts";
import { ensureTargetGroup } from "./make-target-group.ts";
import { ensureMirror } from "./mirror-idp-groups.ts";
import type { ConfigurationOperation, Outcome } from "./operation.ts";
import type { OperationContext } from "./operation-context.ts";
import { mirrorsFromGroups, regroup } from "./regroup-user.ts";
import { announceArrival } from "./save-user.ts";
import { scheduleAddingWork } from "./schedule-follow-up.ts";
import { removeUser } from "./user-operations.ts";

/**
 * Has a setting go live: whoever comes from now on is live at once, and those who are in shadow come out of it in the commits
 * that follow. 409 when its configuration is not the one any more that was looked at; one that is live stays as it is.
 */
export function goLive(
  context: OperationContext,
  { settingId, version }: ConfigurationOperation & { kind: "goLive" },
): Outcome {
  const setting = context.requireSetting(settingId);
  if (!isSilent(setting)) return { kind: "done", id: setting.id };
  if (version !== configurationVersion(setting))
    throw new ScimError(
      "setting_changed",
      `The configuration of the SCIM setting "${setting.name}" has changed since: look at what going live would do now.`,
    );
  const { unit } = context;
  const { shadow, groupSettings } = setting;
  const own = shadow?.groupName ?? null;
  const groupKey = own === null ? groupSettings.targetGroupKey : ensureTargetGroup(context, own, "everyone").key;
  const until = rowKey(unit.config.companyKey, unit.nextKey) - 1;
  unit.execute(
    sql`UPDATE scim_settings SET target_group_key = ${groupKey}, shadow_until = ${until}, shadow_group = NULL
      WHERE setting_key = ${setting.key}`,
  );
  scheduleAddingWork(context, "goLive", setting.key);
  // Groups without a member come after the people, whose groups come with them.
  if (groupSettings.criteria === "idp") scheduleAddingWork(context, "mirrorGroups", setting.key);
  context.announce({
    type: "setting.changed",
    subject: { kind: "setting", id: setting.id },
    userId: null,
    data: { name: setting.name, changed: ["status"] },
  });
  return { kind: "done", id: setting.id };
}

/** A setting's people in shadow. */
const IN_SHADOW = ofSetting(
  sql`users`,
  sql`user_key`,
  (settingKey) => sql`+setting_key = ${settingKey}
    AND user_key > (SELECT shadow_after FROM scim_settings WHERE setting_key = ${settingKey})
    AND user_key <= coalesce((SELECT shadow_until FROM scim_settings WHERE setting_key = ${settingKey}), user_key)`,
);

/** People come out of shadow in the order of their keys: the place of the work is where the shadow begins. */
export const GO_LIVE: FollowUpWork = {
  ...walk({ select: IN_SHADOW, size: 300, foresee: wantUser }),
  run(context, { subjectKey }, { refs, nextAfter }) {
    const setting = context.unit.config.settingsByKey.get(subjectKey);
    // Those of a setting that was deleted meanwhile never come out.
    if (setting === undefined || !isManaging(setting) || setting.shadow === null) return;
    const live = { ...setting, shadow: null };
    runEach(refs, (ref) => comeOut(context, live, ref));
    const place = nextAfter === null ? sql`shadow_after = NULL, shadow_until = NULL` : sql`shadow_after = ${nextAfter}`;
    context.unit.execute(sql`UPDATE scim_settings SET ${place} WHERE setting_key = ${subjectKey}`);
  },
};

/** Somebody comes to be a target user, with the target groups and trainings that the rules of today give. */
function comeOut(context: OperationContext, setting: WriterSetting, ref: Ref): void {
  const { unit } = context;
  const user = unit.users.get(ref);
  if (user === undefined) return;
  runEach(unit.groupsOf.get(ref) ?? [], (group) => ensureMirror(context, setting, group));
  announceArrival(context, setting, user);
  context.arrived.add(ref);
  context.touchPerson(user);
  regroup(context, ref, user, setting, mirrorsFromGroups(context, ref));
}

/** Those who are in shadow when their setting is deleted are nothing yet that could be kept: they go. */
export const REMOVE_SHADOW: FollowUpWork = {
  ...walk({ select: IN_SHADOW, size: 100, foresee: wantUser }),
  run: withEach((context, ref) => {
    const user = context.unit.users.get(ref);
    if (user === undefined) return;
    const setting = context.unit.config.settingsByKey.get(user.settingKey);
    if (setting !== undefined && isInShadow(setting, user.key)) removeUser(context, { ref, user });
  }),
};
