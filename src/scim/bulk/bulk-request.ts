import { foldCase } from "../fold-case.ts";
import { isJsonObject, type Json, type JsonObject } from "../json.ts";
import { NoteList } from "../limited-note-list.ts";
import type { Note } from "../note.ts";
import { quote, ScimError } from "../scim-error.ts";
import { mentionsSecret } from "../secret-attributes.ts";

/** Most operations in one bulk request, advertised in ServiceProviderConfig (RFC 7644 section 3.7.4). */
export const MAX_BULK_OPERATIONS = 1000;

/** The largest body read of any request, in bytes, advertised in ServiceProviderConfig (RFC 7644 section 3.7.4). */
export const MAX_BULK_PAYLOAD_BYTES = 8 * 1024 * 1024;

/** One operation of a bulk request; one with a `refusal` is answered with it and never run. */
export interface BulkOperation {
  /** Its place in the request, from 0. */
  index: number;
  method: "POST" | "PUT" | "PATCH" | "DELETE";
  /** What the answer repeats as the method, which may be none of these; absent when no text was sent. */
  sentMethod?: string;
  bulkId?: string;
  /** As sent, e.g. `/Users/2819c223`. */
  path: string;
  type: "User" | "Group";
  /** The resource named by the path, which may be `bulkId:...`; absent for POST. */
  id?: string;
  version?: string;
  data: JsonObject;
  refusal?: ScimError;
}

/** A bulk request (RFC 7644 section 3.7). */
interface BulkRequest {
  operations: BulkOperation[];
  /** The operations as sent. */
  sent: Json[];
  failOnErrors?: number;
  /** Names of members that a bulk request and its operations do not have. */
  notes: Note[];
}

/** Reads a bulk body: a fault of the whole is thrown, a fault of one operation stays with that operation (RFC 7644 section 3.7). */
export function parseBulk(body: JsonObject): BulkRequest {
  const notes = new NoteList();
  const { fields, repeated } = foldKeys(body, "", ["schemas", "operations", "failonerrors"], notes);
  if (repeated !== undefined) throw new ScimError("malformed_bulk", `${repeated} is given more than once.`);
  const sent = fields.get("operations");
  if (!Array.isArray(sent) || sent.length === 0)
    throw new ScimError("malformed_bulk", "Operations must be an array of at least one operation.");
  if (sent.length > MAX_BULK_OPERATIONS)
    throw new ScimError(
      "too_many_operations",
      `A bulk request takes at most ${MAX_BULK_OPERATIONS} operations (maxOperations).`,
    );
  const failOnErrors = readFailOnErrors(fields.get("failonerrors"));
  const operations = sent.map((operation, index) => readOperation(operation, index, notes));
  refuseRepeatedIds(operations);
  return { operations, sent, ...(failOnErrors === undefined ? {} : { failOnErrors }), notes: notes.list() };
}

/**
 * The members of a message by their folded names, and the first that stands there twice; what is none of the known ones
 * changes nothing, which is noted without its value.
 */
function foldKeys(
  object: JsonObject,
  at: string,
  known: readonly string[],
  notes: NoteList,
): { fields: Map<string, Json>; repeated?: string } {
  const fields = new Map<string, Json>();
  let repeated: string | undefined;
  for (const name of Object.keys(object)) {
    const folded = foldCase(name);
    if (fields.has(folded)) repeated ??= name;
    else fields.set(folded, object[name] ?? null);
    if (!known.includes(folded) && object[name] !== null && !mentionsSecret(name))
      notes.add("unknown_attribute", at + name);
  }
  return { fields, repeated };
}

function readFailOnErrors(value: Json | undefined): number | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === "number" && Number.isInteger(value) && value >= 0) return value === 0 ? undefined : value;
  throw new ScimError("invalid_parameter", "failOnErrors must be a whole number.");
}

const MEMBERS = ["method", "path", "bulkid", "version", "data"];

