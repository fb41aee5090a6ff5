import type { Setting, Shadow } from "./setting.ts";

/** Where a new setting begins that starts in shadow. */
export const ALL_IN_SHADOW: Shadow = { after: 0, until: null, groupName: null };

/** Whether nothing of a setting shows on the target side: neither its people nor its groups. */
export function isSilent({ shadow }: Pick<Setting, "shadow">): boolean {
  return shadow !== null && shadow.until === null;
}

/** Whether a setting's user, by its key, is in shadow. */
export function isInShadow({ shadow }: Pick<Setting, "shadow">, userKey: number): boolean {
  return shadow !== null && userKey > shadow.after && (shadow.until === null || userKey <= shadow.until);
}

/** What a setting is called that an admin sees: one that is paused is no less in shadow. */
export function statusShown(setting: Pick<Setting, "status" | "shadow">): "active" | "paused" | "shadow" {
  if (setting.status === "paused") return "paused";
  return isSilent(setting) ? "shadow" : "active";
}
