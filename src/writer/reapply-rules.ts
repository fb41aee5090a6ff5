import { deriveUser } from "../directory/derive-user-fields.ts";
import { parseDocument } from "../directory/parse-document.ts";
import { isManaging, type WriterSetting } from "../unit/company-config.ts";
import { type Ref, splitRef } from "../unit/resource-references.ts";
import { forgetFields } from "./edit-unmanaged-users.ts";
import { dropMirror, ensureMirror } from "./mirror-idp-groups.ts";
import type { OperationContext } from "./operation-context.ts";
import { mirrorsFromGroups, regroup } from "./regroup-user.ts";
import { rederiveUser } from "./save-user.ts";

/** Of the rules of a deleted setting nothing is done: those whom it left stay as they stand. */
function onLiveSetting(context: OperationContext, ref: Ref, run: (setting: WriterSetting) => void): void {
  onSetting(context, ref, (setting) => {
    if (isManaging(setting)) run(setting);
  });
}

/** Runs with the setting that a user or group came through, deleted or not. */
export function onSetting({ unit }: OperationContext, ref: Ref, run: (setting: WriterSetting) => void): void {
  const setting = unit.config.settingsByKey.get(splitRef(ref)[0]);
  if (setting !== undefined) run(setting);
}

/** A group of a setting that synchronises groups has its target group. */
export function mirrorGroup(context: OperationContext, ref: Ref): void {
  onLiveSetting(context, ref, (setting) => ensureMirror(context, setting, ref));
}

/** Derives a user's fields and target groups from its document; of a deleted setting it keeps no field that is gone. */
export function reapplyRulesToUser(context: OperationContext, ref: Ref): void {
  const user = context.unit.users.get(ref);
  const text = context.unit.documents.get(ref);
  if (user === undefined || text === undefined) return;
  const document = parseDocument(text);
  onSetting(context, ref, (setting) => {
    if (isManaging(setting))
      rederiveUser(context, setting, { ref, user }, deriveUser(document, setting.compiledMappings, user));
    else forgetFields(context, setting, ref);
  });
}

/** Puts a user into the target groups that its memberships give, and takes it out of the others. */
export function moveMember(context: OperationContext, ref: Ref): void {
  const user = context.unit.users.get(ref);
  if (user === undefined) return;
  onLiveSetting(context, ref, (setting) => regroup(context, ref, user, setting, mirrorsFromGroups(context, ref)));
}

/** The groups of a deleted setting, or of one that does not synchronise groups any more, mirror nothing. */
export function unmirrorGroup(context: OperationContext, ref: Ref): void {
  const group = context.unit.groups.get(ref);
  onSetting(context, ref, (setting) => {
    const isSynchronised = isManaging(setting) && setting.groupSettings.criteria === "idp";
    if (group !== undefined && !isSynchronised) dropMirror(context, ref, group);
  });
}
