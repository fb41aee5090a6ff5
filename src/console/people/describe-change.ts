import type { Change } from "../../changes/change.ts";
import { clipText } from "../../scim/clip-text.ts";
import type { Field } from "../../settings/fields.ts";
import { describeProgressed } from "./progress-words.tsx";
import { changedOf } from "./timeline-events.ts";

/** A change in a plain sentence, without its subject where the page is about it. */
export function describeChange({ type, data }: Pick<Change, "type" | "data">, fields: readonly Field[] = []): string {
  const name = text(data.name);
  switch (type) {
    case "user.created":
      return `Arrived${data.status === "inactive" ? ", inactive" : ""}`;
    case "user.updated":
      return describeUpdate(changedOf({ data }), fields);
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
    case "alert.opened":
      return "An alert was opened by it";
    case "alert.closed":
      return "An alert was over with it";
    case "hold.opened":
      return "What it would take away waits for a decision";
    default:
      return type.replace(".", " ");
  }
}

const RULES: Record<string, string> = {
  field: "given by the value of a field",
  idp: "given by the provider’s group",
  everyone: "given to every user of the SCIM setting",
  ungrouped: "given to those whom the criteria give no group",
  manual: "given by hand",
};

const ACTORS: Record<string, string> = {
  scim: "The identity provider",
  operator: "The operator",
  admin: "An admin in the console",
  system: "Rollcall",
};

/** The rule by which somebody joined or left a target group, in a few words; empty where none is told. */
export function ruleWords({ rule }: Change["cause"]): string {
  return typeof rule === "string" ? (RULES[rule] ?? "") : "";
}

/** Who made a change, in a few words. */
export function describeActor({ actor }: Change["cause"]): string {
  return ACTORS[text(actor)] ?? "";
}

const ATTRIBUTES: Record<string, string> = {
  userName: "User name",
  externalId: "External id",
  displayName: "Display name",
  settingId: "SCIM setting",
};

/** What an update changed, in a plain sentence; `fields` are those of the company, which name themselves. */
export function describeUpdate(changed: readonly [string, unknown][], fields: readonly Field[]): string {
  const labels = new Map(
    fields.flatMap(({ key, label }) => [[key, label] as const, [`fields.${key}`, label] as const]),
  );
  const parts = changed.map(
    ([name, difference]) => `${ATTRIBUTES[name] ?? labels.get(name) ?? name}: ${describeDifference(difference)}`,
  );
  return parts.length === 0 ? "Was updated" : parts.join("; ");
}

function describeDifference(difference: unknown): string {
  if (difference === null || typeof difference !== "object" || !("old" in difference) || !("new" in difference))
    return "";
  return `${quoted(difference.old)} → ${quoted(difference.new)}`;
}

function quoted(value: unknown): string {
  return value === null || value === undefined || value === "" ? "empty" : `“${clipText(text(value), MOST_SHOWN)}”`;
}

/** A value may be long, and a page shows many. */
const MOST_SHOWN = 200;

function text(value: unknown): string {
  return typeof value === "object" ? JSON.stringify(value) : String(value ?? "");
}
