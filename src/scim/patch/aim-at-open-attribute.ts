import { isJsonObject, type Json, type JsonObject } from "../json.ts";
import { findExtensionKey } from "../schema/extension-holder.ts";
import { readOpen } from "../schema/find-open-attribute.ts";
import { shapeOf } from "../schema/open-shape.ts";
import { openAttribute } from "../schema/schema.ts";
import type { AttributeOperation, ExtensionOperation } from "./patch-operation.ts";

/**
 * An operation as it meets a document: an attribute that no schema describes takes the shape of the values that are held
 * and sent, so that it is changed by the same rules as those that one describes.
 */
export function aim(
  draft: JsonObject,
  operation: AttributeOperation | ExtensionOperation,
): AttributeOperation | ExtensionOperation {
  if (operation.kind === "extension" || !operation.path.attribute.open) return operation;
  const found = findStoredExtension(draft, operation);
  if (found !== null) return found.kind === "extension" ? found : shape(draft, found);
  return shape(draft, operation);
}

function shape(draft: JsonObject, operation: AttributeOperation): AttributeOperation {
  const { path, value, verb } = operation;
  const { attribute, subAttribute, valueFilter } = path;
  const held = heldAt(draft, operation);
  // Of what is to be removed the values that are held say whether there are several: what is single goes whatever is sent.
  const isSet = subAttribute === undefined && verb !== "remove";
  const found = shapeOf(attribute, held, isSet ? value : undefined);
  // A list of which no element speaks of `primary` has that part once it is set.
  const isPrimary = subAttribute?.key === "primary";
  const shaped = isPrimary ? { ...found, subAttributes: [...found.subAttributes, subAttribute] } : found;
  const selects = valueFilter !== undefined && !isJsonObject(held);
  return { ...operation, path: { ...path, attribute: selects ? { ...shaped, multiValued: true } : shaped } };
}

function heldAt(draft: JsonObject, { path }: AttributeOperation): Json | undefined {
  const key = path.extension === undefined ? undefined : findExtensionKey(draft, path.extension);
  const holder = key === undefined ? undefined : draft[key];
  return isJsonObject(holder) ? readOpen(holder, path.attribute) : undefined;
}

/**
 * A path such as `urn:x:badges.site` under no known schema may lead to an attribute of the stored extension `urn:x:badges`,
 * and `urn:x:badges` to the whole of it.
 */
function findStoredExtension(
  draft: JsonObject,
  operation: AttributeOperation,
): AttributeOperation | ExtensionOperation | null {
  const { path, value, verb, sent, index } = operation;
  const { extension, attribute, subAttribute, valueFilter } = path;
  if (extension === undefined || valueFilter !== undefined) return null;
  const key = findExtensionKey(draft, `${extension}:${attribute.name}`);
  if (key === undefined || !isJsonObject(draft[key])) return null;
  if (subAttribute !== undefined)
    return { ...operation, path: { extension: key, attribute: openAttribute(subAttribute.name) } };
  return verb === "remove" || value === undefined ? { kind: "extension", verb, urn: key, sent, index } : null;
}
