import { foldCase } from "../fold-case.ts";
import { isJsonObject, type Json, type JsonObject } from "../json.ts";
import { resolveName } from "../schema/attribute-name.ts";
import type { ResourceType } from "../schema/schema.ts";
import { ScimError } from "../scim-error.ts";

/**
 * Turns a SCIM 1.1 PATCH, which has no `Operations`, into 2.0 operations: `meta.attributes` names what to remove, list
 * elements with `"operation": "delete"` go, others are added, single values replace. OneLogin's sample server expects
 * this form for group members.
 */
export function legacyOperations(type: ResourceType, body: JsonObject): Json[] {
  const operations: Json[] = [];
  for (const key of Object.keys(body)) {
    const value = body[key] ?? null;
    const name = foldCase(key);
    if (name === "schemas") continue;
    if (name === "meta") operations.push(...removals(value));
    else if (Array.isArray(value) && !isEcho(type, key)) operations.push(...listChanges(key, value));
    else operations.push({ op: "replace", value: { [key]: value } });
  }
  // A body of unknown names only is no old PATCH but a faulty one: `Operation` for `Operations` must not count as done.
  if (operations.length === 0 || !Object.keys(body).some((key) => isOfPatch(type, key)))
    throw new ScimError("malformed_patch", `A PATCH of a ${type.name} needs Operations, an array of changes.`);
  return operations;
}

function isOfPatch(type: ResourceType, key: string): boolean {
  const { kind } = resolveName(type, key);
  return foldCase(key) !== "schemas" && (kind === "attribute" || kind === "extension");
}

/** Whether a key is of an attribute that only the service provider sets: a user that was read comes back with its groups. */
function isEcho(type: ResourceType, key: string): boolean {
  const name = resolveName(type, key);
  return name.kind === "attribute" && name.path.attribute.mutability === "readOnly";
}

function removals(meta: Json): Json[] {
  if (!isJsonObject(meta)) return [];
  const key = Object.keys(meta).find((name) => foldCase(name) === "attributes");
  const names = key === undefined ? null : meta[key];
  return Array.isArray(names)
    ? names.filter((name) => typeof name === "string").map((path) => ({ op: "remove", path }))
    : [];
}

function listChanges(path: string, elements: readonly Json[]): Json[] {
  const gone: Json[] = [];
  const added: Json[] = [];
  for (const element of elements) {
    if (!isJsonObject(element)) {
      added.push(element);
      continue;
    }
    const key = Object.keys(element).find((name) => foldCase(name) === "operation") ?? "operation";
    const { [key]: operation, ...rest } = element;
    const verb = typeof operation === "string" ? foldCase(operation) : (operation ?? "add");
    if (verb === "delete") gone.push(rest);
    else if (verb === "add") added.push(rest);
    else throw new ScimError("malformed_patch", `The operation of an element of ${path} must be add or delete.`);
  }
  const operations: Json[] = [];
  if (gone.length > 0) operations.push({ op: "remove", path, value: gone });
  if (added.length > 0) operations.push({ op: "add", path, value: added });
  return operations;
}
