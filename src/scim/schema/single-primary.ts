import { eachOnce, isJsonObject, type Json, type JsonObject } from "../json.ts";
import { isHollow } from "./coerce-value.ts";
import { type Attribute, hasPrimary, valueSubAttribute } from "./schema.ts";

/**
 * Keeps `primary` true on one element at most (RFC 7643 section 2.4): the first of the fresh ones, which a change takes it to
 * (RFC 7644 section 3.5.2), else the first, as whoever reads a list with two would find it; the others become false. Where the schema says so and no element speaks of primary, the
 * first that has a value becomes it (Okta wants one, and OneLogin's templates may leave it out); elsewhere values read back as sent.
 */
export function keepOnePrimary(attribute: Attribute, elements: Json[], fresh: ReadonlySet<Json> = new Set()): Json[] {
  if (!hasPrimary(attribute)) return elements;
  // One without a value yet takes the place of none that has one: it may be left out in the end.
  const primaries = elements.filter(
    (element) => isJsonObject(element) && element.primary === true && !isHollow(attribute, element),
  );
  if (primaries.length > 1) {
    const chosen = primaries.find((element) => fresh.has(element)) ?? primaries[0];
    // Two that differed in that alone are equal then.
    return eachOnce(
      elements.map((element) =>
        isJsonObject(element) && element.primary === true && element !== chosen
          ? { ...element, primary: false }
          : element,
      ),
    );
  }
  if (primaries.length === 1 || !attribute.impliesPrimary) return elements;
  if (elements.some(speaksOfPrimary)) return elements;
  const first = elements.find((element) => hasValue(attribute, element)) ?? elements[0];
  return elements.map((element) =>
    element === first && isJsonObject(element) ? ({ ...element, primary: true } satisfies JsonObject) : element,
  );
}

function hasValue(attribute: Attribute, element: Json): boolean {
  const sub = valueSubAttribute(attribute);
  return isJsonObject(element) && (sub === undefined || element[sub.name] !== undefined);
}

function speaksOfPrimary(element: Json): boolean {
  return isJsonObject(element) && element.primary !== undefined;
}
