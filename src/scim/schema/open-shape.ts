import { foldCase } from "../fold-case.ts";
import { isJsonObject, type Json } from "../json.ts";
import { type Attribute, openAttribute } from "./schema.ts";

/**
 * An attribute that no schema describes, as its values show it: several where a list is held or sent, complex where there
 * are objects, with the sub-attributes that these have. What a schema describes is as the schema says.
 */
export function shapeOf(attribute: Attribute, ...values: readonly (Json | undefined)[]): Attribute {
  if (!attribute.open) return attribute;
  const elements = values.flatMap((value) => (Array.isArray(value) ? value : [value])).filter(isJsonObject);
  const names = new Map<string, Attribute>();
  for (const element of elements)
    for (const name of Object.keys(element))
      if (!names.has(foldCase(name))) names.set(foldCase(name), openAttribute(name));
  return {
    ...attribute,
    multiValued: values.some(Array.isArray),
    type: elements.length === 0 ? attribute.type : "complex",
    subAttributes: [...names.values()],
  };
}
