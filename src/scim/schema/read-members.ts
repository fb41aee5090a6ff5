import { foldCase } from "../fold-case.ts";
import { equalJson, isJsonObject, type Json, type JsonObject } from "../json.ts";
import type { NoteList } from "../limited-note-list.ts";
import { isSecret } from "../secret-attributes.ts";
import { invalidValue } from "./unfit-value.ts";

/** A member as a client names it; `value` may be `bulkId:...` inside a bulk request (RFC 7643 section 4.2). */
export interface Member {
  value: string;
  type?: "User" | "Group";
  display?: string;
}

/**
 * Reads a list of members: objects with `value`, bare ids, or one of either; nulls in them are absent (Entra sends
 * `"$ref": null`). The same id counts once. A member without an id is 400 invalidValue.
 */
export function readMembers(value: Json, where: string, notes: NoteList): Member[] {
  const sent = Array.isArray(value) ? value : value === null ? [] : [value];
  const members = new Map<string, Member>();
  for (const element of sent) {
    const member = readMember(element, where, notes);
    if (!members.has(member.value)) members.set(member.value, member);
  }
  return [...members.values()];
}

const NAMES: ReadonlySet<string> = new Set(["value", "$ref", "type", "display"]);

function readMember(element: Json, where: string, notes: NoteList): Member {
  if (!isJsonObject(element)) return { value: readId(element, where) };
  const fields = readFields(element, where, notes);
  for (const [name, isRead] of READ)
    if (saysAnything(fields[name]) && !isRead(fields[name]))
      notes.add("value_left_out", `${where}.${name}`, fields[name]);
  const reference = typeof fields.$ref === "string" ? fields.$ref : undefined;
  const named = reference === undefined ? undefined : idOfReference(reference);
  const member: Member = { value: readId(fields.value ?? named ?? null, where) };
  if (saysAnything(named) && named !== member.value) notes.add("value_left_out", `${where}.$ref`, fields.$ref);
  const type = readType(fields.type) ?? readTypeOfReference(reference);
  if (type !== undefined) member.type = type;
  if (typeof fields.display === "string" && fields.display !== "") member.display = fields.display;
  return member;
}

/** The parts of a member by their names in any case; what is blank says nothing beside a value of another spelling. */
function readFields(element: JsonObject, where: string, notes: NoteList): Record<string, Json | undefined> {
  const fields: Record<string, Json | undefined> = {};
  for (const sent of Object.keys(element)) {
    const name = foldCase(sent);
    const value = element[sent];
    if (!NAMES.has(name)) {
      if (value !== null && !isSecret(sent)) notes.add("unknown_attribute", `${where}.${sent}`);
      continue;
    }
    const before = fields[name];
    if (saysAnything(before) && saysAnything(value) && !equalJson(before, value))
      throw invalidValue(`${where}.${sent}`, "is given more than once, with different values");
    if (!saysAnything(before)) fields[name] = value;
  }
  return fields;
}

/** Parts of a member besides its id that mean something, and whether a value of them can be read. */
const READ: readonly (readonly [name: string, isRead: (value: Json | undefined) => boolean])[] = [
  ["type", (type) => readType(type) !== undefined],
  ["$ref", (reference) => typeof reference === "string"],
];

function saysAnything(value: Json | undefined): boolean {
  return value !== undefined && value !== null && (typeof value !== "string" || value.trim() !== "");
}

function readId(id: Json, where: string): string {
  const text = typeof id === "number" ? String(id) : id;
  if (typeof text !== "string" || text.trim() === "")
    throw invalidValue(where, "has a member without a value, which is the id of a user or group");
  if (text.length > 256) throw invalidValue(where, "has a member whose value is longer than 256 characters");
  return text.trim();
}

/** The last part of an address, which is the id of what it leads to. */
function idOfReference(reference: string): string | undefined {
  return reference.trim().replace(/\/$/, "").split("/").at(-1);
}

function readType(type: Json | undefined): "User" | "Group" | undefined {
  if (typeof type !== "string") return undefined;
  const folded = foldCase(type);
  if (folded === "user") return "User";
  return folded === "group" ? "Group" : undefined;
}

function readTypeOfReference(reference: string | undefined): "User" | "Group" | undefined {
  if (reference === undefined) return undefined;
  if (reference.includes("/Users/")) return "User";
  return reference.includes("/Groups/") ? "Group" : undefined;
}
