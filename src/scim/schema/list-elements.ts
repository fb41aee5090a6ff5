import type { Json, JsonObject } from "../json.ts";
import { findOpenName } from "./find-open-attribute.ts";
import type { Attribute } from "./schema.ts";
import { keepOnePrimary } from "./single-primary.ts";

/** The key of an attribute in its holder; open attributes keep the spelling they have. */
export function targetKey(holder: JsonObject, attribute: Attribute): string {
  return attribute.open ? (findOpenName(holder, attribute.name) ?? attribute.name) : attribute.name;
}

/** Puts elements back into a holder, one primary at most; without elements the attribute goes. */
export function setElements(
  holder: JsonObject,
  attribute: Attribute,
  elements: Json[],
  fresh: ReadonlySet<Json>,
): void {
  const key = targetKey(holder, attribute);
  if (elements.length === 0) delete holder[key];
  else if (attribute.multiValued) holder[key] = keepOnePrimary(attribute, elements, fresh);
  else holder[key] = elements[0] ?? null;
}
