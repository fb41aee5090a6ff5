import { choicesOf, misfitsOf } from "../directory/derive-user-fields.ts";
import { documentToStore } from "../directory/drop-long-texts.ts";
import { equalJson, type JsonObject } from "../scim/json.ts";
import { resourceTypes } from "../scim/schema/resource-types.ts";
import type { WriterSetting } from "../unit/company-config.ts";
import type { OperationContext } from "./operation-context.ts";

/** What is stored of a user's new document; noted is what is left out, and what came with it that does not fit its field or is more than one. */
export function userToStore(
  context: OperationContext,
  { compiledMappings }: WriterSetting,
  document: JsonObject,
  before: JsonObject | null,
): JsonObject {
  const stored = documentToStore(resourceTypes().User, document, compiledMappings, context.notes);
  const misfits = misfitsOf(stored, compiledMappings);
  const old = before === null || misfits.length === 0 ? [] : misfitsOf(before, compiledMappings);
  for (const { path, value } of misfits)
    if (!old.some((other) => other.path === path && equalJson(other.value, value)))
      context.notes.add("emptied", path, value);
  const choices = choicesOf(stored, compiledMappings);
  const known = before === null || choices.length === 0 ? [] : choicesOf(before, compiledMappings);
  for (const { path, value, values } of choices)
    if (!known.some((other) => other.path === path && equalJson(other.values, values)))
      context.notes.add("one_of_several", path, value);
  return stored;
}

/** What is stored of a group's new document; noted is what is left out. */
export function groupToStore(context: OperationContext, document: JsonObject): JsonObject {
  return documentToStore(resourceTypes().Group, document, [], context.notes);
}
