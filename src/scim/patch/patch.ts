import { assertSize } from "../document-size.ts";
import { countComparisons } from "../filter/parse-filter.ts";
import { foldCase } from "../fold-case.ts";
import { cloneJson, isJsonObject, type Json, type JsonObject } from "../json.ts";
import { NoteList } from "../limited-note-list.ts";
import type { Note } from "../note.ts";
import { isWritten, noteUnknownKey, resolveKey } from "../read-resource-body.ts";
import { assertRequired } from "../schema/assert-required.ts";
import { printPath } from "../schema/attribute-name.ts";
import type { ResourceType } from "../schema/schema.ts";
import { ScimError } from "../scim-error.ts";
import { mentionsSecret } from "../secret-attributes.ts";
import { applyAdd } from "./add.ts";
import { aim } from "./aim-at-open-attribute.ts";
import { legacyOperations } from "./legacy-patch.ts";
import { type MemberOperation, sumMemberOperations } from "./member-operations.ts";
import { type PatchOperation, placeOf } from "./patch-operation.ts";
import { pruneDocument } from "./prune-document.ts";
import { readOperation } from "./read-operation.ts";
import { reconcileKeys } from "./reconcile-keys.ts";
import { applyRemove, removeExtension } from "./remove.ts";
import { applyReplace } from "./replace.ts";

/** Most changes of attributes in one PATCH. */
export const MAX_PATCH_STEPS = 1000;

/** Most looks through lists that the changes of one PATCH may take: a list of as many values as there may be, and as much again. */
const MAX_LOOKS = 2 * MAX_PATCH_STEPS;

const PATCH_OP = foldCase("urn:ietf:params:scim:api:messages:2.0:PatchOp");

/** A PATCH body read and checked as far as that goes without the resource (RFC 7644 section 3.5.2). */
export interface PatchRequest {
  /** What leads to the list of its operations, as refusals name them; null in SCIM 1.1, which has none. */
  at: string | null;
  operations: PatchOperation[];
  notes: Note[];
}

/** What a PATCH leads to: the new document, and what to do with the members, in order. */
interface PatchOutcome {
  document: JsonObject;
  memberOperations: MemberOperation[];
  notes: Note[];
}

/**
 * Reads a PATCH body: `Operations` in any case, or the SCIM 1.1 form without it. Paths are resolved and values read by
 * their schema here, so a bad operation anywhere refuses the whole request before anything is loaded. `within` is what
 * leads to the body in the message that it came in.
 */
export function parsePatch(type: ResourceType, body: JsonObject, within = ""): PatchRequest {
  const at = isLegacy(body) ? null : `${within}Operations`;
  const notes = new NoteList();
  const sent = namesNothing(body) ? [] : listOperations(type, body, notes);
  if (sent.length === 0) notes.add("nothing_named", "Operations");
  const steps = sent.flatMap((operation, index) => readOperation(type, operation, { at, index, notes }));
  const operations = isLegacy(body) ? agreeOnBody(sent, steps) : steps;
  if (operations.filter(({ kind }) => kind !== "members").length > MAX_PATCH_STEPS)
    throw new ScimError(
      "too_many_operations",
      `A PATCH changes at most ${MAX_PATCH_STEPS} attributes; members do not count.`,
    );
  if (countLooks(operations) > MAX_LOOKS)
    throw new ScimError(
      "too_many_operations",
      `The values that a PATCH adds to lists or takes out of them, and the comparisons in its paths, are at most ${MAX_LOOKS}; members do not count.`,
    );
  return { at, operations, notes: notes.list() };
}

/** The keys of a SCIM 1.1 body are those of one object; what it takes away goes first. */
function agreeOnBody(sent: readonly Json[], steps: readonly PatchOperation[]): PatchOperation[] {
  const isRemoval = ({ index }: PatchOperation) => {
    const operation = sent[index];
    return isJsonObject(operation) && operation.op === "remove";
  };
  return [...steps.filter(isRemoval), ...reconcileKeys(steps.filter((step) => !isRemoval(step)))];
}

/**
 * How often these look through a whole list: once for each comparison in a path, and for each value that is added to a list
 * or taken out of it. Those of members do not.
 */
export function countLooks(operations: readonly PatchOperation[]): number {
  return operations.reduce((sum, operation) => sum + looksOf(operation), 0);
}

