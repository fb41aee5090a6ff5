import { clipText } from "../scim/clip-text.ts";
import type { Json } from "../scim/json.ts";
import { resourceTypes } from "../scim/schema/resource-types.ts";
import { SECRET_NAMES } from "../scim/secret-names.ts";
import { clipJson } from "./clip-json.ts";

/** The bodies of requests and answers are kept up to this many characters each. */
export const BODY_LIMIT = 8_192;

const NOTHING: ReadonlySet<string> = new Set();

/**
 * What a client sends of other resources without it being kept, as the name of somebody's manager: an erasure of that
 * other person would not find it in this row. By attribute, the read-only parts.
 */
const ECHOES: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  Object.values(resourceTypes())
    .flatMap((type) => [...type.schemas.values()])
    .flatMap(({ attributes }) => attributes)
    .filter(({ mutability }) => mutability !== "readOnly")
    .map(({ key, subAttributes }) => [
      key,
      new Set(subAttributes.filter(({ mutability }) => mutability === "readOnly").map((sub) => sub.key)),
    ]),
);

/** What the log keeps of a body: JSON text without secrets and without the values of `omitted` keys (lower case), cut. */
export function keepBody(body: Json | null, omitted: ReadonlySet<string> = NOTHING): string | null {
  return body === null ? null : clipJson(body, SECRET_NAMES, BODY_LIMIT, { keys: omitted, within: ECHOES });
}

/** The same of a body that is JSON text already; null when something of it must be left out, which takes its value. */
export function keepText(text: string | null, omitted: ReadonlySet<string> = NOTHING): string | null {
  if (text === null || omitted.size > 0) return null;
  const kept = clipText(text, BODY_LIMIT + 1);
  return namesSecret(kept) ? null : kept;
}

/** Whether a text names an attribute whose values are not logged. */
export function namesSecret(text: string): boolean {
  const folded = text.toLowerCase();
  return [...SECRET_NAMES].some((secret) => folded.includes(secret));
}
