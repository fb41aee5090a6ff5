import type { User } from "../directory/user.ts";
import { ScimError } from "../scim/errors.ts";
import type { CompanyConfig, WriterSetting } from "./company-config.ts";
import { type Ref, refOf } from "./references.ts";
import type { Scope } from "./scope.ts";

/** A target user as the working set has it, with the setting it came through, which may be deleted. */
export interface TargetUser {
  ref: Ref;
  user: User;
  setting: WriterSetting;
}

/** A user's id names it in the whole company: it can lie in any setting, a deleted one included. */
export function userRefs({ settingsByKey }: CompanyConfig, userId: string): Ref[] {
  return [...settingsByKey.keys()].map((key) => refOf(key, userId));
}

/** The company's target user of an id, or 404. */
export function requireTargetUser({ workingSet }: Scope, userId: string): TargetUser {
  for (const setting of workingSet.config.settings.values()) {
    const ref = refOf(setting.key, userId);
    const user = workingSet.users.get(ref);
    if (user !== undefined) return { ref, user, setting };
  }
  throw new ScimError("no_such_user", `Target user ${userId} does not exist in this company.`);
}

/** Whether a live setting keeps its users up to date; those whom a deleted one left are for people to edit and remove. */
export function isManaging({ status }: WriterSetting): boolean {
  return status !== "deleted";
}

/** Whether the setting of a key is a live one. */
export function isLive({ settingsByKey }: CompanyConfig, settingKey: number): boolean {
  const setting = settingsByKey.get(settingKey);
  return setting !== undefined && isManaging(setting);
}
