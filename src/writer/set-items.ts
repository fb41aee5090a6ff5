import type { AutoEnrolment } from "../enrolment/plan-enrolments.ts";
import type { TargetGroup } from "../grouping/target-group.ts";
import type { Scope } from "./scope.ts";

/** Replaces what a target group enrols its members in, and tells the feed, where the open enrolments of these items have their names. */
export function setItems(scope: Scope, { key, id, name }: TargetGroup, items: readonly AutoEnrolment[]): void {
  scope.workingSet.autoEnrolments.set(key, [...items]);
  scope.announce({
    type: "auto_enrolments.changed",
    subject: { kind: "group", id },
    userId: null,
    data: {
      groupId: id,
      groupName: name,
      items: items.map((item) => ({ kind: item.kind, id: item.itemId, name: item.name })),
    },
  });
}
