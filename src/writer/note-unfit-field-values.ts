import { misfitsOf } from "../directory/derive-user-fields.ts";
import { keptDocument } from "../directory/drop-long-texts.ts";
import { equalJson, type JsonObject } from "../scim/json.ts";
import { addNote } from "../scim/note.ts";
import { resourceTypes } from "../scim/schema/resource-types.ts";
import type { WriterSetting } from "../unit/company-config.ts";
import type { OperationContext } from "./operation-context.ts";

/** What is kept of a user's new document; noted is what is left out, and what came with it that does not fit its field. */
export function keepUser(
  context: OperationContext,
  { compiledMappings }: WriterSetting,
  document: JsonObject,
  before: JsonObject | null,
): JsonObject {
  const kept = keptDocument(resourceTypes().User, document, compiledMappings, context.notes);
  const misfits = misfitsOf(kept, compiledMappings);
  const old = before === null || misfits.length === 0 ? [] : misfitsOf(before, compiledMappings);
  for (const { path, value } of misfits)
    if (!old.some((other) => other.path === path && equalJson(other.value, value)))
      addNote(context.notes, "emptied", path, value);
  return kept;
}

/** What is kept of a group's new document; noted is what is left out. */
export function keepGroup(context: OperationContext, document: JsonObject): JsonObject {
  return keptDocument(resourceTypes().Group, document, [], context.notes);
}
