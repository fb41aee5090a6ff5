import type { AttributePath } from "../filter/attribute-path.ts";
import type { Filter } from "../filter/parse-filter.ts";
import type { Json } from "../json.ts";
import type { NoteList } from "../limited-note-list.ts";
import { type Member, readMembers } from "../schema/read-members.ts";
import { ScimError } from "../scim-error.ts";

/** What to do with the members of a group, as an operation on sets; `replace` with [] empties the group. */
export type MemberOperation =
  | { kind: "add"; members: Member[] }
  | { kind: "remove"; values: string[] }
  | { kind: "replace"; members: Member[] };

/** Reads a PATCH operation on members as set operations; they never need the group itself. */
export function readMemberOperations(
  verb: "add" | "remove" | "replace",
  path: AttributePath,
  value: Json | undefined,
  notes: NoteList,
): MemberOperation[] {
  const where = path.attribute.name;
  if (path.subAttribute !== undefined)
    throw new ScimError(
      "read_only",
      `${where}.${path.subAttribute.name} of a member cannot be changed; add or remove the member.`,
    );
  if (path.valueFilter !== undefined) return readSelected(verb, path.valueFilter, value, where, notes);
  if (verb === "remove") {
    if (value === undefined || value === null) return [{ kind: "replace", members: [] }];
    const values = readMembers(value, where, notes).map((member) => member.value);
    return values.length === 0 ? [] : [{ kind: "remove", values }];
  }
  const members = readMembers(value ?? null, where, notes);
  if (verb === "replace") return [{ kind: "replace", members }];
  return members.length === 0 ? [] : [{ kind: "add", members }];
}

function readSelected(
  verb: "add" | "remove" | "replace",
  filter: Filter,
  value: Json | undefined,
  where: string,
  notes: NoteList,
): MemberOperation[] {
  const selected = selectIds(filter);
  if (verb === "remove") {
    const beside = readMembers(value ?? null, where, notes).filter(
      (member) => selected.ids.has(member.value) === selected.all,
    );
    if (beside.length > 0)
      notes.add(
        "value_ignored",
        where,
        beside.map((member) => member.value),
      );
    if (selected.all) {
      if (selected.ids.size === 0) return [{ kind: "replace", members: [] }];
      throw unsupported();
    }
    return selected.ids.size === 0 ? [] : [{ kind: "remove", values: [...selected.ids] }];
  }
  if (selected.all) throw unsupported();
  const members = readMembers(value ?? [], where, notes);
  const added = members.length > 0 ? members : [...selected.ids].map((id) => ({ value: id }));
  const gone = [...selected.ids].filter((id) => !added.some((member) => member.value === id));
  const steps: MemberOperation[] = [];
  if (verb === "replace" && gone.length > 0) steps.push({ kind: "remove", values: gone });
  if (added.length > 0) steps.push({ kind: "add", members: added });
  return steps;
}

/** A set of ids, or with `all` everything but these. */
interface IdSet {
  all: boolean;
  ids: Set<string>;
}

/** Reduces a value filter on members to the ids it selects, whatever the group holds. */
function selectIds(filter: Filter): IdSet {
  switch (filter.kind) {
    case "and":
      return intersect(selectIds(filter.left), selectIds(filter.right));
    case "or":
      return invert(intersect(invert(selectIds(filter.left)), invert(selectIds(filter.right))));
    case "not":
      return invert(selectIds(filter.operand));
    case "present":
      if (filter.path.subAttribute?.key === "value") return { all: true, ids: new Set() };
      throw unsupported();
    case "compare": {
      const { path, operator, value } = filter;
      if (path.subAttribute?.key !== "value" || typeof value !== "string") throw unsupported();
      if (operator !== "eq" && operator !== "ne") throw unsupported();
      return { all: operator === "ne", ids: new Set([value]) };
    }
    case "valuePath":
      throw unsupported();
  }
}

function invert({ all, ids }: IdSet): IdSet {
  return { all: !all, ids };
}

function intersect(a: IdSet, b: IdSet): IdSet {
  if (a.all && b.all) return { all: true, ids: new Set([...a.ids, ...b.ids]) };
  const [finite, other] = a.all ? [b, a] : [a, b];
  return { all: false, ids: new Set([...finite.ids].filter((id) => other.all !== other.ids.has(id))) };
}

function unsupported(): ScimError {
  return new ScimError(
    "invalid_filter",
    `Members can be selected in a path by value eq "id" only, joined by and, or and not.`,
  );
}

/** What set operations come to in sum, in their order: one `replace`, or a `remove` and an `add` that share no id. */
export function sumMemberOperations(operations: readonly MemberOperation[]): MemberOperation[] {
  if (operations.length < 2) return [...operations];
  let list: Map<string, Member> | null = null;
  const added = new Map<string, Member>();
  const removed = new Set<string>();
  for (const operation of operations) {
    if (operation.kind === "replace") {
      list = new Map(operation.members.map((member) => [member.value, member]));
      continue;
    }
    const present: Map<string, Member> = list ?? added;
    if (operation.kind === "remove")
      for (const id of operation.values) {
        present.delete(id);
        removed.add(id);
      }
    else
      for (const member of operation.members) {
        present.set(member.value, member);
        removed.delete(member.value);
      }
  }
  if (list !== null) return [{ kind: "replace", members: [...list.values()] }];
  const sum: MemberOperation[] = [];
  if (removed.size > 0) sum.push({ kind: "remove", values: [...removed] });
  if (added.size > 0) sum.push({ kind: "add", members: [...added.values()] });
  return sum;
}
