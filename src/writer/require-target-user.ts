import type { User } from "../directory/user.ts";
import { ScimError } from "../scim/scim-error.ts";
import { isInShadow } from "../settings/shadow.ts";
import type { CompanyConfig, WriterSetting } from "../unit/company-config.ts";
import { type Ref, refOf } from "../unit/resource-references.ts";
import type { OperationContext } from "./operation-context.ts";

/** A target user as the unit of work has it, with the setting it came through, which may be deleted. */
export interface FoundUser {
  ref: Ref;
  user: User;
  setting: WriterSetting;
}

/** A user's id names it in the whole company: it can lie in any setting, a deleted one included. */
export function userRefs({ settingsByKey }: CompanyConfig, userId: string): Ref[] {
  return [...settingsByKey.keys()].map((key) => refOf(key, userId));
}

/** Whether a setting was deleted with its users: they go in the commits that follow, and nobody may change them any more. */
function isGoing({ followUps }: CompanyConfig, { key }: WriterSetting): boolean {
  return followUps.some(({ kind, subjectKey }) => kind === "removeUsers" && subjectKey === key);
}

/** The company's target user of an id; 404 when there is none, or it is in shadow, 409 for one that is being removed with its setting. */
export function requireTargetUser({ unit }: OperationContext, userId: string): FoundUser {
  for (const setting of unit.config.settings.values()) {
    const ref = refOf(setting.key, userId);
    const user = unit.users.get(ref);
    if (user === undefined || isInShadow(setting, user.key)) continue;
    if (isGoing(unit.config, setting))
      throw new ScimError(
        "being_removed",
        `"${user.userName}" is being removed with the SCIM setting "${setting.name}", which was deleted with its users.`,
      );
    return { ref, user, setting };
  }
  throw new ScimError("no_such_user", `Target user ${userId} does not exist in this company.`);
}
