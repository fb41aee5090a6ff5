import type { Change } from "../../changes/change-store.ts";
import { describeProgressed } from "./progress-words.tsx";

/** A change in a plain sentence, without its subject where the page is about it. */
export function describeChange({ type, data }: Pick<Change, "type" | "data">): string {
  const name = text(data.name);
  switch (type) {
    case "user.created":
      return `Arrived${data.status === "inactive" ? ", inactive" : ""}`;
    case "user.updated":
      return describeUpdate(data.changed);
    case "user.deactivated":
      return "Became inactive";
    case "user.reactivated":
      return "Became active again";
    case "user.deleted":
      return "Was removed";
    case "member.added":
      return `Joined “${text(data.groupName)}”`;
    case "member.removed":
      return `Left “${text(data.groupName)}”`;
    case "enrolment.started":
      return `Enrolled in “${name}”`;
    case "enrolment.reassigned":
      return `Took over “${name}” from another user with the same e-mail address`;
    case "enrolment.progressed":
      return `${describeProgressed(data.progress, data.overdue === true)}: “${name}”`;
    case "enrolment.withdrawn":
      return `Withdrawn from “${name}”`;
    case "auto_enrolments.changed":
      return `What “${text(data.groupName)}” enrols its members in was changed`;
    case "group.created":
      return `Target group “${name}” was made`;
    case "group.renamed":
      return `Target group “${text(data.oldName)}” was renamed to “${name}”`;
    case "group.deleted":
      return `Target group “${name}” was removed`;
    default:
      return type.replace(".", " ");
  }
}

/** What made a change, in a few words. */
export function describeCause(cause: Change["cause"]): string {
  const rules: Record<string, string> = {
    field: "by field value",
    idp: "by the provider's group",
    everyone: "everyone's group",
    ungrouped: "the group of those left over",
    manual: "by hand",
  };
  const actors: Record<string, string> = {
    scim: "the identity provider",
    operator: "the operator",
    admin: "an admin in the console",
    system: "Rollcall",
  };
  const rule = typeof cause.rule === "string" ? rules[cause.rule] : undefined;
  const actor = actors[text(cause.actor)] ?? "";
  return rule === undefined ? actor : `${actor}, ${rule}`;
}

function describeUpdate(changed: unknown): string {
  if (changed === null || typeof changed !== "object") return "Was updated";
  const parts = Object.entries(changed).map(([field, difference]) => `${field}: ${describeDifference(difference)}`);
  return parts.length === 0 ? "Was updated" : parts.join("; ");
}

function describeDifference(difference: unknown): string {
  if (difference === null || typeof difference !== "object" || !("old" in difference) || !("new" in difference))
    return "";
  return `${quoted(difference.old)} → ${quoted(difference.new)}`;
}

function quoted(value: unknown): string {
  return value === null || value === undefined || value === "" ? "empty" : `“${text(value)}”`;
}

function text(value: unknown): string {
  return typeof value === "object" ? JSON.stringify(value) : String(value ?? "");
}