function looksOf(operation: PatchOperation): number {
  if (operation.kind === "members") return 0;
  if (operation.kind === "extension") return 1;
  const { verb, path, value } = operation;
  const comparisons = path.valueFilter === undefined ? 1 : countComparisons(path.valueFilter);
  if (verb === "replace" || !Array.isArray(value)) return comparisons;
  // Whether a simple value is there already is known without a look at each.
  const values = verb === "add" ? value.filter(isJsonObject).length : value.length;
  return Math.max(1, values) * comparisons;
}

/** ConnId sends a PATCH of `schemas` alone before those of groups, and a vendor's validator one without operations. */
function namesNothing(body: JsonObject): boolean {
  const names = Object.keys(body).map((name) => foldCase(name));
  const operations = body[Object.keys(body)[names.indexOf("operations")] ?? ""];
  return (
    names.length > 0 &&
    names.every(
      (name) => name === "schemas" || (name === "operations" && Array.isArray(operations) && operations.length === 0),
    )
  );
}

function listOperations(type: ResourceType, body: JsonObject, notes: NoteList): Json[] {
  const [key, again] = Object.keys(body).filter((name) => foldCase(name) === "operations");
  if (isLegacy(body)) return legacyOperations(type, body);
  if (again !== undefined) throw new ScimError("malformed_patch", "Operations is given more than once.");
  for (const name of Object.keys(body)) if (name !== key) noteSurplus(type, name, body[name] ?? null, notes);
  const value = key === undefined ? null : (body[key] ?? null);
  const operations = isJsonObject(value) ? [value] : value;
  if (!Array.isArray(operations) || operations.length === 0)
    throw new ScimError("malformed_patch", "Operations must be an array of at least one operation.");
  return operations;
}

/** Whether a body is a PATCH of SCIM 1.1: it has no `Operations`, and does not call itself one that has. */
function isLegacy(body: JsonObject): boolean {
  return !saysPatchOp(body) && Object.keys(body).every((name) => foldCase(name) !== "operations");
}

/** What stands beside the operations changes nothing; that of attributes which only the service provider sets needs no word. */
function noteSurplus(type: ResourceType, name: string, value: Json, notes: NoteList): void {
  const resolved = resolveKey(type, name, value);
  if (resolved.kind === "unknown" || resolved.kind === "malformed") noteUnknownKey(notes, name, value);
  else if (
    value !== null &&
    !mentionsSecret(name) &&
    (resolved.kind !== "attribute" || isWritten(resolved.path.attribute))
  )
    notes.add("beside_operations", name, value);
}

/** A body that calls itself a PatchOp is one of SCIM 2.0, and must have operations. */
function saysPatchOp({ schemas }: JsonObject): boolean {
  return Array.isArray(schemas) && schemas.some((urn) => typeof urn === "string" && foldCase(urn) === PATCH_OP);
}

/**
 * Applies a PATCH to a canonical document: every operation in order, or none at all. The given document is never
 * changed (RFC 7644 section 3.5.2: a PATCH is atomic).
 */
export function applyPatch(type: ResourceType, document: JsonObject, request: PatchRequest): PatchOutcome {
  const draft = cloneJson(document);
  const notes = new NoteList(request.notes);
  for (const operation of request.operations) applyOperation(draft, operation, request.at, notes);
  pruneDocument(type, draft, notes);
  assertRequired(type, draft);
  assertSize(draft);
  return { document: draft, memberOperations: memberOperationsOf(request), notes: notes.list() };
}

function applyOperation(draft: JsonObject, operation: PatchOperation, at: string | null, notes: NoteList): void {
  if (operation.kind === "members") return;
  try {
    const target = aim(draft, operation);
    if (target.kind === "extension") removeExtension(draft, target, notes);
    else if (target.verb === "add") applyAdd(draft, target, notes);
    else if (target.verb === "replace") applyReplace(draft, target, notes);
    else applyRemove(draft, target, notes);
  } catch (error) {
    throw located(error, operation, at);
  }
}

function located(error: unknown, operation: Exclude<PatchOperation, { kind: "members" }>, at: string | null): unknown {
  if (!(error instanceof ScimError)) return error;
  const path = operation.kind === "attribute" ? printPath(operation.path) : operation.urn;
  const what = `${operation.verb} ${path}`;
  return error.at(at === null ? what : `${placeOf(at, operation.index)} (${what})`);
}

/**
 * What a PATCH of a group does to its members in sum: one whole list, or a removal and an addition that have no id in
 * common. It is known without the group, so that the named ids can be loaded ahead.
 */
export function memberOperationsOf(request: PatchRequest): MemberOperation[] {
  return sumMemberOperations(
    request.operations.flatMap((operation) => (operation.kind === "members" ? operation.operations : [])),
  );
}
