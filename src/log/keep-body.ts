import type { Json } from "../scim/json.ts";
import { resourceTypes } from "../scim/schema/resource-types.ts";
import { clipJson } from "./clip-json.ts";

/** The bodies of requests and answers are kept up to this many characters each. */
export const BODY_LIMIT = 8_192;

const NOTHING: ReadonlySet<string> = new Set();

/** Attributes that are never returned (password) are never logged either. */
const SECRETS: ReadonlySet<string> = new Set(
  Object.values(resourceTypes()).flatMap((type) =>
    type.schema.attributes.filter((attribute) => attribute.returned === "never").map((attribute) => attribute.key),
  ),
);

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
  return body === null ? null : clipJson(body, SECRETS, BODY_LIMIT, { keys: omitted, within: ECHOES });
}

/** The same of a body that is JSON text already; null when something of it must be left out, which takes its value. */
export function keepText(text: string | null, omitted: ReadonlySet<string> = NOTHING): string | null {
  if (text === null || omitted.size > 0) return null;
  const kept = text.length > BODY_LIMIT ? `${text.slice(0, BODY_LIMIT)}…` : text;
  return namesSecret(kept) ? null : kept;
}

/** Whether a text names an attribute whose values are not logged. */
export function namesSecret(text: string): boolean {
  const folded = text.toLowerCase();
  return [...SECRETS].some((secret) => folded.includes(secret));
}
