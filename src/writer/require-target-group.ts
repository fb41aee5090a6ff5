import type { TargetGroup } from "../grouping/target-group.ts";
import { ScimError } from "../scim/scim-error.ts";
import type { OperationContext } from "./operation-context.ts";

/** The company's target group of an id; 404 when there is none. */
export function requireGroupById({ unit }: OperationContext, id: string): TargetGroup {
  const key = unit.targetGroupIds.get(id);
  const group = key === undefined ? undefined : unit.targetGroups.get(key);
  if (group === undefined)
    throw new ScimError("no_such_target_group", `Target group ${id} does not exist in this company.`);
  return group;
}
