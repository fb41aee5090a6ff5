import { clipText } from "../scim/clip-text.ts";
import type { Json, JsonObject } from "../scim/json.ts";
import { resourceTypes } from "../scim/schema/resource-types.ts";
import { SECRET_NAMES } from "../scim/secret-attributes.ts";
import { frameOf } from "./mask-body.ts";
import { namesSecret } from "./mask-request-path.ts";
import { printMasked } from "./mask-secret-values.ts";

/** The bodies of requests and answers are kept up to this many characters each. */
export const BODY_LIMIT = 8_192;

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

/** What the log keeps of a body that is about one person: JSON text without secrets, cut. */
export function keepBody(body: Json | null): string | null {
  return body === null ? null : printMasked(body, SECRET_NAMES, BODY_LIMIT, ECHOES);
}

/** The same of a body that is JSON text already; null when something of it must be left out, which takes its value. */
export function keepText(text: string | null): string | null {
  if (text === null) return null;
  const kept = clipText(text, BODY_LIMIT + 1);
  return namesSecret(kept) ? null : kept;
}

/** What the log keeps of any other body: its frame (see `frameOf`), cut. */
export function keepFrame(body: JsonObject | Json[] | null, kept: Parameters<typeof frameOf>[1]): string | null {
  return body === null ? null : printMasked(frameOf(body, kept), SECRET_NAMES, BODY_LIMIT, ECHOES);
}

/** What the log keeps of the answer to a refused request; `detail` is what it keeps of the sentence. */
export function keepRefusal(status: number, scimType: string | null, detail: string | null): string {
  return JSON.stringify({ status: String(status), ...(scimType !== null && { scimType }), detail });
}
