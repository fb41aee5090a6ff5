import { memberOperationsOf } from "../scim/patch/patch.ts";
import type { WriterSetting } from "../unit/company-config.ts";
import { countNamed, type MemberChange } from "../unit/member-change.ts";
import { refOf } from "../unit/resource-references.ts";
import type { GroupOperation, Weight } from "./operation.ts";

/** The changes of operations, so that each is the same object whenever it is asked for. */
const CHANGES = new WeakMap<GroupOperation, MemberChange>();

/** What an operation changes of a group's members, or null when it says nothing of them. */
export function memberChangeOf(operation: GroupOperation, settingKey: number): MemberChange | null {
  const known = CHANGES.get(operation);
  if (known !== undefined) return known;
  const lists = memberListsOf(operation);
  if (lists === null) return null;
  const group = operation.kind === "createGroup" ? null : refOf(settingKey, operation.id);
  const change = { settingKey, group, keys: null, ...lists };
  CHANGES.set(operation, change);
  return change;
}

/** The same in a setting whose dialect may take a PUT without members as one of none. */
export function memberChangeIn({ key, dialect }: WriterSetting, operation: GroupOperation): MemberChange | null {
  const change = memberChangeOf(operation, key);
  if (change !== null || operation.kind !== "replaceGroup" || dialect.putWithoutMembers === "keep") return change;
  const nobody = {
    settingKey: key,
    group: refOf(key, operation.id),
    keys: null,
    replaces: true,
    added: [],
    removed: [],
  };
  setMemberChange(operation, nobody);
  return nobody;
}

/** Has an operation name its members by what is known of them already. */
export function setMemberChange(operation: GroupOperation, change: MemberChange): void {
  CHANGES.set(operation, change);
}

/** The lists of members that an operation sends. */
export function memberListsOf(operation: GroupOperation): Pick<MemberChange, "replaces" | "added" | "removed"> | null {
  switch (operation.kind) {
    case "createGroup":
    case "replaceGroup": {
      const added = operation.members ?? null;
      return added === null ? null : { replaces: operation.kind === "replaceGroup", added, removed: [] };
    }
    case "patchGroup": {
      const operations = memberOperationsOf(operation.request);
      if (operations.length === 0) return null;
      return {
        replaces: operations.some(({ kind }) => kind === "replace"),
        added: operations.flatMap((one) => (one.kind === "remove" ? [] : one.members)),
        removed: operations.flatMap((one) => (one.kind === "remove" ? one.values : [])),
      };
    }
    case "deleteGroup":
      return null;
  }
}

/** A member list of this length gets a commit of its own. */
const LONG_LIST = 500;

/** What an operation on a group takes of a commit: the members it names, and whether all members are read. */
export function weighGroup(operation: GroupOperation): Weight {
  if (operation.kind === "deleteGroup") return "alone";
  const lists = CHANGES.get(operation) ?? memberListsOf(operation);
  const members = lists === null ? 0 : countNamed({ keys: null, ...lists });
  return members >= LONG_LIST
    ? "alone"
    : { documents: 0, members, lists: mayReadAll(operation, lists?.replaces ?? false) ? 1 : 0 };
}

/** Whether all members may be read: to compare them with a whole list, or to move them with a new name of their group. */
function mayReadAll(operation: Exclude<GroupOperation, { kind: "deleteGroup" }>, isWholeList: boolean): boolean {
  switch (operation.kind) {
    case "createGroup":
      return false;
    case "replaceGroup":
      return true;
    case "patchGroup":
      return isWholeList || operation.request.operations.some(({ kind }) => kind !== "members");
  }
}
