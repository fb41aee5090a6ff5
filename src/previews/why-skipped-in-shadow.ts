import { groupNameOf } from "../grouping/plan-groups.ts";
import type { RegroupingPlan } from "../grouping/preview-regrouping.ts";
import type { ShadowPerson } from "./shadow-people-store.ts";

/** Why somebody would be in no target group, and so in no training. */
export type WhySkipped = "inactive" | "noValue" | "longName" | "noGroup";

/** The reason of somebody in shadow whom no target group would take: of several the first of these. */
export function whySkipped({ active, fields }: ShadowPerson, grouping: RegroupingPlan["settings"]): WhySkipped {
  if (!active) return "inactive";
  if (grouping.criteria !== "field" || grouping.field === null) return "noGroup";
  return groupNameOf(fields[grouping.field]) === "" ? "noValue" : "longName";
}