function readOperation(sent: Json, index: number, notes: NoteList): BulkOperation {
  const { fields, repeated } = foldKeys(isJsonObject(sent) ? sent : {}, `Operations[${index}].`, MEMBERS, notes);
  const text = (name: string) => {
    const value = fields.get(name);
    return typeof value === "string" ? value : undefined;
  };
  const bulkId = text("bulkid");
  const version = text("version");
  const path = text("path") ?? "";
  const data = fields.get("data");
  const sentMethod = text("method");
  const method = readMethod(sentMethod);
  const target = readPath(path);
  const operation: BulkOperation = {
    index,
    method: method ?? "POST",
    path,
    type: target?.type ?? "User",
    data: isJsonObject(data) ? data : {},
    ...(sentMethod === undefined ? {} : { sentMethod: method ?? sentMethod }),
    ...(bulkId === undefined ? {} : { bulkId }),
    ...(version === undefined ? {} : { version }),
    ...(target?.id === undefined ? {} : { id: target.id }),
  };
  if (method === "DELETE" && isJsonObject(data)) notes.add("value_left_out", `Operations[${index}].data`);
  const refusal =
    repeated === undefined
      ? judge(operation, isJsonObject(sent), method, target, data)
      : malformed(index, `${repeated} is given more than once.`);
  return refusal === null ? operation : { ...operation, refusal };
}

function readMethod(text: string | undefined): BulkOperation["method"] | null {
  const method = text?.toUpperCase();
  return method === "POST" || method === "PUT" || method === "PATCH" || method === "DELETE" ? method : null;
}

/** Reads `/Users`, `/Groups/{id}` and the like; a whole URL counts from its last resource endpoint on. */
function readPath(path: string): { type: "User" | "Group"; id?: string } | null {
  const [bare = ""] = path.split("?");
  const parts = bare.split("/").filter((part) => part !== "");
  const at = parts.findLastIndex((part) => ["users", "groups"].includes(foldCase(part)));
  const rest = parts.slice(at + 1);
  if (at < 0 || rest.length > 1) return null;
  const type = foldCase(parts[at] ?? "") === "users" ? "User" : "Group";
  return rest[0] === undefined ? { type } : { type, id: decodeId(rest[0]) };
}

function decodeId(id: string): string {
  try {
    return decodeURIComponent(id);
  } catch {
    return id;
  }
}

function judge(
  operation: BulkOperation,
  isObject: boolean,
  method: BulkOperation["method"] | null,
  target: { id?: string } | null,
  data: Json | undefined,
): ScimError | null {
  const refuse = (detail: string) => malformed(operation.index, detail);
  if (!isObject) return refuse("must be an object.");
  if (method === null) return refuse("method must be POST, PUT, PATCH or DELETE.");
  if (target === null)
    return new ScimError(
      "invalid_bulk_path",
      `Operations[${operation.index}]: path must be /Users or /Groups, with an id where one is due, not ${quote(operation.path)}.`,
    );
  if (method === "POST" && target.id !== undefined) return refuse("the path of a POST has no id.");
  if (method !== "POST" && target.id === undefined) return refuse(`the path of a ${method} needs an id.`);
  if (method === "POST" && (operation.bulkId ?? "") === "") return refuse("a POST needs a bulkId.");
  if (method !== "DELETE" && !isJsonObject(data)) return refuse(`a ${method} needs data, an object.`);
  return null;
}

function malformed(index: number, detail: string): ScimError {
  return new ScimError("malformed_bulk", `Operations[${index}]: ${detail}`);
}

function refuseRepeatedIds(operations: BulkOperation[]): void {
  const seen = new Set<string>();
  for (const operation of operations) {
    if (operation.method !== "POST" || operation.bulkId === undefined || operation.refusal !== undefined) continue;
    if (seen.has(operation.bulkId))
      operation.refusal = new ScimError(
        "invalid_bulk_id",
        `Operations[${operation.index}]: bulkId ${quote(operation.bulkId)} is used twice.`,
      );
    seen.add(operation.bulkId);
  }
}
