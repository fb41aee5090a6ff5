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
  const lists = listsOf(operation);
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
  keepMemberChange(operation, nobody);
  return nobody;
}

/** Has an operation name its members by what is known of them already. */
export function keepMemberChange(operation: GroupOperation, change: MemberChange): void {
  CHANGES.set(operation, change);
}

/** The lists of members that an operation sends. */
export function listsOf(operation: GroupOperation): Pick<MemberChange, "replaces" | "added" | "removed"> | null {
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

/** What an operation on a group takes of a commit: the members it names, and whether they are compared with D1's. */
export function weighGroup(operation: GroupOperation): Weight {
  if (operation.kind === "deleteGroup") return "alone";
  const lists = CHANGES.get(operation) ?? listsOf(operation);
  // A PUT without members may mean that there are none.
  if (lists === null) return { documents: 0, members: 0, lists: operation.kind === "replaceGroup" ? 1 : 0 };
  const members = countNamed({ keys: null, ...lists });
  return members >= LONG_LIST ? "alone" : { documents: 0, members, lists: lists.replaces ? 1 : 0 };
}
