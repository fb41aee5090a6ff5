import type { Hold } from "../holds/hold.ts";
import { ScimError } from "../scim/scim-error.ts";
import type { WriterSetting } from "../unit/company-config.ts";
import type { OperationContext } from "./operation-context.ts";

/**
 * Refuses what would touch people who wait in a setting's holds before an admin has seen them; with `leave` it leaves them,
 * and `never` is for what cannot leave them.
 */
export function assertHoldsSeen(
  context: OperationContext,
  setting: WriterSetting,
  holds: "leave" | "never" | undefined,
): void {
  const open = openHoldsOf(context, setting);
  if (open.length === 0 || holds === "leave") return;
  const people = open.reduce((sum, hold) => sum + hold.people, 0);
  throw new ScimError(
    "hold_open",
    `${people === 1 ? "1 person waits" : `${people} people wait`} in a hold of the SCIM setting "${setting.name}". ${holds === "never" ? NOT_REMOVED : "Decide about them first, or leave them untouched with holds=leave."}`,
  );
}

const NOT_REMOVED =
  "Decide about them first: the setting’s people are not removed before. With users=keep and holds=leave the setting is deleted and all of them are kept.";

/** The holds of a setting that nobody has decided about. */
export function openHoldsOf({ unit }: OperationContext, setting: WriterSetting): Hold[] {
  return [...unit.config.openHolds.values()].filter(({ settingKey }) => settingKey === setting.key);
}
